import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // what needs browsers and other runtimes has scripts of its own
    exclude: [
      ...configDefaults.exclude,
      'test/**/*.slow{,.node}.test.ts',
      'test/{runtimes,playground}/**',
      'test/threads/browser.test.ts',
    ],
    globalSetup: 'test/kernels/setup.ts',
    setupFiles: 'test/quiet.ts',
    testTimeout: 60_000,
    // Vitest leaves a processor idle otherwise: of two, half of them
    maxWorkers: '100%',
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['**/*.generated.ts'],
      reporter: ['text', 'html'],
    },
  },
});
