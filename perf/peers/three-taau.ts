import { taau } from 'three/addons/tsl/display/TAAUNode.js';
import { createNodeMethod, type NodeSetup, type NodeUpscaler } from '../pages/node-renderer.ts';

export const TAAU: NodeUpscaler = {
  samples: 0,
  velocity: true,
  build: (scenePass, camera) =>
    taau(
      scenePass.getTextureNode('output'),
      scenePass.getTextureNode('depth'),
      scenePass.getTextureNode('velocity'),
      camera,
    ),
};

/**
 * three's TAAUNode as its example webgpu_upscaling_taau wires it, without the sharpening that follows there (no temporal
 * method here is sharpened), and in display colour (see node-renderer.ts).
 */
export const createMethod = (setup: NodeSetup) => createNodeMethod('three-taau', setup, TAAU);
