import { type Activation, type ActivationName, checkActivation } from '../choices/activations.js';
import {
  checkBoolean,
  checkInteger,
  checkNumber,
  checkOneOf,
  checkOptions,
  describe,
  MOST_FLOAT32,
} from '../support/check.js';
import { type InitName, INITS } from './init.js';

/** What may be said of a dense layer beside its units and activation. */
export interface DenseOptions {
  /** Whether the layer has biases. Default true. */
  bias?: boolean;
  /** How its weights and biases begin. Default `balanced`; `INITS` in `init.ts` says what each name means. */
  init?: InitName;
  /**
   * What the optimizer's rate is multiplied by for the layer's weights and biases. Default 1; with 0 they stay as they
   * are. A parameter group of PyTorch with a rate of its own.
   */
  rateScale?: number;
}

/** A dense layer, as `dense` makes it. */
export interface DenseLayer {
  readonly units: number;
  readonly activation: Activation;
  readonly bias: boolean;
  readonly init: InitName;
  readonly rateScale: number;
}

/** Every option of a dense layer, in the order of messages. */
const FIELDS = ['units', 'activation', 'bias', 'init', 'rateScale'];

/** The most units of a layer or inputs of a network: what the kernels' counts can hold. */
export const MOST_UNITS = 0x7fffffff;

/** The most layers of a network: a bound on what a network, or a file that describes one, makes the host build. */
export const MOST_LAYERS = 1000;

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
  const given = checkOptions('dense', options, FIELDS.slice(2));
  return checkLayer('', { ...given, units, activation });
}

/** A layer, `place` being what comes before the names of its options in messages. */
function checkLayer(
  place: string,
  { units, activation, bias = true, init = 'balanced', rateScale = 1 }: Record<string, unknown>,
): DenseLayer {
  return {
    units: checkInteger(`${place}units`, units, 1, MOST_UNITS),
    activation: checkActivation(`${place}activation`, activation),
    bias: checkBoolean(`${place}bias`, bias),
    init: checkOneOf(`${place}init`, init, Object.keys(INITS)) as InitName,
    rateScale: checkNumber(`${place}rateScale`, rateScale, { min: 0, max: MOST_FLOAT32 }),
  };
}

/** The layers of `createNetwork`, each checked as if `dense` had just made it. */
export function checkLayers(value: unknown): DenseLayer[] {
  if (!Array.isArray(value)) {
    throw new TypeError(`"layers" must be an array of layers, such as [dense(10, "relu")]: got ${describe(value)}`);
  }
  if (value.length === 0) throw new RangeError('"layers" must hold at least one layer, such as dense(1)');
  if (value.length > MOST_LAYERS) {
    throw new RangeError(`"layers" has ${value.length} layers: at most ${MOST_LAYERS} can be had`);
  }
  // not map, which would skip what a sparse array lacks
  return Array.from({ length: value.length }, (_, index) => {
    const place = `layers[${index}]`;
    const layer: unknown = value[index];
    if (typeof layer !== 'object' || layer === null) {
      throw new TypeError(`"${place}" must be a layer, such as dense(10, "relu"): got ${describe(layer)}`);
    }
    const checked = checkLayer(`${place}.`, checkOptions(`"${place}"`, layer, FIELDS));
    if (checked.activation.name === 'softmax' && index + 1 < value.length) {
      throw new RangeError(`"${place}" has the activation softmax: only the last layer can`);
    }
    return checked;
  });
}
