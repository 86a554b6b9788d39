import * as THREE from 'three';
function rnd(seed: number) { let s = seed; return () => ((s = (s * 16807) % 2147483647) / 2147483647); }
export async function createScene(renderer: THREE.WebGLRenderer) {
  renderer.shadowMap.enabled = true; const r = rnd(13); const scene = new THREE.Scene(); scene.background = new THREE.Color('#c5d6e2');
  const camera = new THREE.PerspectiveCamera(50, 16 / 9, 0.1, 100); camera.position.set(6, 5, 8); camera.lookAt(0, 1, 0); camera.updateMatrixWorld();
  scene.add(new THREE.HemisphereLight('#fff', '#776', 1.1)); const sun = new THREE.DirectionalLight('#fff2d8', 2.6); sun.castShadow = true; sun.shadow.mapSize.set(2048, 2048); Object.assign(sun.shadow.camera, { left: -9, right: 9, top: 9, bottom: -9 }); sun.position.set(5, 8, 2); scene.add(sun);
  const c = document.createElement('canvas'); c.width = c.height = 256; const p = c.getContext('2d')!; p.fillStyle = '#b9ab93'; p.fillRect(0, 0, 256, 256); for (let y = 0; y < 8; y++) for (let x = 0; x < 8; x++) { p.fillStyle = `hsl(35 18% ${50 + r() * 22}%)`; p.fillRect(x * 32 + 1, y * 32 + 1, 30, 30); }
  const tiles = new THREE.CanvasTexture(c); tiles.colorSpace = THREE.SRGBColorSpace; tiles.wrapS = tiles.wrapT = THREE.RepeatWrapping; tiles.repeat.set(4, 4);
  const floor = new THREE.Mesh(new THREE.PlaneGeometry(18, 18), new THREE.MeshLambertMaterial({ map: tiles })); floor.rotation.x = -Math.PI / 2; floor.receiveShadow = true; scene.add(floor);
  // Fan: thin blades that spin.
  const fan = new THREE.Group(); for (let i = 0; i < 5; i++) { const b = new THREE.Mesh(new THREE.BoxGeometry(0.12, 1.6, 0.02), new THREE.MeshStandardMaterial({ color: '#ddd' })); b.castShadow = true; b.position.y = 0.8; const g = new THREE.Group(); g.add(b); g.rotation.z = (i / 5) * Math.PI * 2; fan.add(g); } fan.position.set(-2, 2.6, 0); scene.add(fan);
  const pole = new THREE.Mesh(new THREE.CylinderGeometry(0.05, 0.05, 2.6), new THREE.MeshStandardMaterial({ color: '#555' })); pole.position.set(-2, 1.3, -0.1); pole.castShadow = true; scene.add(pole);
  // Morphing blob, batched boxes that circle, LOD tower.
  const geo = new THREE.SphereGeometry(0.7, 48, 32); const pos = geo.attributes.position!; const m2 = new Float32Array(pos.count * 3); for (let i = 0; i < pos.count; i++) { const f = 1 + 0.4 * Math.sin(pos.getX(i) * 6) * Math.sin(pos.getY(i) * 6); m2.set([pos.getX(i) * f, pos.getY(i) * f, pos.getZ(i) * f], 3 * i); } geo.morphAttributes.position = [new THREE.BufferAttribute(m2, 3)];
  const blob = new THREE.Mesh(geo, new THREE.MeshStandardMaterial({ color: '#c55', roughness: 0.5 })); blob.position.set(1.5, 1, 2); blob.castShadow = true; blob.morphTargetInfluences = [0]; scene.add(blob);
  const batch = new THREE.BatchedMesh(40, 40 * 24, 40 * 36, new THREE.MeshLambertMaterial()); const id = batch.addGeometry(new THREE.BoxGeometry(0.35, 0.35, 0.35)); const ids = Array.from({ length: 40 }, () => batch.addInstance(id)); ids.forEach((i) => batch.setColorAt(i, new THREE.Color().setHSL(r(), 0.6, 0.55))); batch.castShadow = true; batch.frustumCulled = false; scene.add(batch);
  const lod = new THREE.LOD(); lod.addLevel(new THREE.Mesh(new THREE.TorusGeometry(0.8, 0.25, 24, 64), new THREE.MeshStandardMaterial({ color: '#46a' })), 0); lod.position.set(3.5, 1.2, -2); scene.add(lod);
  const bulbs: THREE.Mesh[] = []; for (let i = 0; i < 12; i++) { const b = new THREE.Mesh(new THREE.SphereGeometry(0.09, 12, 8), new THREE.MeshBasicMaterial({ color: '#fd8' })); b.position.set(-5 + i * 0.9, 3.4 - 0.3 * Math.sin((i / 11) * Math.PI), -4); scene.add(b); bulbs.push(b); }
  const wall = new THREE.Mesh(new THREE.BoxGeometry(14, 3, 0.2), new THREE.MeshLambertMaterial({ map: tiles })); wall.position.set(0, 1.5, -4.5); wall.receiveShadow = true; scene.add(wall);
  const m = new THREE.Matrix4();
  return { scene, camera, update(t: number) { fan.rotation.z = t * 5; blob.morphTargetInfluences![0] = 0.5 + 0.5 * Math.sin(t * 4); blob.rotation.y = t;
    ids.forEach((i) => { const a = i * 0.157 + t * 0.9; batch.setMatrixAt(i, m.makeRotationY(-a).setPosition(Math.cos(a) * (3 + (i % 3)), 0.4 + (i % 5) * 0.35, Math.sin(a) * (3 + (i % 3)))); });
    sun.position.set(5 * Math.cos(t * 0.4), 8, 3 + 5 * Math.sin(t * 0.4)); lod.rotation.x = t; bulbs.forEach((b, i) => (b.material as THREE.MeshBasicMaterial).color.set(Math.floor(t * 4 + i) % 3 ? '#fd8' : '#530')); } };
}
