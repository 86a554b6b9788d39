/** The houses on both sides: walls, windows, shops, awnings, pipes, lamps. Merged by material, so a handful of draws. */
import * as THREE from 'three';
import { Builder, paint, place, seededRandom } from '../../perf/scenes/helpers';
import { lampHeight, lampLit, lampStep, lampX } from './light';
import { type Glow, type SignAtlas, wall } from './signs';

export interface House {
  side: 1 | -1;
  z0: number;
  z1: number;
  height: number;
}

/** Rows of houses with changing widths and heights, from the quay to the square. */
export function layOut(): House[] {
  const random = seededRandom(21);
  const houses: House[] = [];
  for (const side of [1, -1] as const) {
    for (let z = -32; z < 40; ) {
      const width = Math.min(random.pick([7, 8.5, 10, 11.5]), 40 - z);
      houses.push({ side, z0: z, z1: z + width, height: random.pick([6.6, 7.4, 9.6, 10.2, 12.4]) });
      z += width;
      if (40 - z < 5) z = 40;
    }
  }
  return houses;
}

/** Plaster and brick in one grey tile; vertex colours tint it. */
function wallTexture(): THREE.Texture {
  const random = seededRandom(8);
  const texture = paint(512, 512, (pen) => {
    pen.fillStyle = '#cfcac4';
    pen.fillRect(0, 0, 512, 512);
    for (let row = 0; row < 32; row++) {
      for (let column = -1; column < 16; column++) {
        const light = random.between(60, 92);
        pen.fillStyle = `hsl(${random.between(16, 34)} ${random.between(6, 20)}% ${light}%)`;
        pen.fillRect(column * 32 + (row % 2) * 16 + 1, row * 16 + 1, 30, 14);
      }
    }
    for (let i = 0; i < 260; i++) {
      pen.fillStyle = `rgb(30 22 20 / ${random.between(0.02, 0.08)})`;
      const [x, y] = [random() * 512, random() * 512];
      pen.fillRect(x, y, random.between(2, 14), random.between(10, 120));
    }
  });
  texture.wrapS = texture.wrapT = THREE.RepeatWrapping;
  return texture;
}

/** Eight windows, 128x192 each: five lit with curtains, plants and people, three dark with the sky in them. */
function windowTexture(): THREE.Texture {
  const random = seededRandom(9);
  return paint(1024, 192, (pen) => {
    for (let i = 0; i < 8; i++) {
      const x = i * 128;
      const lit = i < 5;
      const fill = pen.createLinearGradient(0, 0, 0, 192);
      if (lit) {
        fill.addColorStop(0, '#ffe9b8');
        fill.addColorStop(1, ['#e98a3c', '#d9762f', '#f0a860', '#c96a3a', '#8fc0d8'][i]!);
      } else {
        fill.addColorStop(0, '#3a3c5e');
        fill.addColorStop(1, '#141624');
      }
      pen.fillStyle = fill;
      pen.fillRect(x, 0, 128, 192);
      if (lit) {
        pen.fillStyle = `hsl(${random.between(0, 360)} 34% 36% / 80%)`;
        pen.fillRect(x, 0, random.between(16, 40), 192);
        pen.fillRect(x + 128 - random.between(16, 40), 0, 40, 192);
        pen.fillStyle = 'rgb(28 16 14 / 88%)';
        if (i % 2) {
          // A cat on the sill.
          pen.beginPath();
          pen.ellipse(x + 50, 164, 20, 17, 0, 0, 7);
          pen.ellipse(x + 70, 144, 11, 10, 0, 0, 7);
          pen.moveTo(x + 61, 141);
          pen.lineTo(x + 63, 126);
          pen.lineTo(x + 70, 136);
          pen.lineTo(x + 77, 126);
          pen.lineTo(x + 80, 141);
          pen.fill();
        } else {
          // A lamp, and plants low down.
          pen.fillRect(x + 63, 0, 3, 44);
          pen.beginPath();
          pen.moveTo(x + 44, 62);
          pen.lineTo(x + 56, 42);
          pen.lineTo(x + 74, 42);
          pen.lineTo(x + 86, 62);
          pen.fill();
          for (let leaf = 0; leaf < 20; leaf++) {
            pen.beginPath();
            pen.ellipse(
              x + random.between(20, 108),
              176 + random.between(-14, 10),
              3.5,
              16,
              random.between(-0.7, 0.7),
              0,
              7,
            );
            pen.fill();
          }
        }
      } else {
        pen.fillStyle = 'rgb(255 190 150 / 14%)';
        pen.beginPath();
        pen.moveTo(x + 20, 0);
        pen.lineTo(x + 70, 0);
        pen.lineTo(x + 30, 192);
        pen.lineTo(x, 192);
        pen.fill();
      }
      pen.fillStyle = '#1d1917';
      pen.fillRect(x + 61, 0, 6, 192);
      pen.fillRect(x, 60, 128, 6);
      pen.strokeStyle = '#1d1917';
      pen.lineWidth = 10;
      pen.strokeRect(x, 0, 128, 192);
    }
  });
}

const tints = ['#b5654a', '#8d8f9c', '#c79a6b', '#6f7f86', '#a8746a', '#9c9078', '#7a6f88', '#b88a78'];
const cloth = ['#b53a34', '#2f6f73', '#d9a441', '#3f4f86', '#8c3f66', '#4e7a46'];

/** What houses are made of, one draw call each; the square adds its own before they are closed. */
export interface Parts {
  walls: Builder;
  trim: Builder;
  panes: Builder;
}

/** Builds the houses and registers their lights; returns the meshes and the line of the roofs. */
export function createStreet(
  atlas: SignAtlas,
  glow: Glow,
  square: (parts: Parts) => void,
): { group: THREE.Group; houses: House[] } {
  const random = seededRandom(33);
  const houses = layOut();
  const walls = new Builder();
  const trim = new Builder();
  const panes = new Builder();
  const pane = new THREE.PlaneGeometry(1, 1);
  let board = 0;

  for (const house of houses) {
    const { side, z0, z1, height } = house;
    const middle = (z0 + z1) / 2;
    const length = z1 - z0;
    const tint = random.pick(tints);
    walls.box(side * (wall + 4), height / 2, middle, 8, height, length, tint, 0, 0, 0.34);
    // Cornice, string course, plinth: edges for the light to catch.
    trim.box(side * (wall - 0.1), height + 0.1, middle, 0.7, 0.28, length + 0.1, '#8f8478');
    trim.box(side * (wall - 0.02), height - 0.5, middle, 0.3, 0.12, length, '#7b7168');
    trim.box(side * (wall - 0.06), 3.62, middle, 0.4, 0.2, length, '#6d645d');
    for (const z of [z0 + 0.12, z1 - 0.12]) trim.box(side * (wall - 0.04), height / 2, z, 0.2, height, 0.24, '#776c63');

    // Upper floors: windows with frame, sill, sometimes a balcony.
    const floors = Math.floor((height - 3.9) / 2.6);
    const columns = Math.max(2, Math.floor(length / 2.3));
    for (let floor = 0; floor < floors; floor++) {
      for (let column = 0; column < columns; column++) {
        const z = z0 + (length * (column + 0.5)) / columns;
        const y = 5.1 + floor * 2.6;
        const kind = random() < 0.5 ? Math.floor(random() * 5) : 5 + Math.floor(random() * 3);
        const tone = kind < 5 ? random.between(0.7, 1.25) : 0.5;
        panes.add(
          pane,
          place(side * (wall - 0.03), y, z, -side * (Math.PI / 2), 0, 0, 1.05, 1.55, 1),
          new THREE.Color(tone, tone, tone),
          0,
          [kind / 8 + 0.001, 0, (kind + 1) / 8 - 0.001, 1],
        );
        if (kind < 5) glow.spot(side, z, y, 1, 1.5, '#8a5a2c');
        trim.box(side * (wall - 0.1), y - 0.84, z, 0.32, 0.1, 1.35, '#9a8f84');
        trim.box(side * (wall - 0.06), y + 0.84, z, 0.18, 0.12, 1.3, '#857a70');
        if (random() < 0.2) balcony(trim, side, y - 0.86, z, random);
        else if (random() < 0.12) {
          trim.box(side * (wall - 0.26), y - 1.25, z + 0.2, 0.46, 0.5, 0.8, '#a9aaa6');
          trim.box(side * (wall - 0.5), y - 1.25, z + 0.2, 0.04, 0.38, 0.4, '#3b3d40');
        }
      }
    }
    // Down pipe.
    trim.wire(
      [
        new THREE.Vector3(side * (wall - 0.14), 0.2, z0 + 0.45),
        new THREE.Vector3(side * (wall - 0.14), height - 0.2, z0 + 0.45),
      ],
      0.055,
      '#4c4a4d',
      5,
      1,
    );

    // Ground floor: one or two shops, each with its board, awning and door frame.
    const shops = length > 9 ? 2 : 1;
    for (let shop = 0; shop < shops; shop++) {
      const width = length / shops - 1.1;
      const z = z0 + (length * (shop + 0.5)) / shops;
      const cell = random.pick(atlas.shops);
      glow.onWall(side, z, 1.55, width, 2.3, cell, 0.05, 1.15);
      for (const edge of [-1, 1])
        trim.box(side * (wall - 0.14), 1.5, z + edge * (width / 2 + 0.1), 0.34, 2.9, 0.2, '#3a2a24');
      trim.box(side * (wall - 0.14), 0.3, z, 0.36, 0.36, width, '#33251f');
      const sign = atlas.boards[board++ % atlas.boards.length]!;
      glow.onWall(side, z, 3.24, Math.min(width, 3.4), Math.min(width, 3.4) / 4, sign, 0.3, 1.35);
      trim.box(side * (wall - 0.14), 3.24, z, 0.26, 0.95, Math.min(width, 3.4) + 0.14, '#1c1a1d');
      if (random() < 0.62) awning(trim, side, z, width, random.pick(cloth));
      if (random() < 0.6) {
        const blade = random.pick(atlas.blades);
        const at = z + (width / 2 + 0.15) * (random() < 0.5 ? -1 : 1);
        const y = Math.min(height - 1.4, 5.2);
        glow.blade(side, at, y, 0.62, 2.48, blade);
        trim.box(side * (wall - 0.66), y, at, 0.68, 2.56, 0.12, '#17161a');
        trim.box(side * (wall - 0.18), y + 0.9, at, 0.4, 0.05, 0.05, '#17161a');
        trim.box(side * (wall - 0.18), y - 0.9, at, 0.4, 0.05, 0.05, '#17161a');
      }
      if (random() < 0.7) {
        const poster = random.pick(atlas.posters);
        glow.free(
          place(side * (wall - 0.2), 1.7, z + width / 2 + 0.45, -side * (Math.PI / 2), 0, 0, 0.6, 0.9, 1),
          poster,
          0.34,
        );
      }
    }
    roof(trim, house, random);
  }
  gables(houses, trim, atlas, glow);
  square({ walls, trim, panes });
  lamps(trim, glow);

  const group = new THREE.Group();
  const solid = (builder: Builder, material: THREE.Material, name: string) => {
    const mesh = new THREE.Mesh(builder.build(), material);
    mesh.castShadow = true; // received by the ground alone: a shadow read per wall pixel is dear and hardly seen
    mesh.name = name;
    group.add(mesh);
    return mesh;
  };
  solid(walls, lampLit(new THREE.MeshLambertMaterial({ map: wallTexture(), vertexColors: true })), 'walls');
  solid(trim, lampLit(new THREE.MeshLambertMaterial({ vertexColors: true })), 'trim');
  const windows = solid(panes, new THREE.MeshBasicMaterial({ map: windowTexture(), vertexColors: true }), 'windows');
  windows.castShadow = false;
  return { group, houses };
}

/** The end walls towards the sea carry a painted advertisement. */
function gables(houses: House[], trim: Builder, atlas: SignAtlas, glow: Glow): void {
  for (const { side, z0, height } of houses.filter((house) => house.z0 === -32)) {
    const size = Math.min(6, height - 1.6);
    glow.free(place(side * (wall + 4), height / 2 + 0.2, z0 - 0.06, Math.PI, 0, 0, size, size, 1), atlas.mural, 0.5);
    trim.box(side * (wall + 4), height / 2 + 0.2 - size / 2, z0 - 0.1, size + 0.2, 0.1, 0.2, '#7b7168');
    trim.box(side * (wall + 4), height + 0.1, z0 - 0.1, 8.2, 0.28, 0.5, '#8f8478');
    trim.box(side * (wall + 4), 0.5, z0 - 0.05, 8, 1, 0.2, '#5f5853');
  }
}

/** A flat house front facing -z or, with `yaw`, another way: windows in rows with sills, a door or two. */
export function front(
  parts: Parts,
  x: number,
  z: number,
  width: number,
  height: number,
  yaw: number,
  seed: number,
): void {
  const random = seededRandom(seed);
  const pane = new THREE.PlaneGeometry(1, 1);
  const at = (along: number, y: number, out: number, w: number, h: number, d: number) =>
    place(
      x - Math.cos(yaw) * along + Math.sin(yaw) * out,
      y,
      z + Math.sin(yaw) * along + Math.cos(yaw) * out,
      yaw,
      0,
      0,
      w,
      h,
      d,
    );
  const box = new THREE.BoxGeometry();
  for (const y of [3.4, height - 0.5, height]) parts.trim.add(box, at(0, y, 0.1, width, 0.2, 0.3), '#857a70');
  const columns = Math.floor(width / 2.2);
  for (let column = 0; column < columns; column++) {
    const along = (column + 0.5 - columns / 2) * (width / columns);
    for (let y = 1.75; y < height - 1.4; y += 2.7) {
      const kind = random() < 0.6 ? Math.floor(random() * 5) : 5 + Math.floor(random() * 3);
      const tone = kind < 5 ? random.between(0.7, 1.2) : 0.5;
      parts.panes.add(pane, at(along, y, 0.04, 1.05, 1.6, 1), new THREE.Color(tone, tone, tone), 0, [
        kind / 8 + 0.001,
        0,
        (kind + 1) / 8 - 0.001,
        1,
      ]);
      parts.trim.add(box, at(along, y - 0.86, 0.1, 1.35, 0.1, 0.3), '#9a8f84');
      parts.trim.add(box, at(along, y + 0.88, 0.08, 1.3, 0.14, 0.2), '#8a7f75');
    }
  }
}

function balcony(trim: Builder, side: number, y: number, z: number, random: () => number): void {
  const x = side * (wall - 0.45);
  trim.box(x, y, z, 0.9, 0.1, 1.9, '#5c5550');
  for (let bar = 0; bar <= 14; bar++)
    trim.box(side * (wall - 0.88), y + 0.45, z - 0.92 + bar * 0.1315, 0.02, 0.85, 0.02, '#1f1d20');
  trim.box(side * (wall - 0.88), y + 0.9, z, 0.05, 0.05, 1.9, '#1f1d20');
  for (const end of [-0.93, 0.93]) trim.box(x, y + 0.9, z + end, 0.9, 0.05, 0.04, '#1f1d20');
  if (random() < 0.7) trim.box(side * (wall - 0.6), y + 0.2, z - 0.5, 0.3, 0.3, 0.3, '#a05a3a');
}

function awning(trim: Builder, side: number, z: number, width: number, color: string): void {
  const stripes = Math.round(width / 0.42);
  for (let i = 0; i < stripes; i++) {
    const at = z - width / 2 + ((i + 0.5) * width) / stripes;
    const tint = i % 2 ? '#d8d0c2' : color;
    trim.box(side * (wall - 0.72), 2.62, at, 1.4, 0.05, width / stripes, tint, 0, side * 0.3);
    trim.box(side * (wall - 1.39), 2.31, at, 0.03, 0.24, width / stripes, tint);
  }
}

/** Chimneys, tanks, aerials: the skyline against the dusk. */
function roof(trim: Builder, { side, z0, z1, height }: House, random: ReturnType<typeof seededRandom>): void {
  const x = () => side * random.between(wall + 0.8, wall + 4);
  const z = () => random.between(z0 + 1, z1 - 1);
  trim.box(x(), height + 0.7, z(), 0.8, 1.3, 0.7, '#6b4638');
  if (random() < 0.5) {
    const [tx, tz] = [x(), z()];
    trim.add(new THREE.CylinderGeometry(0.8, 0.85, 1.5, 10), place(tx, height + 1.5, tz), '#57483f');
    trim.add(new THREE.ConeGeometry(0.95, 0.5, 10), place(tx, height + 2.5, tz), '#463a33');
    for (const [dx, dz] of [
      [-0.5, -0.5],
      [0.5, -0.5],
      [-0.5, 0.5],
      [0.5, 0.5],
    ])
      trim.box(tx + dx!, height + 0.4, tz + dz!, 0.08, 0.9, 0.08, '#2b2726');
  }
  const [ax, az] = [x(), z()];
  trim.box(ax, height + 1.5, az, 0.035, 3, 0.035, '#26252a');
  for (let rung = 0; rung < 5; rung++)
    trim.box(ax, height + 1.8 + rung * 0.26, az, 0.02, 0.02, 1.1 - rung * 0.14, '#26252a');
}

/** Street lamps: post, arm, lantern head; the light itself is in `lampLit`. */
function lamps(trim: Builder, glow: Glow): void {
  for (const side of [1, -1] as const) {
    for (let i = -3; i < 3; i++) {
      const z = (i + 0.5) * lampStep;
      const x = side * lampX;
      trim.add(new THREE.CylinderGeometry(0.045, 0.075, lampHeight, 7), place(x, lampHeight / 2, z), '#232429');
      trim.add(new THREE.CylinderGeometry(0.13, 0.16, 0.5, 7), place(x, 0.35, z), '#232429');
      trim.add(new THREE.ConeGeometry(0.3, 0.24, 7), place(x, lampHeight + 0.22, z), '#232429');
      trim.box(x, lampHeight - 0.6, z, 0.6, 0.04, 0.04, '#232429');
      glow.spot(side, z, lampHeight - 0.2, 0.5, 0.7, '#fff0c8');
    }
  }
}
