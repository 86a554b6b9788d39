/** The landward end of the street: gate, houses around a small square, a clock, and an armillary sphere on steps. */
import * as THREE from 'three';
import { Builder, paint, place } from '../../perf/scenes/helpers';
import { lampLit } from './light';
import type { Glow, SignAtlas } from './signs';
import { front, type Parts } from './street';

export interface Square {
  group: THREE.Group;
  /** Where a dropped model goes, in place of the sphere. */
  pedestal: THREE.Group;
  update(seconds: number): void;
}

/** Houses on three sides, added to the street's own draw calls. */
export function squareHouses(parts: Parts): void {
  const { walls, trim } = parts;
  walls.box(-15.5, 4.8, 49, 4, 9.6, 18, '#a8745a', 0, 0, 0.34).box(15.5, 4.2, 49, 4, 8.4, 18, '#8d8f9c', 0, 0, 0.34);
  walls.box(-11, 5, 62, 17, 10, 5, '#9c7a68', 0, 0, 0.34).box(11, 6.2, 62, 17, 12.4, 5, '#b08a64', 0, 0, 0.34);
  walls.box(0, 8.5, 61.6, 5, 17, 5, '#8a6f60', 0, 0, 0.34);
  trim.add(new THREE.ConeGeometry(3.9, 4.4, 4), place(0, 19.2, 61.6, Math.PI / 4), '#4a4652');
  trim.box(0, 17, 61.6, 5.6, 0.4, 5.6, '#9a8f84').box(0, 11.2, 61.6, 5.3, 0.3, 5.3, '#9a8f84');
  trim.box(0, 1.7, 59.06, 2.2, 3.4, 0.16, '#4a2c20').box(0, 3.5, 59.04, 2.8, 0.3, 0.4, '#9a8f84');
  front(parts, -13.5, 49, 17, 9.6, Math.PI / 2, 1);
  front(parts, 13.5, 49, 17, 8.4, -Math.PI / 2, 2);
  for (const side of [-1, 1]) front(parts, side * 11, 40, 7.4, 6.4, 0, 5 + side);
  front(parts, -11, 59.5, 16, 10, Math.PI, 3);
  front(parts, 11, 59.5, 16, 12.4, Math.PI, 4);
}

/** Nested rings around a globe, polished brass: thin bright curves that turn slowly. */
function armillary(): { group: THREE.Group; update(seconds: number): void } {
  const brass = new THREE.MeshStandardMaterial({
    color: '#e8b25a',
    metalness: 1,
    roughness: 0.2,
    envMapIntensity: 1.6,
  });
  const group = new THREE.Group();
  const rings = [1.55, 1.38, 1.2, 1.04].map((radius, i) => {
    const ring = new THREE.Mesh(new THREE.TorusGeometry(radius, i === 0 ? 0.06 : 0.035, 6, 64), brass);
    group.add(ring);
    return ring;
  });
  group.add(new THREE.Mesh(new THREE.SphereGeometry(0.46, 24, 16), brass));
  const axis = new THREE.Mesh(new THREE.CylinderGeometry(0.025, 0.025, 3.3, 6), brass);
  axis.rotation.z = 0.41;
  group.add(axis);
  return {
    group,
    update(seconds) {
      rings.forEach((ring, i) => {
        ring.rotation.set(i * 0.8 + seconds * 0.11 * (i + 1), seconds * 0.17 * (i % 2 ? 1 : -1) + i, 0);
      });
    },
  };
}

export function createSquare(atlas: SignAtlas, glow: Glow): Square {
  const group = new THREE.Group();
  const solid = new Builder();
  for (const x of [-3.2, 3.2]) {
    solid.add(new THREE.CylinderGeometry(0.26, 0.32, 6.4, 12), place(x, 3.2, 41.8), '#a82f1e');
    solid.add(new THREE.CylinderGeometry(0.4, 0.46, 0.7, 12), place(x, 0.35, 41.8), '#1d1a1c');
  }
  solid.box(0, 6.3, 41.8, 9.4, 0.36, 0.5, '#b8351f').box(0, 6.66, 41.8, 10.4, 0.22, 0.8, '#241d20');
  solid.box(0, 5.2, 41.8, 7.4, 0.26, 0.3, '#a82f1e').box(0, 5.76, 41.8, 2.8, 0.82, 0.22, '#17100f');
  for (const yaw of [0, Math.PI]) {
    glow.free(place(0, 5.76, 41.8 + (yaw ? -0.13 : 0.13), yaw, 0, 0, 2.7, 0.675, 1), atlas.gate, 1.25);
  }
  for (let step = 0; step < 5; step++) {
    const radius = 2.6 - step * 0.28;
    solid.add(
      new THREE.CylinderGeometry(radius, radius + 0.06, 0.24, 28),
      place(0, 0.12 + step * 0.24, 49),
      step % 2 ? '#9a928c' : '#857d78',
    );
  }
  const clock = clockFace();
  clock.position.set(0, 14, 59.05);
  clock.rotation.y = Math.PI;
  const stone = new THREE.Mesh(solid.build(), lampLit(new THREE.MeshStandardMaterial({ vertexColors: true })));
  stone.castShadow = stone.receiveShadow = true;
  stone.name = 'square';
  const pedestal = new THREE.Group();
  pedestal.position.set(0, 1.2, 49);
  const sphere = armillary();
  sphere.group.position.y = 1.75;
  pedestal.add(sphere.group);
  group.add(stone, pedestal, clock);
  return { group, pedestal, update: sphere.update };
}

function clockFace(): THREE.Mesh {
  const texture = paint(256, 256, (pen) => {
    pen.fillStyle = '#fff3d4';
    pen.beginPath();
    pen.arc(128, 128, 126, 0, 7);
    pen.fill();
    pen.strokeStyle = pen.fillStyle = '#1d1612';
    pen.lineWidth = 7;
    pen.stroke();
    pen.font = '700 28px Sign, sans-serif';
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    for (let hour = 1; hour <= 12; hour++)
      pen.fillText(String(hour), 128 + Math.sin((hour / 6) * Math.PI) * 98, 129 - Math.cos((hour / 6) * Math.PI) * 98);
    for (const [angle, reach, width] of [
      [4.75, 58, 10],
      [1.9, 86, 6],
    ] as const) {
      pen.lineWidth = width;
      pen.beginPath();
      pen.moveTo(128, 128);
      pen.lineTo(128 + Math.sin(angle) * reach, 128 - Math.cos(angle) * reach);
      pen.stroke();
    }
  });
  const face = new THREE.Mesh(new THREE.CircleGeometry(1.7, 32), new THREE.MeshBasicMaterial({ map: texture }));
  face.name = 'clock';
  return face;
}
