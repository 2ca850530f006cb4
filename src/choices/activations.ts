import { bare, checkNumber, checkOneOf, checkOptions, MOST_FLOAT32 } from '../support/check.js';

/** What an activation is, beside its formulas. */
interface ActivationEntry {
  /** The kernels' number for it: `assembly/activations/table.ts`, which has the formulas. */
  readonly code: number;
  /** Its parameter where none is given; without, it has none. */
  readonly parameter?: number;
  /** |a| is at most 1. */
  readonly bounded?: true;
  /** a is z: they can be one array. */
  readonly alias?: true;
  /** Each a depends on the whole row of z. */
  readonly rowwise?: true;
  /** Only the last layer can have it. */
  readonly head?: true;
  /** How its outputs name a class, if they do. */
  readonly hits?: HitRule;
}

/** How hits are counted (`assembly/step/hits.ts`): 1 by the largest output, 2 by each output's side of 1/2. */
export type HitRule = 1 | 2;

/** Every activation, in one table. */
export const ACTIVATIONS = bare({
  linear: { code: 0, alias: true },
  sigmoid: { code: 1, bounded: true, hits: 2 },
  tanh: { code: 2, bounded: true },
  relu: { code: 3 },
  leakyRelu: { code: 4, parameter: 0.01 },
  elu: { code: 5, parameter: 1 },
  silu: { code: 6 },
  softplus: { code: 7 },
  gelu: { code: 8 },
  geluTanh: { code: 9 },
  softmax: { code: 10, rowwise: true, head: true, hits: 1 },
} as const satisfies Record<string, ActivationEntry>);

/** The name of an activation. `softmax` goes on the last layer only. */
export type ActivationName = keyof typeof ACTIVATIONS;

/** An activation with its parameter, as `leakyRelu` and `elu` make it. */
export interface Activation {
  readonly name: ActivationName;
  /** The slope of `leakyRelu`, the alpha of `elu`, 0 elsewhere. */
  readonly parameter: number;
}

const PARAMETER = { min: -MOST_FLOAT32, max: MOST_FLOAT32 };

/** The row of the table for an activation. */
export function activationEntry(name: ActivationName): ActivationEntry {
  return ACTIVATIONS[name];
}

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
    return { name, parameter: activationEntry(name).parameter ?? 0 };
  }
  const given = checkOptions(`"${option}"`, value, ['name', 'parameter']);
  const name = checkOneOf(`${option}.name`, given['name'], names) as ActivationName;
  const takesOne = activationEntry(name).parameter !== undefined;
  return { name, parameter: takesOne ? checkNumber(`${option}.parameter`, given['parameter'], PARAMETER) : 0 };
}
