import { defineConfig } from 'vitest/config';
import common from './vitest.config.js';

/** What trains, with vectors of 256 bits where the engine takes them: the bits are the same. `.ci/run` runs it. */
export default defineConfig({
  test: {
    ...common.test,
    include: ['test/{kernels,training}/**/*.test.ts', 'test/threads/bits.test.ts'],
    setupFiles: ['test/quiet.ts', 'test/wide.ts'],
  },
});
