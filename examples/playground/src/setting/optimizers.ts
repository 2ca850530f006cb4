/** The settings of each optimizer, beside its rate and weight decay, as the page offers them. */
import type { OptimizerName } from 'chainrule';

/** A number from `min` up to but not `below`, or a switch. */
export type OptionField =
  | {
      readonly kind: 'number';
      readonly initial: number;
      readonly min: number;
      readonly below: number;
      readonly step: number;
    }
  | { readonly kind: 'switch' };

const share = (initial: number, step = 0.01): OptionField => ({ kind: 'number', initial, min: 0, below: 1, step });
const SWITCH: OptionField = { kind: 'switch' };

interface OptimizerEntry {
  readonly title: string;
  readonly fields: Readonly<Record<string, OptionField>>;
}

export const OPTIMIZERS: Readonly<Record<OptimizerName, OptimizerEntry>> = {
  sgd: { title: 'SGD', fields: { momentum: share(0), nesterov: SWITCH } },
  adam: { title: 'Adam', fields: { beta1: share(0.9), beta2: share(0.999, 0.001), amsgrad: SWITCH } },
  adamW: { title: 'AdamW', fields: { beta1: share(0.9), beta2: share(0.999, 0.001), amsgrad: SWITCH } },
  rmsProp: { title: 'RMSprop', fields: { alpha: share(0.99), momentum: share(0), centered: SWITCH } },
  adagrad: { title: 'Adagrad', fields: { rateDecay: { kind: 'number', initial: 0, min: 0, below: 10, step: 0.001 } } },
};

export const OPTIMIZER_NAMES = Object.keys(OPTIMIZERS) as OptimizerName[];

/** What an optimizer begins with on the page. */
export function initialOptions(name: OptimizerName): Record<string, number | boolean> {
  const entries = Object.entries(OPTIMIZERS[name].fields);
  return Object.fromEntries(
    entries.map(([option, field]) => [option, field.kind === 'number' ? field.initial : false]),
  );
}

/** The options as the library takes them: Nesterov's look ahead needs momentum, and is left out without. */
export function usableOptions(options: Readonly<Record<string, number | boolean>>): Record<string, number | boolean> {
  const { nesterov, ...rest } = options;
  return nesterov && rest['momentum'] ? { ...rest, nesterov } : rest;
}
