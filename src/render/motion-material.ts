import {
  type Camera,
  type IUniform,
  type Material,
  Matrix3,
  Matrix4,
  NoBlending,
  ShaderMaterial,
  type Texture,
  Vector2,
  type WebGLRenderer,
} from 'three';
import motionFrag from '../shaders/motion.frag?raw';
import motionVert from '../shaders/motion.vert?raw';
import motionLineVert from '../shaders/motion-line.vert?raw';
import { displacementOf } from './displacement.ts';
import type { Drawable, Pose } from './poses.ts';
import { isSolid, writesDepth } from './solid.ts';

/** The fields of three's materials that decide where a surface is and where it has holes. */
interface Source extends Material {
  map?: Texture | null;
  alphaMap?: Texture | null;
  displacementMap?: Texture | null;
  displacementScale?: number;
  displacementBias?: number;
  wireframe?: boolean;
  size?: number;
  sizeAttenuation?: boolean;
  rotation?: number;
  isShaderMaterial?: boolean;
  isLineMaterial?: boolean;
  vertexShader?: string;
  defines?: Record<string, unknown>;
  uniforms?: Record<string, IUniform>;
}

/** What all motion materials of a frame share, by reference. */
export interface FrameUniforms {
  readonly currentViewProjection: IUniform<Matrix4>;
  readonly previousViewProjection: IUniform<Matrix4>;
  readonly currentProjection: IUniform<Matrix4>;
  readonly previousProjection: IUniform<Matrix4>;
  readonly previousView: IUniform<Matrix4>;
  readonly frameDepth: IUniform<Texture | null>;
}

export function createFrameUniforms(): FrameUniforms {
  return {
    currentViewProjection: { value: new Matrix4() },
    previousViewProjection: { value: new Matrix4() },
    currentProjection: { value: new Matrix4() },
    previousProjection: { value: new Matrix4() },
    previousView: { value: new Matrix4() },
    frameDepth: { value: null },
  };
}

/** Whether the material's surfaces are in the depth that the frame was drawn with, where their vertices can be known. */
export function leavesDepth(material: Material, object: Drawable): boolean {
  const { isShaderMaterial, wireframe } = material as Source;
  // A shader of the user's may size points as it likes.
  const unknown = isShaderMaterial && object.isPoints;
  const leaves = writesDepth(material) || isSolid(material, object);
  return material.visible && leaves && !unknown && !wireframe;
}

const NO_TRANSFORM = new Matrix3();

/** Draws one object's motion: a stand-in for one of its materials. */
export class MotionMaterial extends ShaderMaterial {
  map: Texture | null = null;
  alphaMap: Texture | null = null;
  displacementMap: Texture | null = null;
  private sourceVersion = -1;

  constructor(
    frame: FrameUniforms,
    readonly source: Source,
    object: Drawable,
    pose: Pose,
  ) {
    const displacement = displacementOf(source);
    const line = source.isLineMaterial;
    super({
      name: 'upframe motion',
      vertexShader: line
        ? motionLineVert.replace('#include <motion_line>', source.vertexShader!)
        : motionVert.replace('#include <motion_displacement>', displacement?.glsl ?? ''),
      fragmentShader: motionFrag,
      defines: {
        ...(line && source.defines),
        ...(object.isPoints && { MOTION_POINTS: '' }),
        ...(object.isSprite && { MOTION_SPRITE: '' }),
        ...(displacement && { MOTION_DISPLACED: '' }),
      },
      uniforms: {
        ...(line && source.uniforms),
        ...frame,
        ...displacement?.uniforms,
        ...pose.displacementOf(source)?.uniforms,
        previousModel: { value: null },
        previousMatrices: { value: null },
        previousBind: { value: null },
        previousBindInverse: { value: null },
        previousBaseInfluence: { value: 1 },
        previousInfluences: { value: null },
        previousPositions: { value: null },
        rewritten: { value: false },
        appeared: { value: false },
        opacity: { value: 1 },
        alphaTest: { value: 0 },
        map: { value: null },
        mapTransform: { value: NO_TRANSFORM },
        uvTransform: { value: NO_TRANSFORM },
        alphaMap: { value: null },
        alphaMapTransform: { value: NO_TRANSFORM },
        displacementMap: { value: null },
        displacementMapTransform: { value: NO_TRANSFORM },
        displacementScale: { value: 1 },
        displacementBias: { value: 0 },
        pointSize: { value: 1 },
        pointScale: { value: 0 },
        center: { value: new Vector2(0.5, 0.5) },
        rotation: { value: 0 },
        previousRotation: { value: 0 },
        attenuated: { value: true },
      },
      blending: NoBlending,
      depthTest: false,
      depthWrite: false,
      clipping: true,
      toneMapped: false,
    });
  }

  /** Takes over what the source's surface and the object's pose are in this frame. */
  update(object: Drawable, pose: Pose, appeared: boolean): void {
    const { source } = this;
    const values = this.uniforms as Record<string, IUniform>;
    this.side = source.side;
    this.clippingPlanes = source.clippingPlanes;
    this.clipIntersection = source.clipIntersection;
    const holes = source.alphaTest > 0;
    this.texture('map', holes ? source.map : null);
    this.texture('alphaMap', holes ? source.alphaMap : null);
    this.texture('displacementMap', source.displacementMap);
    if (object.isPoints) values.uvTransform!.value = (this.map ?? this.alphaMap)?.matrix ?? NO_TRANSFORM;
    if (holes !== this.alphaTest > 0) this.needsUpdate = true;
    this.alphaTest = values.alphaTest!.value = source.alphaTest;
    values.opacity!.value = source.opacity;
    values.displacementScale!.value = source.displacementScale;
    values.displacementBias!.value = source.displacementBias;
    const rewritten = pose.rewritten(object);
    const follows = rewritten && pose.positions.follow(object.geometry);
    values.appeared!.value = appeared || (rewritten && !follows);
    values.rewritten!.value = follows;
    values.previousPositions!.value = pose.positions.texture;
    if (source.isLineMaterial && source.version !== this.sourceVersion) {
      this.sourceVersion = source.version;
      this.defines = { ...source.defines };
      this.needsUpdate = true;
    }
    values.previousModel!.value = pose.model;
    values.previousMatrices!.value = pose.parts?.texture ?? null;
    values.previousBind!.value = pose.bind;
    values.previousBindInverse!.value = pose.bindInverse;
    const influences = pose.influences ?? object.morphTargetInfluences;
    if (influences) {
      const { geometry } = object as unknown as { geometry: { morphTargetsRelative: boolean } };
      let sum = 0;
      for (const influence of influences) sum += influence;
      values.previousInfluences!.value = influences;
      values.previousBaseInfluence!.value = geometry.morphTargetsRelative ? 1 : 1 - sum;
    }
    if (object.isSprite) {
      values.center!.value = (object as unknown as { center: Vector2 }).center;
      values.rotation!.value = source.rotation;
      values.previousRotation!.value = pose.rotation;
      values.attenuated!.value = source.sizeAttenuation;
    }
  }

  /** Points are as large as three makes them; `share` of the size on the canvas. */
  sizePoints(renderer: WebGLRenderer, camera: Camera, share: number): void {
    const { pointSize, pointScale } = this.uniforms as Record<string, IUniform<number>>;
    pointSize!.value = (this.source.size ?? 1) * renderer.getPixelRatio() * share;
    const attenuates = this.source.sizeAttenuation && 'isPerspectiveCamera' in camera;
    pointScale!.value = attenuates ? renderer.getSize(canvasSize).y / 2 : 0;
  }

  private texture(name: 'map' | 'alphaMap' | 'displacementMap', texture: Texture | null | undefined): void {
    const now = texture ?? null;
    // Which textures there are, and which UV set they use, is compiled in.
    if (!now !== !this[name] || now?.channel !== this[name]?.channel) this.needsUpdate = true;
    this[name] = now;
    const values = this.uniforms as Record<string, IUniform>;
    values[name]!.value = now;
    values[`${name}Transform`]!.value = now?.matrix ?? NO_TRANSFORM;
  }
}

const canvasSize = new Vector2();
