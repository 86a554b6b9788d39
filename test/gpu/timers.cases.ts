/** Runs in the page: how a frame's cost is known with and without GPU timer queries. */
import { createUpscaler, type Stats } from '../../src/index.ts';
import { context, drawing, psnr, readBack, release, targetOf, textureOf } from './pictures.ts';

export async function timed(): Promise<{ queries: boolean; stats: Stats; psnr: number }> {
  const { gl } = context();
  const upscaler = await createUpscaler(gl);
  const target = targetOf(gl, 320, 180);
  const frame = { color: textureOf(gl, drawing(160, 90)), renderSize: [160, 90], origin: 'top-left' } as const;
  while (upscaler.stats.gpu.totalMs === 0) {
    upscaler.render(frame, target);
    await new Promise(requestAnimationFrame);
  }
  const picture = readBack(gl, target.framebuffer, 320, 180);
  const { stats } = upscaler;
  const queries = gl.getExtension('EXT_disjoint_timer_query_webgl2') !== null;
  upscaler.dispose();
  release(gl);
  return { queries, stats, psnr: psnr(picture, drawing(320, 180)) };
}
