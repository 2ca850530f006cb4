import { bare } from '../support/check.js';
import type { Layer, LeafKind } from './kind.js';

/** Columns of a row that are copied into a wider one, or out of it. */
export interface Columns extends Layer {
  /** The first of them in x, and in a. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** a's columns from `to` on = x's from `from` on: a branch of `concat` comes to its end. */
export const COPY = bare<LeafKind<Columns>>({
  code: 2,
  options: [],
  check: () => ({ kind: 'concat', from: 0, to: 0, count: 0 }),
  outputs: ({ count }) => count,
  tensors: () => [],
  record: ({ from, to, count }) => ({ from, to, columns: count }),
  hasZ: () => false,
  flops: ({ count }) => count,
  ways: ({ from, to, count }, k) => (k >= from && k < from + count ? [{ j: to + k - from, weight: 1 }] : []),
  describe: ({ count }) => [`copy ${count}`, ''],
});
