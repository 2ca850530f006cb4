import { defineConfig } from 'vitest/config';

/** The package in other runtimes: `npm run test:runtimes`. */
export default defineConfig({
  test: {
    include: ['test/runtimes/*.test.ts'],
    testTimeout: 120_000,
    reporters: ['verbose'],
  },
});
