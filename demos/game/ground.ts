/** Wet paving: setts and puddles, and reflections of both facades traced in the ground's own shader. */
import * as THREE from 'three';
import { paint, seededRandom } from '../../perf/scenes/helpers';
import { lampLit } from './light';
import { normalMap } from './relief';
import { mirrorY, mirrorZ, wall } from './signs';

const resolution = 512;

/** Height of the paving over one tile: rounded setts in running bond. Values 0..1, wraps. */
function paving(
  columns: number,
  rows: number,
  bevel: number,
  seed: number,
): { height: Float32Array; tone: Float32Array } {
  const random = seededRandom(seed);
  const tones = Array.from({ length: columns * rows }, () => random());
  const height = new Float32Array(resolution * resolution);
  const tone = new Float32Array(resolution * resolution);
  for (let y = 0; y < resolution; y++) {
    const v = (y / resolution) * rows;
    const row = Math.floor(v);
    for (let x = 0; x < resolution; x++) {
      const u = (x / resolution) * columns + (row % 2) * 0.5;
      const column = Math.floor(u) % columns;
      const edge = Math.min((u % 1) * 1.6, (1 - (u % 1)) * 1.6, v % 1, 1 - (v % 1));
      const stone = tones[row * columns + column]!;
      const at = y * resolution + x;
      height[at] = Math.min(1, edge / bevel) ** 0.5 * (0.8 + 0.2 * stone) + random() * 0.03;
      tone[at] = stone;
    }
  }
  return { height, tone };
}

/** Colour and normal textures of a paving. `color` gives the stone's colour from its tone 0..1. */
function pavingTextures(
  columns: number,
  rows: number,
  bevel: number,
  seed: number,
  color: (tone: number) => [number, number, number],
) {
  const { height, tone } = paving(columns, rows, bevel, seed);
  const map = paint(resolution, resolution, (pen) => {
    const image = pen.createImageData(resolution, resolution);
    for (let at = 0; at < tone.length; at++) {
      const joint = 0.35 + 0.65 * height[at]!;
      image.data.set([...color(tone[at]!).map((c) => c * joint), 255], at * 4);
    }
    pen.putImageData(image, 0, 0);
  });
  map.wrapS = map.wrapT = THREE.RepeatWrapping;
  return { map, normal: normalMap(height, resolution, 1.2) };
}

/** Where water stands: smooth blobs, 0 dry to 1 puddle, wraps. */
function puddles(): THREE.Texture {
  const random = seededRandom(77);
  const texture = paint(256, 256, (pen) => {
    pen.fillStyle = '#000';
    pen.fillRect(0, 0, 256, 256);
    pen.filter = 'blur(5px)';
    for (let i = 0; i < 26; i++) {
      const [x, y, r] = [random() * 256, random() * 256, random.between(8, 34)];
      pen.fillStyle = `rgb(255 255 255 / ${random.between(0.4, 1)})`;
      for (const dx of [-256, 0, 256]) {
        for (const dy of [-256, 0, 256]) {
          pen.beginPath();
          pen.ellipse(x + dx, y + dy, r * 0.7, r * 1.5, 0.2, 0, 7);
          pen.fill();
        }
      }
    }
  });
  texture.colorSpace = THREE.NoColorSpace;
  texture.wrapS = texture.wrapT = THREE.RepeatWrapping;
  return texture;
}

/**
 * A wet stone material. A mirrored ray from the ground meets the facade plane x = +-wall after a division;
 * what stands there is in the mirror map, and rough stone reads a coarser mip: reflections for three texture reads.
 */
function wetStone(
  maps: { map: THREE.Texture; normal: THREE.Texture },
  mirror: THREE.Texture,
  wet: THREE.Texture,
): THREE.MeshStandardMaterial {
  const material = lampLit(
    new THREE.MeshStandardMaterial({
      map: maps.map,
      normalMap: maps.normal,
      normalScale: new THREE.Vector2(0.8, 0.8),
      roughness: 0.6,
      metalness: 0,
    }),
    1.1,
  );
  const lamps = material.onBeforeCompile;
  material.onBeforeCompile = (shader, renderer) => {
    lamps.call(material, shader, renderer);
    shader.uniforms.mirrorMap = { value: mirror };
    shader.uniforms.wetMap = { value: wet };
    shader.fragmentShader = shader.fragmentShader
      .replace(
        'void main() {',
        `uniform sampler2D mirrorMap;
        uniform sampler2D wetMap;
        vec4 facade(float side, float z, float y, float lod) {
          float row = side > 0.0 ? 0.5 : 0.0;
          // Half a texel in from the seam, so that the coarse mips of one side do not show in the other.
          float v = clamp(y / ${mirrorY.toFixed(1)}, 0.012, 0.988) * 0.5 + row;
          vec4 texel = textureLod(mirrorMap, vec2(z / ${(2 * mirrorZ).toFixed(1)} + 0.5, v), lod);
          return y > ${mirrorY.toFixed(1)} || abs(z) > ${mirrorZ.toFixed(1)} ? vec4(0.0) : texel;
        }
        void main() {
          vec3 groundPosition = (vec4(-vViewPosition, 0.0) * viewMatrix).xyz + cameraPosition;
          float wetness = smoothstep(0.12, 0.55, texture2D(wetMap, groundPosition.xz * vec2(0.11, 0.083)).r);`,
      )
      .replace('#include <map_fragment>', '#include <map_fragment>\n diffuseColor.rgb *= mix(1.0, 0.42, wetness);')
      .replace('#include <roughnessmap_fragment>', 'float roughnessFactor = mix(roughness, 0.07, wetness);')
      .replace(
        '#include <normal_fragment_maps>',
        '#include <normal_fragment_maps>\n normal = normalize(mix(normal, nonPerturbedNormal, wetness * 0.94));',
      )
      .replace(
        '#include <lights_fragment_end>',
        `#include <lights_fragment_end>
        {
          vec3 up = (vec4(normal, 0.0) * viewMatrix).xyz;
          vec3 toEye = normalize(cameraPosition - groundPosition);
          vec3 ray = reflect(-toEye, up);
          ray.y = max(ray.y, 0.02);
          float side = ray.x > 0.0 ? 1.0 : -1.0;
          float far = (side * ${wall.toFixed(1)} - groundPosition.x) / (abs(ray.x) < 1e-3 ? side * 1e-3 : ray.x);
          vec3 hit = groundPosition + ray * max(far, 0.0);
          float lod = mix(3.4, 0.6, wetness) + clamp(far * 0.03, 0.0, 1.5);
          vec4 seen = facade(side, hit.z, hit.y, lod);
          float fresnel = mix(0.1, 0.2, wetness) + 0.75 * pow(1.0 - max(dot(toEye, up), 0.0), 4.0);
          float there = seen.a;
          reflectedLight.indirectSpecular = mix(reflectedLight.indirectSpecular * 0.78, seen.rgb * fresnel * mix(0.9, 1.9, wetness), there);
          // Light that spills out of shops: the coarsest mips are an average of what stands near.
          for (float s = -1.0; s <= 1.0; s += 2.0) {
            float away = abs(s * ${wall.toFixed(1)} - groundPosition.x);
            vec3 spill = facade(s, groundPosition.z, 1.6, 4.5).rgb;
            reflectedLight.indirectDiffuse += diffuseColor.rgb * spill * (2.6 / (1.0 + away * away * 0.3));
          }
        }`,
      );
  };
  material.customProgramCacheKey = () => 'wet stone';
  return material;
}

/** The roadway, two raised pavements and the quay. */
export function createGround(mirror: THREE.Texture): THREE.Group {
  const group = new THREE.Group();
  const wet = puddles();
  const setts = wetStone(
    pavingTextures(12, 20, 0.28, 3, (t) => [62 + t * 38, 60 + t * 34, 66 + t * 34]),
    mirror,
    wet,
  );
  const slabs = wetStone(
    pavingTextures(4, 6, 0.06, 4, (t) => [96 + t * 30, 90 + t * 28, 88 + t * 28]),
    mirror,
    wet,
  );
  const add = (
    material: THREE.Material,
    x: number,
    y: number,
    z: number,
    w: number,
    h: number,
    d: number,
    tile: number,
  ) => {
    const geometry = new THREE.BoxGeometry(w, h, d).translate(x, y - h / 2, z);
    const position = geometry.getAttribute('position');
    const uv = geometry.getAttribute('uv');
    for (let i = 0; i < position.count; i++)
      uv.setXY(i, (position.getX(i) + position.getY(i)) / tile, -(position.getZ(i) + position.getY(i)) / tile);
    const mesh = new THREE.Mesh(geometry, material);
    mesh.receiveShadow = true;
    group.add(mesh);
  };
  add(setts, 0, 0, 6, 40, 1.6, 106, 3.2);
  for (const side of [-1, 1]) add(slabs, side * 6.1, 0.13, 4, 3.4, 0.4, 76, 3);
  group.name = 'ground';
  return group;
}
