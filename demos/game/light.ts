/** Dusk: the sky, an environment for reflections, the low sun, and street lamps that cost one light for all. */
import * as THREE from 'three';
import { paint, seededRandom } from '../../perf/scenes/helpers';

/** Fog, and the sky where it meets the ground away from the sun. */
export const haze = new THREE.Color('#5a5878');
const sunDirection = new THREE.Vector3(0.22, 0.17, -1).normalize();

/** Where its light comes from: higher than it is seen, so that some of it gets into the street. */
export const sunlight = sunDirection.clone().setY(0.42).normalize();

/** Lamps stand at x = +-lampX and z = lampStep times every number from the first of lampRows to the second, in metres. */
export const lampRows = [-2.5, 2.5] as const;
export const lampX = 5.1;
export const lampStep = 13;
export const lampHeight = 4.3;

/** Sky dome: painted, so it costs one texture read. The sun is down the street, at -z. */
export function createSky(): THREE.Mesh {
  const texture = paint(2048, 1024, (pen) => {
    const random = seededRandom(11);
    const [w, horizon] = [2048, 512];
    const fill = pen.createLinearGradient(0, 0, 0, horizon);
    fill.addColorStop(0, '#101a3c');
    fill.addColorStop(0.45, '#27346b');
    fill.addColorStop(0.72, '#5d5190');
    fill.addColorStop(0.9, '#9c6a94');
    fill.addColorStop(1, '#c98388');
    pen.fillStyle = fill;
    pen.fillRect(0, 0, w, 1024);
    // BackSide mirrors: -z lies at three quarters of the width.
    const sunX = w * 0.75 - 70;
    for (const [radius, color, squash] of [
      [900, 'rgb(255 128 84 / 62%)', 0.36],
      [520, 'rgb(255 158 84 / 70%)', 0.42],
      [210, 'rgb(255 214 140 / 90%)', 0.6],
    ] as const) {
      for (const wrap of [-w, 0, w]) {
        pen.save();
        pen.translate(sunX + wrap, horizon - 30);
        pen.scale(1, squash);
        const glow = pen.createRadialGradient(0, 0, 0, 0, 0, radius);
        glow.addColorStop(0, color);
        glow.addColorStop(1, 'rgb(255 120 80 / 0%)');
        pen.fillStyle = glow;
        pen.fillRect(-radius, -radius, radius * 2, radius * 2);
        pen.restore();
      }
    }
    for (let i = 0; i < 420; i++) {
      pen.fillStyle = `rgb(255 250 235 / ${random.between(0.15, 0.85)})`;
      const y = random() ** 1.6 * 330;
      pen.fillRect(random() * w, y, 1.4, 1.4);
    }
    // Cloud banks: many soft ellipses, lit from below near the sun.
    for (let bank = 0; bank < 26; bank++) {
      const cx = random() * w;
      const cy = random.between(250, 470);
      const near = Math.max(0, 1 - Math.abs(cx - sunX) / 700);
      for (let i = 0; i < 34; i++) {
        const x = cx + random.between(-230, 230);
        const y = cy + random.between(-9, 9) - (1 - Math.abs(x - cx) / 230) * random() * 22;
        const r = random.between(16, 62);
        for (const dx of [-w, 0, w]) {
          pen.fillStyle = near > 0.25 ? `rgb(255 ${150 + near * 40} ${120 + near * 20} / 7%)` : 'rgb(150 128 178 / 6%)';
          pen.beginPath();
          pen.ellipse(x + dx, y, r * 1.9, r * 0.2, 0, 0, 7);
          pen.fill();
          pen.fillStyle = 'rgb(44 42 84 / 7%)';
          pen.beginPath();
          pen.ellipse(x + dx, y - 6, r * 1.6, r * 0.15, 0, 0, 7);
          pen.fill();
        }
      }
    }
    // Far hills and a town with lights, in three layers of haze.
    ['#6d5f86', '#504a74', '#37365c'].forEach((color, layer) => {
      pen.fillStyle = color;
      pen.beginPath();
      pen.moveTo(0, 560);
      for (let x = 0; x <= w; x += 4) {
        const a = (x / w) * Math.PI * 2;
        const hill = Math.sin(a * 3 + layer * 2) + Math.sin(a * 7 + layer) * 0.5 + Math.sin(a * 17 + layer * 5) * 0.22;
        pen.lineTo(x, horizon - 14 + layer * 10 - (hill + 1.3) * (13 - layer * 3));
      }
      pen.lineTo(w, 560);
      pen.fill();
    });
    for (let i = 0; i < 700; i++) {
      pen.fillStyle = random.pick(['#ffd089', '#ffe9bd', '#ff9d5c', '#cfe4ff']);
      pen.globalAlpha = random.between(0.4, 1);
      pen.fillRect(random() * w, horizon - 2 - random() ** 2 * 16, 1.5, 1.5);
    }
    pen.globalAlpha = 1;
    const below = pen.createLinearGradient(0, horizon - 4, 0, horizon + 40);
    below.addColorStop(0, 'rgb(70 66 100 / 0%)');
    below.addColorStop(1, '#3b3a5c');
    pen.fillStyle = below;
    pen.fillRect(0, horizon - 4, w, 520);
  });
  const sky = new THREE.Mesh(
    new THREE.SphereGeometry(400, 32, 20),
    new THREE.MeshBasicMaterial({ map: texture, side: THREE.BackSide, fog: false, depthWrite: false }),
  );
  sky.renderOrder = 10; // after the opaque street: only what is left over is shaded
  sky.name = 'sky';
  return sky;
}

/** The same dusk as high-range light for reflections; plain data, so it survives a lost context. */
export function createEnvironment(): THREE.DataTexture {
  const [width, height] = [128, 64];
  const data = new Float32Array(width * height * 4);
  const direction = new THREE.Vector3();
  const color = new THREE.Color();
  const [zenith, mid, low, ground] = ['#16224c', '#4a4784', '#b8707e', '#1c1a22'].map(
    (c) => new THREE.Color(c),
  ) as THREE.Color[];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const phi = ((x + 0.5) / width - 0.5) * Math.PI * 2;
      const theta = ((y + 0.5) / height - 0.5) * Math.PI;
      direction.set(Math.cos(phi) * Math.cos(theta), Math.sin(theta), Math.sin(phi) * Math.cos(theta));
      const up = direction.y;
      if (up < 0) color.copy(low!).lerp(ground!, Math.min(1, -up * 7));
      else if (up < 0.25) color.copy(low!).lerp(mid!, up / 0.25);
      else color.copy(mid!).lerp(zenith!, (up - 0.25) / 0.75);
      const sun = Math.max(0, direction.dot(sunDirection));
      const above = up > -0.03 ? 1 : 0.1;
      const glow = (sun ** 6 * 0.9 + sun ** 40 * 3 + sun ** 400 * 40) * above;
      const at = (y * width + x) * 4;
      data[at] = color.r + glow;
      data[at + 1] = color.g + glow * 0.5;
      data[at + 2] = color.b + glow * 0.24;
      data[at + 3] = 1;
    }
  }
  const texture = new THREE.DataTexture(data, width, height, THREE.RGBAFormat, THREE.FloatType);
  texture.mapping = THREE.EquirectangularReflectionMapping;
  texture.colorSpace = THREE.LinearSRGBColorSpace;
  texture.minFilter = texture.magFilter = THREE.LinearFilter;
  texture.needsUpdate = true;
  return texture;
}

/** The sun, with one shadow map that is drawn once: only things that stand still cast into it. */
export function createSun(): THREE.DirectionalLight {
  const sun = new THREE.DirectionalLight('#ffa566', 2.6);
  sun.position.copy(sunlight).multiplyScalar(76);
  sun.castShadow = true;
  sun.shadow.mapSize.set(2048, 2048);
  Object.assign(sun.shadow.camera, { left: -16, right: 16, top: 32, bottom: -22, near: 10, far: 140 });
  sun.shadow.bias = -0.0006;
  sun.shadow.normalBias = 0.05;
  sun.shadow.autoUpdate = false;
  sun.shadow.needsUpdate = true;
  return sun;
}

/** GLSL for what lamps light: where the one of a side (-1 or 1) and a row hangs, and the colour of all. A shader may have it twice. */
export const lampLib = `
#ifndef LAMPS
#define LAMPS
const vec3 lampColor = vec3(1.0, 0.66, 0.34);
vec3 lampAt(float side, float row) {
  return vec3(side * ${lampX.toFixed(2)}, ${(lampHeight - 0.35).toFixed(2)}, row * ${lampStep.toFixed(1)});
}
#endif
`;

/**
 * Adds the street lamps to a material. They repeat along the street, so the four nearest follow from the position: each is
 * a light of its own, highlights included, and none is in a light loop over all of them.
 */
export function lampLit(material: THREE.MeshStandardMaterial, strength = 1): THREE.MeshStandardMaterial {
  material.onBeforeCompile = (shader) => {
    shader.uniforms.lampStrength = { value: 22 * strength };
    shader.fragmentShader = `${lampLib}uniform float lampStrength;\n${shader.fragmentShader}`;
    shader.fragmentShader = shader.fragmentShader.replace(
      '#include <lights_fragment_end>',
      `#include <lights_fragment_end>
      {
        vec3 world = (vec4(-vViewPosition, 0.0) * viewMatrix).xyz + cameraPosition;
        float row = floor(world.z / ${lampStep.toFixed(1)} - 0.5) + 0.5;
        for (int i = 0; i < 4; i++) {
          vec3 toLamp = lampAt(i < 2 ? -1.0 : 1.0, row + float(i & 1)) - world;
          float d2 = dot(toLamp, toLamp);
          directLight.direction = (viewMatrix * vec4(toLamp * inversesqrt(d2), 0.0)).xyz;
          directLight.color = lampColor * (lampStrength / (d2 + 2.0));
          RE_Direct(directLight, geometryPosition, geometryNormal, geometryViewDir, geometryClearcoatNormal, material, reflectedLight);
        }
      }`,
    );
  };
  // Without its own key three would share the program with the unlit twin.
  material.customProgramCacheKey = () => 'lamp';
  return material;
}
