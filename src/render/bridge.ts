import {
  type Camera,
  DepthStencilFormat,
  DepthTexture,
  FloatType,
  HalfFloatType,
  type Material,
  Matrix4,
  type Object3D,
  type PerspectiveCamera,
  type Scene,
  SRGBColorSpace,
  type Texture,
  UnsignedByteType,
  UnsignedInt248Type,
  UnsignedIntType,
  Vector4,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three';
import { withBackgroundMoved } from './backdrop.ts';
import type { Size } from './device.ts';
import { withPointShare } from './point-share.ts';
import { rendererOf } from './renderer.ts';

/** Most of what depends on how three.js works inside. docs/architecture.md lists all files that do. */

/**
 * A render target that materials draw into exactly as they draw into the canvas: tone-mapped, sRGB-encoded, 8 bit.
 * three.js does that for targets marked as a WebXR device's; unmarked ones receive linear, un-tone-mapped colour,
 * and a scene drawn through one would not look like the same scene drawn by `renderer.render`.
 * @param options.hdr an unmarked one of 16-bit floats
 * @param options.stencil with a stencil buffer
 */
export function createPictureTarget(
  name: string,
  size: Size,
  { depth = false, samples = 0, hdr = false, stencil = false } = {},
): WebGLRenderTarget {
  const target = new WebGLRenderTarget(size[0], size[1], {
    // Without the format three would allocate SRGB8_ALPHA8 and the GPU would encode a second time.
    ...(hdr
      ? { type: HalfFloatType }
      : { type: UnsignedByteType, colorSpace: SRGBColorSpace, internalFormat: 'RGBA8' as const }),
    generateMipmaps: false,
    samples,
    stencilBuffer: stencil,
    depthTexture: depth ? createDepthTexture(size, stencil) : null,
  });
  target.texture.name = name;
  mark(target, !hdr);
  return target;
}

/** Marks a target as a WebXR device's, or not; see `createPictureTarget`. */
export function mark(target: WebGLRenderTarget, marked: boolean): void {
  (target as { isXRRenderTarget?: boolean }).isXRRenderTarget = marked;
}

export const isMarked = (target: WebGLRenderTarget): boolean =>
  (target as { isXRRenderTarget?: boolean }).isXRRenderTarget ?? false;

/** Depth that passes can read; with `stencil`, of a target that has a stencil buffer too. */
export function createDepthTexture([width, height]: Size, stencil: boolean): DepthTexture {
  const depth = new DepthTexture(width, height, stencil ? UnsignedInt248Type : UnsignedIntType);
  if (stencil) depth.format = DepthStencilFormat;
  return depth;
}

/** Whether the canvas has a stencil buffer, so that scenes may count on one. */
export const hasStencil = (renderer: WebGLRenderer): boolean =>
  renderer.getContext().getContextAttributes()?.stencil ?? false;

/** The GPU's texture behind three's. It changes after a context restore: ask again every frame. */
export function textureHandle(renderer: WebGLRenderer, texture: Texture): WebGLTexture {
  return (renderer.properties.get(texture) as { __webglTexture: WebGLTexture }).__webglTexture;
}

/** Mesa's software renderer takes no heed of a bias, nor of derivatives, where a texture is filtered anisotropically. */
export function anisotropyHidesBias(renderer: WebGLRenderer): boolean {
  let hides = hidden.get(renderer);
  if (hides === undefined) {
    hides = /llvmpipe/.test(rendererOf(renderer.getContext()));
    hidden.set(renderer, hides);
  }
  return hides;
}

/** What three drew the scene's background by when it last drew it: the first thing in its list. Null where that is no picture. */
export function backgroundMaterial(renderer: WebGLRenderer, scene: Object3D): Material | null {
  const first = renderer.renderLists.get(scene as Scene, 0).opaque[0];
  return first?.material.name === 'BackgroundMaterial' ? first.material : null;
}

const hidden = new WeakMap<WebGLRenderer, boolean>();

/** Sets the anisotropy with which textures that are on the GPU are read; three's own setting stays as it is. */
export function setAnisotropy(
  renderer: WebGLRenderer,
  textures: Iterable<Texture>,
  of: (texture: Texture) => number,
): void {
  const gl = renderer.getContext();
  const filter = gl.getExtension('EXT_texture_filter_anisotropic');
  for (const texture of textures) {
    const handle = textureHandle(renderer, texture);
    if (!handle || !filter) continue;
    renderer.state.bindTexture(gl.TEXTURE_2D, handle);
    gl.texParameterf(gl.TEXTURE_2D, filter.TEXTURE_MAX_ANISOTROPY_EXT, of(texture));
  }
}

/** Where `renderer.render` would draw now: the canvas, or the caller's render target. */
export function currentOutput(renderer: WebGLRenderer): { framebuffer: WebGLFramebuffer | null; size: Size } {
  const target = renderer.getRenderTarget();
  const gl = renderer.getContext();
  if (!target) return { framebuffer: null, size: [gl.drawingBufferWidth, gl.drawingBufferHeight] };
  const known = renderer.properties.get(target) as { __webglFramebuffer?: WebGLFramebuffer };
  if (!known.__webglFramebuffer) renderer.initRenderTarget(target);
  return { framebuffer: known.__webglFramebuffer!, size: [target.width, target.height] };
}

/** Whether linear light is drawn into the target: floats, and 8 bits that the GPU encodes; but for a WebXR device's. */
export function holdsLight(target: WebGLRenderTarget | null): boolean {
  if (!target || isMarked(target)) return false;
  const { colorSpace, internalFormat } = target.texture;
  if (colorSpace === SRGBColorSpace && !internalFormat) return true;
  return target.texture.type === HalfFloatType || target.texture.type === FloatType;
}

interface RenderOptions {
  /** The frame has drawn its shadow maps already. */
  keepShadows?: boolean;
  /** three.js sizes points for the canvas, whatever the target: their size here as a share of that. */
  pointShare?: number;
  /** Draws in place of the renderer. */
  draw?: (() => void) | undefined;
}

/** Renders into the target, cleared first where no `draw` sees to it, and puts back what was set before. */
export function renderInto(
  renderer: WebGLRenderer,
  target: WebGLRenderTarget,
  scene: Scene,
  camera: Camera,
  { keepShadows = false, pointShare = 1, draw }: RenderOptions = {},
): void {
  const { shadowMap, autoClear, autoClearColor, autoClearDepth, autoClearStencil } = renderer;
  const { autoUpdate } = shadowMap;
  const before = renderer.getRenderTarget();
  shadowMap.autoUpdate = autoUpdate && !keepShadows;
  // Who clears the canvas by hand does not clear ours.
  if (!draw) Object.assign(renderer, CLEARS);
  if (isMarked(target)) target.texture.colorSpace = renderer.outputColorSpace;
  renderer.setRenderTarget(target);
  try {
    withPointShare(scene, pointShare, draw ?? (() => renderer.render(scene, camera)));
  } finally {
    renderer.setRenderTarget(before);
    shadowMap.autoUpdate = autoUpdate;
    Object.assign(renderer, { autoClear, autoClearColor, autoClearDepth, autoClearStencil });
  }
}

const CLEARS = { autoClear: true, autoClearColor: true, autoClearDepth: true, autoClearStencil: true };

/**
 * Why the scene cannot be rendered small and shown large here, null where it can: three draws each part of such a picture by
 * a camera or a rectangle of its own.
 */
export function hindrance(renderer: WebGLRenderer, camera: Camera, size: Size): string | null {
  if (renderer.xr.isPresenting) return 'WebXR';
  if ('isArrayCamera' in camera) return 'an ArrayCamera';
  const target = renderer.getRenderTarget();
  const density = target ? 1 : renderer.getPixelRatio();
  if (!fills(target?.viewport ?? renderer.getViewport(rectangle), density, size)) return 'a viewport';
  const cut = target ? target.scissorTest : renderer.getScissorTest();
  if (cut && !fills(target?.scissor ?? renderer.getScissor(rectangle), density, size)) return 'a scissor rectangle';
  return null;
}

const rectangle = new Vector4();

/** Whether the rectangle is all of a picture of that size, but for rounding. */
function fills({ x, y, z, w }: Vector4, density: number, [width, height]: Size): boolean {
  const ends = [x, y, (x + z) * density - width, (y + w) * density - height];
  return ends.every((distance) => Math.abs(distance) < 1.5);
}

/**
 * Draws with the camera's picture moved by `jitter` pixels of a target of that size. The camera has its own projection
 * again afterwards, whatever happens.
 * @param kept receives the camera's projection, which has no jitter
 */
export function withJitter<Result>(
  renderer: WebGLRenderer,
  camera: Camera,
  size: Size,
  jitter: readonly [number, number],
  kept: Matrix4,
  draw: () => Result,
): Result {
  return withPicture(renderer, camera, ONE, [(2 * jitter[0]) / size[0], (2 * jitter[1]) / size[1]], kept, draw);
}

const ONE = [1, 1] as const;

/** Draws with the camera's picture scaled, then moved, in normalised device coordinates; see `withJitter`. */
function withPicture<Result>(
  renderer: WebGLRenderer,
  camera: Camera,
  scale: readonly [number, number],
  shift: readonly [number, number],
  kept: Matrix4,
  draw: () => Result,
): Result {
  const { projectionMatrix, projectionMatrixInverse } = camera;
  // With a reversed depth buffer three makes the projection anew in the first render: it must not undo this there.
  if (renderer.capabilities.reversedDepthBuffer && !camera.reversedDepth) {
    (camera as { _reversedDepth?: boolean })._reversedDepth = true;
    (camera as Partial<PerspectiveCamera>).updateProjectionMatrix?.();
  }
  kept.copy(projectionMatrix);
  keptInverse.copy(projectionMatrixInverse);
  const e = projectionMatrix.elements;
  for (let column = 0; column < 16; column += 4) {
    e[column] = scale[0] * e[column]! + shift[0] * e[column + 3]!;
    e[column + 1] = scale[1] * e[column + 1]! + shift[1] * e[column + 3]!;
  }
  projectionMatrixInverse.copy(projectionMatrix).invert();
  try {
    return draw();
  } finally {
    projectionMatrix.copy(kept);
    projectionMatrixInverse.copy(keptInverse);
  }
}

const keptInverse = new Matrix4();

/** Limits what a render into the target touches to its leftmost `width` columns. */
export function limitWidth(target: WebGLRenderTarget, width: number): void {
  target.scissorTest = width < target.width;
  target.scissor.set(0, 0, width, target.height);
}

/** Tells three.js that GL state is not what it remembers, and keeps the render target that the caller had set. */
export function resetState(renderer: WebGLRenderer): void {
  const target = renderer.getRenderTarget();
  const face = renderer.getActiveCubeFace();
  const level = renderer.getActiveMipmapLevel();
  renderer.resetState();
  // Three reverses depth once, when the renderer is made, and its reset undoes that.
  if (renderer.capabilities.reversedDepthBuffer) {
    renderer.state.buffers.depth.setReversed(true);
    renderer.state.buffers.depth.setClear(1);
  }
  renderer.setRenderTarget(target, face, level);
}

/** Renders one tile of the picture that the camera would give at `displaySize`; `offset` is from the bottom left. */
export function renderTile(
  renderer: WebGLRenderer,
  target: WebGLRenderTarget,
  scene: Scene,
  camera: Camera,
  displaySize: Size,
  offset: readonly [number, number],
  tileSize: Size,
): void {
  const pointShare = target.height / tileSize[1];
  const share = (lengths: readonly [number, number]): [number, number] => [
    lengths[0] / displaySize[0],
    lengths[1] / displaySize[1],
  ];
  const [part, from] = [share(tileSize), share(offset)];
  const scale = [1 / part[0], 1 / part[1]] as const;
  const shift = [0, 1].map((axis) => (1 - part[axis]! - 2 * from[axis]!) / part[axis]!) as [number, number];
  withBackgroundMoved(scene, part, from, () =>
    withPicture(renderer, camera, scale, shift, keptProjection, () =>
      renderInto(renderer, target, scene, camera, { keepShadows: true, pointShare }),
    ),
  );
}

const keptProjection = new Matrix4();
