/** Play, pause and seek for clips: a thin bar above the numbers. */
import { element } from '../shared/page';

export interface Transport {
  /** Controls this video; null hides the bar. */
  attach(video: HTMLVideoElement | null): void;
}

const clock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

export function createTransport(parent: HTMLElement): Transport {
  const play = element('button', { class: 'button', type: 'button', text: 'Pause' });
  const seek = element('input', { type: 'range', min: '0', max: '1', step: '0.001', 'aria-label': 'Position' });
  const time = element('span', { class: 'transport-time' });
  const root = element('div', { class: 'transport plate', hidden: '' }, [play, seek, time]);
  parent.append(root);
  let video: HTMLVideoElement | null = null;
  let listeners = new AbortController();

  const show = () => {
    if (!video) return;
    const { currentTime, duration, paused } = video;
    play.textContent = paused ? 'Play' : 'Pause';
    if (!Number.isFinite(duration)) return;
    if (!seek.matches(':active')) seek.value = String(currentTime / duration);
    time.textContent = `${clock(currentTime)} / ${clock(duration)}`;
  };
  play.addEventListener('click', () => void (video?.paused ? video.play() : video?.pause()));
  seek.addEventListener('input', () => {
    if (video && Number.isFinite(video.duration)) video.currentTime = Number(seek.value) * video.duration;
  });

  return {
    attach(next) {
      listeners.abort();
      listeners = new AbortController();
      video = next;
      root.hidden = !video;
      for (const name of ['timeupdate', 'play', 'pause', 'seeked', 'durationchange']) {
        video?.addEventListener(name, show, { signal: listeners.signal });
      }
      show();
    },
  };
}
