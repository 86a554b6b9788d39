import { sharpen } from 'three/addons/tsl/display/SharpenNode.js';
import { taau } from 'three/addons/tsl/display/TAAUNode.js';
import { createNodeMethod, type NodeSetup, type NodeUpscaler } from '../pages/node-renderer.ts';

export const TAAU: NodeUpscaler = {
  samples: 0,
  velocity: true,
  build: (scenePass, camera) =>
    sharpen(
      taau(
        scenePass.getTextureNode('output'),
        scenePass.getTextureNode('depth'),
        scenePass.getTextureNode('velocity'),
        camera,
      ),
      0.2,
    ),
};

/** three's TAAUNode as its example webgpu_upscaling_taau wires it, sharpened as there, and in display colour (see node-renderer.ts). */
export const createMethod = (setup: NodeSetup) => createNodeMethod('three-taau', setup, TAAU);
