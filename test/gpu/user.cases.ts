/** Runs in the page: what users of three.js do with renderer, camera and materials, and SceneUpscaler must not mind. */
import * as THREE from 'three';
import { SceneUpscaler, type SceneUpscalerOptions } from '../../src/three.ts';
import { maxDifference, type Picture, psnr, readBack, release } from './pictures.ts';
import { smallRenderer, smallScene } from './scenes.ts';

const SIZE: [number, number] = [320, 180];

interface Stage {
  renderer: THREE.WebGLRenderer;
  gl: WebGL2RenderingContext;
  scene: THREE.Scene;
  camera: THREE.PerspectiveCamera;
  upscaler: SceneUpscaler;
  said: string[];
  /** By three.js alone, and by the upscaler after so many frames. */
  alone(): Picture;
  upscaled(frames?: number): Picture;
}

async function onStage<Result>(
  options: SceneUpscalerOptions,
  use: (stage: Stage) => Result | Promise<Result>,
  attributes: THREE.WebGLRendererParameters = {},
): Promise<Result> {
  const renderer = smallRenderer(...SIZE, attributes);
  const gl = renderer.getContext() as WebGL2RenderingContext;
  const { scene, camera } = smallScene(SIZE[0] / SIZE[1]);
  const said: string[] = [];
  const upscaler = await SceneUpscaler.create(renderer, { onFallback: (message) => said.push(message), ...options });
  const read = () => {
    const picture = readBack(gl, null, ...SIZE);
    renderer.resetState();
    return picture;
  };
  const alone = () => {
    renderer.render(scene, camera);
    return read();
  };
  const upscaled = (frames = 1) => {
    for (let i = 0; i < frames; i++) upscaler.render(scene, camera);
    return read();
  };
  try {
    return await use({ renderer, gl, scene, camera, upscaler, said, alone, upscaled });
  } finally {
    upscaler.dispose();
    renderer.dispose();
    const error = release(gl);
    if (error) said.push(`GL error ${error}`);
  }
}

/** A label whose material has `onBeforeCompile` as an accessor, as troika-three-text's: how often it is compiled in ten frames. */
export const accessorHook = () =>
  onStage({ method: 'temporal' }, ({ scene, said, upscaled }) => {
    let compiled = 0;
    let later: THREE.Material['onBeforeCompile'] = () => {};
    const material = new THREE.MeshBasicMaterial({ color: '#ff0000', transparent: true, toneMapped: false });
    const derived: THREE.Material['onBeforeCompile'] = (shader, renderer) => {
      compiled++;
      later.call(material, shader, renderer);
    };
    Object.defineProperty(material, 'onBeforeCompile', {
      get: () => derived,
      set: (value: typeof later) => {
        later = value;
      },
    });
    const mesh = new THREE.Mesh(new THREE.PlaneGeometry(40, 40), material);
    mesh.position.z = 3;
    scene.add(mesh);
    const picture = upscaled(10);
    return { compiled, said, red: picture.data[(90 * 320 + 160) * 4]!, version: material.version };
  });

/** Hooks that are chained, and exchanged, after frames have been drawn: the colours of two such labels. */
export const laterHooks = () =>
  onStage({ method: 'temporal' }, ({ scene, camera, upscaler, said, upscaled }) => {
    const after = '#include <opaque_fragment>';
    const paint = (shader: { fragmentShader: string }, color: string) => {
      shader.fragmentShader = shader.fragmentShader.replace(after, `${after}\n gl_FragColor.rgb = vec3(${color});`);
    };
    const labels = [-0.7, 0.7].map((x) => {
      const material = new THREE.MeshBasicMaterial({ transparent: true, toneMapped: false });
      const mesh = new THREE.Mesh(new THREE.PlaneGeometry(0.6, 0.6), material);
      mesh.position.set(x, 0.96, 3); // in the middle of the picture's height
      scene.add(mesh);
      return { mesh, material };
    });
    upscaled(3);
    const [a, b] = labels.map(({ material }) => material as THREE.Material) as [THREE.Material, THREE.Material];
    const hook = (material: THREE.Material, onBeforeCompile: THREE.Material['onBeforeCompile']) => {
      material.onBeforeCompile = onBeforeCompile;
      material.needsUpdate = true;
    };
    // One calls what it finds, one does not; then the same once more.
    const first = a.onBeforeCompile;
    hook(a, (shader, renderer) => {
      first.call(a, shader, renderer);
      paint(shader, '0.0, 0.0, 1.0');
    });
    hook(b, (shader) => paint(shader, '1.0, 1.0, 0.0'));
    upscaled(3);
    const second = a.onBeforeCompile;
    hook(a, (shader, renderer) => {
      paint(shader, '1.0, 0.0, 0.0');
      second.call(a, shader, renderer);
    });
    hook(b, (shader) => paint(shader, '0.0, 1.0, 0.0'));
    upscaler.reset();
    const picture = upscaled(8);
    const colors = labels.map(({ mesh }) => {
      const { x } = mesh.position.clone().project(camera);
      const at = (90 * 320 + Math.round((0.5 + 0.5 * x) * 320)) * 4;
      return [...picture.data.slice(at, at + 3)];
    });
    return { said, colors };
  });

/** A hook that keeps its shader to change a uniform in every frame, of a material that has a stand-in in the mask: what is seen. */
export const keptShader = () =>
  onStage({ method: 'temporal' }, ({ scene, alone, upscaled }) => {
    const material = new THREE.MeshBasicMaterial({
      transparent: true,
      blending: THREE.AdditiveBlending,
      toneMapped: false,
    });
    material.onBeforeCompile = (shader) => {
      shader.uniforms.level = { value: 0 };
      shader.fragmentShader = `uniform float level;\n${shader.fragmentShader}`.replace(
        '#include <opaque_fragment>',
        '#include <opaque_fragment>\n gl_FragColor.rgb = vec3(level, 0.0, 0.0);',
      );
      material.userData.shader = shader;
    };
    scene.background = null;
    scene.fog = null;
    const mesh = new THREE.Mesh(new THREE.PlaneGeometry(40, 40), material);
    mesh.position.z = 3;
    scene.add(mesh);
    const red = ({ data }: Picture) => data[(90 * 320 + 160) * 4]!;
    const before = red(upscaled(3));
    material.userData.shader.uniforms.level.value = 1;
    const shown = red(upscaled(12));
    return { brighter: shown - before, off: Math.abs(shown - red(alone())) };
  });

/** A hook that throws when it is called for a second program: PSNR of the picture all the same, and what is said. */
export const hookThatThrows = () =>
  onStage({ method: 'temporal' }, ({ scene, said, alone, upscaled }) => {
    const material = new THREE.MeshBasicMaterial({ transparent: true, opacity: 0.5, depthWrite: false });
    let calls = 0;
    material.onBeforeCompile = () => {
      if (calls++) throw new Error('only once');
    };
    const mesh = new THREE.Mesh(new THREE.PlaneGeometry(1, 1), material);
    mesh.position.set(0, 0.96, 2);
    scene.add(mesh);
    const truth = alone();
    return { psnr: psnr(upscaled(12), truth), said };
  });

/** The canvas is cleared by hand, as those do who draw a layer over it: PSNR after things have moved, against three.js alone. */
export const clearedByHand = () =>
  onStage({ method: 'bilinear', ratio: 1 }, ({ renderer, scene, alone, upscaled }) => {
    scene.background = null;
    upscaled();
    const movers = scene.children.filter((child) => (child as THREE.Mesh).isMesh);
    for (const mesh of movers) mesh.position.z -= 1;
    const truth = alone();
    for (const mesh of movers) mesh.position.z += 1;
    renderer.autoClear = false;
    upscaled();
    for (const mesh of movers) mesh.position.z -= 1;
    renderer.clear();
    return maxDifference(upscaled(), truth);
  });

/** What cannot be upscaled is drawn as three.js draws it, and said once. */
export const plain = (kind: 'viewport' | 'scissor' | 'array camera') =>
  onStage({}, ({ renderer, scene, camera, upscaler, gl, said }) => {
    const seen: THREE.Camera =
      kind === 'array camera' ? new THREE.ArrayCamera([half(camera, 0), half(camera, 1)]) : camera;
    if (kind === 'viewport') renderer.setViewport(40, 20, 160, 90);
    if (kind === 'scissor') {
      renderer.setScissor(40, 20, 160, 90);
      renderer.setScissorTest(true);
    }
    const draw = (render: () => void) => {
      renderer.clear();
      render();
      const picture = readBack(gl, null, ...SIZE);
      renderer.resetState();
      return picture;
    };
    const truth = draw(() => renderer.render(scene, seen));
    draw(() => upscaler.render(scene, seen));
    const difference = maxDifference(
      draw(() => upscaler.render(scene, seen)),
      truth,
    );
    return { difference, said };
  });

function half(camera: THREE.PerspectiveCamera, side: number): THREE.PerspectiveCamera {
  const part = camera.clone();
  part.viewport = new THREE.Vector4(side * 160, 0, 160, 180);
  return part;
}

/** Linear output, as of applications that manage no colours: PSNR of ratio 1 against three.js alone. */
export const linearOutput = () =>
  onStage({ method: 'nearest', ratio: 1 }, ({ renderer, alone, upscaled }) => {
    renderer.outputColorSpace = THREE.LinearSRGBColorSpace;
    return maxDifference(upscaled(), alone());
  });

/** A target that the GPU encodes, as for a screen in the scene: PSNR against three.js alone. */
export const encodedTarget = (method: 'nearest' | 'temporal') =>
  onStage({ method, ratio: 1 }, ({ renderer, gl, scene, camera, upscaler }) => {
    const target = new THREE.WebGLRenderTarget(...SIZE, { colorSpace: THREE.SRGBColorSpace });
    const shown = (render: () => void) => {
      renderer.setRenderTarget(target);
      render();
      const data = new Uint8ClampedArray(SIZE[0] * SIZE[1] * 4);
      renderer.readRenderTargetPixels(target, 0, 0, ...SIZE, data);
      renderer.setRenderTarget(null);
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      return { width: SIZE[0], height: SIZE[1], data };
    };
    const truth = shown(() => renderer.render(scene, camera));
    for (let i = 0; i < 8; i++) shown(() => upscaler.render(scene, camera));
    const result = psnr(
      shown(() => upscaler.render(scene, camera)),
      truth,
    );
    target.dispose();
    return result;
  });

/** A mask in the stencil buffer: the greenest that a masked plane shows outside of it, and inside. */
export const stencil = (method: 'nearest' | 'temporal') =>
  onStage(
    { method },
    ({ scene, camera, upscaled }) => {
      scene.clear();
      scene.background = new THREE.Color('#000000');
      scene.fog = null;
      camera.position.set(0, 0, 5);
      camera.lookAt(0, 0, 0);
      const plane = (size: number, parameters: THREE.MeshBasicMaterialParameters) => {
        const mesh = new THREE.Mesh(
          new THREE.PlaneGeometry(size, size),
          new THREE.MeshBasicMaterial({ toneMapped: false, ...parameters }),
        );
        scene.add(mesh);
        return mesh;
      };
      const replace = THREE.ReplaceStencilOp;
      plane(1, { colorWrite: false, depthWrite: false, stencilWrite: true, stencilRef: 1, stencilZPass: replace });
      const masked = plane(40, {
        color: '#00ff00',
        stencilWrite: true,
        stencilRef: 1,
        stencilFunc: THREE.EqualStencilFunc,
      });
      masked.renderOrder = 1;
      masked.position.z = -1;
      const picture = upscaled(8);
      return { outside: picture.data[1]!, inside: picture.data[(90 * 320 + 160) * 4 + 1]! };
    },
    { stencil: true },
  );

/** Live quality leaves a camera of the user's own making as it is, and measures by it. */
export const ownProjection = () =>
  onStage({ method: 'native', quality: true }, async ({ scene, camera, upscaler }) => {
    upscaler.set({ method: 'bicubic' });
    camera.aspect = 1;
    camera.projectionMatrix.elements[8] = 0.3;
    camera.projectionMatrix.elements[0]! *= 1.4;
    camera.projectionMatrixInverse.copy(camera.projectionMatrix).invert();
    const before = camera.projectionMatrix.toArray();
    for (let i = 0; i < 100; i++) {
      upscaler.render(scene, camera);
      await new Promise(requestAnimationFrame);
    }
    const kept = camera.aspect === 1 && camera.view === null && `${camera.projectionMatrix.toArray()}` === `${before}`;
    return { kept, psnr: upscaler.stats.quality?.psnr ?? 0 };
  });
