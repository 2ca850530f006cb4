import { mergeConfig } from 'vitest/config';
import common from './vitest.config.js';

/** `npm run test:slow`: what takes longer than a person waits for. `.ci/run` runs it. */
export default mergeConfig(
  { ...common, test: { ...common.test, exclude: [] } },
  {
    test: { include: ['test/**/*.slow{,.node}.test.ts'], testTimeout: 900_000 },
  },
);
