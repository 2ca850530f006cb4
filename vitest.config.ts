import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/runtimes/**'],
    globalSetup: 'test/kernels/setup.ts',
    testTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['**/*.generated.ts'],
      reporter: ['text', 'html'],
    },
  },
});
