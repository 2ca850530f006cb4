import { bare, checkNumber } from '../support/check.js';
import type { Layer, LeafKind } from './kind.js';

/** A layer that drops values in training, as `dropout` makes it. */
export interface DropoutLayer extends Layer {
  readonly kind: 'dropout';
  readonly rate: number;
}

/** The largest share that the kernels can tell from 1: they draw from numbers in steps of 2^-24. */
const LARGEST_SHARE = 1 - 1 / 0x1000000;

/**
 * In steps of training a random share of the values becomes 0, and the others are multiplied by 1 / (1 - rate), so that
 * their mean stays: Srivastava et al. 2014. Everywhere else the values pass unchanged; `gradients` drops with
 * `{ training: true }` what the next step would.
 *
 * Which values are dropped depends on the seed, the layer's place, the steps made so far, the row's place in the batch and
 * the column, and on nothing else: it is the same on every engine, with any number of threads, and when a network is
 * loaded and goes on.
 *
 * @param rate the share, at least 0 and below 1
 * @throws TypeError, RangeError for a value that cannot be used
 */
export function dropout(rate: number): DropoutLayer {
  return DROPOUT.check('', { rate }, () => []);
}

export const DROPOUT = bare<LeafKind<DropoutLayer>>({
  code: 7,
  options: ['rate'],
  check: (place, { rate }) => ({ kind: 'dropout', rate: checkNumber(`${place}rate`, rate, { min: 0, below: 1 }) }),
  outputs: (_, inputs) => inputs,
  tensors: () => [],
  record: ({ rate }) => ({ parameter: Math.min(rate, LARGEST_SHARE) }),
  hasZ: () => true,
  flops: (_, inputs) => inputs,
  ways: (_, k) => [{ j: k, weight: 1 }],
  describe: ({ rate }, inputs) => [`dropout ${inputs}`, `rate ${rate}`],
});
