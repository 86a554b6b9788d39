/** Normal maps from heights. */
import { NoColorSpace, RepeatWrapping, type Texture, Vector3 } from 'three';
import { paint } from '../../perf/scenes/helpers';

/** `height` holds size x size values, rows from the top, and wraps at its edges; `strength` is the slope of a step of 1 between neighbours. */
export function normalMap(height: Float32Array, size: number, strength: number): Texture {
  const normal = new Vector3();
  const texture = paint(size, size, (pen) => {
    const image = pen.createImageData(size, size);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const h = (dx: number, dy: number) => height[((y + dy + size) % size) * size + ((x + dx + size) % size)]!;
        normal.set((h(-1, 0) - h(1, 0)) * strength, (h(0, 1) - h(0, -1)) * strength, 1).normalize();
        image.data.set([normal.x * 127 + 128, normal.y * 127 + 128, normal.z * 127 + 128, 255], (y * size + x) * 4);
      }
    }
    pen.putImageData(image, 0, 0);
  });
  texture.colorSpace = NoColorSpace;
  texture.wrapS = texture.wrapT = RepeatWrapping;
  return texture;
}
