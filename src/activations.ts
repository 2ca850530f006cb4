import { bare, checkNumber, checkOneOf, checkOptions, MOST_FLOAT32 } from './check.js';
import type { InitName } from './init.js';

/**
 * Every activation, in one table: the kernels' code for it, how a layer that uses it is initialised, and its
 * parameter, if any. The formulas are in `assembly/activation.ts`.
 */
export const ACTIVATIONS = bare({
  linear: { code: 0, init: 'glorot' },
  sigmoid: { code: 1, init: 'glorot' },
  tanh: { code: 2, init: 'glorot' },
  relu: { code: 3, init: 'he' },
  leakyRelu: { code: 4, init: 'he', parameter: 0.01 },
  elu: { code: 5, init: 'he', parameter: 1 },
  silu: { code: 6, init: 'he' },
  softplus: { code: 7, init: 'he' },
  gelu: { code: 8, init: 'he' },
  geluTanh: { code: 9, init: 'he' },
  softmax: { code: 10, init: 'glorot' },
} as const satisfies Record<string, { code: number; init: InitName; parameter?: number }>);

/** The name of an activation. `softmax` goes on the last layer only. */
export type ActivationName = keyof typeof ACTIVATIONS;

/** An activation with its parameter, as `leakyRelu` and `elu` make it. */
export interface Activation {
  readonly name: ActivationName;
  /** The slope of `leakyRelu`, the alpha of `elu`, 0 elsewhere. */
  readonly parameter: number;
}

const PARAMETER = { min: -MOST_FLOAT32, max: MOST_FLOAT32 };

/** z where z > 0, slope * z elsewhere. `slope` is 0.01 by default. */
export function leakyRelu(slope = 0.01): Activation {
  return { name: 'leakyRelu', parameter: checkNumber('slope', slope, PARAMETER) };
}

/** z where z > 0, alpha * (e^z - 1) elsewhere. `alpha` is 1 by default. */
export function elu(alpha = 1): Activation {
  return { name: 'elu', parameter: checkNumber('alpha', alpha, PARAMETER) };
}

/** The activation that a name or an `Activation` means. */
export function checkActivation(option: string, value: unknown): Activation {
  const names = Object.keys(ACTIVATIONS);
  if (typeof value !== 'object' || value === null) {
    const name = checkOneOf(option, value, names) as ActivationName;
    const entry = ACTIVATIONS[name];
    return { name, parameter: 'parameter' in entry ? entry.parameter : 0 };
  }
  const given = checkOptions(`"${option}"`, value, ['name', 'parameter']);
  const name = checkOneOf(`${option}.name`, given['name'], names) as ActivationName;
  const takesOne = 'parameter' in ACTIVATIONS[name];
  return { name, parameter: takesOne ? checkNumber(`${option}.parameter`, given['parameter'], PARAMETER) : 0 };
}
