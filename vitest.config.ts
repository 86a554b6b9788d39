import { defineConfig } from 'vitest/config';

export default defineConfig({
  assetsInclude: ['**/*.onnx'],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/setup.ts'],
    // One browser and often two cores: files that ran side by side would only slow and disturb each other.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/reporter.ts'],
  },
});
