import {
  type BufferAttribute,
  DynamicDrawUsage,
  InstancedBufferAttribute,
  type Object3D,
  type Points,
  type PointsMaterial,
  type Scene,
} from 'three';
import { instancedDynamicBufferAttribute } from 'three/tsl';
import { type Node, type PointsNodeMaterial, Sprite, type WebGPURenderer } from 'three/webgpu';

interface StandIn {
  points: Points;
  sprite: Sprite;
  /** Per point in `source` of the points, per instance in `copy`: the same numbers. */
  attributes: { source: BufferAttribute; copy: InstancedBufferAttribute }[];
}

/** Stand-ins for `Points`, which three's node renderer draws one pixel large: sprites at the same places, as its manual has it. */
export class PointSprites {
  private readonly pairs: StandIn[] = [];

  /** @param share the pass's height over the canvas's: three sizes points for the canvas, whatever the target */
  constructor(
    scene: Scene,
    nodes: WebGPURenderer,
    private readonly share: number,
  ) {
    scene.traverse((object) => {
      const points = object as Points;
      if (points.isPoints) this.pairs.push(standIn(points, nodes));
    });
  }

  /** Draws with the stand-ins in the points' places. */
  during(draw: () => void): void {
    for (const { points, sprite, attributes } of this.pairs) {
      for (const { source, copy } of attributes) copy.version = source.version;
      const { size, opacity } = points.material as PointsMaterial;
      Object.assign(sprite.material, { size: size * this.share, opacity });
      points.updateMatrix();
      sprite.matrix.copy(points.matrix);
      sprite.matrixWorldNeedsUpdate = true;
      sprite.visible = points.visible;
      this.exchange(points, sprite);
    }
    try {
      draw();
    } finally {
      for (const { points, sprite } of this.pairs) this.exchange(sprite, points);
    }
  }

  private exchange(from: Object3D, to: Object3D): void {
    const { children } = from.parent!;
    children[children.indexOf(from)] = to;
    to.parent = from.parent;
  }

  dispose(): void {
    for (const { sprite } of this.pairs) sprite.material.dispose();
  }
}

function standIn(points: Points, nodes: WebGPURenderer): StandIn {
  const { geometry, material } = points;
  const own = nodes.library.fromMaterial(material as PointsMaterial) as unknown as PointsNodeMaterial;
  const attributes: StandIn['attributes'] = [];
  const read = (name: string) => {
    const source = geometry.getAttribute(name) as BufferAttribute;
    const copy = new InstancedBufferAttribute(source.array, source.itemSize, source.normalized);
    attributes.push({ source, copy: copy.setUsage(DynamicDrawUsage) });
    return instancedDynamicBufferAttribute(copy) as Node<'vec3'>;
  };
  own.positionNode = read('position');
  if (own.vertexColors) own.colorNode = read('color');
  const sprite = new Sprite(own as never);
  sprite.count = geometry.getAttribute('position').count;
  sprite.matrixAutoUpdate = false;
  sprite.frustumCulled = false;
  return { points, sprite, attributes };
}
