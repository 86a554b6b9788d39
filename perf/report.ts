import { table, writeJson } from './cli.ts';
import type { Environment } from './session.ts';

/** One result of `quality`: an item (picture, scene or clip) by one method. Figures that a mode does not have are left out. */
export interface Row {
  item: string;
  method: string;
  ratio: number;
  psnr: number;
  ssim: number;
  /** Pictures: PSNR over R, G and B, and of coloured edges alone where there are any. */
  rgbPsnr?: number;
  edgePsnr?: number;
  tpsnr?: number;
  flip?: number;
  [more: string]: unknown;
}

export interface Mean {
  method: string;
  psnr: number;
  ssim: number;
  rgbPsnr?: number;
  edgePsnr?: number;
  tpsnr?: number;
  flip?: number;
}

const FIGURES = ['psnr', 'ssim', 'rgbPsnr', 'edgePsnr', 'tpsnr', 'flip'] as const;
const DIGITS = { psnr: 2, ssim: 4, rgbPsnr: 2, edgePsnr: 2, tpsnr: 2, flip: 4 } as const;

/** Means over the items, in the order in which the methods came; a figure that some items have no place for (coloured edges) is the others' mean. */
export function meansOf(rows: readonly Row[]): Mean[] {
  return [...new Set(rows.map((row) => row.method))].map((method) => {
    const own = rows.filter((row) => row.method === method);
    const mean: Mean = { method, psnr: 0, ssim: 0 };
    for (const figure of FIGURES) {
      const values = own.map((row) => row[figure]).filter((value) => value !== undefined);
      if (values.length) mean[figure] = values.reduce((sum, value) => sum + value, 0) / values.length;
    }
    return mean;
  });
}

export function printed(means: readonly Mean[]): string {
  return table(
    means.map((mean) => ({
      method: mean.method,
      ...Object.fromEntries(
        FIGURES.flatMap((figure) =>
          mean[figure] === undefined ? [] : [[figure, mean[figure].toFixed(DIGITS[figure])]],
        ),
      ),
    })),
  );
}

/** Prints the table and writes the JSON of contract 2. */
export function report(
  title: string,
  environment: Environment & Record<string, unknown>,
  rows: Row[],
  json?: string,
): void {
  const mean = meansOf(rows);
  console.log(`${title}\non ${environment.renderer}\n\n${printed(mean)}\n`);
  if (json) writeJson(json, { environment, rows, mean });
}
