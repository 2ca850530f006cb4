import { bare } from '../support/check.js';
import type { LeafKind } from './kind.js';

/** a = x + skip, where the ways of a residual layer meet. Made by `residual` alone. */
export const ADD = bare<LeafKind<object>>({
  code: 1,
  options: [],
  check: () => ({}),
  outputs: (_, inputs) => inputs,
  tensors: () => [],
  record: () => ({}),
  hasZ: () => false,
  flops: (_, inputs) => inputs,
  describe: (_, inputs) => [`residual ${inputs}`, ''],
});
