/** The houses on both sides: walls, windows, shops, awnings, pipes, lamps. Merged by material, so a handful of draws. */
import * as THREE from 'three';
import { Builder, place, seededRandom } from '../../perf/scenes/helpers';
import { awning, balcony, lamps, roof } from './details';
import { lampLit } from './light';
import { type Glow, type SignAtlas, wall } from './signs';
import { wallRelief, wallTexture, windowTexture } from './walls';

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
    mesh.castShadow = mesh.receiveShadow = true;
    mesh.name = name;
    group.add(mesh);
    return mesh;
  };
  const brick = new THREE.MeshStandardMaterial({
    map: wallTexture(),
    normalMap: wallRelief(),
    roughness: 0.72,
    vertexColors: true,
  });
  solid(walls, lampLit(brick), 'walls');
  solid(trim, lampLit(new THREE.MeshStandardMaterial({ vertexColors: true, roughness: 0.66 })), 'trim');
  const windows = solid(panes, glass(), 'windows');
  windows.castShadow = false;
  return { group, houses };
}

/** Windows shine from inside by their texture and mirror the sky. */
function glass(): THREE.MeshStandardMaterial {
  const material = new THREE.MeshStandardMaterial({ map: windowTexture(), vertexColors: true, roughness: 0.12 });
  // The texture, tinted by vertex colours, is light and not paint.
  material.onBeforeCompile = (shader) => {
    shader.fragmentShader = shader.fragmentShader.replace(
      '#include <emissivemap_fragment>',
      'totalEmissiveRadiance = diffuseColor.rgb; diffuseColor.rgb = vec3(0.0);',
    );
  };
  material.customProgramCacheKey = () => 'glass';
  return material;
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
