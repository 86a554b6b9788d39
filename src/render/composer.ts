import type { Camera, Scene, WebGLRenderer, WebGLRenderTarget } from 'three';

/** What both three's Pass and that of pmndrs' postprocessing look like from here. */
export interface ComposerPass {
  enabled: boolean;
  renderToScreen: boolean;
  setSize(width: number, height: number): void;
}

/** An effect composer: three's (three/addons/postprocessing/EffectComposer.js), or that of the package postprocessing. */
export interface Composer {
  passes: ComposerPass[];
}

/** The first pass of either: it draws the scene. */
export interface RenderPass extends ComposerPass {
  scene: Scene;
  camera: Camera;
  render(renderer: WebGLRenderer, a: WebGLRenderTarget, b: WebGLRenderTarget, seconds: number, mask: boolean): void;
}

interface Inside {
  renderer?: WebGLRenderer;
  inputBuffer?: WebGLRenderTarget;
  depthRenderTarget?: WebGLRenderTarget | null;
}

/** Whether it is pmndrs' composer: what its passes read is their first buffer, and three's their second. */
export function isPmndrs(composer: Composer): boolean {
  return 'inputBuffer' in composer;
}

export function rendererOf(composer: Composer): WebGLRenderer {
  const renderer = (composer as (Composer & Inside) | null)?.renderer;
  if (!renderer?.getContext || !Array.isArray(composer.passes)) {
    throw new TypeError(
      'upframe: UpscalerPass.create needs an EffectComposer, of three.js or of postprocessing, with a renderer',
    );
  }
  return renderer;
}

/** The composer's RenderPass, which must be its first. */
export function renderPassOf(composer: Composer): RenderPass {
  const first = composer.passes[0] as (RenderPass & { isRenderPass?: boolean; name?: string }) | undefined;
  if (!first?.scene || !first.camera || !(first.isRenderPass || first.name === 'RenderPass')) {
    throw new TypeError(
      "upframe: UpscalerPass.create: the composer's first pass must be its RenderPass; add it before",
    );
  }
  return first;
}

/** Whether colours come out tone-mapped and sRGB-encoded: three's OutputPass does that, postprocessing only on the canvas. */
export function encodes(composer: Composer): boolean {
  return composer.passes.some((pass) => pass.enabled && 'isOutputPass' in pass);
}

/** Gives all buffers and passes of the composer one size, in pixels. */
export function resize(composer: Composer, buffers: readonly WebGLRenderTarget[], width: number, height: number): void {
  for (const buffer of buffers) buffer.setSize(width, height);
  (composer as Composer & Inside).depthRenderTarget?.setSize(width, height);
  for (const pass of composer.passes) pass.setSize(width, height);
}

/** What a pass must have for either kind of composer. */
export class Stage implements ComposerPass {
  readonly isPass = true;
  enabled = true;
  clear = false;
  renderToScreen = false;
  needsSwap = false;
  needsDepthTexture = false;
  /** The composer of postprocessing keeps depth for its effects after this pass. */
  needsDepthBlit = false;

  constructor(
    readonly name: string,
    readonly render: (renderer: WebGLRenderer, a: WebGLRenderTarget, b: WebGLRenderTarget, seconds: number) => void,
    readonly dispose: () => void = () => {},
  ) {}

  setSize(): void {}
  initialize(): void {}
  setDepthTexture(): void {}
  getDepthTexture(): null {
    return null;
  }
}
