import { GLSL3, type Material, NormalBlending, type Object3D, type WebGLProgramParametersWithUniforms } from 'three';
import { changeShaders, eachMaterial, isPutTogether, renameMain, withUniform } from './shader-changes.ts';

/**
 * Where a label is clear, it still writes its depth, and what moves behind it would count as resting with it: pixels that
 * show nothing of a surface are left out.
 */
const FRAGMENT = `
uniform bool upframeLeavesOut;
void main() {
  upframeClearMain();
  if (upframeLeavesOut && gl_FragColor.a < 0.004) discard;
}`;

/** False at all other times. */
const leavesOut = { value: false };

/** The fields of three's materials that decide whether a pixel can be clear. */
interface Blended extends Material {
  transmission?: number;
  glslVersion?: string | null;
}

function prepare(material: Blended): void {
  const { transparent, depthWrite, blending, premultipliedAlpha, opacity, transmission, glslVersion } = material;
  if (!transparent || !depthWrite || blending !== NormalBlending || premultipliedAlpha) return;
  // What shows nothing at all is there for its depth.
  if (!opacity || transmission || glslVersion === GLSL3) return;
  if (isPutTogether(material)) changeShaders(material, 'clear', leaveOut);
}

function leaveOut(shader: WebGLProgramParametersWithUniforms): void {
  shader.uniforms.upframeLeavesOut = leavesOut;
  shader.fragmentShader = renameMain(shader.fragmentShader, 'upframeClearMain') + FRAGMENT;
}

/** Draws so that only what is seen of a transparent surface leaves depth. */
export function withoutClearPixels<Result>(scene: Object3D, draw: () => Result): Result {
  eachMaterial(scene, prepare);
  return withUniform(leavesOut, true, draw);
}
