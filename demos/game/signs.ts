/** Everything that glows and carries text, in one atlas and one draw call, and what of it the wet ground mirrors. */
import * as THREE from 'three';
import { Builder, fitText, paint, place, seededRandom } from '../../perf/scenes/helpers';
import { paintGate, paintMural, paintShop } from './shops';

/** Half the width of the street: facades stand at x = +-wall. */
export const wall = 7;
/** What the mirror map covers: z from -mirrorZ to mirrorZ, y from 0 to mirrorY. */
export const mirrorZ = 60;
export const mirrorY = 13;

export interface Cell {
  name: string;
  x: number;
  y: number;
  w: number;
  h: number;
  color: string;
}

const size = 2048;
const boards: [string, string, string, string][] = [
  ['RAMEN HOUSE', 'noodles · gyoza · until 2 am', '#2a0d12', '#ff5a4f'],
  ['TIDE & ANCHOR', 'oysters, stout, live music', '#06251f', '#5cf2b8'],
  ['CINEMA LUMEN', 'tonight: The Long Exposure  19:30  22:00', '#1b1030', '#ff8be0'],
  ['BOOKS', 'bought, sold and read aloud', '#2b1c08', '#ffc45a'],
  ['PHARMACY', 'open all night', '#04251a', '#7dffb0'],
  ['ELECTRIC FISH', 'aquarium & repairs', '#061a30', '#69c8ff'],
  ['LOW RES RECORDS', 'vinyl · tape · rare pixels', '#241033', '#c79bff'],
  ['BAKERY NO. 9', 'bread at 6, gone by 9', '#2d1606', '#ffb066'],
  ['HARBOUR RADIO', '98.5 FM', '#2c0a1d', '#ff6fa0'],
  ['TEA & DUMPLINGS', 'forty kinds of tea', '#1a2408', '#d9f26a'],
  ['BICYCLES', 'hire by the hour, wheels by the pair', '#0a2229', '#62e6f2'],
  ['HOTEL MERIDIAN', 'rooms  ·  breakfast  ·  sea view', '#2b0f08', '#ff8a5c'],
];
const blades: [string, string][] = [
  ['HOTEL', '#ff7a4d'],
  ['BAR', '#4fe3ff'],
  ['CAFE', '#ffd36b'],
  ['SUSHI', '#ff5f7d'],
  ['JAZZ', '#b48bff'],
  ['24 H', '#7dffb0'],
  ['FISH', '#6cb8ff'],
  ['RADIO', '#ff9bd2'],
];

export interface SignAtlas {
  texture: THREE.Texture;
  boards: Cell[];
  blades: Cell[];
  shops: Cell[];
  posters: Cell[];
  mural: Cell;
  gate: Cell;
  uv(cell: Cell): [number, number, number, number];
}

/** Paints boards (512x128), blade signs (96x384), shop windows (384x256) and posters (128x192). */
export function createAtlas(): SignAtlas {
  const random = seededRandom(5);
  const cells: SignAtlas = {
    boards: [],
    blades: [],
    shops: [],
    posters: [],
    texture: null as never,
    mural: { name: 'mural', x: 0, y: 1500, w: 512, h: 512, color: '#c9a06a' },
    gate: { name: 'gate', x: 800, y: 400, w: 512, h: 128, color: '#ff6a4a' },
    uv: (c) => [c.x / size, 1 - (c.y + c.h) / size, (c.x + c.w) / size, 1 - c.y / size],
  };
  cells.texture = paint(size, size, (pen) => {
    pen.fillStyle = '#000';
    pen.fillRect(0, 0, size, size);
    boards.forEach(([title, line, back, ink], i) => {
      const cell = { name: title, x: (i % 4) * 512, y: Math.floor(i / 4) * 128, w: 512, h: 128, color: ink };
      cells.boards.push(cell);
      pen.fillStyle = back;
      pen.fillRect(cell.x, cell.y, 512, 128);
      pen.strokeStyle = ink;
      pen.lineWidth = 5;
      pen.strokeRect(cell.x + 9, cell.y + 9, 494, 110);
      pen.lineWidth = 1.5;
      pen.strokeRect(cell.x + 17, cell.y + 17, 478, 94);
      pen.shadowColor = ink;
      pen.shadowBlur = 18;
      pen.fillStyle = '#fff6ea';
      fitText(
        pen,
        title,
        cell.x + 34,
        cell.y + 24,
        444,
        52,
        i % 3 === 1 ? '700 Sign, sans-serif' : '800 Sign, sans-serif',
      );
      pen.shadowBlur = 6;
      pen.fillStyle = ink;
      fitText(pen, line, cell.x + 34, cell.y + 80, 444, 24, '600 Sign, sans-serif');
      pen.shadowBlur = 0;
    });
    blades.forEach(([text, ink], i) => {
      const cell = { name: text, x: i * 96, y: 384, w: 96, h: 384, color: ink };
      cells.blades.push(cell);
      pen.fillStyle = i % 2 ? '#0d0f18' : ink;
      pen.fillRect(cell.x, cell.y, 96, 384);
      pen.strokeStyle = i % 2 ? ink : '#fff4e0';
      pen.lineWidth = 5;
      pen.strokeRect(cell.x + 6, cell.y + 6, 84, 372);
      pen.fillStyle = i % 2 ? '#fff8f0' : '#1a0d0a';
      pen.shadowColor = ink;
      pen.shadowBlur = i % 2 ? 16 : 0;
      const letters = [...text];
      const step = 340 / letters.length;
      letters.forEach((letter, k) => {
        fitText(pen, letter, cell.x + 14, cell.y + 24 + k * step, 68, Math.min(80, step), '800 Sign, sans-serif');
      });
      pen.shadowBlur = 0;
    });
    paintMural(pen, cells.mural, random);
    paintGate(pen, cells.gate);
    for (let i = 0; i < 8; i++) {
      const cell = {
        name: `shop ${i}`,
        x: (i % 4) * 384,
        y: 768 + Math.floor(i / 4) * 256,
        w: 384,
        h: 256,
        color: ['#e8a45c', '#f0c07a', '#d98e56', '#d8b48a', '#8fb8c4', '#e0a070', '#e8b878', '#cf9060'][i]!,
      };
      cells.shops.push(cell);
      paintShop(pen, cell, random, i);
    }
    for (let i = 0; i < 8; i++) {
      const cell = { name: `poster ${i}`, x: i * 128, y: 1280, w: 128, h: 192, color: '#d8cdb8' };
      cells.posters.push(cell);
      const hue = random.between(0, 360);
      pen.fillStyle = `hsl(${hue} 32% 70%)`;
      pen.fillRect(cell.x, cell.y, 128, 192);
      pen.fillStyle = `hsl(${hue + 160} 55% 30%)`;
      pen.beginPath();
      pen.arc(cell.x + 64, cell.y + 78, random.between(24, 44), 0, 7);
      pen.fill();
      pen.fillStyle = '#16130f';
      fitText(
        pen,
        ['NIGHT MARKET', 'LOST: CAT', 'BOAT RACE', 'REGATTA', 'OPEN MIC', 'FLEA MARKET', 'JAZZ NIGHT', 'CHOIR'][i]!,
        cell.x + 8,
        cell.y + 8,
        112,
        24,
        '800 Sign, sans-serif',
      );
      for (let line = 0; line < 5; line++)
        fitText(
          pen,
          random.pick([
            'Saturday 21 June, pier four',
            'admission free',
            'bring a lantern',
            'ask for Ines at the bar',
            'rain or shine',
          ]),
          cell.x + 12,
          cell.y + 132 + line * 11,
          104,
          9,
          '500 Sign, sans-serif',
        );
    }
  });
  return cells;
}

/** Collects glowing rectangles: one mesh to look at, and the map that the ground mirrors. */
export class Glow {
  private builder = new Builder();
  private panes: { side: number; z: number; y: number; w: number; h: number; cell: Cell | null; color: string }[] = [];

  constructor(private atlas: SignAtlas) {}

  /** A pane on a facade, facing the street; `proud` is how far it stands out of the wall. */
  onWall(side: 1 | -1, z: number, y: number, w: number, h: number, cell: Cell, proud = 0.06, brightness = 1): void {
    this.free(place(side * (wall - proud), y, z, -side * (Math.PI / 2), 0, 0, w, h, 1), cell, brightness);
    this.panes.push({ side, z, y, w, h, cell, color: cell.color });
  }

  /** A sign that sticks out of the wall, readable from both ends of the street. */
  blade(side: 1 | -1, z: number, y: number, w: number, h: number, cell: Cell): void {
    const x = side * (wall - 0.35 - w / 2);
    for (const yaw of [0, Math.PI]) this.free(place(x, y, z + (yaw ? -0.08 : 0.08), yaw, 0, 0, w, h, 1), cell, 1.5);
    this.panes.push({ side, z, y, w: w * 0.8, h, cell: null, color: cell.color });
  }

  free(matrix: THREE.Matrix4, cell: Cell, brightness: number): void {
    const tint = new THREE.Color(1, 1, 1).multiplyScalar(brightness);
    this.builder.add(pane, matrix, tint, 0, this.atlas.uv(cell));
  }

  /** Light without a picture: lanterns, lamps, windows. */
  spot(side: 1 | -1, z: number, y: number, w: number, h: number, color: string): void {
    this.panes.push({ side, z, y, w, h, cell: null, color });
  }

  mesh(): THREE.Mesh {
    const mesh = new THREE.Mesh(
      this.builder.build(),
      new THREE.MeshBasicMaterial({ map: this.atlas.texture, vertexColors: true }),
    );
    mesh.name = 'signs';
    return mesh;
  }

  /** Both facades as the ground sees them: upper half x > 0, lower half x < 0; alpha is where a wall hides the sky. */
  mirror(skyline: (side: 1 | -1, z: number) => number): THREE.Texture {
    const [width, height] = [2048, 512];
    const half = height / 2;
    const texture = paint(width, height, (pen) => {
      const toX = (z: number) => ((z + mirrorZ) / (2 * mirrorZ)) * width;
      const source = this.atlas.texture.image as HTMLCanvasElement;
      for (const side of [1, -1] as const) {
        const base = side === 1 ? half : height;
        const toY = (y: number) => base - (y / mirrorY) * half;
        for (let x = 0; x < width; x += 4) {
          const roof = toY(skyline(side, (x / width) * 2 * mirrorZ - mirrorZ));
          pen.fillStyle = '#2a2029';
          pen.fillRect(x, roof, 4, base - roof);
        }
        pen.save();
        pen.beginPath();
        pen.rect(0, base - half, width, half);
        pen.clip();
        pen.filter = 'blur(2.5px)';
        for (const { z, y, w, h, cell, color, side: own } of this.panes) {
          if (own !== side) continue;
          const box = [
            toX(z - w / 2),
            toY(y + h / 2),
            toX(z + w / 2) - toX(z - w / 2),
            toY(y - h / 2) - toY(y + h / 2),
          ] as const;
          pen.globalAlpha = 1;
          if (cell) pen.drawImage(source, cell.x, cell.y, cell.w, cell.h, ...box);
          pen.globalAlpha = cell ? 0.35 : 1;
          pen.fillStyle = color;
          pen.fillRect(...box);
        }
        pen.restore();
      }
    });
    texture.wrapS = texture.wrapT = THREE.ClampToEdgeWrapping;
    return texture;
  }
}

const pane = new THREE.PlaneGeometry(1, 1);
