import type { Material, Object3D, ShaderMaterial, Texture, WebGLRenderer } from 'three';
import { anisotropyHidesBias, backgroundMaterial, setAnisotropy } from './bridge.ts';
import { changeShaders, eachMaterial, isPutTogether } from './shader-changes.ts';

/**
 * Sharper mip levels for a picture that is rendered small and shown large. WebGL2 has no bias on samplers, but GLSL has
 * one on every read: three's materials read textures by the name `texture2D`, which is given the bias here. Derivatives
 * are those of the smaller pixels too: by them, three makes curved surfaces rougher the larger a pixel is, and mirrors
 * would show a blurred world. At bias 0 the picture is what it was, to the bit. Shaders that read a texture with a bias of
 * their own, and raw ones, are left alone.
 */
const PRELUDE = `
uniform float upframeLodBias;
#undef texture2D
#define texture2D(map, uv) texture(map, uv, upframeLodBias)
#define dFdx(value) (dFdx(value) * exp2(upframeLodBias))
#define dFdy(value) (dFdy(value) * exp2(upframeLodBias))
`;

/** One for all renderers and upscalers: it is set around a render, and 0 at all other times. */
const bias = { value: 0 };

/** Whether `texture2D` is called with two arguments everywhere: a macro can stand for no other number of them. */
function takesPrelude(source: string): boolean {
  for (const { index, 0: call } of source.matchAll(/\btexture2D\s*\(/g)) {
    let commas = 0;
    for (let at = index + call.length, depth = 1; depth > 0 && at < source.length; at++) {
      const letter = source[at];
      if (letter === '(') depth++;
      else if (letter === ')') depth--;
      else if (letter === ',' && depth === 1) commas++;
    }
    if (commas !== 1) return false;
  }
  return true;
}

/** The version of a material that was looked at: in another it may have a texture, or another hook. */
const looked = new WeakMap<Material, number>();

function prepare(material: Material): void {
  if (looked.get(material) === material.version) return;
  change(material);
  looked.set(material, material.version);
}

function change(material: Material): void {
  if (!readsTextures(material)) return;
  changeShaders(material, 'bias', (shader) => {
    if (!takesPrelude(shader.fragmentShader)) return;
    shader.uniforms.upframeLodBias = bias;
    shader.fragmentShader = PRELUDE + shader.fragmentShader;
  });
}

function readsTextures(material: Material): boolean {
  if (!isPutTogether(material)) return false;
  if ('isShaderMaterial' in material) return (material as ShaderMaterial).fragmentShader.includes('texture2D');
  if ('isMeshStandardMaterial' in material) return true;
  return Object.values(material).some((value) => (value as Texture | null)?.isTexture);
}

function collectAnisotropic(material: Material): void {
  for (const value of Object.values(material)) if (isAnisotropic(value)) anisotropic.add(value);
}

function isAnisotropic(value: Texture | null): value is Texture {
  if (!value?.isTexture || value.anisotropy <= 1) return false;
  return !('isCubeTexture' in value || 'isDataArrayTexture' in value || 'isData3DTexture' in value);
}

/** Textures with an anisotropic filter in the scene. */
const anisotropic = new Set<Texture>();

/** Renders with mip levels shifted by log2(1 / ratio) - 1: those of the display size, and one more, as jitter finds detail there. */
export function withLodBias(renderer: WebGLRenderer, scene: Object3D, ratio: number, render: () => void): void {
  eachMaterial(scene, prepare);
  const background = backgroundMaterial(renderer, scene);
  if (background) prepare(background);
  if (anisotropyHidesBias(renderer)) eachMaterial(scene, collectAnisotropic);
  setAnisotropy(renderer, anisotropic, () => 1);
  bias.value = -Math.log2(ratio) - 1;
  try {
    render();
  } finally {
    bias.value = 0;
    setAnisotropy(renderer, anisotropic, (texture) => texture.anisotropy);
    anisotropic.clear();
  }
}
