import * as THREE from 'three';
import {
  context,
  densityFogFactor,
  dFdx,
  dFdy,
  Fn,
  mix,
  mrt,
  output,
  pass,
  rangeFogFactor,
  uniform,
  uv,
  vec4,
  velocity,
} from 'three/tsl';
import {
  type ContextNode,
  type MRTNode,
  type Node,
  type NodeBuilder,
  type PassNode,
  RenderPipeline,
  WebGPURenderer,
} from 'three/webgpu';
import type { FrameInput, Size } from '../../src/index.ts';
import { PointSprites } from './point-sprites.ts';

/** three's node renderer (WebGPURenderer, here on WebGL2) drawing the scene of a WebGLRenderer: what three's own upscalers need. */

export interface NodeSetup {
  /** Pixels. */
  renderSize: Size;
  displaySize: Size;
  /** The harness's own, for tone mapping, colour space, clear colour and shadows. */
  renderer: THREE.WebGLRenderer;
  /** Makes a scene of the method's own: three keeps motion and shadow by object and light, one for all renderers. */
  createCopy?(): Promise<{ scene: THREE.Scene; camera: THREE.PerspectiveCamera }>;
}

/** How an upscaler hangs on the scene's pass. It is made anew after a cut: nodes have no reset of their own. */
export interface NodeUpscaler {
  /** Samples per pixel of the scene's pass; 0 for no multisampling. */
  samples: number;
  /** Whether the pass gives a `velocity` texture. */
  velocity: boolean;
  /** Added to the mip level of every texture: log2 of what its gradients are scaled by. three's examples leave it at 0. */
  lodBias?: number;
  build(scenePass: PassNode, camera: THREE.Camera): Node;
}

/** Materials with shader text of their own cannot be converted to nodes, and are not left out quietly. */
function throwIfForeign(scene: THREE.Scene, nodes: WebGPURenderer): void {
  scene.traverse((object) => {
    const { material } = object as THREE.Mesh;
    for (const one of material ? [material].flat() : []) {
      const hooked = one.onBeforeCompile !== THREE.Material.prototype.onBeforeCompile;
      if (!hooked && nodes.library.getMaterialNodeClass(one.type)) continue;
      throw new Error(
        `upframe: three's node renderer cannot draw material '${one.name || one.type}'${hooked ? ' with its onBeforeCompile' : ''}`,
      );
    }
  });
}

/**
 * Colour as WebGLRenderer writes it: tone-mapped, sRGB-encoded, clamped, then fogged, so that blending and averaging
 * happen in the space that the truth is averaged in. three's examples keep linear light until the end of the frame,
 * where edges between light and dark come out brighter than any WebGLRenderer draws them: TAAU at rest loses 0.2 to 1.1 dB
 * by that on our scenes.
 */
function displayColor({ toneMapping, outputColorSpace }: THREE.WebGLRenderer, fog: Fog): Node {
  return Fn((builder: NodeBuilder) => {
    const material = builder.material as THREE.Material & { fog?: boolean };
    const mapped =
      toneMapping !== THREE.NoToneMapping && material.toneMapped ? output.toneMapping(toneMapping) : output;
    const encoded = mapped.workingToColorSpace(outputColorSpace).clamp(0, 1);
    return vec4(material.fog && fog.factor ? mix(encoded.rgb, fog.color, fog.factor) : encoded.rgb, output.a);
  })() as unknown as Node;
}

/** The scene's fog, in display colour. */
class Fog {
  readonly color = uniform(new THREE.Color());
  readonly factor: Node<'float'> | null;
  private readonly range = [uniform(0), uniform(0)] as const;

  constructor(private readonly fog: THREE.Fog | THREE.FogExp2 | null) {
    const [first, second] = this.range;
    this.factor = fog && ('density' in fog ? densityFogFactor(first) : rangeFogFactor(first, second));
  }

  update(colorSpace: string): void {
    const { fog, range } = this;
    if (!fog) return;
    if ('density' in fog) range[0].value = fog.density;
    else [range[0].value, range[1].value] = [fog.near, fog.far];
    fog.color.getRGB(this.color.value, colorSpace);
  }
}

/**
 * Reads outside a texture give its edge, as WebGPU in Chrome does it where the driver leaves it the choice. WebGL2 gives
 * black there, and the nodes read a texel or two outside: the picture would have a dark frame that is no fault of theirs.
 */
function clampLoads(nodes: WebGPURenderer): void {
  const backend = nodes.backend as unknown as { createNodeBuilder(...args: unknown[]): GlslBuilder };
  const create = backend.createNodeBuilder;
  backend.createNodeBuilder = (...args) => {
    const builder = create.apply(backend, args);
    const load = builder.generateTextureLoad;
    builder.generateTextureLoad = (texture, name, at, level, layer, offset) => {
      const flat = texture !== null && !('is3DTexture' in texture) && layer === null;
      const inside = `clamp( ${at}, ivec2( 0 ), textureSize( ${name}, int( ${level ?? 0} ) ) - 1 )`;
      return load.call(builder, texture, name, flat ? inside : at, level, layer, offset);
    };
    return builder;
  };
}

interface GlslBuilder {
  generateTextureLoad(
    texture: THREE.Texture | null,
    name: string,
    at: string,
    level: string | null,
    layer: string | null,
    offset: string | null,
  ): string;
}

/** What materials build their texture reads with. Only reads by plain UVs take a gradient, and only those have mip maps to choose from. */
function biased(lodBias: number): ContextNode<unknown> {
  const scale = 2 ** lodBias;
  return context({
    getTextureGradient: ({ value }: { value: THREE.Texture }) => [
      dFdx(uv(value.channel)).mul(scale),
      dFdy(uv(value.channel)).mul(scale),
    ],
  });
}

/** A method of `quality scene`: an upscaler of three's on a canvas of its own. */
export async function createNodeMethod(name: string, setup: NodeSetup, upscaler: NodeUpscaler) {
  const { renderSize, displaySize, renderer } = setup;
  if (!setup.createCopy) throw new Error(`upframe: method '${name}' draws scenes, and there is none here`);
  const { scene, camera } = await setup.createCopy();
  const share = Math.max(renderSize[0] / displaySize[0], renderSize[1] / displaySize[1]);
  const nodes = new WebGPURenderer({ forceWebGL: true, antialias: false, alpha: false });
  nodes.setPixelRatio(1);
  nodes.setSize(displaySize[0], displaySize[1], false);
  nodes.toneMappingExposure = renderer.toneMappingExposure;
  nodes.shadowMap.enabled = renderer.shadowMap.enabled;
  nodes.shadowMap.type = renderer.shadowMap.type;
  await nodes.init();
  clampLoads(nodes);
  throwIfForeign(scene, nodes);

  const fog = new Fog(scene.fog);
  const points = new PointSprites(scene, nodes, share);
  const clearColor = new THREE.Color();
  let view: THREE.PerspectiveCamera;
  let targets: MRTNode;
  let scenePass: PassNode;
  let pipeline: RenderPipeline | null = null;

  /** A camera too, because three keeps the previous frame's matrices by camera. */
  function start(): void {
    pipeline?.dispose();
    scenePass?.dispose();
    view = new THREE.PerspectiveCamera().copy(camera, false);
    view.matrixAutoUpdate = false;
    const color = displayColor(renderer, fog);
    targets = mrt(upscaler.velocity ? { output: color, velocity } : { output: color });
    scenePass = pass(scene, view, { samples: upscaler.samples });
    // The pass rounds its size down: a hair more, so that a third of 300 is 100.
    scenePass.setResolutionScale(share + 1e-6);
    scenePass.setMRT(targets);
    if (upscaler.lodBias) scenePass.contextNode = biased(upscaler.lodBias);
    pipeline = new RenderPipeline(nodes, upscaler.build(scenePass, view));
    pipeline.outputColorTransform = false;
  }

  function draw(): void {
    view.copy(camera, false);
    view.matrix.copy(camera.matrixWorld);
    view.updateMatrixWorld(true);
    fog.update(renderer.outputColorSpace);
    const background = scene.background as THREE.Color | null;
    (background?.isColor ? background : renderer.getClearColor(clearColor)).getRGB(
      clearColor,
      renderer.outputColorSpace,
    );
    targets.setClearColor('output', clearColor, 1);

    points.update();
    // Drawn above, and the module's own update must find it.
    const { fog: sceneFog } = scene;
    scene.fog = null;
    pipeline!.render();
    scene.fog = sceneFog;
  }

  return {
    name,
    /** Nodes run once per animation frame: each call waits for one, and draws in it. */
    async frame({ reset }: FrameInput): Promise<HTMLCanvasElement> {
      if (reset || !pipeline) start();
      await new Promise<void>((done, failed) => {
        nodes.setAnimationLoop(() => {
          nodes.setAnimationLoop(null);
          try {
            draw();
            done();
          } catch (error) {
            failed(error);
          }
        });
      });
      return nodes.domElement;
    },
    dispose(): void {
      nodes.setAnimationLoop(null);
      pipeline?.dispose();
      scenePass?.dispose();
      points.dispose();
      nodes.dispose();
    },
  };
}
