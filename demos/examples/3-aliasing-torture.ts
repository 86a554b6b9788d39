/** Thin things that a small picture misses in most frames: the jitter finds them, and history keeps them. */
import * as THREE from 'three';
import { SceneUpscaler } from 'upframe/three';
import { openExample } from './shell';

/** Many bars in one draw call: each is x, y, z of its middle, then its width, height and depth. */
function bars(list: number[][], color: string): THREE.InstancedMesh {
  const mesh = new THREE.InstancedMesh(new THREE.BoxGeometry(), new THREE.MeshLambertMaterial({ color }), list.length);
  list.forEach(([x, y, z, width, height, depth], i) => {
    mesh.setMatrixAt(i, new THREE.Matrix4().makeScale(width!, height!, depth!).setPosition(x!, y!, z!));
  });
  return mesh;
}

function checkerboard(): THREE.DataTexture {
  const texture = new THREE.DataTexture(new Uint8Array([235, 70, 70, 235].flatMap((v) => [v, v, v, 255])), 2, 2);
  texture.wrapS = texture.wrapT = THREE.RepeatWrapping;
  texture.repeat.set(60, 60);
  texture.minFilter = THREE.LinearMipmapLinearFilter;
  texture.generateMipmaps = true;
  texture.colorSpace = THREE.SRGBColorSpace;
  texture.needsUpdate = true;
  return texture;
}

openExample('3-aliasing-torture', async () => {
  const renderer = new THREE.WebGLRenderer({ antialias: false });
  const scene = new THREE.Scene();
  scene.background = new THREE.Color('#a9c8e0');
  scene.fog = new THREE.Fog('#a9c8e0', 18, 60);
  scene.add(new THREE.HemisphereLight('#e8f2ff', '#6d6455', 2));
  const sun = new THREE.DirectionalLight('#fff0d6', 2);
  sun.position.set(4, 6, 5);
  scene.add(sun);

  const floor = new THREE.Mesh(new THREE.PlaneGeometry(60, 60), new THREE.MeshLambertMaterial({ map: checkerboard() }));
  floor.rotation.x = -Math.PI / 2;
  const fence = Array.from({ length: 161 }, (_, i) => [(i - 80) * 0.14, 0.6, 0, 0.02, 1.2, 0.02]);
  fence.push([0, 0.15, 0, 22.4, 0.04, 0.04], [0, 1.15, 0, 22.4, 0.04, 0.04]);
  const masts = [-8, 0, 8].map((x) => [x, 2.5, -4, 0.16, 5, 0.16]);
  scene.add(floor, bars(fence, '#1f2930'), bars(masts, '#4d3b2e'));
  for (let i = 0; i < 9; i++) {
    const curve = new THREE.CatmullRomCurve3(
      [-16, -12, -8, -4, 0, 4, 8, 12, 16].map((x) => new THREE.Vector3(x, 4.6 - i * 0.28 - (x % 8 ? 0.45 : 0), -4)),
    );
    scene.add(
      new THREE.Mesh(new THREE.TubeGeometry(curve, 90, 0.008, 3), new THREE.MeshBasicMaterial({ color: '#14181b' })),
    );
  }
  const wheel = bars([[0, 0, 0, 0.02, 3, 0.02]], '#b3362a');
  const spokes = Array.from({ length: 12 }, (_, i) => {
    const spoke = wheel.clone();
    spoke.rotation.z = (i / 12) * Math.PI;
    return spoke;
  });
  const rim = new THREE.Mesh(
    new THREE.TorusGeometry(1.5, 0.04, 6, 64),
    new THREE.MeshLambertMaterial({ color: '#b3362a' }),
  );
  const turning = new THREE.Group().add(rim, ...spokes);
  turning.position.set(3.2, 1.9, -1.6);
  scene.add(turning);
  const camera = new THREE.PerspectiveCamera(50, 1, 0.1, 80);

  const upscaler = await SceneUpscaler.create(renderer, { model: 'game-m', ratio: 2 });

  return {
    renderer,
    camera,
    upscaler,
    draw(seconds) {
      turning.rotation.z = 0.4 * seconds;
      camera.position.set(2 * Math.sin(0.2 * seconds), 1.7, 6.5);
      camera.lookAt(0.6 * Math.sin(0.2 * seconds), 1.6, 0);
      upscaler.render(scene, camera);
    },
  };
});
