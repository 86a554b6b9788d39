/** The low-resolution game as a MediaStream: what a cloud gaming server would send. */

import { ACESFilmicToneMapping, WebGLRenderer } from 'three';
import { isSoftware } from '../../src/render/renderer';
import { createScene } from '../game/world';

export interface Feed {
  /** Live while the feed runs. */
  readonly track: MediaStreamTrack;
  setSize(size: readonly [number, number]): void;
  /** Renders while running; stopped it costs nothing. */
  run(on: boolean): void;
}

/** On a slow machine the game runs in slow motion rather than in leaps that no codec could follow. */
const LONGEST_STEP = 1 / 15;

/** A game server renders at 30 or 60; 30 leaves a viewer's one GPU room for the other side of the connection. */
const FPS = 30;

export async function createFeed(size: readonly [number, number]): Promise<Feed> {
  const canvas = document.createElement('canvas');
  const renderer = new WebGLRenderer({ canvas, antialias: true, powerPreference: 'high-performance' });
  const gl = renderer.getContext() as WebGL2RenderingContext;
  renderer.toneMapping = ACESFilmicToneMapping;
  renderer.toneMappingExposure = 1.05;
  // The sender's GPU is the receiver's too here, and on a software renderer the processor as well.
  const { scene, camera, update } = await createScene(renderer, {
    anisotropy: isSoftware(renderer.getContext()) ? 1 : 4,
  });
  const setSize = ([width, height]: readonly [number, number]) => {
    renderer.setSize(width, height, false);
    camera.aspect = width / height;
    camera.updateProjectionMatrix();
  };
  setSize(size);
  const [track] = canvas.captureStream(FPS).getVideoTracks();
  // Sharp detail matters more than a full frame rate when the bits run short.
  track!.contentHint = 'detail';
  let frame = 0;
  let due = 0;
  /** The frame being drawn: when it was begun, and the fence behind it. */
  let pending: { started: number; fence: WebGLSync | null } | null = null;
  let last = 0;
  let seconds = 0;
  const draw = (now: number) => {
    frame = requestAnimationFrame(draw);
    if (pending) {
      const { started, fence } = pending;
      if (fence && !gl.isContextLost() && gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED) return;
      gl.deleteSync(fence);
      pending = null;
      // Here server and viewer share one GPU: where a frame takes long, the server leaves it free as long again.
      due = Math.max(due, now + (now - started) / 2);
    }
    if (now < due - 2) return;
    due = Math.max(now, due + 1000 / FPS);
    seconds += Math.min(LONGEST_STEP, (now - last) / 1000);
    last = now;
    update(seconds);
    renderer.render(scene, camera);
    pending = { started: now, fence: gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0) };
    gl.flush();
  };
  return {
    track: track!,
    setSize,
    run(on) {
      cancelAnimationFrame(frame);
      if (on) frame = requestAnimationFrame(draw);
    },
  };
}
