/** Pictures for the sign atlas that take more than a line of text: shop windows, a gable advertisement, the gate. */
import { fitText, type Random } from '../../perf/scenes/helpers';
import type { Cell } from './signs';

const font = '700 Sign, sans-serif';

/** A lit shop, 384x256: a warm room and, by kind, shelves, tables, books, clothes or tanks; always a price tag or two. */
export function paintShop(
  pen: CanvasRenderingContext2D,
  { x, y, w, h, color }: Cell,
  random: Random,
  kind: number,
): void {
  const fill = pen.createLinearGradient(0, y, 0, y + h);
  fill.addColorStop(0, color);
  fill.addColorStop(0.55, '#9a5a2e');
  fill.addColorStop(1, '#2c150c');
  pen.fillStyle = fill;
  pen.fillRect(x, y, w, h);
  for (let lamp = 0; lamp < 3; lamp++) {
    const [cx, cy] = [x + w * (0.17 + lamp * 0.33), y + 46];
    const light = pen.createRadialGradient(cx, cy, 2, cx, cy, 105);
    light.addColorStop(0, 'rgb(255 244 214 / 95%)');
    light.addColorStop(0.12, 'rgb(255 226 170 / 60%)');
    light.addColorStop(1, 'rgb(255 190 120 / 0%)');
    pen.fillStyle = light;
    pen.fillRect(x, y, w, h);
    pen.fillStyle = '#1c100a';
    pen.fillRect(cx - 1, y, 2, 34);
    pen.fillRect(cx - 12, y + 32, 24, 7);
  }
  const goods = [shelves, tables, books, clothes, tanks][kind % 5]!;
  goods(pen, x, y, w, h, random);
  pen.fillStyle = '#21120b';
  for (const bar of [0, w / 3, (2 * w) / 3, w]) pen.fillRect(x + bar - 4, y, 8, h);
  pen.fillRect(x, y, w, 8);
  pen.fillRect(x, y + 52, w, 4);
  pen.fillRect(x, y + h - 30, w, 30);
  pen.fillStyle = '#e8c994';
  fitText(
    pen,
    ['OPEN', 'COME IN', 'FRESH TODAY', 'SINCE 1961', 'WELCOME'][kind % 5]!,
    x + 20,
    y + h - 25,
    90,
    18,
    font,
  );
  fitText(pen, 'mon-sat 8-22 · sun 10-18', x + w - 130, y + h - 22, 112, 11, font);
}

/** A faded advertisement on a gable, with a small line to read up close. */
export function paintMural(pen: CanvasRenderingContext2D, { x, y, w, h }: Cell, random: Random): void {
  pen.fillStyle = '#1f4a52';
  pen.fillRect(x, y, w, h);
  pen.fillStyle = '#e8b04a';
  pen.beginPath();
  pen.arc(x + w / 2, y + 300, 150, 0, 7);
  pen.fill();
  for (let ray = 0; ray < 24; ray++) {
    pen.save();
    pen.translate(x + w / 2, y + 300);
    pen.rotate((ray / 24) * Math.PI * 2);
    pen.fillStyle = '#d9793a';
    pen.fillRect(-6, 160, 12, 44);
    pen.restore();
  }
  pen.fillStyle = '#142d33';
  for (let wave = 0; wave < 4; wave++) {
    pen.beginPath();
    pen.moveTo(x, y + h);
    for (let px = 0; px <= w; px += 8) pen.lineTo(x + px, y + 360 + wave * 30 + Math.sin(px / 34 + wave * 1.7) * 13);
    pen.lineTo(x + w, y + h);
    pen.fillStyle = ['#2f7f86', '#226670', '#184d57', '#10353d'][wave]!;
    pen.fill();
  }
  pen.fillStyle = '#f6e7c4';
  fitText(pen, 'UPFRAME', x + 30, y + 34, w - 60, 96, font);
  fitText(pen, 'EVENING FERRIES', x + 60, y + 134, w - 120, 34, font);
  fitText(pen, 'DEPARTURES 17:40 · 18:20 · 19:00 · 19:40 · 20:20 · LAST BOAT 23:10', x + 40, y + 476, w - 80, 18, font);
  for (let chip = 0; chip < 900; chip++) {
    pen.fillStyle = 'rgb(120 74 58 / 50%)';
    pen.fillRect(x + random() * w, y + random() * h, random.between(1, 7), random.between(1, 4));
  }
}

export function paintGate(pen: CanvasRenderingContext2D, { x, y, w, h }: Cell): void {
  pen.fillStyle = '#17100f';
  pen.fillRect(x, y, w, h);
  pen.strokeStyle = '#e8b25a';
  pen.lineWidth = 6;
  pen.strokeRect(x + 8, y + 8, w - 16, h - 16);
  pen.fillStyle = '#ffe9b8';
  fitText(pen, 'LANTERN MARKET', x + 30, y + 24, w - 60, 52, font);
  fitText(pen, 'every night from dusk · mind the dragon', x + 60, y + 80, w - 120, 22, font);
}

type Goods = (pen: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, random: Random) => void;

const shelves: Goods = (pen, x, y, w, _h, random) => {
  for (let shelf = 0; shelf < 3; shelf++) {
    const top = y + 112 + shelf * 50;
    for (let px = x + 8; px < x + w - 16; ) {
      const [width, height] = [random.between(7, 18), random.between(12, 36)];
      pen.fillStyle = `hsl(${random.pick([8, 24, 38, 48, 96, 168])} ${random.between(35, 62)}% ${random.between(22, 56)}%)`;
      pen.fillRect(px, top - height, width, height);
      pen.fillStyle = 'rgb(255 240 210 / 75%)';
      if (random() < 0.35) pen.fillRect(px + 1, top - height * 0.6, width - 2, 5);
      px += width + random.between(1, 9);
    }
    pen.fillStyle = '#2c170d';
    pen.fillRect(x, top, w, 5);
    for (let tag = 0; tag < 7; tag++) {
      pen.fillStyle = '#fff1d0';
      pen.fillRect(x + 20 + tag * 52, top + 6, 17, 9);
      pen.fillStyle = '#401c10';
      fitText(pen, `${Math.floor(random.between(2, 30))}.50`, x + 20 + tag * 52, top + 6, 17, 9, font);
    }
  }
};

const figure = (pen: CanvasRenderingContext2D, cx: number, top: number, size: number) => {
  pen.beginPath();
  pen.ellipse(cx, top + 14 * size, 11 * size, 14 * size, 0, 0, 7);
  pen.fill();
  pen.beginPath();
  pen.roundRect(cx - 24 * size, top + 27 * size, 48 * size, 110 * size, 18 * size);
  pen.fill();
};

const tables: Goods = (pen, x, y, w, h, random) => {
  pen.fillStyle = 'rgb(70 34 18 / 80%)';
  for (let i = 0; i < 9; i++)
    figure(pen, x + random.between(16, w - 16), y + random.between(88, 110), random.between(0.8, 1.05));
  pen.fillStyle = '#170c08';
  for (let i = 0; i < 4; i++) figure(pen, x + 46 + i * 98 + random.between(-14, 14), y + random.between(112, 124), 1.2);
  pen.fillRect(x, y + h - 58, w, 9);
  pen.fillStyle = '#f4e3c0';
  for (let cup = 0; cup < 12; cup++) pen.fillRect(x + 14 + cup * 31, y + h - 66, 9, 8);
};

const books: Goods = (pen, x, y, w, _h, random) => {
  for (let shelf = 0; shelf < 5; shelf++) {
    const top = y + 96 + shelf * 34;
    for (let px = x + 6; px < x + w - 8; ) {
      const [width, height] = [random.between(3, 9), random.between(17, 27)];
      pen.fillStyle = `hsl(${random.between(0, 60)} ${random.between(24, 60)}% ${random.between(16, 52)}%)`;
      pen.fillRect(px, top - height, width, height);
      px += width + 0.6;
    }
    pen.fillStyle = '#24130b';
    pen.fillRect(x, top, w, 5);
  }
  pen.fillStyle = '#150b07';
  figure(pen, x + w * 0.62, y + 100, 1.25);
};

const clothes: Goods = (pen, x, y, w, h, random) => {
  pen.fillStyle = '#24130b';
  pen.fillRect(x, y + 84, w, 4);
  for (let px = x + 14; px < x + w - 30; px += random.between(17, 30)) {
    pen.fillStyle = `hsl(${random.pick([350, 12, 34, 190, 215, 265])} ${random.between(26, 50)}% ${random.between(24, 50)}%)`;
    pen.beginPath();
    pen.moveTo(px + 6, y + 88);
    pen.lineTo(px + 22, y + 98);
    pen.lineTo(px + 20, y + random.between(150, 196));
    pen.lineTo(px - 6, y + random.between(150, 196));
    pen.lineTo(px - 8, y + 98);
    pen.fill();
  }
  pen.fillStyle = '#efe0c4';
  figure(pen, x + 66, y + 92, 1.1);
  pen.fillStyle = '#7c2f3a';
  pen.fillRect(x + 38, y + 124, 56, h);
};

const tanks: Goods = (pen, x, y, _w, _h, random) => {
  for (let i = 0; i < 3; i++) {
    const left = x + 14 + i * 126;
    const glow = pen.createLinearGradient(0, y + 90, 0, y + 200);
    glow.addColorStop(0, '#7fe0f0');
    glow.addColorStop(1, '#0b4a70');
    pen.fillStyle = glow;
    pen.fillRect(left, y + 92, 104, 108);
    for (let fish = 0; fish < 9; fish++) {
      pen.fillStyle = random.pick(['#ff9a3c', '#ffd55e', '#ff5f5f', '#e8f4ff']);
      pen.beginPath();
      pen.ellipse(left + random.between(12, 92), y + random.between(104, 182), 8, 4, 0, 0, 7);
      pen.fill();
    }
    pen.fillStyle = '#0e3b2b';
    for (let weed = 0; weed < 9; weed++) pen.fillRect(left + 6 + weed * 11, y + random.between(150, 180), 4, 60);
  }
};
