/** Shafts of sunlight in the mist: how much of the sun reaches the air over the street, kept in a volume that is made once. */
import * as THREE from 'three';
import { FullScreenQuad } from 'three/addons/postprocessing/Pass.js';

/** The air that is kept, in metres, and its cells. Around it the sun is free. */
const lowest = new THREE.Vector3(-16, 0, -50);
const extent = new THREE.Vector3(32, 20, 112);
const cells = [64, 40, 112] as const;

/** How far into the mist a ray is followed, in metres, and in how many steps. */
const reach = 48;
const steps = 32;

const vec3 = ({ x, y, z }: THREE.Vector3) => `vec3(${x.toFixed(4)}, ${y.toFixed(4)}, ${z.toFixed(4)})`;

/** Reads the sun's shadow map all over one cell: the share of it that is lit. */
const litShare = `
uniform sampler2DShadow sunMap;
uniform mat4 toSunMap;
uniform float slice;
void main() {
  float lit = 0.0;
  for (int i = 0; i < 32; i++) {
    vec3 within = fract(vec3(0.8192, 0.6711, 0.5498) * float(i) + 0.5);  // R3 sequence (Roberts, 2018)
    vec3 at = vec3(gl_FragCoord.xy - 0.5, slice) + within;
    vec4 seen = toSunMap * vec4(${vec3(lowest)} + at * ${vec3(extent)} / vec3(${cells.join('.0, ')}.0), 1.0);
    bool mapped = all(greaterThan(seen.xyz, vec3(0.0))) && all(lessThan(seen.xyz, vec3(1.0)));
    lit += mapped ? texture(sunMap, seen.xyz) : 1.0;
  }
  gl_FragColor = vec4(lit / 32.0);
}
`;

export interface Shafts {
  /** What materials read: 0 in shadow to 1 in the sun. */
  volume: THREE.Texture;
  /** Makes the volume from the sun's shadow map, which must have been drawn. */
  bake(): void;
}

export function createShafts(renderer: THREE.WebGLRenderer, sun: THREE.DirectionalLight): Shafts {
  const target = new THREE.WebGL3DRenderTarget(...cells, { format: THREE.RedFormat, depthBuffer: false });
  target.texture.minFilter = target.texture.magFilter = THREE.LinearFilter;
  const material = new THREE.ShaderMaterial({
    uniforms: { sunMap: { value: null }, toSunMap: { value: sun.shadow.matrix }, slice: { value: 0 } },
    fragmentShader: litShare,
    depthTest: false,
    toneMapped: false,
  });
  const quad = new FullScreenQuad(material);
  return {
    volume: target.texture,
    bake() {
      material.uniforms.sunMap!.value = sun.shadow.map!.depthTexture;
      for (let z = 0; z < cells[2]; z++) {
        material.uniforms.slice!.value = z;
        renderer.setRenderTarget(target, z);
        quad.render(renderer);
      }
      renderer.setRenderTarget(null);
    },
  };
}

/** GLSL: sunlight that the mist scatters towards the eye before `toPoint`, which goes from the camera to what a pixel shows. */
export const shaftsLib = (toSun: THREE.Vector3) => `
uniform sampler3D shafts;
vec3 sunMist(vec3 toPoint) {
  float far = length(toPoint);
  float stride = min(far, ${reach.toFixed(1)}) / ${steps}.0;
  vec3 ray = toPoint / far;
  vec3 along = ray * stride / ${vec3(extent)};
  vec3 at = (cameraPosition - ${vec3(lowest)}) / ${vec3(extent)} + 0.5 * along;
  float sum = 0.0;
  for (int i = 0; i < ${steps}; i++) {
    sum += textureLod(shafts, at, 0.0).r * exp(-0.02 * stride * (float(i) + 0.5) - 3.0 * at.y);
    at += along;
  }
  // Henyey and Greenstein's phase function, g = 0.6: mist throws light forwards. It is thinner the higher up.
  float forwards = 1.36 - 1.2 * dot(ray, ${vec3(toSun)});
  return vec3(1.0, 0.5, 0.24) * (0.0042 * sum * stride * inversesqrt(forwards * forwards * forwards) * 0.64);
}
`;
