import { defineConfig } from 'vitest/config';

/** The playground's tests: those that open it need a browser, and build the page first. */
export default defineConfig({
  test: {
    include: ['test/playground/**/*.test.ts'],
    globalSetup: 'test/playground/serve.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // one browser at a time: they measure how smoothly the page runs
    fileParallelism: false,
  },
});
