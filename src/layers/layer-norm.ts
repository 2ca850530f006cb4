import { checkOptions } from '../support/check.js';
import { checkShared, type Layer, type LayerOptions, type LeafKind, SHARED } from './kind.js';
import { checkEpsilon, columnRecord, scaleTensors } from './norm.js';

/** Options of `layerNorm`. */
export interface LayerNormOptions extends LayerOptions {
  /** What is added to the variance before its root, at least 1e-30. Default 1e-5. */
  epsilon?: number;
}

/** A layer that standardises each row, as `layerNorm` makes it. */
export interface LayerNormLayer extends Layer {
  readonly kind: 'layerNorm';
  readonly epsilon: number;
  readonly trainable: boolean;
  readonly rateScale: number;
}

/**
 * z = (x - mean) / sqrt(variance + epsilon), a = weight z + bias: the mean and variance are those of the values of one
 * example, so it does the same in training and afterwards. Ba, Kiros and Hinton 2016; `torch.nn.LayerNorm`. weight and bias,
 * one of each a unit, begin as 1 and 0.
 *
 * @throws TypeError, RangeError for a value that cannot be used
 */
export function layerNorm(options?: LayerNormOptions): LayerNormLayer {
  return LAYER_NORM.check('', checkOptions('layerNorm', options, LAYER_NORM.options), () => []);
}

export const LAYER_NORM: LeafKind<LayerNormLayer> = {
  code: 3,
  options: ['epsilon', ...SHARED],
  check: (place, given) => ({
    kind: 'layerNorm',
    epsilon: checkEpsilon(place, given),
    ...checkShared(place, given),
  }),
  outputs: (_, inputs) => inputs,
  tensors: ({ trainable }, inputs) => scaleTensors(inputs, trainable),
  record: ({ epsilon }, inputs) => ({ ...columnRecord(inputs), epsilon }),
  hasZ: () => true,
  kept: (_, rows) => rows,
  flops: (_, inputs) => 16 * inputs,
  describe: (_, inputs) => [`layerNorm ${inputs}`, ''],
};
