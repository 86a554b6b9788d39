import {
  AlwaysDepth,
  BufferGeometry,
  Camera,
  Float32BufferAttribute,
  type IUniform,
  Mesh,
  NoBlending,
  ShaderMaterial,
  type Texture,
  type WebGLRenderer,
  type WebGLRenderTarget,
} from 'three';

export const FULL_SCREEN = 'void main() { gl_Position = vec4(position, 1.0); }';

/** A triangle that covers the picture, for materials whose vertex shader is FULL_SCREEN. */
export function createFullScreenMesh(material: ShaderMaterial): Mesh<BufferGeometry, ShaderMaterial> {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute([-1, 3, 0, -1, -1, 0, 3, -1, 0], 3));
  const mesh = new Mesh(geometry, material);
  mesh.frustumCulled = false;
  return mesh;
}

const anyCamera = new Camera();

/** A full-screen pass drawn by three.js, for targets that are three's own. */
export class Quad {
  private readonly mesh: Mesh<BufferGeometry, ShaderMaterial>;

  constructor(name: string, fragmentShader: string, textures: string[], { toneMapped = false } = {}) {
    const uniforms: Record<string, IUniform> = {};
    for (const texture of textures) uniforms[texture] = { value: null };
    const material = new ShaderMaterial({
      name: `upframe ${name}`,
      vertexShader: FULL_SCREEN,
      fragmentShader,
      uniforms,
      depthFunc: AlwaysDepth,
      blending: NoBlending,
      toneMapped,
    });
    this.mesh = createFullScreenMesh(material);
  }

  draw(renderer: WebGLRenderer, target: WebGLRenderTarget, textures: Record<string, Texture | null>): void {
    const { uniforms } = this.mesh.material;
    for (const name in textures) uniforms[name]!.value = textures[name];
    if (uniforms.hasReactive) uniforms.hasReactive.value = textures.reactive !== null;
    const before = renderer.getRenderTarget();
    const { autoReset } = renderer.info;
    renderer.info.autoReset = false;
    renderer.setRenderTarget(target);
    renderer.render(this.mesh, anyCamera);
    renderer.setRenderTarget(before);
    renderer.info.autoReset = autoReset;
  }

  /** It may be drawn again afterwards, and is made anew for that. */
  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}
