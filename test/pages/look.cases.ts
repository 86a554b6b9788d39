/** Runs in the page: how a test sees what is on a screenshot, and how it hands files to a page. */

export interface Seen {
  /** Mean of R, G and B over the upper and the lower third, and over all. */
  top: number[];
  bottom: number[];
  mean: number[];
  /** Mean of R, G and B over the left and the right quarter. */
  left: number[];
  right: number[];
  /** Standard deviation of luma: near 0 for a uniform picture. */
  deviation: number;
}

/** What a PNG given as base64 shows. */
export async function see(png: string): Promise<Seen> {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const { width, height } = bitmap;
  const pen = new OffscreenCanvas(width, height).getContext('2d')!;
  pen.drawImage(bitmap, 0, 0);
  const { data } = pen.getImageData(0, 0, width, height);
  const mean = (x0: number, x1: number, y0: number, y1: number) => {
    const sum = [0, 0, 0];
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) for (let c = 0; c < 3; c++) sum[c]! += data[(y * width + x) * 4 + c]!;
    }
    return sum.map((value) => value / ((x1 - x0) * (y1 - y0)));
  };
  let [first, second] = [0, 0];
  for (let i = 0; i < data.length; i += 4) {
    const y = 0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!;
    first += y;
    second += y * y;
  }
  const count = width * height;
  const [third, quarter] = [Math.floor(height / 3), Math.floor(width / 4)];
  return {
    top: mean(0, width, 0, third),
    bottom: mean(0, width, height - third, height),
    mean: mean(0, width, 0, height),
    left: mean(0, quarter, 0, height),
    right: mean(width - quarter, width, 0, height),
    deviation: Math.sqrt(Math.max(0, second / count - (first / count) ** 2)),
  };
}

/** Mean absolute difference of two PNGs of one size, 0 to 255. */
export async function difference(a: string, b: string): Promise<number> {
  const pixels = async (png: string) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    pen.drawImage(bitmap, 0, 0);
    return pen.getImageData(0, 0, bitmap.width, bitmap.height).data;
  };
  const [one, two] = [await pixels(a), await pixels(b)];
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += Math.abs(one[i]! - two[i]!);
  return sum / ((one.length / 4) * 3);
}

/** Drops a file on the window, as a person does. */
export function dropFile(file: File): void {
  const transfer = new DataTransfer();
  transfer.items.add(file);
  window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
}

export function dropText(name: string, type: string, text: string): void {
  dropFile(new File([text], name, { type }));
}

const saved: { name: string; href: string }[] = [];

/** From now on downloads are kept here instead of going to the disk. */
export function catchDownloads(): void {
  HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
    if (this.download) saved.push({ name: this.download, href: this.href });
  };
}

/** Waits for the next caught download: its name, type and size, and as text where it is JSON. */
export async function takeDownload(): Promise<{ name: string; type: string; bytes: number; text: string }> {
  while (!saved.length) await new Promise((resolve) => requestAnimationFrame(resolve));
  const { name, href } = saved.shift()!;
  const blob = await (await fetch(href)).blob();
  const text = blob.type === 'application/json' ? await blob.text() : '';
  return { name, type: blob.type, bytes: blob.size, text };
}

/** The same for a picture: its size and the colours of its corners (top left, top right, bottom left, bottom right). */
export async function takePicture(): Promise<{ name: string; type: string; size: number[]; corners: number[][] }> {
  while (!saved.length) await new Promise((resolve) => requestAnimationFrame(resolve));
  const { name, href } = saved.shift()!;
  const blob = await (await fetch(href)).blob();
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  const pen = new OffscreenCanvas(width, height).getContext('2d')!;
  pen.drawImage(bitmap, 0, 0);
  const corners = [
    [1, 1],
    [width - 2, 1],
    [1, height - 2],
    [width - 2, height - 2],
  ].map(([x, y]) => [...pen.getImageData(x!, y!, 1, 1).data]);
  return { name, type: blob.type, size: [width, height], corners };
}
