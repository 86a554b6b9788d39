import type { BufferAttribute, Object3D, Points, PointsMaterial, Scene } from 'three';
import { instancedBufferAttribute } from 'three/tsl';
import { type Node, type PointsNodeMaterial, Sprite, type WebGPURenderer } from 'three/webgpu';

/** Stand-ins for `Points`, which three's node renderer draws one pixel large: sprites at the same places, as its manual has it. */
export class PointSprites {
  private readonly pairs: { points: Points; sprite: Sprite }[] = [];

  /** @param share the pass's height over the canvas's: three sizes points for the canvas, whatever the target */
  constructor(
    scene: Scene,
    nodes: WebGPURenderer,
    private readonly share: number,
  ) {
    scene.traverse((object) => {
      const points = object as Points;
      if (points.isPoints) this.pairs.push({ points, sprite: spriteOf(points, nodes) });
    });
  }

  /** Draws with the stand-ins in the points' places. */
  during(draw: () => void): void {
    for (const { points, sprite } of this.pairs) {
      const { size, opacity } = points.material as PointsMaterial;
      Object.assign(sprite.material, { size: size * this.share, opacity });
      points.updateMatrix();
      sprite.matrix.copy(points.matrix);
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

function spriteOf({ geometry, material }: Points, nodes: WebGPURenderer): Sprite {
  const own = nodes.library.fromMaterial(material as PointsMaterial) as unknown as PointsNodeMaterial;
  const read = (name: string) => instancedBufferAttribute(geometry.getAttribute(name) as BufferAttribute) as Node;
  own.positionNode = read('position') as Node<'vec3'>;
  if (own.vertexColors) own.colorNode = read('color') as Node<'vec3'>;
  const sprite = new Sprite(own as never);
  sprite.count = geometry.getAttribute('position').count;
  sprite.matrixAutoUpdate = false;
  sprite.frustumCulled = false;
  return sprite;
}
