import { padded } from '../engine/layout.js';
import { checkNumber, checkOptions } from '../support/check.js';
import { checkShared, type Layer, type LayerOptions, type LeafKind, SHARED } from './kind.js';
import { checkEpsilon, columnRecord, columns, scaleTensors } from './norm.js';

/** Options of `batchNorm`. */
export interface BatchNormOptions extends LayerOptions {
  /** What is added to the variance before its root, at least 1e-30. Default 1e-5. */
  epsilon?: number;
  /** What share of the running mean and variance each step replaces by those of its batch, from 0 to 1. Default 0.1. */
  momentum?: number;
}

/** A layer that standardises each column, as `batchNorm` makes it. */
export interface BatchNormLayer extends Layer {
  readonly kind: 'batchNorm';
  readonly epsilon: number;
  readonly momentum: number;
  readonly trainable: boolean;
  readonly rateScale: number;
}

/**
 * z = (x - mean) / sqrt(variance + epsilon), a = weight z + bias, for each unit. Ioffe and Szegedy 2015;
 * `torch.nn.BatchNorm1d`. In steps of training the mean and variance are those of the batch, every example of which counts
 * once, whatever it weighs; elsewhere they are the running ones, `runningMean` and `runningVariance`, which follow those of
 * the batches. So a batch has to have two examples at least, goes through the network as a whole, and no example has a
 * gradient of its own. With `trainable: false` the running ones are used, and kept, in training too.
 *
 * @throws TypeError, RangeError for a value that cannot be used
 */
export function batchNorm(options?: BatchNormOptions): BatchNormLayer {
  return BATCH_NORM.check('', checkOptions('batchNorm', options, BATCH_NORM.options), () => []);
}

export const BATCH_NORM: LeafKind<BatchNormLayer> = {
  code: 4,
  options: ['epsilon', 'momentum', ...SHARED],
  check: (place, given) => ({
    kind: 'batchNorm',
    epsilon: checkEpsilon(place, given),
    momentum: checkNumber(`${place}momentum`, given['momentum'] ?? 0.1, { min: 0, max: 1 }),
    ...checkShared(place, given),
  }),
  outputs: (_, inputs) => inputs,
  tensors: ({ trainable }, inputs) => [
    ...scaleTensors(inputs, trainable),
    columns('mean', 'runningMean', inputs),
    columns('variance', 'runningVariance', inputs, { first: 1, min: 0 }),
  ],
  record: ({ epsilon, momentum }, inputs) => ({ ...columnRecord(inputs), epsilon, momentum }),
  hasZ: () => true,
  kept: ({ outputs }) => 2 * padded(outputs),
  wholeBatches: ({ trainable }) => trainable,
  flops: (_, inputs) => 16 * inputs,
  describe: (_, inputs) => [`batchNorm ${inputs}`, ''],
};
