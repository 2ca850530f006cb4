import { configDefaults, defineConfig } from 'vitest/config';
import common from './vitest.config.js';

/** `npm run test:slow`: what takes longer than a person waits for. `.ci/run` runs it. */
export default defineConfig({
  test: {
    ...common.test,
    include: ['test/**/*.slow{,.node}.test.ts'],
    exclude: configDefaults.exclude,
    testTimeout: 900_000,
    // some of them build the library, in the same folder
    maxWorkers: 1,
  },
});
