import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** ECMAScript lets an engine choose the last bits of these, so a weight that saw one would differ between engines. */
const approximate = [
  ...['acos', 'acosh', 'asin', 'asinh', 'atan', 'atan2', 'atanh', 'cbrt', 'cos', 'cosh', 'exp', 'expm1', 'hypot'],
  ...['log', 'log10', 'log1p', 'log2', 'pow', 'sin', 'sinh', 'tan', 'tanh'],
];

/** What plain JavaScript may use of the platform that it runs on. */
const PLATFORM = [
  'AbortController',
  'Blob',
  'URL',
  'Worker',
  'console',
  'crypto',
  'document',
  'postMessage',
  'process',
];

export default defineConfig(
  globalIgnores([
    'assembly/**/*.ts',
    '!assembly/**/generate.ts', // the one file there that is TypeScript
    '**/*.as.ts',
    '**/*.generated.ts',
    ...['build/', 'coverage/', 'dist/', 'results/'],
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A number in a message reads well; the error messages are full of them.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // The types are what a caller promises; the library checks it, and an index may lie outside an array.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Typed arrays are indexed within bounds that the code around them states; an index type can't.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // The compiler's noPropertyAccessFromIndexSignature is off, so `env['NAME']` is a matter of taste.
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      complexity: ['error', 15],
      'max-lines': ['error', 400],
      'no-restricted-properties': [
        'error',
        ...approximate.map((property) => ({
          object: 'Math',
          property,
          message: 'Engines differ in its last bit, and the same seed must give the same bits: use a kernel.',
        })),
        {
          object: 'Math',
          property: 'random',
          message: 'Random numbers come from the seeded generator; a seed itself is drawn in one place only.',
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: ':matches(BinaryExpression[operator="**"], AssignmentExpression[operator="**="])',
          message: 'Engines differ in the last bit of a power: multiply, or write the constant.',
        },
      ],
    },
  },
  {
    files: ['bench/**/*.ts', 'examples/**/*.ts', 'scripts/**/*.ts', '*.config.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // Tests pass what the types forbid, on purpose, and print what they measured.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      'no-console': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: { globals: Object.fromEntries(PLATFORM.map((name) => [name, 'readonly'])) },
  },
);
