import { bare } from '../support/check.js';
import type { Layer, LeafKind } from './kind.js';

/** a = x + skip, where the ways of a residual layer meet. Made by `residual` alone. */
export const ADD = bare<LeafKind<Layer>>({
  code: 1,
  options: [],
  check: () => ({ kind: 'residual' }),
  outputs: (_, inputs) => inputs,
  tensors: () => [],
  record: () => ({}),
  hasZ: () => false,
  flops: (_, inputs) => inputs,
  ways: (_, k) => [{ j: k, weight: 1 }],
  describe: (_, inputs) => [`residual ${inputs}`, ''],
});
