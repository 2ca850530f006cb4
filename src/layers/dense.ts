import { type Activation, activationEntry, type ActivationName, checkActivation } from '../choices/activations.js';
import { panelled, vector } from '../engine/layout.js';
import { checkBoolean, checkInteger, checkOneOf, checkOptions } from '../support/check.js';
import { type InitName, INITS } from './init.js';
import { checkShared, type Layer, type LayerOptions, type LeafKind, SHARED } from './kind.js';

/** What may be said of a dense layer beside its units and activation. */
export interface DenseOptions extends LayerOptions {
  /** Whether the layer has biases. Default true. */
  bias?: boolean;
  /** How its weights and biases begin. Default `balanced`; `INITS` in `init.ts` says what each name means. */
  init?: InitName;
}

/** A dense layer, as `dense` makes it. */
export interface DenseLayer extends Layer {
  readonly kind: 'dense';
  readonly units: number;
  readonly activation: Activation;
  readonly bias: boolean;
  readonly init: InitName;
  readonly trainable: boolean;
  readonly rateScale: number;
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
  const given = checkOptions('dense', options, ['bias', 'init', ...SHARED]);
  return checkDense('', Object.assign(given, { units, activation }));
}

function checkDense(place: string, given: Record<string, unknown>): DenseLayer {
  const { units, activation, bias = true, init = 'balanced' } = given;
  return {
    kind: 'dense',
    units: checkInteger(`${place}units`, units, 1, MOST_UNITS),
    activation: checkActivation(`${place}activation`, activation),
    bias: checkBoolean(`${place}bias`, bias),
    init: checkOneOf(`${place}init`, init, Object.keys(INITS)) as InitName,
    ...checkShared(place, given),
  };
}

export const DENSE: LeafKind<DenseLayer> = {
  code: 0,
  options: ['units', 'activation', 'bias', 'init', ...SHARED],
  isHead: true,
  check: checkDense,
  outputs: ({ units }) => units,
  tensors({ units, bias, init, trainable }, inputs) {
    const { weights, biases } = INITS[init];
    return [
      {
        name: 'weight',
        field: 'weight',
        min: undefined,
        shape: [units, inputs],
        packing: panelled(units, inputs),
        trained: trainable,
        sparse: false,
        exists: true,
        initial: (draw, role) => draw(inputs * units, weights({ inputs, outputs: units, role }), 0),
      },
      {
        name: 'bias',
        field: 'bias',
        min: undefined,
        shape: [units],
        packing: vector(units),
        trained: trainable,
        sparse: false,
        exists: bias,
        initial: (draw, role) => {
          const limit = biases({ inputs, outputs: units, role });
          return limit === 0 ? undefined : draw(units, limit, 1);
        },
      },
    ];
  },
  record({ units, activation, bias }, inputs) {
    const { panels, panelStride } = panelled(units, inputs);
    const { code } = activationEntry(activation.name);
    return { panels, panelStride, activation: code, parameter: activation.parameter, hasBias: Number(bias) };
  },
  writesPanels: true,
  scratch: ({ kernels }, { inputs, outputs, lda, ld }, rows) =>
    kernels.scratchFloats(rows, inputs, outputs, lda, ld, panelled(outputs, inputs).panels),
  hasZ: ({ activation }) => !activationEntry(activation.name).alias,
  flops: ({ units }, inputs) => 2 * inputs * units,
  hasWeights: true,
  ways: ({ units }, k, inputs, weights) =>
    Array.from({ length: units }, (_, j) => ({ j, weight: weights![j * inputs + k] })),
  describe({ units, activation }, inputs) {
    const parameter = activation.parameter ? `(${activation.parameter})` : '';
    return [`dense ${inputs} -> ${units}`, activation.name + parameter];
  },
};
