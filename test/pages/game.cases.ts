/** Runs in the page: what the game's tests do to it. */
import { dropFile } from './look.cases.ts';

/** Drops a small GLB made by three's exporter, whole or cut off. */
export async function dropModel(whole: boolean): Promise<void> {
  const THREE = await import('three');
  const { GLTFExporter } = await import('three/addons/exporters/GLTFExporter.js');
  const material = new THREE.MeshStandardMaterial({ color: '#40e080' });
  const mesh = new THREE.Mesh(new THREE.TorusKnotGeometry(1, 0.3), material);
  const bytes = (await new GLTFExporter().parseAsync(mesh, { binary: true })) as ArrayBuffer;
  dropFile(whole ? new File([bytes], 'knot.glb') : new File([bytes.slice(0, 100)], 'broken.glb'));
}

/** Loses the page's context and gives it back, as a driver reset does. */
export async function loseContext(): Promise<void> {
  const canvas = document.querySelector('canvas')!;
  const extension = canvas.getContext('webgl2')!.getExtension('WEBGL_lose_context')!;
  const event = (name: string) => new Promise((resolve) => canvas.addEventListener(name, resolve, { once: true }));
  const lost = event('webglcontextlost');
  extension.loseContext();
  await lost;
  await new Promise((resolve) => setTimeout(resolve));
  const restored = event('webglcontextrestored');
  extension.restoreContext();
  await restored;
  // The page shows passing messages over its picture; they are not what is looked at.
  for (const toast of document.querySelectorAll('.toast')) toast.remove();
}
