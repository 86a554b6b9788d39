import * as THREE from 'three';
function rnd(seed: number) { let s = seed; return () => ((s = (s * 16807) % 2147483647) / 2147483647); }
/** A room: a point light with shadows circles, a spot light sweeps, pillars, checkered floor, camera pans slowly in the second half. */
export async function createScene(renderer: THREE.WebGLRenderer) {
  renderer.shadowMap.enabled = true; renderer.toneMapping = THREE.ACESFilmicToneMapping;
  const r = rnd(5); const scene = new THREE.Scene(); scene.background = new THREE.Color('#101018');
  const camera = new THREE.PerspectiveCamera(55, 16 / 9, 0.1, 60);
  const c = document.createElement('canvas'); c.width = c.height = 256; const p = c.getContext('2d')!; for (let y = 0; y < 16; y++) for (let x = 0; x < 16; x++) { const v = 90 + r() * 120; p.fillStyle = `rgb(${v},${v * 0.9},${v * 0.8})`; p.fillRect(x * 16, y * 16, 16, 16); }
  const tex = new THREE.CanvasTexture(c); tex.colorSpace = THREE.SRGBColorSpace; tex.wrapS = tex.wrapT = THREE.RepeatWrapping; tex.repeat.set(3, 3); tex.anisotropy = 4;
  const std = (o: object) => new THREE.MeshStandardMaterial({ roughness: 0.8, ...o });
  const floor = new THREE.Mesh(new THREE.PlaneGeometry(24, 24), std({ map: tex })); floor.rotation.x = -Math.PI / 2; floor.receiveShadow = true; scene.add(floor);
  for (const [x, z, ry] of [[0, -8, 0], [-9, 0, Math.PI / 2], [9, 0, -Math.PI / 2]] as const) { const w = new THREE.Mesh(new THREE.PlaneGeometry(20, 8), std({ color: '#aab' })); w.position.set(x, 4, z); w.rotation.y = ry; w.receiveShadow = true; scene.add(w); }
  const rail = new THREE.InstancedMesh(new THREE.BoxGeometry(0.08, 2.4, 0.08), std({ color: '#c96' }), 40); const m = new THREE.Matrix4(); for (let i = 0; i < 40; i++) rail.setMatrixAt(i, m.makeTranslation(-7 + i * 0.35, 1.2, -4)); rail.castShadow = rail.receiveShadow = true; scene.add(rail);
  for (let i = 0; i < 4; i++) { const q = new THREE.Mesh(new THREE.CylinderGeometry(0.5, 0.5, 5, 24), std({ color: '#789' })); q.position.set(-5 + i * 3.4, 2.5, -1 - (i % 2)); q.castShadow = q.receiveShadow = true; scene.add(q); }
  const ball = new THREE.Mesh(new THREE.SphereGeometry(0.8, 32, 24), std({ color: '#e55', roughness: 0.3 })); ball.castShadow = ball.receiveShadow = true; scene.add(ball);
  scene.add(new THREE.AmbientLight('#446', 1));
  const lamp = new THREE.PointLight('#ffd9a0', 60, 0, 2); lamp.castShadow = true; lamp.shadow.mapSize.set(512, 512); lamp.shadow.bias = -0.002; scene.add(lamp);
  const bulb = new THREE.Mesh(new THREE.SphereGeometry(0.12), new THREE.MeshBasicMaterial({ color: '#fff' })); lamp.add(bulb);
  const spot = new THREE.SpotLight('#8af', 200, 0, 0.4, 0.3); spot.castShadow = true; spot.shadow.mapSize.set(1024, 1024); spot.position.set(6, 7, 6); scene.add(spot, spot.target);
  return { scene, camera, update(t: number) {
    camera.position.set(0, 4.5, 9); camera.lookAt(Math.max(0, t - 0.5) * 2, 1.2, -2);
    lamp.position.set(Math.cos(t * 1.5) * 2.5, 2.2, -1 + Math.sin(t * 1.5) * 2);
    spot.target.position.set(Math.sin(t) * 4, 0, -2); ball.position.set(-3 + t * 3, 0.8 + Math.abs(Math.sin(t * 4)), 2); } };
}
