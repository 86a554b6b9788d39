import { fsr1 } from 'three/addons/tsl/display/FSR1Node.js';
import { createNodeMethod, type NodeSetup } from '../pages/node-renderer.ts';

/**
 * three's FSR1Node as its example webgpu_upscaling_fsr1 wires it: on a scene with 4x MSAA, which FSR1 asks for, and with
 * its sharpening of 0.2; in display colour, for which FSR1 was made (see node-renderer.ts).
 */
export const createMethod = (setup: NodeSetup) =>
  createNodeMethod('three-fsr1', setup, {
    samples: 4,
    velocity: false,
    build: (scenePass) => fsr1(scenePass),
  });
