/** Mist after rain: every street lamp lights the air around it, whatever stands behind, and the sun where it gets to. */
import type * as THREE from 'three';
import { lampLib, lampRows, sunlight } from './light';
import { shaftsLib } from './shafts';

/**
 * What a lamp scatters towards the eye along a ray has a closed form where nothing absorbs: the angle under which the
 * lamp sees the ray, over its distance from it. More distance than that dims it here, as absorption would. `toPoint` goes
 * from the camera to what the pixel shows, in metres.
 */
const scattering = `${lampLib}${shaftsLib(sunlight)}
varying vec3 vMistPosition;
vec3 lampMist(vec3 toPoint) {
  float far = length(toPoint);
  vec3 ray = toPoint / far;
  float sum = 0.0;
  for (float row = ${lampRows[0].toFixed(1)}; row <= ${lampRows[1].toFixed(1)}; row++) {
    for (float side = -1.0; side <= 1.0; side += 2.0) {
      vec3 lamp = lampAt(side, row) - cameraPosition;
      float along = dot(lamp, ray);
      float squared = dot(lamp, lamp);
      float aside = sqrt(max(squared - along * along, 0.02));
      sum += atan(far * aside, squared - far * along) / (aside + aside * aside) * exp(-0.03 * sqrt(squared));
    }
  }
  return lampColor * (0.035 * sum);
}
`;

/** Puts mist before everything in the scene, the sky too. Changes the shaders of all materials, after what they change themselves. */
export function addMist(scene: THREE.Scene, shafts: THREE.Texture): void {
  const done = new Set<THREE.Material>();
  scene.traverse((node) => {
    const { material } = node as THREE.Mesh<THREE.BufferGeometry, THREE.Material>;
    if (!material || done.has(material)) return;
    done.add(material);
    const { onBeforeCompile, customProgramCacheKey } = material;
    material.onBeforeCompile = (shader, renderer) => {
      onBeforeCompile.call(material, shader, renderer);
      shader.uniforms.shafts = { value: shafts };
      shader.vertexShader = `varying vec3 vMistPosition;\n${shader.vertexShader}`.replace(
        '#include <project_vertex>',
        '#include <project_vertex>\n vMistPosition = (vec4(mvPosition.xyz, 0.0) * viewMatrix).xyz;',
      );
      shader.fragmentShader = `${scattering}${shader.fragmentShader}`.replace(
        '#include <opaque_fragment>',
        '#include <opaque_fragment>\n gl_FragColor.rgb += lampMist(vMistPosition) + sunMist(vMistPosition);',
      );
    };
    material.customProgramCacheKey = () => `mist ${customProgramCacheKey.call(material)}`;
  });
}
