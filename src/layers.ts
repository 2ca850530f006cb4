import { ACTIVATIONS, checkActivation, type Activation, type ActivationName } from './activations.js';
import { checkBoolean, checkInteger, checkOneOf, checkOptions } from './check.js';
import { INITS, type InitName } from './init.js';

/** What may be said of a dense layer beside its units and activation. */
export interface DenseOptions {
  /** Whether the layer has biases. Default true. */
  bias?: boolean;
  /** How its weights begin. Default: what suits the activation (`he` for the relu family, `glorot` otherwise). */
  init?: InitName;
}

/** A dense layer, as `dense` makes it. */
export interface DenseLayer {
  readonly units: number;
  readonly activation: Activation;
  readonly bias: boolean;
  readonly init: InitName;
}

/** The most units of a layer or inputs of a network: what the kernels' counts can hold. */
export const MOST_UNITS = 0x7fffffff;

/**
 * A layer in which every unit sees every input: z = W a + b, then the activation.
 *
 * @param units how many neurons, at least 1
 * @param activation default `linear`
 * @throws TypeError, RangeError for a value that cannot be used
 */
export function dense(
  units: number,
  activation: ActivationName | Activation = 'linear',
  options?: DenseOptions,
): DenseLayer {
  const given = checkOptions('dense', options, ['bias', 'init']);
  const checked = checkActivation('activation', activation);
  return {
    units: checkInteger('units', units, 1, MOST_UNITS),
    activation: checked,
    bias: given['bias'] === undefined ? true : checkBoolean('bias', given['bias']),
    init:
      given['init'] === undefined
        ? ACTIVATIONS[checked.name].init
        : (checkOneOf('init', given['init'], Object.keys(INITS)) as InitName),
  };
}

/** The layers of `createNetwork`, each checked as if `dense` had just made it. */
export function checkLayers(value: unknown): DenseLayer[] {
  if (!Array.isArray(value)) throw new TypeError('"layers" must be an array of layers, such as [dense(10, "relu")]');
  if (value.length === 0) throw new RangeError('"layers" must hold at least one layer, such as dense(1)');
  return value.map((layer: unknown, index) => {
    if (typeof layer !== 'object' || layer === null || !('units' in layer) || !('activation' in layer)) {
      throw new TypeError(`"layers[${index}]" must be a layer, such as dense(10, "relu")`);
    }
    const { units, activation, bias, init } = layer as DenseLayer;
    const checked = dense(units, activation, { bias, init });
    if (checked.activation.name === 'softmax' && index + 1 < value.length) {
      throw new RangeError(`"layers[${index}]" has the activation softmax: only the last layer can`);
    }
    return checked;
  });
}
