import { defineConfig } from 'vitest/config';

/** The package in other runtimes: `npm run test:runtimes`. */
export default defineConfig({
  test: {
    include: ['test/runtimes/*.test.ts'],
    testTimeout: 300_000,
    reporters: ['verbose'],
    // the first installs what both need
    fileParallelism: false,
  },
});
