import type { Material, Object3D, Points, PointsMaterial, ShaderMaterial } from 'three';
import { changeShaders, renameMain } from './shader-changes.ts';

/** Size of points in this render, of that on the canvas: for shaders that set it by themselves. 1 at all other times. */
const share = { value: 1 };

const looked = new WeakSet<Material>();

/** What is drawn with points sized for the canvas, whatever the target: their size here as a share of that. */
export function withPointShare(scene: Object3D, pointShare: number, draw: () => void): void {
  if (pointShare !== 1) collectPoints(scene);
  for (const material of points) material.size *= pointShare;
  try {
    withShadedShare(pointShare, draw);
  } finally {
    for (const material of points) material.size /= pointShare;
    points.length = 0;
  }
}

/** The same for shaders of the user's alone, known from an earlier render. */
export function withShadedShare(pointShare: number, draw: () => void): void {
  share.value = pointShare;
  try {
    draw();
  } finally {
    share.value = 1;
  }
}

/** Materials of points in the frame being drawn. */
const points: PointsMaterial[] = [];

function collectPoints(object: Object3D): void {
  const { isPoints, material } = object as Points;
  if (isPoints) {
    for (const one of Array.isArray(material) ? material : [material]) {
      if ('isPointsMaterial' in one) {
        if (!points.includes(one as PointsMaterial)) points.push(one as PointsMaterial);
      } else if ('isShaderMaterial' in one) prepare(one as ShaderMaterial);
    }
  }
  for (const child of object.children) collectPoints(child);
}

function prepare(material: ShaderMaterial): void {
  if (looked.has(material)) return;
  looked.add(material);
  if (!material.vertexShader.includes('gl_PointSize')) return;
  changeShaders(material, 'points', (shader) => {
    shader.uniforms.upframePointShare = share;
    shader.vertexShader = `${renameMain(shader.vertexShader)}
uniform float upframePointShare;
void main() {
  upframeMain();
  gl_PointSize *= upframePointShare;
}`;
  });
}
