import { taau } from 'three/addons/tsl/display/TAAUNode.js';
import { createNodeMethod, type NodeSetup } from '../pages/node-renderer.ts';

/**
 * three's TAAUNode as its example webgpu_upscaling_taau wires it, without the sharpening that follows there (no temporal
 * method here is sharpened), and in display colour (see node-renderer.ts).
 */
export const createMethod = (setup: NodeSetup) =>
  createNodeMethod('three-taau', setup, {
    samples: 0,
    velocity: true,
    ratio: setup.displaySize[0] / setup.renderSize[0],
    build: (scenePass, camera) =>
      taau(
        scenePass.getTextureNode('output'),
        scenePass.getTextureNode('depth'),
        scenePass.getTextureNode('velocity'),
        camera,
      ),
  });
