import { playwright } from '@vitest/browser-playwright';
import { configDefaults, defineConfig } from 'vitest/config';
import { CHROMIUM, FIREFOX } from './test/browsers.js';

const missing = [CHROMIUM, FIREFOX].filter(({ launchOptions }) => launchOptions === undefined);
for (const { name, install } of missing) console.warn(`${name} is not installed: ${install}`);
if (missing.length > 0 && process.env['CI']) throw new Error('the engine has to be tested in each browser');

/** The engine's own suite in the browsers that are installed: `npm run test:browser`. */
export default defineConfig({
  // what makes a page cross-origin isolated, so that it has SharedArrayBuffer
  server: { headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' } },
  test: {
    include: ['test/{kernels,reference,training}/**/*.test.ts'],
    exclude: [...configDefaults.exclude, '**/*.node.test.ts'],
    globalSetup: 'test/kernels/setup.ts',
    setupFiles: 'test/quiet.ts',
    testTimeout: 300_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      connectTimeout: 300_000, // Firefox is slow to start on a busy machine
      provider: playwright(),
      instances: [CHROMIUM, FIREFOX].flatMap(({ type, launchOptions }) =>
        launchOptions
          ? [{ browser: type.name() as 'chromium' | 'firefox', provider: playwright({ launchOptions }) }]
          : [],
      ),
    },
  },
});
