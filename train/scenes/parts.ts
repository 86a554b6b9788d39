/** What the training worlds are put together from: each part adds itself to a scene and may give an update for every frame. */
import * as THREE from 'three';
import { type GLTF, GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { clone } from 'three/addons/utils/SkeletonUtils.js';
import { Builder, fitText, paint, place, type Random, sag } from '../../perf/scenes/helpers';

/** Addresses of the files that worlds are made with. */
export interface Assets {
  /** Photographs and surface textures. */
  readonly pictures: readonly string[];
  /** Animated characters, glTF. */
  readonly characters: readonly string[];
}

export interface World {
  readonly scene: THREE.Scene;
  readonly random: Random;
  readonly assets: Assets;
}

export type Update = (seconds: number) => void;
export type Part = (world: World) => Promise<Update | undefined> | Update | undefined;

const loaded = new Map<string, Promise<THREE.Texture>>();

/** A picture as a texture of 512 x 512 that repeats; loaded once for all worlds. */
async function picture({ random, assets }: World): Promise<THREE.Texture> {
  const url = random.pick(assets.pictures);
  let texture = loaded.get(url);
  if (!texture) {
    texture = fetch(url)
      .then((response) => response.blob())
      .then((blob) => createImageBitmap(blob, { resizeWidth: 512, resizeHeight: 512, imageOrientation: 'flipY' }))
      .then((bitmap) => {
        const made = new THREE.Texture(bitmap);
        made.flipY = false;
        made.colorSpace = THREE.SRGBColorSpace;
        made.wrapS = made.wrapT = THREE.RepeatWrapping;
        made.needsUpdate = true;
        return made;
      });
    loaded.set(url, texture);
  }
  return texture;
}

const color = (random: Random, light = random.between(15, 85)) =>
  `hsl(${random.between(0, 360)}, ${random.between(0, 80)}%, ${light}%)`;

/** Tiles, stripes, spots, bricks or noise. */
function pattern(random: Random): THREE.Texture {
  const kind = Math.floor(random() * 5);
  const [a, b] = [color(random), color(random)];
  const made = paint(256, 256, (pen) => {
    pen.fillStyle = a;
    pen.fillRect(0, 0, 256, 256);
    pen.fillStyle = b;
    for (let y = 0; y < 8; y++) {
      for (let x = 0; x < 8; x++) {
        if (kind === 0 && (x + y) % 2) pen.fillRect(x * 32, y * 32, 32, 32);
        if (kind === 1 && x % 2) pen.fillRect(x * 32, y * 32, 14, 32);
        if (kind === 2) pen.fillRect(x * 32 + (y % 2) * 16 + 1, y * 32 + 1, 29, 29);
        if (kind === 3) {
          pen.beginPath();
          pen.arc(x * 32 + 16, y * 32 + 16, random.between(3, 15), 0, 7);
          pen.fill();
        }
      }
    }
    if (kind === 4) {
      for (let i = 0; i < 3000; i++) {
        pen.fillStyle = color(random, random.between(20, 70));
        pen.fillRect(random() * 256, random() * 256, random.between(1, 4), random.between(1, 9));
      }
    }
  });
  made.wrapS = made.wrapT = THREE.RepeatWrapping;
  return made;
}

async function surface(world: World, repeat = 1): Promise<THREE.Texture> {
  const { random } = world;
  const texture = random() < 0.6 ? (await picture(world)).clone() : pattern(random);
  texture.repeat.set(repeat, repeat);
  return texture;
}

function material({ scene, random }: World, options: THREE.MeshLambertMaterialParameters): THREE.Material {
  if (scene.environment) {
    const metalness = random() < 0.4 ? random.between(0.5, 1) : 0;
    return new THREE.MeshStandardMaterial({ ...options, roughness: random.between(0.1, 0.9), metalness });
  }
  const kind = random();
  if (kind < 0.6) return new THREE.MeshLambertMaterial(options);
  if (kind < 0.75) return new THREE.MeshBasicMaterial(options as THREE.MeshBasicMaterialParameters);
  return new THREE.MeshPhongMaterial({ ...options, shininess: random.between(5, 120), specular: color(random) });
}

export const light: Part = ({ scene, random }) => {
  scene.add(new THREE.HemisphereLight(color(random, 85), color(random, 40), random.between(0.5, 2)));
  const sun = new THREE.DirectionalLight(color(random, 90), random.between(0.5, 3));
  sun.position.set(random.between(-8, 8), random.between(4, 10), random.between(-2, 8));
  scene.add(sun);
  if (random() < 0.4) {
    sun.castShadow = true;
    sun.shadow.mapSize.set(1024, 1024);
    Object.assign(sun.shadow.camera, { left: -12, right: 12, top: 12, bottom: -12 });
  }
  const flicker = random() < 0.15;
  const [strength, rate] = [sun.intensity, random.between(1, 12)];
  return flicker
    ? (seconds) => {
        sun.intensity = strength * (1 + 0.5 * Math.sin(seconds * rate));
      }
    : undefined;
};

/** Surroundings that polished surfaces mirror: then all is physically based, which takes a software renderer twice as long. */
export const surroundings: Part = ({ scene, random }) => {
  const around = paint(256, 128, (pen) => {
    const gradient = pen.createLinearGradient(0, 0, 0, 128);
    gradient.addColorStop(0, color(random, random.between(20, 80)));
    gradient.addColorStop(0.5, color(random, random.between(40, 90)));
    gradient.addColorStop(0.55, color(random, random.between(10, 40)));
    pen.fillStyle = gradient;
    pen.fillRect(0, 0, 256, 128);
    for (let i = 0; i < 20; i++) {
      pen.fillStyle = color(random, random.pick([5, 15, 60, 98]));
      pen.fillRect(random() * 256, random.between(20, 80), random.between(2, 30), random.between(2, 24));
    }
  });
  around.mapping = THREE.EquirectangularReflectionMapping;
  scene.environment = around;
  scene.environmentIntensity = random.between(0.3, 1);
  return undefined;
};

export const sky: Part = ({ scene, random }) => {
  const hue = random.between(0, 360);
  const dome = paint(512, 256, (pen) => {
    const gradient = pen.createLinearGradient(0, 0, 0, 256);
    gradient.addColorStop(0, `hsl(${hue} 50% ${random.between(20, 70)}%)`);
    gradient.addColorStop(0.6, `hsl(${hue + 30} 40% ${random.between(40, 90)}%)`);
    pen.fillStyle = gradient;
    pen.fillRect(0, 0, 512, 256);
    pen.fillStyle = 'rgb(255 255 255 / 0.12)';
    for (let i = 0; i < 90; i++) {
      pen.beginPath();
      pen.ellipse(random() * 512, random() * 130, random.between(4, 40), random.between(2, 10), 0, 0, 7);
      pen.fill();
    }
  });
  const map = new THREE.MeshBasicMaterial({ map: dome, side: THREE.BackSide, fog: false, depthWrite: false });
  scene.add(new THREE.Mesh(new THREE.SphereGeometry(60, 24, 16), map));
  if (random() < 0.4) scene.fog = new THREE.Fog(color(random, 70), random.between(6, 15), random.between(30, 60));
  return undefined;
};

export const ground: Part = async (world) => {
  const { scene, random } = world;
  const map = await surface(world, random.between(6, 40));
  const floor = new THREE.Mesh(new THREE.PlaneGeometry(90, 90), material(world, { map }));
  floor.rotation.x = -Math.PI / 2;
  floor.receiveShadow = true;
  scene.add(floor);
  return undefined;
};

export const walls: Part = async (world) => {
  const { scene, random } = world;
  for (let i = 0; i < 3 + random() * 5; i++) {
    const map = await surface(world, random.pick([1, 1, 2, 4]));
    const [w, h] = [random.between(1, 7), random.between(1, 5)];
    const wall = new THREE.Mesh(new THREE.BoxGeometry(w, h, random.between(0.2, 3)), material(world, { map }));
    wall.position.set(random.between(-9, 9), h / 2, random.between(-14, -1));
    wall.rotation.y = random.between(-1, 1);
    wall.castShadow = wall.receiveShadow = true;
    scene.add(wall);
  }
  return undefined;
};

const WORDS =
  'harbour radio exit platform coffee museum station open closed danger market night 24h taxi hotel no. 7'.split(' ');

export const signs: Part = (world) => {
  const { scene, random } = world;
  const text = paint(512, 256, (pen) => {
    pen.fillStyle = color(random);
    pen.fillRect(0, 0, 512, 256);
    pen.fillStyle = color(random, random.pick([6, 95]));
    fitText(pen, random.pick(WORDS).toUpperCase(), 20, 14, 472, 90);
    for (let i = 0; i < 7; i++)
      fitText(
        pen,
        [0, 1, 2, 3, 4].map(() => random.pick(WORDS)).join(' '),
        20,
        108 + i * 20,
        472,
        random.between(9, 17),
      );
  });
  for (let i = 0; i < 2 + random() * 3; i++) {
    const sign = new THREE.Mesh(
      new THREE.PlaneGeometry(3, 1.5),
      material(world, { map: text, side: THREE.DoubleSide }),
    );
    sign.position.set(random.between(-5, 5), random.between(0.9, 3), random.between(-7, 0.5));
    sign.rotation.y = random.between(-0.7, 0.7);
    scene.add(sign);
  }
  return undefined;
};

/** Bars, rails and hanging wires, most of them thinner than a pixel. */
export const fence: Part = ({ scene, random }) => {
  const thin = new Builder();
  const paintOf = color(random);
  const [step, width, z] = [random.between(0.08, 0.5), random.between(0.008, 0.05), random.between(-4, 1.5)];
  const turn = random.between(-0.6, 0.6);
  for (let x = -10; x <= 10; x += step) thin.box(x, 0.6, 0, width, 1.2, width, paintOf, 0, random() < 0.3 ? 0.2 : 0);
  for (const y of [0.1, 1.15]) thin.box(0, y, 0, 20, 0.04, 0.04, paintOf);
  for (let i = 0; i < random() * 8; i++) {
    const [y, back] = [random.between(1.6, 4), random.between(-3, 0)];
    const [from, to] = [new THREE.Vector3(-10, y, back), new THREE.Vector3(10, y + random.between(-1, 1), back)];
    thin.wire(sag(from, to, random.between(0.1, 1)), random.between(0.004, 0.02), paintOf, 3, 24);
  }
  const mesh = new THREE.Mesh(thin.build(), new THREE.MeshLambertMaterial({ vertexColors: true }));
  mesh.position.z = z;
  mesh.rotation.y = turn;
  mesh.castShadow = true;
  scene.add(mesh);
  return undefined;
};

/** A way between walls, with railings and barred balconies along it: thin things that pass before what has detail of its own. */
export const passage: Part = async (world) => {
  const { scene, random } = world;
  for (const side of random.pick([[-1], [1], [-1, 1]])) {
    const map = await surface(world);
    map.repeat.set(random.between(6, 25), random.pick([1, 2, 3]));
    const [away, height] = [random.between(2.5, 6), random.between(2, 7)];
    const wall = new THREE.Mesh(new THREE.BoxGeometry(50, height, 0.3), material(world, { map }));
    wall.position.set(side * away, height / 2, -18);
    wall.rotation.y = (-side * Math.PI) / 2;
    wall.castShadow = wall.receiveShadow = true;
    const thin = new Builder();
    const paintOf = color(random);
    for (const y of random.pick([[0], [2], [0, 2.1, 3.8]])) {
      const [step, width, x] = [random.between(0.09, 0.35), random.between(0.01, 0.035), random.between(0.1, 1.5)];
      for (let z = 6; z > -30; z -= step) thin.box(side * (away - x), y + 0.5, z, width, 0.9, width, paintOf);
      for (const bar of [0.1, 0.95]) thin.box(side * (away - x), y + bar, -12, 0.035, 0.035, 36, paintOf);
    }
    const rails = new THREE.Mesh(thin.build(), new THREE.MeshLambertMaterial({ vertexColors: true }));
    rails.castShadow = true;
    scene.add(wall, rails);
  }
  return undefined;
};

/** Alpha-tested grass and leaves; some sway with their crown. */
export const foliage: Part = ({ scene, random }) => {
  const hue = random.between(30, 130);
  const blade = paint(64, 64, (pen) => {
    for (let i = 0; i < 14; i++) {
      pen.strokeStyle = pen.fillStyle = `hsl(${hue + random.between(-20, 20)} 45% ${random.between(20, 60)}%)`;
      pen.lineWidth = random.between(1, 3);
      pen.beginPath();
      if (i % 3) {
        pen.moveTo(random.between(4, 60), 64);
        pen.quadraticCurveTo(random() * 64, 30, random() * 64, random.between(0, 30));
        pen.stroke();
      } else {
        pen.ellipse(random.between(10, 54), random.between(10, 40), 9, 3.5, random() * 3, 0, 7);
        pen.fill();
      }
    }
  });
  const cut = new THREE.MeshLambertMaterial({ map: blade, alphaTest: 0.5, side: THREE.DoubleSide });
  const grass = new THREE.InstancedMesh(new THREE.PlaneGeometry(0.6, 0.6).translate(0, 0.3, 0), cut, 900);
  for (let i = 0; i < grass.count; i++)
    grass.setMatrixAt(
      i,
      place(random.between(-8, 8), 0, random.between(-12, 3), random() * 3.14, 0, 0, random.between(0.5, 1.4)),
    );
  const crown = new THREE.InstancedMesh(new THREE.PlaneGeometry(0.5, 0.5), cut, 300);
  for (let i = 0; i < crown.count; i++) {
    const at = new THREE.Vector3().randomDirection().multiplyScalar(random.between(0.4, 1.2));
    crown.setMatrixAt(i, place(at.x, at.y, at.z, random() * 6, random.between(-1, 1), random() * 6));
  }
  crown.position.set(random.between(-3, 3), 2.2, random.between(-6, -1));
  scene.add(grass, crown);
  const [sway, rate] = [random.between(0, 0.1), random.between(0.5, 3)];
  return (seconds) => {
    crown.rotation.z = Math.sin(seconds * rate) * sway;
  };
};

/** Things that turn, swing and fly, slowly or fast. */
export const movers: Part = async (world) => {
  const { scene, random } = world;
  const shapes = [
    () => new THREE.BoxGeometry(1, 1, 1),
    () => new THREE.TorusKnotGeometry(0.5, 0.14, 80, 10),
    () => new THREE.SphereGeometry(0.6, 24, 16),
    () => new Builder().box(0, 0, 0, 2.4, 0.1, 0.04, '#fff').box(0, 0, 0, 0.1, 2.4, 0.04, '#fff').build(),
    () => new THREE.IcosahedronGeometry(0.6),
  ];
  const updates: Update[] = [];
  for (let i = 0; i < 2 + random() * 5; i++) {
    const map = await surface(world);
    const mesh = new THREE.Mesh(random.pick(shapes)(), material(world, { map, side: THREE.DoubleSide }));
    mesh.castShadow = true;
    const [x, y, z] = [random.between(-4, 4), random.between(0.6, 2.6), random.between(-5, 1.5)];
    const [reach, rate, spin] = [random.between(0, 2.5), random.between(0.2, 4), random.between(-4, 4) * random()];
    const phase = random() * 6;
    updates.push((seconds) => {
      mesh.position.set(
        x + Math.sin(seconds * rate + phase) * reach,
        y,
        z + Math.cos(seconds * rate * 0.7 + phase) * reach * 0.4,
      );
      mesh.rotation.set(seconds * spin * 0.3, seconds * spin, 0);
    });
    scene.add(mesh);
  }
  return (seconds) => {
    for (const update of updates) update(seconds);
  };
};

/** Carts that roll by on spoked wheels, and lamps that go on and off from one frame to the next. */
export const traffic: Part = (world) => {
  const { scene, random } = world;
  const carts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
    const cart = new THREE.Group();
    const body = new Builder().box(0, 0.75, 0, 2.2, 0.5, 0.9).box(0.2, 1.15, 0, 1.1, 0.3, 0.8);
    cart.add(new THREE.Mesh(body.build(), material(world, { color: color(random) })));
    const wheels = [-0.75, 0.75].map((x) => {
      const spokes = new Builder().add(
        new THREE.CylinderGeometry(0.4, 0.4, 0.9, 20).rotateX(Math.PI / 2),
        place(0, 0, 0),
        '#222',
      );
      for (let i = 0; i < 5; i++) spokes.box(0, 0, 0, 0.7, 0.07, 0.94, '#ccc', 0, 0, (i * Math.PI) / 5);
      const wheel = new THREE.Mesh(spokes.build(), new THREE.MeshLambertMaterial({ vertexColors: true }));
      wheel.position.set(x, 0.4, 0);
      cart.add(wheel);
      return wheel;
    });
    cart.position.z = random.between(-5, 1.5);
    scene.add(cart);
    return { cart, wheels, start: random.between(-6, 6), speed: random.between(0.5, 9) * random.pick([-1, 1]) };
  });
  const lamps = Array.from({ length: 5 }, () => {
    const lamp = new THREE.MeshLambertMaterial({ color: '#221', emissive: color(random, 60) });
    const bulb = new THREE.Mesh(new THREE.SphereGeometry(random.between(0.06, 0.25), 14, 10), lamp);
    bulb.position.set(random.between(-3, 3), random.between(0.5, 3), random.between(-5, 1));
    scene.add(bulb);
    return { lamp, rate: random.between(1, 5), phase: random() };
  });
  return (seconds) => {
    for (const { cart, wheels, start, speed } of carts) {
      cart.position.x = ((((start + speed * seconds + 7) % 14) + 14) % 14) - 7;
      for (const wheel of wheels) wheel.rotation.z = (-speed * seconds) / 0.4;
    }
    for (const { lamp, rate, phase } of lamps) lamp.emissiveIntensity = (seconds * rate + phase) % 1 < 0.6 ? 1.5 : 0.05;
  };
};

/** Instanced walkers, each on its own way. */
export const crowd: Part = ({ scene, random }) => {
  const figure = new Builder()
    .add(new THREE.CapsuleGeometry(0.22, 0.7, 4, 10), place(0, 0.95, 0), '#fff')
    .add(new THREE.SphereGeometry(0.15, 12, 9), place(0, 1.72, 0), '#f0c8a0')
    .build();
  const walkers = new THREE.InstancedMesh(figure, new THREE.MeshLambertMaterial({ vertexColors: true }), 24);
  walkers.castShadow = true;
  walkers.frustumCulled = false;
  const ways = Array.from({ length: walkers.count }, (_, i) => {
    walkers.setColorAt(i, new THREE.Color(color(random)));
    return [random.between(-6, 6), random.between(-8, 1), random.between(-1, 1), random.between(0.3, 2)] as const;
  });
  scene.add(walkers);
  return (seconds) => {
    ways.forEach(([x, z, lean, speed], i) => {
      const along = ((x + seconds * speed * Math.sign(lean) + 18) % 12) - 6;
      walkers.setMatrixAt(
        i,
        place(along, Math.abs(Math.sin(seconds * 5 * speed)) * 0.05, z + lean * along * 0.2, lean * 3),
      );
    });
    walkers.instanceMatrix.needsUpdate = true;
  };
};

const characters = new Map<string, Promise<GLTF>>();

/** Skinned characters that walk on the spot. */
export const actors: Part = async (world) => {
  const { scene, random, assets } = world;
  if (!assets.characters.length) return undefined;
  const url = random.pick(assets.characters);
  if (!characters.has(url)) characters.set(url, new GLTFLoader().loadAsync(url));
  const model = await characters.get(url)!;
  const mixers = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
    const actor = clone(model.scene);
    actor.position.set(random.between(-3, 3), 0, random.between(-4, 1.5));
    actor.rotation.y = random.between(-1, 1);
    actor.traverse((object) => {
      const mesh = object as THREE.Mesh;
      if (mesh.isMesh)
        mesh.material = new THREE.MeshLambertMaterial({ map: (mesh.material as THREE.MeshStandardMaterial).map });
    });
    scene.add(actor);
    const mixer = new THREE.AnimationMixer(actor);
    mixer.clipAction(random.pick(model.animations)).play();
    return { mixer, start: random() * 3, rate: random.between(0.4, 1.6) };
  });
  return (seconds) => {
    for (const { mixer, start, rate } of mixers) mixer.setTime(start + seconds * rate);
  };
};

/** Soft see-through cards that drift, and a pane of glass. */
export const haze: Part = ({ scene, random }) => {
  const soft = paint(64, 64, (pen) => {
    const gradient = pen.createRadialGradient(32, 32, 2, 32, 32, 31);
    gradient.addColorStop(0, 'rgb(255 255 255 / 0.9)');
    gradient.addColorStop(1, 'rgb(255 255 255 / 0)');
    pen.fillStyle = gradient;
    pen.fillRect(0, 0, 64, 64);
  });
  const blending = random() < 0.5 ? THREE.AdditiveBlending : THREE.NormalBlending;
  const cloud = Array.from({ length: 14 }, () => {
    const options = { map: soft, color: color(random, 70), transparent: true, depthWrite: false, blending };
    const sprite = new THREE.Sprite(new THREE.SpriteMaterial(options));
    sprite.scale.setScalar(random.between(0.05, 0.8));
    scene.add(sprite);
    return { sprite, x: random.between(-3, 3), z: random.between(-4, 1.5), rate: random.between(0.3, 3) };
  });
  const glass = { color: color(random, 70), transparent: true, opacity: random.between(0.1, 0.5) };
  const pane = new THREE.Mesh(new THREE.PlaneGeometry(2, 2), new THREE.MeshLambertMaterial(glass));
  pane.position.set(random.between(-2, 2), 1.2, random.between(-1, 2));
  scene.add(pane);
  return (seconds) => {
    for (const { sprite, x, z, rate } of cloud)
      sprite.position.set(x + Math.sin(seconds * rate) * 0.3, (seconds * rate + x) % 3, z);
  };
};
