import { bare, checkNumber, checkOneOf, checkOptions, MOST_FLOAT32 } from '../support/check.js';
import type { ActivationName } from './activations.js';

/** What every target of a loss must be, and what to do about one that is not. */
export interface TargetRange {
  readonly min: number;
  readonly max: number;
  /** Advice for targets below `min`, and above `max`. */
  readonly below: string;
  readonly above: string;
}

const CLASS_NUMBERS = 'one class number for each example, from 0, will do too';

const SHARES: TargetRange = { min: 0, max: 1, below: CLASS_NUMBERS, above: CLASS_NUMBERS };

const PROBABILITIES: TargetRange = {
  min: 0,
  max: 1,
  below: 'of labels -1 and 1, make 0 and 1',
  above: 'for class numbers, use crossEntropy with an output for each class; scale other targets down',
};

/**
 * Every loss, in one table: the kernels' code for it, the code that takes the logits when the last activation is
 * the one it is made for, its parameter, and what its targets are, if they are not any numbers. The formulas are in
 * `assembly/losses/table.ts`.
 *
 * The rows of crossEntropy need not add up to 1, as in PyTorch: a row of a smaller sum is an example of less weight, and
 * the gradient is right for any.
 */
export const LOSSES = bare({
  quadratic: { code: 0 },
  mse: { code: 1 },
  mae: { code: 2 },
  huber: { code: 3, option: 'delta', parameter: 1, above: 0 },
  smoothL1: { code: 4, option: 'beta', parameter: 1, above: 0 },
  crossEntropy: { code: 5, option: 'labelSmoothing', parameter: 0, fused: { softmax: 7 }, targets: SHARES },
  binaryCrossEntropy: { code: 6, fused: { sigmoid: 8 }, targets: PROBABILITIES },
} as const satisfies Record<string, LossEntry>);

interface LossEntry {
  readonly code: number;
  readonly option?: string;
  readonly parameter?: number;
  readonly above?: number;
  readonly fused?: Partial<Record<ActivationName, number>>;
  readonly targets?: TargetRange;
}

/** The name of a loss. */
export type LossName = keyof typeof LOSSES;

/** A loss with its parameter, as `crossEntropy`, `huber` and `smoothL1` make it. */
export interface Loss {
  readonly name: LossName;
  /** The labelSmoothing, delta or beta; 0 where the loss has none. */
  readonly parameter: number;
}

/**
 * -sum_j t_j log a_j for one example, from the logits when the last activation is softmax. The targets are class
 * indices or rows; with `labelSmoothing` e (default 0) they are (1 - e) t + e / outputs.
 */
export function crossEntropy(options?: { labelSmoothing?: number }): Loss {
  return withParameter('crossEntropy', options);
}

/** d^2 / 2 where |d| < delta, delta (|d| - delta / 2) elsewhere, averaged over the outputs. `delta` is 1 by default. */
export function huber(options?: { delta?: number }): Loss {
  return withParameter('huber', options);
}

/** d^2 / (2 beta) where |d| < beta, |d| - beta / 2 elsewhere, averaged over the outputs. `beta` is 1 by default. */
export function smoothL1(options?: { beta?: number }): Loss {
  return withParameter('smoothL1', options);
}

function withParameter(name: LossName, options: unknown): Loss {
  const { option } = LOSSES[name] as LossEntry;
  const given = checkOptions(name, options, option ? [option] : []);
  return { name, parameter: checkParameter(name, option === undefined ? undefined : given[option]) };
}

function checkParameter(name: LossName, value: unknown): number {
  const { option, parameter = 0, above } = LOSSES[name] as LossEntry;
  if (option === undefined || value === undefined) return parameter;
  return checkNumber(option, value, above === undefined ? { min: 0, below: 1 } : { above, max: MOST_FLOAT32 });
}

/** The loss that a name or a `Loss` means; without either, the one that suits the last activation. */
export function checkLoss(value: unknown, last: ActivationName): Loss {
  if (value === undefined) return { name: defaultLoss(last), parameter: 0 };
  const names = Object.keys(LOSSES);
  if (typeof value !== 'object' || value === null) {
    const name = checkOneOf('loss', value, names) as LossName;
    return { name, parameter: checkParameter(name, undefined) };
  }
  const given = checkOptions('"loss"', value, ['name', 'parameter']);
  const name = checkOneOf('loss.name', given['name'], names) as LossName;
  return { name, parameter: checkParameter(name, given['parameter']) };
}

function defaultLoss(last: ActivationName): LossName {
  return last === 'softmax' ? 'crossEntropy' : last === 'sigmoid' ? 'binaryCrossEntropy' : 'mse';
}

/** What the targets of a loss must be; `undefined` for any numbers. */
export function targetRange(loss: LossName): TargetRange | undefined {
  return (LOSSES[loss] as LossEntry).targets;
}

/**
 * Refuses a single output that would always be right: a softmax over one output is 1, and crossEntropy sees one class.
 *
 * @throws RangeError that says what two classes take
 */
export function checkOutputs(loss: LossName, last: ActivationName, outputs: number): void {
  if (outputs > 1 || (loss !== 'crossEntropy' && last !== 'softmax')) return;
  const [what, why] =
    last === 'softmax'
      ? ['the activation softmax', 'which makes it 1 always']
      : ['the loss crossEntropy', 'which is 0 of one class'];
  throw new RangeError(
    `the last layer has 1 unit and ${what}, ${why}: for two classes, use sigmoid with binaryCrossEntropy; ` +
      'for more, a unit for each',
  );
}

/** The kernels' code for a loss over a last activation. */
export function lossCode(loss: LossName, last: ActivationName): number {
  const entry: LossEntry = LOSSES[loss];
  return entry.fused?.[last] ?? entry.code;
}

/** True where the loss is taken from the logits: its first derivative is delta itself. */
export function isFused(loss: LossName, last: ActivationName): boolean {
  return (LOSSES[loss] as LossEntry).fused?.[last] !== undefined;
}

/** How hits are counted (`assembly/step/hits.ts`): 1 by the largest output, 2 by each output's side of 1/2, 0 not. */
export interface HitRules {
  /** Where every row of the targets is one-hot. */
  readonly oneHot: 0 | 1 | 2;
  readonly other: 0 | 1 | 2;
}

export function hitRules(loss: LossName, last: ActivationName, outputs: number): HitRules {
  if (loss === 'crossEntropy' || last === 'softmax') return { oneHot: 1, other: 1 };
  if (loss !== 'binaryCrossEntropy' && last !== 'sigmoid') return { oneHot: 0, other: 0 };
  return { oneHot: outputs > 1 ? 1 : 2, other: 2 };
}
