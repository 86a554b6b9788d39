/** Skeletons move surfaces by themselves: their bones of the frame before say from where. */
import * as THREE from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { SceneUpscaler } from 'upframe/three';
import { openExample } from './shell';

/** Each part hangs on one bone: radius and length of a capsule, and where its upper end is. */
const PARTS = [
  { parent: -1, at: [0, 1.45, 0], radius: 0.17, length: 0.42, color: '' }, // chest, in the person's own colour
  { parent: 0, at: [0, 0.36, 0], radius: 0.13, length: 0.06, color: '#e0ac86' }, // head
  { parent: 0, at: [-0.25, -0.02, 0], radius: 0.06, length: 0.5, color: '#d9a27e' }, // arms
  { parent: 0, at: [0.25, -0.02, 0], radius: 0.06, length: 0.5, color: '#d9a27e' },
  { parent: 0, at: [-0.1, -0.6, 0], radius: 0.085, length: 0.62, color: '#2c3340' }, // legs
  { parent: 0, at: [0.1, -0.6, 0], radius: 0.085, length: 0.62, color: '#2c3340' },
] as const;

function person(coat: THREE.Color): THREE.SkinnedMesh {
  const bones = PARTS.map(() => new THREE.Bone());
  const pieces = PARTS.map(({ parent, at, radius, length, color }, i) => {
    bones[i]!.position.fromArray(at);
    if (parent >= 0) bones[parent]!.add(bones[i]!);
    const piece = new THREE.CapsuleGeometry(radius, length, 4, 10).translate(0, -length / 2, 0);
    const count = piece.getAttribute('position').count;
    const tint = color ? new THREE.Color(color) : coat;
    const each = (values: number[]) => Array.from({ length: count }, () => values).flat();
    piece.setAttribute('color', new THREE.Float32BufferAttribute(each(tint.toArray()), 3));
    piece.setAttribute('skinIndex', new THREE.Uint16BufferAttribute(each([i, 0, 0, 0]), 4));
    piece.setAttribute('skinWeight', new THREE.Float32BufferAttribute(each([1, 0, 0, 0]), 4));
    return piece;
  });
  const mesh = new THREE.SkinnedMesh(mergeGeometries(pieces), new THREE.MeshLambertMaterial({ vertexColors: true }));
  mesh.add(bones[0]!);
  // Pieces are modelled on their bones: nothing is to be taken back from the pose.
  const identity = bones.map(() => new THREE.Matrix4());
  mesh.bind(new THREE.Skeleton(bones, identity), new THREE.Matrix4());
  mesh.castShadow = true;
  mesh.frustumCulled = false;
  return mesh;
}

openExample('6-skinned-crowd', async () => {
  const renderer = new THREE.WebGLRenderer({ antialias: false });
  renderer.shadowMap.enabled = true;
  const scene = new THREE.Scene();
  scene.background = new THREE.Color('#e3d9c8');
  scene.fog = new THREE.Fog('#e3d9c8', 12, 34);
  scene.add(new THREE.HemisphereLight('#fff6ea', '#8a7a66', 1.8));
  const sun = new THREE.DirectionalLight('#fff0d8', 2.2);
  sun.position.set(5, 9, 4);
  sun.castShadow = true;
  sun.shadow.mapSize.set(1024, 1024);
  Object.assign(sun.shadow.camera, { left: -9, right: 9, top: 9, bottom: -9 });
  const floor = new THREE.Mesh(new THREE.CircleGeometry(40, 48), new THREE.MeshLambertMaterial({ color: '#b9aa94' }));
  floor.rotation.x = -Math.PI / 2;
  floor.receiveShadow = true;
  scene.add(sun, floor, new THREE.PolarGridHelper(8, 12, 8, 96, '#8d7f6a', '#a2947e'));
  const crowd = Array.from({ length: 40 }, (_, i) => person(new THREE.Color().setHSL((i * 0.38) % 1, 0.55, 0.45)));
  scene.add(...crowd);
  const camera = new THREE.PerspectiveCamera(45, 1, 0.1, 60);

  const upscaler = await SceneUpscaler.create(renderer, { model: 'game-m', ratio: 2 });

  return {
    renderer,
    camera,
    upscaler,
    draw(seconds) {
      crowd.forEach((mesh, i) => {
        const [ring, step] = [1.4 + 0.9 * (i % 5), 4.5 * seconds + i];
        const way = i % 2 ? 1 : -1;
        const angle = i * 0.81 + (way * seconds) / ring;
        mesh.position.set(ring * Math.sin(angle), 0.04 * Math.abs(Math.sin(step)), ring * Math.cos(angle));
        mesh.rotation.y = angle + (way * Math.PI) / 2;
        const [, head, left, right, leftLeg, rightLeg] = mesh.skeleton.bones;
        head!.rotation.y = 0.3 * Math.sin(0.7 * seconds + i);
        left!.rotation.x = rightLeg!.rotation.x = 0.6 * Math.sin(step);
        right!.rotation.x = leftLeg!.rotation.x = -0.6 * Math.sin(step);
      });
      camera.position.set(8 * Math.sin(0.08 * seconds), 3.2, 8 * Math.cos(0.08 * seconds));
      camera.lookAt(0, 0.8, 0);
      upscaler.render(scene, camera);
    },
  };
});
