/** Whether WebGL runs on the processor: what is free on a GPU (anisotropy, MSAA) is then dearer than all else together. */
export function isSoftware(gl: WebGLRenderingContext | WebGL2RenderingContext): boolean {
  const name = gl.getExtension('WEBGL_debug_renderer_info')?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER;
  return /llvmpipe|swiftshader|software|basic render/i.test(String(gl.getParameter(name)));
}
