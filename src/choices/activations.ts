import { bare, checkNumber, checkOneOf, checkOptions, MOST_FLOAT32 } from '../support/check.js';

/** Every activation: the kernels' code for it, and its parameter, if any. `assembly/activations/table.ts` has the formulas. */
export const ACTIVATIONS = bare({
  linear: { code: 0 },
  sigmoid: { code: 1 },
  tanh: { code: 2 },
  relu: { code: 3 },
  leakyRelu: { code: 4, parameter: 0.01 },
  elu: { code: 5, parameter: 1 },
  silu: { code: 6 },
  softplus: { code: 7 },
  gelu: { code: 8 },
  geluTanh: { code: 9 },
  softmax: { code: 10 },
} as const satisfies Record<string, { code: number; parameter?: number }>);

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
