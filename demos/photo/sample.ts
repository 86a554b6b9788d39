/** The picture the page starts with: a mountain lake at blue hour, drawn by code, full of what upscaling is hard for. */
import { boat, pier, sign } from './sample-parts';

/** Size of the drawing, and how much of its top and bottom is left out of the picture: 16:9 remains. */
const MASTER = [2880, 1920] as const;
const TRIM = [180, 120] as const;

type Pen = OffscreenCanvasRenderingContext2D;

/** mulberry32 (Tommy Ettinger, public domain): the same lake on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SHORE = 1180;

export function drawSample(): OffscreenCanvas {
  const [width, height] = MASTER;
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d')!;
  const chance = random(27);
  sky(pen, chance);
  const tones = ['#8d86a6', '#6d6d92', '#4d567c', '#313f5f', '#1d2b40'];
  tones.forEach((tone, i) => {
    ridge(pen, chance, 620 + i * 128, 330 - i * 52, tone, i);
  });
  town(pen, chance);
  lake(pen, chance, canvas);
  pier(pen);
  boat(pen);
  sign(pen);
  meadow(pen, chance);
  const trimmed = new OffscreenCanvas(width, height - TRIM[0] - TRIM[1]);
  trimmed.getContext('2d', { willReadFrequently: true })!.drawImage(canvas, 0, -TRIM[0]);
  return trimmed;
}

function sky(pen: Pen, chance: () => number): void {
  const tones = ['#101b3c', '#2b3566', '#6d5c86', '#c98a86', '#f3bd8d', '#fbe0b4'];
  const light = pen.createLinearGradient(0, 0, 0, SHORE);
  tones.forEach((tone, i) => {
    light.addColorStop(i / (tones.length - 1), tone);
  });
  pen.fillStyle = light;
  pen.fillRect(0, 0, MASTER[0], SHORE);
  for (let i = 0; i < 420; i++) {
    const y = chance() ** 2 * 620;
    pen.fillStyle = `rgb(255 250 235 / ${0.25 + 0.75 * chance() * (1 - y / 620)})`;
    const size = 1.5 + 3.5 * chance() ** 6;
    pen.beginPath();
    pen.arc(chance() * MASTER[0], y, size, 0, 7);
    pen.fill();
  }
  pen.fillStyle = '#fff3d6';
  pen.beginPath();
  pen.arc(1950, 350, 74, 0, 7);
  pen.fill();
  pen.fillStyle = 'rgb(206 190 180 / 55%)';
  for (const [x, y, r] of [
    [1925, 330, 15],
    [1972, 372, 21],
    [1960, 318, 9],
    [1918, 375, 8],
  ]) {
    pen.beginPath();
    pen.arc(x!, y!, r!, 0, 7);
    pen.fill();
  }
  pen.strokeStyle = '#2a2746';
  pen.lineWidth = 3.5;
  for (let i = 0; i < 19; i++) {
    const [x, y, s] = [1180 + i * 46 + chance() * 40, 330 + Math.abs(i - 7) * 21 + chance() * 16, 13 + chance() * 6];
    pen.beginPath();
    pen.moveTo(x - s, y - s * 0.5);
    pen.quadraticCurveTo(x - s * 0.4, y - s * 0.7, x, y);
    pen.quadraticCurveTo(x + s * 0.4, y - s * 0.7, x + s, y - s * 0.5);
    pen.stroke();
  }
}

/** A jagged skyline by midpoint displacement; the last ones carry spruces. */
function ridge(pen: Pen, chance: () => number, base: number, rise: number, tone: string, index: number): void {
  let line = [0, -rise * 0.4, rise * 0.2, -rise * 0.7, 0.1 * rise, -rise * 0.3];
  for (let reach = rise; line.length < 700; reach *= 0.52) {
    line = line.flatMap((y, i) => (i + 1 < line.length ? [y, (y + line[i + 1]!) / 2 + (chance() - 0.6) * reach] : [y]));
  }
  const at = (x: number) => base + line[Math.min(line.length - 1, Math.round((x / MASTER[0]) * (line.length - 1)))]!;
  const shade = pen.createLinearGradient(0, base - rise, 0, base + 330);
  shade.addColorStop(0, tone);
  shade.addColorStop(1, index < 4 ? '#c9a39b' : '#22303f');
  pen.fillStyle = shade;
  pen.beginPath();
  pen.moveTo(0, SHORE);
  for (let x = 0; x <= MASTER[0]; x += 4) pen.lineTo(x, at(x));
  pen.lineTo(MASTER[0], SHORE);
  pen.fill();
  if (index < 2) snow(pen, chance, at, base - rise * 0.35);
  if (index < 3) return;
  for (let x = -10; x < MASTER[0]; x += 9 + chance() * 16) {
    spruce(pen, x, at(x) + 14, (index === 3 ? 34 : 70) * (0.6 + chance() * 0.8), index === 3 ? '#2b3853' : '#142032');
  }
}

function snow(pen: Pen, chance: () => number, at: (x: number) => number, line: number): void {
  pen.fillStyle = 'rgb(255 226 214 / 50%)';
  for (let x = 0; x < MASTER[0]; x += 8) {
    const depth = (line - at(x)) * (0.3 + 0.5 * chance());
    if (depth > 4) pen.fillRect(x, at(x), 5 + chance() * 8, depth);
  }
}

function spruce(pen: Pen, x: number, y: number, size: number, tone: string): void {
  pen.fillStyle = tone;
  pen.beginPath();
  pen.moveTo(x, y - size);
  for (let i = 1; i <= 5; i++) {
    const [w, h] = [(size * 0.3 * i) / 5, y - size + (size * i) / 5];
    pen.lineTo(x + w, h);
    pen.lineTo(x + w * 0.45, h - size * 0.03);
  }
  for (let i = 5; i >= 1; i--) {
    const [w, h] = [(size * 0.3 * i) / 5, y - size + (size * i) / 5];
    pen.lineTo(x - w * 0.45, h - size * 0.03);
    pen.lineTo(x - w, h);
  }
  pen.fill();
}

/** Houses along the far shore with lit windows. */
function town(pen: Pen, chance: () => number): void {
  for (let x = 360; x < 1560; ) {
    const [w, h] = [46 + chance() * 60, 52 + chance() * 62];
    const y = SHORE - h;
    pen.fillStyle = ['#3b3346', '#45394a', '#2f3347', '#4d3c45'][Math.floor(chance() * 4)]!;
    pen.fillRect(x, y, w, h);
    pen.fillStyle = '#231f30';
    pen.beginPath();
    pen.moveTo(x - 6, y);
    pen.lineTo(x + w / 2, y - 22 - chance() * 22);
    pen.lineTo(x + w + 6, y);
    pen.fill();
    for (let v = y + 10; v < SHORE - 18; v += 22) {
      for (let u = x + 8; u < x + w - 12; u += 17) {
        if (chance() < 0.3) continue;
        pen.fillStyle = chance() < 0.75 ? '#ffd07a' : '#5e5a70';
        pen.fillRect(u, v, 9, 12);
        pen.fillStyle = '#3a2f38';
        pen.fillRect(u + 3.7, v, 1.6, 12);
      }
    }
    x += w + 4 + chance() * 26;
  }
  // A chapel with a spire.
  pen.fillStyle = '#54424c';
  pen.fillRect(960, SHORE - 200, 52, 200);
  pen.fillStyle = '#1f1b2b';
  pen.beginPath();
  pen.moveTo(952, SHORE - 200);
  pen.lineTo(986, SHORE - 352);
  pen.lineTo(1020, SHORE - 200);
  pen.fill();
  pen.fillStyle = '#ffe0a0';
  pen.beginPath();
  pen.arc(986, SHORE - 160, 14, 0, 7);
  pen.fill();
}

/** The scene above, upside down in broken strips, with glints. */
function lake(pen: Pen, chance: () => number, above: OffscreenCanvas): void {
  const depth = MASTER[1] - SHORE;
  // A canvas drawn onto itself is copied whole each time; the strips come from one copy.
  const mirror = new OffscreenCanvas(MASTER[0], SHORE + 3);
  mirror.getContext('2d', { willReadFrequently: true })!.drawImage(above, 0, 0);
  for (let row = 0; row < depth; row += 3) {
    const from = SHORE - 4 - row * 1.45;
    const sway = Math.sin(row * 0.19) * row * 0.018 + (chance() - 0.5) * row * 0.03;
    pen.drawImage(mirror, 0, Math.max(0, from), MASTER[0], 3, sway - 20, SHORE + row, MASTER[0] + 40, 3.4);
  }
  const shade = pen.createLinearGradient(0, SHORE, 0, MASTER[1]);
  shade.addColorStop(0, 'rgb(20 30 58 / 18%)');
  shade.addColorStop(1, 'rgb(8 14 32 / 74%)');
  pen.fillStyle = shade;
  pen.fillRect(0, SHORE, MASTER[0], depth);
  for (let i = 0; i < 900; i++) {
    const t = chance() ** 0.7;
    pen.fillStyle = `rgb(255 ${190 + chance() * 50} 160 / ${0.05 + 0.2 * chance() * (1 - t)})`;
    pen.fillRect(chance() * MASTER[0], SHORE + t * depth, 20 + 150 * chance() * (0.3 + t), 1.6 + 2.4 * t);
  }
}

/** Grass and flowers close to the eye: thousands of thin strokes. */
function meadow(pen: Pen, chance: () => number): void {
  pen.lineCap = 'round';
  for (let i = 0; i < 5200; i++) {
    const x = chance() * MASTER[0];
    const edge = 1800 - 190 * Math.exp(-(((x - 60) / 700) ** 2)) - 120 * Math.exp(-(((x - 2900) / 420) ** 2));
    const y = edge + chance() ** 0.8 * (MASTER[1] + 60 - edge);
    const size = 50 + chance() * 110;
    const lean = (chance() - 0.45) * 70;
    const green = 52 + chance() * 74;
    pen.strokeStyle = `rgb(${green * 0.62} ${green} ${34 + chance() * 34})`;
    pen.lineWidth = 1.6 + chance() * 3.4;
    pen.beginPath();
    pen.moveTo(x, y);
    pen.quadraticCurveTo(x + lean * 0.2, y - size * 0.6, x + lean, y - size);
    pen.stroke();
    if (chance() > 0.05) continue;
    const tone = ['#f6e7ff', '#ffd34f', '#ff8f6b', '#c6a8ff'][Math.floor(chance() * 4)]!;
    for (let petal = 0; petal < 6; petal++) {
      pen.fillStyle = tone;
      pen.beginPath();
      pen.ellipse(x + lean + Math.cos(petal) * 7, y - size + Math.sin(petal) * 7, 7, 4, petal, 0, 7);
      pen.fill();
    }
    pen.fillStyle = '#7a4b12';
    pen.beginPath();
    pen.arc(x + lean, y - size, 4, 0, 7);
    pen.fill();
  }
}
