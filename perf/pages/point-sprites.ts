import {
  type BufferAttribute,
  DynamicDrawUsage,
  InstancedBufferAttribute,
  type Points,
  type PointsMaterial,
  type Scene,
} from 'three';
import { Fn, instancedDynamicBufferAttribute, positionPrevious } from 'three/tsl';
import { type Node, type NodeBuilder, type PointsNodeMaterial, Sprite, type WebGPURenderer } from 'three/webgpu';

interface StandIn {
  points: Points;
  sprite: Sprite;
  /** Per point in `source` of the points, per instance in `copy`: the same numbers. */
  attributes: { source: BufferAttribute; copy: InstancedBufferAttribute }[];
  /** Positions of the frame before, for motion vectors, and of the frame last drawn. */
  previous: InstancedBufferAttribute;
  drawn: Float32Array;
}

/**
 * Puts sprites in the places of `Points`, which three's node renderer draws one pixel large (its manual says to do so), with
 * motion vectors of their own, which instanced sprites lack.
 */
export class PointSprites {
  private readonly all: StandIn[] = [];

  /** @param share the pass's height over the canvas's: three sizes points for the canvas, whatever the target */
  constructor(
    scene: Scene,
    nodes: WebGPURenderer,
    private readonly share: number,
  ) {
    scene.traverse((object) => {
      if ((object as Points).isPoints) this.all.push(standIn(object as Points, nodes));
    });
    for (const { points, sprite } of this.all) {
      points.add(sprite);
      points.layers.disableAll();
    }
  }

  /** Follows the points; once per frame. */
  update(): void {
    for (const { points, sprite, attributes, previous, drawn } of this.all) {
      for (const { source, copy } of attributes) copy.version = source.version;
      previous.array.set(drawn);
      previous.needsUpdate = true;
      drawn.set(attributes[0]!.source.array);
      const { size, opacity } = points.material as PointsMaterial;
      Object.assign(sprite.material, { size: size * this.share, opacity });
    }
  }

  dispose(): void {
    for (const { sprite } of this.all) sprite.material.dispose();
  }
}

function standIn(points: Points, nodes: WebGPURenderer): StandIn {
  const { geometry, material } = points;
  const own = nodes.library.fromMaterial(material as PointsMaterial) as unknown as PointsNodeMaterial;
  const attributes: StandIn['attributes'] = [];
  const nodeOf = (copy: InstancedBufferAttribute) =>
    instancedDynamicBufferAttribute(copy.setUsage(DynamicDrawUsage)) as Node<'vec3'>;
  const read = (name: string) => {
    const source = geometry.getAttribute(name) as BufferAttribute;
    const copy = new InstancedBufferAttribute(source.array, source.itemSize, source.normalized);
    attributes.push({ source, copy });
    return nodeOf(copy);
  };
  const position = read('position');
  const drawn = Float32Array.from(geometry.getAttribute('position').array);
  const previous = new InstancedBufferAttribute(drawn.slice(), 3);
  const before = nodeOf(previous);
  own.positionNode = Fn((builder: NodeBuilder) => {
    if ((builder as NodeBuilder & { needsPreviousData(): boolean }).needsPreviousData())
      positionPrevious.assign(before);
    return position;
  })() as Node<'vec3'>;
  if (own.vertexColors) own.colorNode = read('color');
  const sprite = new Sprite(own as never);
  sprite.count = geometry.getAttribute('position').count;
  sprite.frustumCulled = false;
  return { points, sprite, attributes, previous, drawn };
}
