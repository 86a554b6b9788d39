/** What hangs on and stands before the houses: balconies, awnings, roofs, street lamps. All into the trim's one draw call. */
import * as THREE from 'three';
import { type Builder, place, type seededRandom } from '../../perf/scenes/helpers';
import { lampHeight, lampRows, lampStep, lampX } from './light';
import { type Glow, wall } from './signs';
import type { House } from './street';

export function balcony(trim: Builder, side: number, y: number, z: number, random: () => number): void {
  const x = side * (wall - 0.45);
  trim.box(x, y, z, 0.9, 0.1, 1.9, '#5c5550');
  for (let bar = 0; bar <= 14; bar++)
    trim.box(side * (wall - 0.88), y + 0.45, z - 0.92 + bar * 0.1315, 0.02, 0.85, 0.02, '#1f1d20');
  trim.box(side * (wall - 0.88), y + 0.9, z, 0.05, 0.05, 1.9, '#1f1d20');
  for (const end of [-0.93, 0.93]) trim.box(x, y + 0.9, z + end, 0.9, 0.05, 0.04, '#1f1d20');
  if (random() < 0.7) trim.box(side * (wall - 0.6), y + 0.2, z - 0.5, 0.3, 0.3, 0.3, '#a05a3a');
}

export function awning(trim: Builder, side: number, z: number, width: number, color: string): void {
  const stripes = Math.round(width / 0.42);
  for (let i = 0; i < stripes; i++) {
    const at = z - width / 2 + ((i + 0.5) * width) / stripes;
    const tint = i % 2 ? '#d8d0c2' : color;
    trim.box(side * (wall - 0.72), 2.62, at, 1.4, 0.05, width / stripes, tint, 0, side * 0.3);
    trim.box(side * (wall - 1.39), 2.31, at, 0.03, 0.24, width / stripes, tint);
  }
}

/** Chimneys, tanks, aerials: the skyline against the dusk. */
export function roof(trim: Builder, { side, z0, z1, height }: House, random: ReturnType<typeof seededRandom>): void {
  const x = () => side * random.between(wall + 0.8, wall + 4);
  const z = () => random.between(z0 + 1, z1 - 1);
  trim.box(x(), height + 0.7, z(), 0.8, 1.3, 0.7, '#6b4638');
  if (random() < 0.5) {
    const [tx, tz] = [x(), z()];
    trim.add(new THREE.CylinderGeometry(0.8, 0.85, 1.5, 10), place(tx, height + 1.5, tz), '#57483f');
    trim.add(new THREE.ConeGeometry(0.95, 0.5, 10), place(tx, height + 2.5, tz), '#463a33');
    for (const [dx, dz] of [
      [-0.5, -0.5],
      [0.5, -0.5],
      [-0.5, 0.5],
      [0.5, 0.5],
    ])
      trim.box(tx + dx!, height + 0.4, tz + dz!, 0.08, 0.9, 0.08, '#2b2726');
  }
  const [ax, az] = [x(), z()];
  trim.box(ax, height + 1.5, az, 0.035, 3, 0.035, '#26252a');
  for (let rung = 0; rung < 5; rung++)
    trim.box(ax, height + 1.8 + rung * 0.26, az, 0.02, 0.02, 1.1 - rung * 0.14, '#26252a');
}

/** Street lamps: post, arm, lantern head; the light itself is in `lampLit`. */
export function lamps(trim: Builder, glow: Glow): void {
  for (const side of [1, -1] as const) {
    for (let row = lampRows[0]; row <= lampRows[1]; row++) {
      const z = row * lampStep;
      const x = side * lampX;
      trim.add(new THREE.CylinderGeometry(0.045, 0.075, lampHeight, 7), place(x, lampHeight / 2, z), '#232429');
      trim.add(new THREE.CylinderGeometry(0.13, 0.16, 0.5, 7), place(x, 0.35, z), '#232429');
      trim.add(new THREE.ConeGeometry(0.3, 0.24, 7), place(x, lampHeight + 0.22, z), '#232429');
      trim.box(x, lampHeight - 0.6, z, 0.6, 0.04, 0.04, '#232429');
      glow.spot(side, z, lampHeight - 0.2, 0.5, 0.7, '#fff0c8');
    }
  }
}
