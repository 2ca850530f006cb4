import { defineConfig } from 'vitest/config';

/** The playground's tests: those that open it need a browser, and build the page first. */
export default defineConfig({
  test: {
    include: ['test/playground/**/*.test.ts'],
    globalSetup: 'test/playground/serve.ts',
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000, interval: 100 } },
    // one browser at a time: they measure how smoothly the page runs
    fileParallelism: false,
  },
});
