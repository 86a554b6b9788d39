import {
  type AmbientLight,
  type BufferGeometry,
  type Camera,
  type DirectionalLight,
  type HemisphereLight,
  type IUniform,
  type Light,
  Matrix4,
  type Mesh,
  NearestFilter,
  type PointLight,
  RedFormat,
  Scene,
  type ShaderMaterial,
  type SpotLight,
  type Texture,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three';
import type { Size } from './device.ts';
import {
  createLightMaterial,
  createLightUniforms,
  depthsOf,
  describeLamp,
  type Lamp,
  luminance,
  MOST_LAMPS,
  MOST_SHADOWS,
  samplerOf,
} from './light-material.ts';
import { createFullScreenMesh } from './quad.ts';
import { renderStage } from './stand-ins.ts';

const NOTHING = [0, 0, 0, 0];

/** A frame's surface and what light reached it. */
interface Memory {
  readonly target: WebGLRenderTarget;
  readonly worldToClip: Matrix4;
}

/** A frame as it has been drawn. */
interface LitFrame {
  readonly scene: Scene;
  readonly lights: readonly Light[];
  /** As it stands, jittered. */
  readonly camera: Camera;
  readonly depth: Texture;
  /** What moves by itself. */
  readonly motion: Texture | null;
  /** Something that casts a shadow moves. */
  readonly moving: boolean;
  readonly size: Size;
  /** There was a frame before. */
  readonly follows: boolean;
}

type AnyLight = Partial<AmbientLight & HemisphereLight & DirectionalLight & PointLight & SpotLight>;

/**
 * Where what is seen is lit otherwise than a frame ago, which depth and motion do not tell. What a frame shows is remembered
 * with the light that reached it, and asked about again by the next frame's shadow maps: none but moved shadows make a
 * difference there. Of lights that move or change, it is known how much they give to each place.
 */
export class LightChanges {
  /** Those with shadows that are looked at come first. */
  private readonly lamps: Lamp[] = [];
  private readonly bare: Lamp[] = [];
  private shadows = 0;
  private readonly stage = new Scene();
  private readonly mesh: Mesh<BufferGeometry, ShaderMaterial>;
  private readonly uniforms = createLightUniforms();
  private readonly matrices: Matrix4[] = Array.from({ length: MOST_SHADOWS }, () => new Matrix4());
  private readonly samplers: string[] = [];
  private memories: [Memory, Memory] | null = null;
  /** The first memory is of a frame from which on no shadow has moved but in this one. */
  private remembers = false;
  /** A shadow map is drawn with the frame to come; and something that casts into one has moved since one was. */
  private redrawn = false;
  private stale = false;

  constructor(private readonly renderer: WebGLRenderer) {
    this.mesh = createFullScreenMesh(createLightMaterial([], this.uniforms));
    this.stage.children.push(this.mesh);
  }

  /** Before a frame is drawn: which shadow maps come with it, of the lamps seen last. */
  beforeDraw(): void {
    const { autoUpdate, needsUpdate } = this.renderer.shadowMap;
    this.redrawn = false;
    if (!autoUpdate && !needsUpdate) return;
    for (let i = 0; i < this.shadows; i++) {
      const { shadow } = this.lamps[i]!;
      this.redrawn ||= shadow.autoUpdate || shadow.needsUpdate;
    }
  }

  /** @returns how far each pixel is lit otherwise (red 0..1, R8, render size), null where nothing is */
  draw({ scene, lights, camera, depth, motion, moving, size, follows }: LitFrame): Texture | null {
    const { lamps, bare, uniforms, renderer } = this;
    lamps.length = bare.length = 0;
    uniforms.ambient.value = scene.environment ? scene.environmentIntensity : 0;
    for (let i = 0; i < lights.length; i++) this.sort(lights[i]!);
    this.shadows = lamps.length;
    for (let i = 0; i < bare.length && lamps.length < MOST_LAMPS; i++) lamps.push(bare[i]!);
    if (!follows) this.remembers = false;
    if (!lamps.length) return null;
    const changed = this.tellOfLamps();
    const moved = this.tellOfShadows();
    this.stale ||= moving;
    // What is remembered stays true.
    if (this.remembers && !changed && !moved && !(this.stale && this.redrawn)) return null;
    if (this.redrawn) this.stale = false;
    const [before, after] = this.memoriesFor(size);
    uniforms.depth.value = depth;
    uniforms.motion.value = motion;
    uniforms.hasMotion.value = motion !== null;
    uniforms.previous.value = before.target.textures[0]!;
    uniforms.hasPrevious.value = this.remembers;
    uniforms.clipToWorld.value.multiplyMatrices(camera.matrixWorld, camera.projectionMatrixInverse);
    uniforms.previousWorldToClip.value.copy(before.worldToClip);
    uniforms.previousClipToWorld.value.copy(before.worldToClip).invert();
    uniforms.reversed.value = renderer.capabilities.reversedDepthBuffer;
    after.worldToClip.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
    renderStage(renderer, this.stage, camera, after.target, NOTHING);
    const compared = this.remembers;
    this.memories = [after, before];
    this.remembers = true;
    return compared ? after.target.textures[1]! : null;
  }

  /** It may be drawn again afterwards, and is made anew for that. */
  dispose(): void {
    for (const { target } of this.memories ?? []) target.dispose();
    this.memories = null;
    this.remembers = false;
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }

  private sort(light: Light): void {
    const { lamps, bare, uniforms } = this;
    const { isAmbientLight, isHemisphereLight, isDirectionalLight, isPointLight, isSpotLight } = light as AnyLight;
    if (isAmbientLight || isHemisphereLight) uniforms.ambient.value += luminance(light);
    if (!(isDirectionalLight || isPointLight || isSpotLight)) return;
    const lamp = light as Lamp;
    if (lamps.length < MOST_SHADOWS && hasShadow(this.renderer, lamp)) lamps.push(lamp);
    else bare.push(lamp);
  }

  /** @returns whether any shines otherwise than a frame ago */
  private tellOfLamps(): boolean {
    const { lamps, uniforms } = this;
    const now = uniforms.lampsBefore.value;
    const before = uniforms.lampsNow.value;
    uniforms.lampsNow.value = now;
    uniforms.lampsBefore.value = before;
    let changed = uniforms.count.value !== lamps.length;
    // Another set of lamps cannot be compared.
    if (changed) this.remembers = false;
    uniforms.count.value = lamps.length;
    for (let i = 0; i < lamps.length; i++) {
      describeLamp(lamps[i]!, now[3 * i]!, now[3 * i + 1]!, now[3 * i + 2]!);
      for (let k = 3 * i; k < 3 * i + 3; k++) changed ||= !now[k]!.equals(before[k]!);
    }
    return (uniforms.changed.value = changed);
  }

  /** @returns whether any map is read otherwise than a frame ago */
  private tellOfShadows(): boolean {
    const { lamps, samplers, shadows } = this;
    let moved = false;
    let same = samplers.length === shadows;
    samplers.length = shadows;
    for (let i = 0; i < shadows; i++) {
      const { shadow } = lamps[i]!;
      const sampler = samplerOf(shadow.map!);
      same &&= sampler === samplers[i];
      samplers[i] = sampler;
      moved ||= !this.matrices[i]!.equals(shadow.matrix);
      this.tellOfShadow(lamps[i]!, i);
    }
    if (!same) {
      this.mesh.material.dispose();
      this.mesh.material = createLightMaterial(samplers, this.uniforms);
      this.remembers = false;
    }
    return moved;
  }

  private tellOfShadow({ shadow, intensity }: Lamp, i: number): void {
    const uniforms = this.uniforms as Record<string, IUniform>;
    const { map, matrix, bias } = shadow;
    const { near, far } = shadow.camera as { near: number; far: number };
    this.matrices[i]!.copy(matrix);
    uniforms[`map${i}`]!.value = depthsOf(map!);
    uniforms[`worldToMap${i}`]!.value = matrix;
    uniforms[`range${i}`]!.value.set(near, far);
    uniforms[`bias${i}`]!.value = this.renderer.capabilities.reversedDepthBuffer ? -bias : bias;
    uniforms[`weight${i}`]!.value = intensity > 0 ? shadow.intensity : 0;
  }

  private memoriesFor(size: Size): [Memory, Memory] {
    this.memories ??= [createMemory(size), createMemory(size)];
    const { width, height } = this.memories[0].target;
    if (width !== size[0] || height !== size[1]) {
      for (const { target } of this.memories) target.setSize(size[0], size[1]);
      this.remembers = false;
    }
    return this.memories;
  }
}

/** Whether its shadow map can be read; one of several parts has more matrices than one. */
function hasShadow({ shadowMap }: WebGLRenderer, lamp: Lamp): boolean {
  const { castShadow, shadow } = lamp;
  const whole = 'isPointLight' in lamp || shadow.getViewportCount() === 1;
  return shadowMap.enabled && castShadow && whole && Boolean(shadow.map?.depthTexture);
}

function createMemory([width, height]: Size): Memory {
  const target = new WebGLRenderTarget(width, height, {
    count: 2,
    minFilter: NearestFilter,
    magFilter: NearestFilter,
    generateMipmaps: false,
    depthBuffer: false,
  });
  target.textures[0]!.name = 'surface and light';
  target.textures[1]!.name = 'light change';
  target.textures[1]!.format = RedFormat;
  target.textures[1]!.internalFormat = 'R8';
  return { target, worldToClip: new Matrix4() };
}
