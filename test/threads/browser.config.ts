import { defineConfig } from 'vitest/config';

/** `npm run test:threads:browser`: it needs the build, and skips a browser that is not installed. */
export default defineConfig({
  test: { include: ['test/threads/browser.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
});
