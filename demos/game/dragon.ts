/** A paper festival dragon over the street: one skinned mesh, every bone placed on the path by time. */
import * as THREE from 'three';
import { Builder, paint, place } from '../../perf/scenes/helpers';

const bones = 28;
const length = 15;

/** Where the dragon's spine is at `t` seconds: a slow figure between the roofs, once around in 64 s. */
function path(t: number, out: THREE.Vector3): THREE.Vector3 {
  const a = (t / 64) * Math.PI * 2 + 3.75; // so that it comes towards the camera in the first seconds
  return out.set(Math.sin(a * 5) * 2.6, 5.9 + Math.sin(a * 8 + 1) * 0.75, 2 + Math.cos(a) * 30);
}

function scales(): THREE.Texture {
  const texture = paint(256, 256, (pen) => {
    pen.fillStyle = '#b81f12';
    pen.fillRect(0, 0, 256, 256);
    for (let row = 8; row >= -1; row--) {
      for (let column = -1; column < 9; column++) {
        const x = column * 32 + (row % 2 ? 16 : 0);
        const y = row * 32;
        const fill = pen.createRadialGradient(x + 16, y + 6, 2, x + 16, y + 12, 24);
        fill.addColorStop(0, '#ffd35e');
        fill.addColorStop(0.6, '#f0702a');
        fill.addColorStop(1, '#b31b10');
        pen.fillStyle = fill;
        pen.strokeStyle = '#5a0b08';
        pen.lineWidth = 2.5;
        pen.beginPath();
        pen.arc(x + 16, y + 10, 19, 0, Math.PI);
        pen.closePath();
        pen.fill();
        pen.stroke();
      }
    }
  });
  texture.wrapS = texture.wrapT = THREE.RepeatWrapping;
  return texture;
}

/** Tube along z from 0 (neck) to -length (tail), with fins, weighted to the two nearest bones. */
function bodyGeometry(): THREE.BufferGeometry {
  const builder = new Builder();
  const rings = 84;
  const around = 12;
  const tube = new THREE.CylinderGeometry(1, 1, 1, around, rings, true);
  const position = tube.getAttribute('position');
  const uv = tube.getAttribute('uv');
  for (let i = 0; i < position.count; i++) {
    const t = 0.5 - position.getY(i); // 0 neck .. 1 tail
    const belly = 0.3 + 0.16 * Math.sin(Math.min(1, t * 1.6) * Math.PI) - 0.24 * t * t;
    const r = Math.max(0.03, belly);
    position.setXYZ(i, position.getX(i) * r, position.getZ(i) * r, -t * length);
    uv.setXY(i, uv.getX(i) * 3, t * 22);
  }
  tube.computeVertexNormals();
  builder.add(tube, new THREE.Matrix4(), '#fff');
  const spike = new THREE.ConeGeometry(0.09, 0.42, 4);
  for (let i = 1; i < 40; i++) {
    const t = i / 41;
    const r = 0.3 + 0.16 * Math.sin(Math.min(1, t * 1.6) * Math.PI) - 0.24 * t * t;
    builder.add(spike, place(0, r + 0.12, -t * length, 0, -0.5, 0, 0.5, 1.1 - t * 0.5, 1.4), '#ffe08a');
  }
  for (const [yaw, reach] of [
    [0.32, 0.9],
    [-0.32, 0.9],
    [0, 1.3],
  ] as const)
    builder.add(
      new THREE.ConeGeometry(0.22, reach, 4),
      place(yaw * 0.7, 0, -length - reach * 0.35, -yaw, -Math.PI / 2, 0, 0.6, 1, 0.16),
      '#ffcf6a',
    );
  const geometry = builder.build();
  const p = geometry.getAttribute('position');
  const indices: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < p.count; i++) {
    const along = Math.min(bones - 1.001, Math.max(0, (-p.getZ(i) / length) * (bones - 1)));
    const first = Math.floor(along);
    indices.push(first, first + 1, 0, 0);
    weights.push(1 - (along - first), along - first, 0, 0);
  }
  geometry.setAttribute('skinIndex', new THREE.Uint16BufferAttribute(indices, 4));
  geometry.setAttribute('skinWeight', new THREE.Float32BufferAttribute(weights, 4));
  return geometry;
}

/** Muzzle, jaw, horns, mane and whiskers; faces +z. */
function headGeometry(): THREE.BufferGeometry {
  const builder = new Builder();
  const ball = new THREE.SphereGeometry(1, 12, 9);
  builder.add(ball, place(0, 0.02, 0.15, 0, 0, 0, 0.44, 0.4, 0.5), '#e0502a');
  builder.add(ball, place(0, -0.02, 0.72, 0, -0.1, 0, 0.27, 0.2, 0.44), '#f07a34');
  builder.add(ball, place(0, -0.26, 0.6, 0, 0.2, 0, 0.22, 0.09, 0.44), '#c23a1c');
  for (const side of [-1, 1]) {
    builder.add(ball, place(side * 0.24, 0.24, 0.42, 0, 0, 0, 0.13), '#fff6d0');
    builder.add(ball, place(side * 0.275, 0.26, 0.515, 0, 0, 0, 0.06), '#140a08');
    builder.add(ball, place(side * 0.12, 0.12, 1.06, 0, 0, 0, 0.08), '#ffc14f');
    builder.wire(
      [
        new THREE.Vector3(side * 0.2, 0.34, 0.1),
        new THREE.Vector3(side * 0.34, 0.75, -0.25),
        new THREE.Vector3(side * 0.5, 0.9, -0.8),
      ],
      0.055,
      '#ffe6a0',
      5,
      8,
    );
    builder.wire(
      [new THREE.Vector3(side * 0.36, 0.62, -0.1), new THREE.Vector3(side * 0.58, 0.78, 0.08)],
      0.035,
      '#ffe6a0',
      5,
      2,
    );
    builder.wire(
      [
        new THREE.Vector3(side * 0.2, -0.02, 1),
        new THREE.Vector3(side * 0.75, 0.2, 1.1),
        new THREE.Vector3(side * 1.1, -0.15, 0.5),
        new THREE.Vector3(side * 1.35, -0.1, -0.2),
      ],
      0.018,
      '#ffd36b',
      4,
      14,
    );
    for (let i = 0; i < 5; i++)
      builder.add(
        new THREE.ConeGeometry(0.12, 0.8, 4),
        place(side * 0.4, 0.3 - i * 0.17, -0.28, side * 0.5, -1.9, 0, 1, 1, 0.3),
        i % 2 ? '#ffb03a' : '#d8301c',
      );
  }
  for (let tooth = 0; tooth < 6; tooth++)
    builder.add(
      new THREE.ConeGeometry(0.03, 0.12, 4),
      place((tooth - 2.5) * 0.075, -0.16, 1.02 - Math.abs(tooth - 2.5) * 0.06, 0, Math.PI),
      '#fffbe8',
    );
  return builder.build();
}

export function createDragon(): { group: THREE.Group; update(seconds: number): void } {
  const texture = scales();
  // Lit from inside: paper shows its own colour brighter than any lamp makes it.
  const paper = new THREE.MeshStandardMaterial({
    map: texture,
    emissiveMap: texture,
    emissive: new THREE.Color(1.15, 0.9, 0.75),
    vertexColors: true,
    side: THREE.DoubleSide,
  });
  const skin = new THREE.SkinnedMesh(bodyGeometry(), paper);
  const chain = Array.from({ length: bones }, () => new THREE.Bone());
  chain.forEach((bone, i) => {
    bone.position.set(0, 0, (-i / (bones - 1)) * length);
    skin.add(bone);
  });
  skin.updateMatrixWorld(true);
  skin.bind(new THREE.Skeleton(chain));
  skin.frustumCulled = false;
  skin.name = 'dragon';
  const head = new THREE.Mesh(
    headGeometry(),
    new THREE.MeshStandardMaterial({ vertexColors: true, emissive: new THREE.Color(0.32, 0.1, 0.04) }),
  );
  head.name = 'dragon head';
  chain[0]!.add(head);
  head.position.z = 0.15;
  const group = new THREE.Group();
  group.add(skin);

  // The path is not even in speed, so bones are laid by distance walked back from the head.
  const here = new THREE.Vector3();
  const ahead = new THREE.Vector3();
  const spacing = length / (bones - 1);
  return {
    group,
    update(seconds) {
      let t = seconds;
      path(t, here);
      path(t + 0.05, ahead);
      for (const bone of chain) {
        bone.position.copy(here);
        const direction = ahead.clone().sub(here).normalize();
        bone.rotation.set(
          -Math.asin(direction.y),
          Math.atan2(direction.x, direction.z),
          Math.sin(t * 1.1) * 0.12,
          'YXZ',
        );
        let left = spacing;
        ahead.copy(here);
        for (let step = 0; step < 60 && left > 0; step++) {
          t -= 0.05;
          const previous = here.clone();
          path(t, here);
          left -= here.distanceTo(previous);
        }
        if (left < 0) t -= 0; // overshoot is under 5 % of a bone: the body only breathes a little
      }
    },
  };
}
