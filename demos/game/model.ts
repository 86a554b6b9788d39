/** A dropped .glb or .gltf file: read, scaled, set on the pedestal, animated by the world's time. */
import * as THREE from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';

export interface Shown {
  center: THREE.Vector3;
  distance: number;
  /** Poses its animation, if it has one. */
  update(seconds: number): void;
  dispose(): void;
}

const height = 2.7; // metres on the pedestal: fits under the view of the square

const outside = 'refers to other files';

async function createLoader(): Promise<GLTFLoader> {
  const manager = new THREE.LoadingManager();
  manager.setURLModifier((url) => {
    if (/^(data|blob):/.test(url)) return url;
    throw new Error(outside); // one file was dropped: what lies beside it cannot be reached
  });
  const loader = new GLTFLoader(manager);
  // Decoders come only when a file is dropped: most visitors never need them.
  const [{ DRACOLoader }, { MeshoptDecoder }, js, wasm] = await Promise.all([
    import('three/addons/loaders/DRACOLoader.js'),
    import('three/addons/libs/meshopt_decoder.module.js'),
    import('three/addons/libs/draco/gltf/draco_wasm_wrapper.js?url'),
    import('three/addons/libs/draco/gltf/draco_decoder.wasm?url'),
  ]);
  const draco = new DRACOLoader();
  draco.setDecoderPath({ js: js.default, wasm: wasm.default });
  loader.setDRACOLoader(draco);
  loader.setMeshoptDecoder(MeshoptDecoder);
  return loader;
}
let loader: Promise<GLTFLoader> | null = null;

/**
 * Reads the file and puts it on the pedestal in place of what stood there.
 * @throws with a sentence for people when the file cannot be shown; the pedestal is then untouched
 */
export async function showModel(file: File, pedestal: THREE.Group): Promise<Shown> {
  loader ??= createLoader();
  const gltf = await (await loader).parseAsync(await file.arrayBuffer(), '').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      reason.includes(outside)
        ? `${file.name} ${outside}; export it as one .glb`
        : `${file.name} cannot be read: ${reason.slice(0, 140)}`,
    );
  });
  const model = gltf.scene;
  model.updateMatrixWorld(true);
  const box = new THREE.Box3().setFromObject(model, true);
  if (box.isEmpty() || !Number.isFinite(box.min.length() + box.max.length()))
    throw new Error(`${file.name} holds nothing that can be seen`);

  const size = box.getSize(new THREE.Vector3());
  const scale = Math.min(height / Math.max(size.y, 1e-6), 3.4 / Math.max(size.x, size.z, 1e-6));
  const middle = box.getCenter(new THREE.Vector3());
  model.traverse((node) => {
    // Bounds of a skinned mesh are those of its rest pose; an animation may leave them.
    if (node instanceof THREE.SkinnedMesh) node.frustumCulled = false;
  });
  const stand = new THREE.Group();
  stand.add(model);
  model.position.sub(new THREE.Vector3(middle.x, box.min.y, middle.z));
  stand.scale.setScalar(scale);
  stand.rotation.y = Math.PI; // glTF faces +z; the street lies towards -z
  const before = [...pedestal.children];
  pedestal.clear();
  pedestal.add(stand);

  const mixer = gltf.animations.length ? new THREE.AnimationMixer(model) : null;
  if (mixer) mixer.clipAction(gltf.animations[0]!).play();
  const reach = scale * Math.hypot(size.x, size.y, size.z);
  return {
    center: new THREE.Vector3(0, (scale * size.y) / 2, 0).add(pedestal.getWorldPosition(new THREE.Vector3())),
    distance: Math.max(3.2, reach * 1.25),
    update: (seconds) => mixer?.setTime(seconds),
    dispose() {
      mixer?.stopAllAction();
      pedestal.clear();
      pedestal.add(...before);
      stand.traverse((node) => {
        if (!(node instanceof THREE.Mesh)) return;
        node.geometry.dispose();
        for (const material of [node.material].flat() as THREE.Material[]) {
          for (const value of Object.values(material)) if (value instanceof THREE.Texture) value.dispose();
          material.dispose();
        }
      });
    },
  };
}
