import { GLSL3, Material, type Mesh, type Object3D, type WebGLProgramParametersWithUniforms } from 'three';

type Shader = WebGLProgramParametersWithUniforms;

interface Changes {
  /** What `material.onBeforeCompile` reads as while these changes are in it. */
  readonly hook: Material['onBeforeCompile'];
  readonly list: Map<string, (shader: Shader) => void>;
}

const known = new WeakMap<Material, Changes>();

/** The user's own key, by the one of ours that calls it. */
const userKeys = new WeakMap<() => string, () => string>();

/** Names of the changes made to what a program is being compiled from: a user's hook may call the one it found, which was ours. */
const made = new WeakMap<Shader, Set<string>>();

/**
 * Has `change` alter what a material's program is compiled from, after the user's own `onBeforeCompile` has; where it does
 * not yet, the program is compiled anew. Programs are shared by materials with the same changes, which `name` tells apart.
 */
export function changeShaders(material: Material, name: string, change: (shader: Shader) => void): void {
  let changes = known.get(material);
  if (changes?.hook !== material.onBeforeCompile) {
    changes = wrap(material);
    known.set(material, changes);
  }
  if (changes.list.has(name)) return;
  changes.list.set(name, change);
  material.needsUpdate = true;
}

/** Whether the material's shaders are put together by three.js for WebGL, so that they hold what changes look for. */
export function isPutTogether(material: Material): boolean {
  return !('isRawShaderMaterial' in material || 'isNodeMaterial' in material);
}

/** Draws with the uniform at a value that it has at no other time. */
export function withUniform<Value, Result>(uniform: { value: Value }, value: Value, draw: () => Result): Result {
  const before = uniform.value;
  uniform.value = value;
  try {
    return draw();
  } finally {
    uniform.value = before;
  }
}

/** Calls for each material of each object below `root`, itself included; a plain walk, as a frame should leave no garbage. */
export function eachMaterial(root: Object3D, call: (material: Material, object: Object3D) => void): void {
  const { material } = root as Mesh;
  if (Array.isArray(material)) for (const one of material) call(one, root);
  else if (material) call(material, root);
  for (const child of root.children) eachMaterial(child, call);
}

/** The shader with its `main` under another name, for a new one after it to call: one name for each who does so. */
export function renameMain(shader: string, name: string): string {
  return shader.replace(/\bvoid\s+main\s*\(\s*(?:void)?\s*\)/, `void ${name}()`);
}

function wrap(material: Material): Changes {
  const { onBeforeCompile, customProgramCacheKey: found } = material;
  const list: Changes['list'] = new Map();
  const own: Material['onBeforeCompile'] = (shader, renderer) => {
    if (hook === own) onBeforeCompile.call(material, shader, renderer);
    const before = made.get(shader) ?? new Set();
    made.set(shader, before);
    for (const [name, change] of list) {
      if (!before.has(name)) change(shader);
      before.add(name);
    }
  };
  material.onBeforeCompile = own;
  // A library may have made it an accessor that calls what is assigned after its own, and reads as its own.
  const hook = material.onBeforeCompile;
  const key = userKeys.get(found) ?? found;
  // Three's own key is the text of `onBeforeCompile`, which would now be the same for all.
  const keyed = key !== Material.prototype.customProgramCacheKey;
  const ownKey = () => {
    if (material.onBeforeCompile !== hook) return key.call(material);
    return `upframe ${[...list.keys()]} ${keyed ? key.call(material) : onBeforeCompile}`;
  };
  userKeys.set(ownKey, key);
  material.customProgramCacheKey = ownKey;
  return { hook, list };
}

/** What the user's fragment shader writes its colour to. */
export function outputOf(shader: string, { glslVersion }: { glslVersion?: string | null }): string {
  const declared = /\bout\s+(?:(?:low|medium|high)p\s+)?vec4\s+(\w+)/.exec(shader)?.[1];
  return (glslVersion === GLSL3 && declared) || 'gl_FragColor';
}
