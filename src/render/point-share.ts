import type { Material, Object3D, Points, WebGLProgramParametersWithUniforms } from 'three';
import { changeShaders, eachMaterial, renameMain, withUniform } from './shader-changes.ts';
import { pixelOfCanvas } from './thin-lines.ts';

/** Size of points in this render, of that on the canvas. 1 at all other times. */
const share = { value: 1 };

const VERTEX = `
uniform float upframePointShare;
void main() {
  upframePointMain();
  gl_PointSize *= upframePointShare;
}`;

/** GL draws no point smaller than a pixel: of one that should be, pixels whose centre it misses are left out. */
const THIN_VERTEX = `
uniform float upframePixel;
varying float upframePointSize;
void main() {
  upframeSizedMain();
  upframePointSize = max(gl_PointSize, upframePixel);
  if (upframePixel < 1.0) gl_PointSize = max(gl_PointSize, 1.0);
}`;
const THIN_FRAGMENT = `
varying float upframePointSize;
void main() {
  vec2 aside = abs(gl_PointCoord - 0.5);
  if (upframePointSize < 1.0 && max(aside.x, aside.y) > 0.5 * upframePointSize) discard;
  upframePointMain();
}`;

/** What is drawn with points sized for the canvas, whatever the target: their size here as a share of that. */
export function withPointShare(scene: Object3D, pointShare: number, draw: () => void): void {
  if (pointShare !== 1) eachMaterial(scene, prepare);
  withKnownShare(pointShare, draw);
}

/** The same for points that an earlier render has drawn. */
export function withKnownShare(pointShare: number, draw: () => void): void {
  withUniform(share, pointShare, draw);
}

function prepare(material: Material, object: Object3D): void {
  if (!(object as Points).isPoints || 'isNodeMaterial' in material) return;
  changeShaders(material, 'points', 'isRawShaderMaterial' in material ? scale : scaleAndThin);
}

function scale(shader: WebGLProgramParametersWithUniforms): void {
  shader.uniforms.upframePointShare = share;
  shader.vertexShader = renameMain(shader.vertexShader, 'upframePointMain') + VERTEX;
}

function scaleAndThin(shader: WebGLProgramParametersWithUniforms): void {
  scale(shader);
  shader.uniforms.upframePixel = pixelOfCanvas;
  shader.vertexShader = renameMain(shader.vertexShader, 'upframeSizedMain') + THIN_VERTEX;
  shader.fragmentShader = renameMain(shader.fragmentShader, 'upframePointMain') + THIN_FRAGMENT;
}
