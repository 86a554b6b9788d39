import { createNodeMethod, type NodeSetup } from '../pages/node-renderer.ts';

/** The scene as three's node renderer draws it at display size: near `native`, or the three-* peers start from another picture. */
export const createMethod = (setup: NodeSetup) =>
  createNodeMethod(
    'three-native',
    { ...setup, renderSize: setup.displaySize },
    {
      samples: 0,
      velocity: false,
      build: (scenePass) => scenePass,
    },
  );
