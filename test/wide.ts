/** Has the suite run with the kernels of `chainrule/wide`, where the engine takes them: see `vitest.wide.config.ts`. */
import '../src/wide.js';
