/** The page's side of the measuring worker. */
import type { Picture } from '../../perf/metrics';
import type { Answer, Request } from './measure.worker';

type Body<T> = T extends unknown ? Omit<T, 'id'> : never;

export interface Judge {
  /** Takes the truth of an instant: a picture `scale` times as large per axis, box-filtered there. Takes the pixels away. */
  truth(index: number, picture: Picture, scale: number): Promise<void>;
  compare(index: number, picture: Picture): Promise<{ mse: number; ssim: number }>;
  dispose(): void;
}

export function createJudge(): Judge {
  const worker = new Worker(new URL('./measure.worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  let last = 0;
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    waiting.get(data.id)?.resolve(data);
    waiting.delete(data.id);
  };
  worker.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(new Error(event.message || 'the measuring worker failed'));
    waiting.clear();
  };
  const ask = (body: Body<Request>, transfer: Transferable[] = []) =>
    new Promise<Answer>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ ...body, id }, transfer);
    });
  return {
    async truth(index, picture, scale) {
      await ask({ kind: 'truth', index, picture, scale }, [picture.data.buffer]);
    },
    compare: (index, picture) => ask({ kind: 'compare', index, picture }),
    dispose: () => worker.terminate(),
  };
}
