/** Textures of the houses: brick that vertex colours tint, its relief, and eight windows. */
import { RepeatWrapping, type Texture } from 'three';
import { paint, seededRandom } from '../../perf/scenes/helpers';
import { normalMap } from './relief';

/** Plaster and brick in one grey tile; vertex colours tint it. */
export function wallTexture(): Texture {
  const random = seededRandom(8);
  const texture = paint(512, 512, (pen) => {
    pen.fillStyle = '#cfcac4';
    pen.fillRect(0, 0, 512, 512);
    for (let row = 0; row < 32; row++) {
      for (let column = -1; column < 16; column++) {
        const light = random.between(60, 92);
        pen.fillStyle = `hsl(${random.between(16, 34)} ${random.between(6, 20)}% ${light}%)`;
        pen.fillRect(column * 32 + (row % 2) * 16 + 1, row * 16 + 1, 30, 14);
      }
    }
    for (let i = 0; i < 260; i++) {
      pen.fillStyle = `rgb(30 22 20 / ${random.between(0.02, 0.08)})`;
      const [x, y] = [random() * 512, random() * 512];
      pen.fillRect(x, y, random.between(2, 14), random.between(10, 120));
    }
  });
  texture.wrapS = texture.wrapT = RepeatWrapping;
  return texture;
}

/** The bricks of `wallTexture` stand out of their joints, each a little askew. */
export function wallRelief(): Texture {
  const random = seededRandom(10);
  const height = new Float32Array(512 * 512);
  for (let row = 0; row < 32; row++) {
    for (let column = 0; column < 16; column++) {
      const [level, lean, tilt] = [random.between(0.7, 1), random.between(-0.012, 0.012), random.between(-0.02, 0.02)];
      for (let y = 1; y < 15; y++) {
        for (let x = 1; x < 31; x++) {
          const edge = Math.min(x, 31 - x, y, 15 - y);
          const at = ((row * 16 + y) * 512 + column * 32 + (row % 2) * 16 + x) % height.length;
          height[at] = Math.min(1, edge / 2) * level + lean * (x - 16) + tilt * (y - 8) + random.between(0, 0.08);
        }
      }
    }
  }
  return normalMap(height, 512, 0.9);
}

/** Eight windows, 128x192 each: five lit with curtains, plants and people, three dark with the sky in them. */
export function windowTexture(): Texture {
  const random = seededRandom(9);
  return paint(1024, 192, (pen) => {
    for (let i = 0; i < 8; i++) {
      const x = i * 128;
      const lit = i < 5;
      const fill = pen.createLinearGradient(0, 0, 0, 192);
      if (lit) {
        fill.addColorStop(0, '#ffe9b8');
        fill.addColorStop(1, ['#e98a3c', '#d9762f', '#f0a860', '#c96a3a', '#8fc0d8'][i]!);
      } else {
        fill.addColorStop(0, '#3a3c5e');
        fill.addColorStop(1, '#141624');
      }
      pen.fillStyle = fill;
      pen.fillRect(x, 0, 128, 192);
      if (lit) {
        pen.fillStyle = `hsl(${random.between(0, 360)} 34% 36% / 80%)`;
        pen.fillRect(x, 0, random.between(16, 40), 192);
        pen.fillRect(x + 128 - random.between(16, 40), 0, 40, 192);
        pen.fillStyle = 'rgb(28 16 14 / 88%)';
        if (i % 2) {
          // A cat on the sill.
          pen.beginPath();
          pen.ellipse(x + 50, 164, 20, 17, 0, 0, 7);
          pen.ellipse(x + 70, 144, 11, 10, 0, 0, 7);
          pen.moveTo(x + 61, 141);
          pen.lineTo(x + 63, 126);
          pen.lineTo(x + 70, 136);
          pen.lineTo(x + 77, 126);
          pen.lineTo(x + 80, 141);
          pen.fill();
        } else {
          // A lamp, and plants low down.
          pen.fillRect(x + 63, 0, 3, 44);
          pen.beginPath();
          pen.moveTo(x + 44, 62);
          pen.lineTo(x + 56, 42);
          pen.lineTo(x + 74, 42);
          pen.lineTo(x + 86, 62);
          pen.fill();
          for (let leaf = 0; leaf < 20; leaf++) {
            pen.beginPath();
            pen.ellipse(
              x + random.between(20, 108),
              176 + random.between(-14, 10),
              3.5,
              16,
              random.between(-0.7, 0.7),
              0,
              7,
            );
            pen.fill();
          }
        }
      } else {
        pen.fillStyle = 'rgb(255 190 150 / 14%)';
        pen.beginPath();
        pen.moveTo(x + 20, 0);
        pen.lineTo(x + 70, 0);
        pen.lineTo(x + 30, 192);
        pen.lineTo(x, 192);
        pen.fill();
      }
      pen.fillStyle = '#1d1917';
      pen.fillRect(x + 61, 0, 6, 192);
      pen.fillRect(x, 60, 128, 6);
      pen.strokeStyle = '#1d1917';
      pen.lineWidth = 10;
      pen.strokeRect(x, 0, 128, 192);
    }
  });
}
