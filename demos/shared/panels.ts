/** stats.js graphs in our colours, all four side by side: fps, frame ms, GPU (or wall) ms, PSNR. */
// stats.js as three.js carries it: the package of that name on npm is older and has no panels of one's own.
import Stats from 'three/addons/libs/stats.module.js';
import type { HudNumbers } from './hud';
import { element } from './page';

export interface Panels {
  /** Call every frame; the graphs advance ten times a second. */
  update(numbers: HudNumbers): void;
  root: HTMLElement;
}

/** Puts the graphs into `parent` (usually `page.dock`, above the HUD). */
export function createPanels(parent: HTMLElement): Panels {
  const background = '#10141a';
  const fps = new Stats.Panel('FPS', '#d6f55c', background);
  const frame = new Stats.Panel('MS', '#6cc7ff', background);
  const gpu = new Stats.Panel('GPU', '#ffb35c', background);
  const wall = new Stats.Panel('WALL', '#ffb35c', background);
  const psnr = new Stats.Panel('PSNR', '#ff8fa8', background);
  const root = element('div', { class: 'panels', 'aria-hidden': 'true' }, [
    fps.dom,
    frame.dom,
    gpu.dom,
    wall.dom,
    psnr.dom,
  ]);
  wall.dom.hidden = true;
  psnr.dom.hidden = true;
  parent.append(root);

  let next = 0;
  return {
    root,
    update(numbers) {
      const now = performance.now();
      if (now < next || document.hidden) return;
      next = now + 100;
      fps.update(numbers.fps, 120);
      frame.update(numbers.frameMs.p50, 200);
      const isWall = numbers.gpu?.source === 'wall';
      gpu.dom.hidden = isWall;
      wall.dom.hidden = !isWall;
      if (numbers.gpu) (isWall ? wall : gpu).update(numbers.gpu.totalMs, 200);
      psnr.dom.hidden = !numbers.quality;
      if (numbers.quality && Number.isFinite(numbers.quality.psnr)) psnr.update(numbers.quality.psnr, 50);
    },
  };
}
