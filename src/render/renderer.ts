/** What draws, as the browser names it. */
export function rendererOf(gl: WebGLRenderingContext | WebGL2RenderingContext): string {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
}

/** Whether WebGL runs on the processor: what is free on a GPU (anisotropy, MSAA) is then dearer than all else together. */
export const isSoftware = (gl: WebGLRenderingContext | WebGL2RenderingContext): boolean =>
  /llvmpipe|swiftshader|software|basic render/i.test(rendererOf(gl));
