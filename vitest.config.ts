import { defineConfig } from 'vitest/config';

export default defineConfig({
  assetsInclude: ['**/*.onnx'],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/setup.ts'],
    // One browser and often two cores: files that ran side by side would only slow and disturb each other.
    fileParallelism: false,
    // Generous: software renderers on machines with other work to do are slow, and slow is no fault.
    testTimeout: 180_000,
    hookTimeout: 240_000,
    reporters: ['default', './test/reporter.ts'],
  },
});
