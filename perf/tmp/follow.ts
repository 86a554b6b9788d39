import * as THREE from 'three';
function rnd(seed: number) { let s = seed; return () => ((s = (s * 16807) % 2147483647) / 2147483647); }
/** A walk through static trunks and crates; the sun's shadow box follows the camera, unsnapped. */
export async function createScene(renderer: THREE.WebGLRenderer) {
  renderer.shadowMap.enabled = true; const r = rnd(3); const scene = new THREE.Scene(); scene.background = new THREE.Color('#bcd'); scene.fog = new THREE.Fog('#bcd', 20, 60);
  const camera = new THREE.PerspectiveCamera(60, 16 / 9, 0.1, 100);
  const c = document.createElement('canvas'); c.width = c.height = 256; const p = c.getContext('2d')!; p.fillStyle = '#7a6'; p.fillRect(0, 0, 256, 256); for (let i = 0; i < 4000; i++) { p.fillStyle = `hsl(${80 + r() * 40} 35% ${30 + r() * 30}%)`; p.fillRect(r() * 256, r() * 256, 2, 4); }
  const tex = new THREE.CanvasTexture(c); tex.colorSpace = THREE.SRGBColorSpace; tex.wrapS = tex.wrapT = THREE.RepeatWrapping; tex.repeat.set(30, 30);
  const floor = new THREE.Mesh(new THREE.PlaneGeometry(120, 120), new THREE.MeshLambertMaterial({ map: tex })); floor.rotation.x = -Math.PI / 2; floor.receiveShadow = true; scene.add(floor);
  const trunk = new THREE.InstancedMesh(new THREE.CylinderGeometry(0.15, 0.2, 5, 10), new THREE.MeshLambertMaterial({ color: '#764' }), 150); const crate = new THREE.InstancedMesh(new THREE.BoxGeometry(1, 1, 1), new THREE.MeshLambertMaterial({ color: '#b97' }), 60); const m = new THREE.Matrix4();
  for (let i = 0; i < 150; i++) trunk.setMatrixAt(i, m.makeTranslation(r() * 40 - 20, 2.5, -r() * 50)); for (let i = 0; i < 60; i++) crate.setMatrixAt(i, m.makeRotationY(r() * 3).setPosition(r() * 40 - 20, 0.5, -r() * 50));
  for (const o of [trunk, crate]) { o.castShadow = o.receiveShadow = true; scene.add(o); }
  scene.add(new THREE.HemisphereLight('#cdf', '#665', 1)); const sun = new THREE.DirectionalLight('#fed', 2.5); sun.castShadow = true; sun.shadow.mapSize.set(2048, 2048); sun.shadow.bias = -0.001; Object.assign(sun.shadow.camera, { left: -20, right: 20, top: 20, bottom: -20, far: 80 }); scene.add(sun, sun.target);
  return { scene, camera, update(t: number) { camera.position.set(Math.sin(t) * 1.5, 1.7, 4 - t * 3); camera.lookAt(Math.sin(t) * 3, 1.4, -8 - t * 3); sun.target.position.copy(camera.position); sun.position.copy(camera.position).add(new THREE.Vector3(8, 16, 6)); } };
}
