import { checkNumber, checkOptions, MOST_FLOAT32 } from '../support/check.js';
import type { Layer, LeafKind } from './kind.js';
import { columnRecord, columns } from './norm.js';

/** Options of `normalize`. */
export interface NormalizeOptions {
  /** A column whose standard deviation is not above it counts as constant, and gives 0. Default 1e-12. */
  epsilon?: number;
}

/** A layer that standardises what the network is given, as `normalize` makes it. */
export interface NormalizeLayer extends Layer {
  readonly kind: 'normalize';
  readonly epsilon: number;
}

/**
 * a = (x - mean) / deviation, by the mean and the standard deviation of each column of the data: `fit` and `epochs` learn
 * them from the training data before their first step, unless `net.adapt(x)` has learnt them already. They are no
 * parameters of the gradient. Until then a = x. Its tensors are `mean`, `variance`, and `count`, [1], of the rows that they
 * were learnt from, 0 for none.
 *
 * @throws TypeError, RangeError for a value that cannot be used
 */
export function normalize(options?: NormalizeOptions): NormalizeLayer {
  return NORMALIZE.check('', checkOptions('normalize', options, NORMALIZE.options), () => []);
}

export const NORMALIZE: LeafKind<NormalizeLayer> = {
  code: 5,
  options: ['epsilon'],
  check: (place, { epsilon = 1e-12 }) => ({
    kind: 'normalize',
    epsilon: checkNumber(`${place}epsilon`, epsilon, { min: 0, max: MOST_FLOAT32 }),
  }),
  outputs: (_, inputs) => inputs,
  tensors: (_, inputs) => [
    columns('mean', 'mean', inputs),
    columns('variance', 'variance', inputs, { first: 1, min: 0 }),
    { ...columns('mean', 'count', 1, { min: 0 }), field: undefined },
  ],
  // an epsilon in the record would be added to the variance: a constant column's is 0 instead
  record: (_, inputs) => columnRecord(inputs),
  hasZ: () => false,
  flops: (_, inputs) => 4 * inputs,
  describe: (_, inputs) => [`normalize ${inputs}`, ''],
};
