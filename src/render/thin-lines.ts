import { type Line, type Material, type Object3D, Vector2, type WebGLProgramParametersWithUniforms } from 'three';
import type { Size } from './device.ts';
import { changeShaders, eachMaterial, isPutTogether, renameMain, withUniform } from './shader-changes.ts';

/**
 * GL draws a line one pixel wide, whatever the pixel: in a small picture it is as many times as wide as on the canvas. Here
 * a pixel whose centre is further from it than half a pixel of the canvas is left out; another frame's jitter finds it. A
 * line's interpolated position is the point on it next to the pixel, and a surface's the pixel itself, which stays.
 */
const FRAGMENT = `
varying vec4 upframePlace;
uniform vec2 upframeRenderSize;
uniform float upframePixel;
void main() {
  vec2 aside = abs((upframePlace.xy / upframePlace.w * 0.5 + 0.5) * upframeRenderSize - gl_FragCoord.xy);
  // By the shorter way, across or up, as GL does. What is further off than GL draws is in another viewport than is known of.
  float most = max(aside.x, aside.y);
  if (most < 0.75 && dot(aside, aside) > 0.5 * upframePixel * most) discard;
  upframeLineMain();
}`;

const VERTEX = `
varying vec4 upframePlace;
void main() {
  upframeLineMain();
  upframePlace = gl_Position;
}`;

/** Side of a pixel of the canvas in those of this render, where what is thinner than one is to be; at all other times 2. */
export const pixelOfCanvas = { value: 2 };
const renderSize = { value: new Vector2(1, 1) };

/** The fields of three's materials that decide how lines are drawn. */
interface Lines extends Material {
  linewidth?: number;
  wireframe?: boolean;
  wireframeLinewidth?: number;
}

function prepare(material: Lines, object: Object3D): void {
  const { linewidth = 1, wireframe, wireframeLinewidth = 1 } = material;
  // Wider ones are so on few GPUs, where what is drawn of them is not known here.
  if ((object as Line).isLine ? linewidth !== 1 : !wireframe || wireframeLinewidth !== 1) return;
  if (isPutTogether(material)) changeShaders(material, 'lines', thin);
}

function thin(shader: WebGLProgramParametersWithUniforms): void {
  shader.uniforms.upframePixel = pixelOfCanvas;
  shader.uniforms.upframeRenderSize = renderSize;
  shader.vertexShader = renameMain(shader.vertexShader, 'upframeLineMain') + VERTEX;
  shader.fragmentShader = renameMain(shader.fragmentShader, 'upframeLineMain') + FRAGMENT;
}

/** Draws with lines, wireframes too, as thin as on a canvas with `ratio` times as many pixels a side as this render of that size. */
export function withThinLines<Result>(scene: Object3D, size: Size, ratio: number, draw: () => Result): Result {
  eachMaterial(scene, prepare);
  renderSize.value.set(...(size as [number, number]));
  return withUniform(pixelOfCanvas, 1 / ratio, draw);
}
