import { bare, checkNumber, checkOneOf, checkOptions, MOST_FLOAT32 } from '../support/check.js';
import { activationEntry, type ActivationName, type HitRule } from './activations.js';

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

/** What a loss is, beside its formulas. */
interface LossEntry {
  /** The kernels' number for it: `assembly/losses/table.ts`, which has the formulas. */
  readonly code: number;
  /** The name of its parameter, what that is where none is given, and what it must be above; without, from 0 and below 1. */
  readonly option?: string;
  readonly parameter?: number;
  readonly above?: number;
  /** The last activation that it is the default of. */
  readonly suits?: ActivationName;
  /** The kernels' number for it and that activation together: it then takes the logits, and its slope is delta itself. */
  readonly fused?: number;
  /** dC/da_j of a fused pair, which the kernels never form, from a_j, its target, the outputs and the parameter. */
  readonly slope?: (a: number, target: number, outputs: number, parameter: number) => number;
  /** What its targets are, if they are not any numbers. */
  readonly targets?: TargetRange;
  /** Whether class numbers will do for rows that are one-hot. */
  readonly takesLabels?: true;
  /** How the outputs name a class, if they do. */
  readonly hits?: HitRule;
}

/** What keeps a division by a saturated output finite, as in the kernels' losses on probabilities. */
const LEAST = 1e-12;

/**
 * Every loss, in one table.
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
  crossEntropy: {
    code: 5,
    option: 'labelSmoothing',
    parameter: 0,
    suits: 'softmax',
    fused: 7,
    slope: (a, target, outputs, smoothing) => -((1 - smoothing) * target + smoothing / outputs) / Math.max(a, LEAST),
    targets: SHARES,
    takesLabels: true,
    hits: 1,
  },
  binaryCrossEntropy: {
    code: 6,
    suits: 'sigmoid',
    fused: 8,
    slope: (a, target, outputs) => (a - target) / Math.max(a * (1 - a), LEAST) / outputs,
    targets: PROBABILITIES,
    hits: 2,
  },
} as const satisfies Record<string, LossEntry>);

/** The loss of an activation that no other is the default of. */
const DEFAULT: LossName = 'mse';

/** The name of a loss. */
export type LossName = keyof typeof LOSSES;

/** The row of the table for a loss. */
export function lossEntry(name: LossName): LossEntry {
  return LOSSES[name];
}

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
  const { option } = lossEntry(name);
  const given = checkOptions(name, options, option ? [option] : []);
  return { name, parameter: checkParameter(name, option === undefined ? undefined : given[option]) };
}

function checkParameter(name: LossName, value: unknown): number {
  const { option, parameter = 0, above } = lossEntry(name);
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
  return (Object.keys(LOSSES) as LossName[]).find((name) => lossEntry(name).suits === last) ?? DEFAULT;
}

/**
 * Refuses a single output that would always be right: one that is a share of itself is 1, and a loss of class numbers
 * sees one class. Refuses logits where a loss takes probabilities too: it would take their logarithms.
 *
 * @throws RangeError that says what to do
 */
export function checkOutputs(loss: LossName, last: ActivationName, outputs: number): void {
  const { rowwise, alias } = activationEntry(last);
  const { suits, takesLabels } = lossEntry(loss);
  if (outputs === 1 && (takesLabels || rowwise)) {
    const [what, why] = rowwise
      ? [`the activation ${last}`, 'which makes it 1 always']
      : [`the loss ${loss}`, 'which is 0 of one class'];
    throw new RangeError(
      `the last layer has 1 unit and ${what}, ${why}: for two classes, use sigmoid with binaryCrossEntropy; ` +
        'for more, a unit for each',
    );
  }
  if (!alias || !suits) return;
  throw new RangeError(`the last layer is ${last}, and ${loss} takes probabilities: use dense(${outputs}, "${suits}")`);
}

/** The kernels' code for a loss over a last activation. */
export function lossCode(loss: LossName, last: ActivationName): number {
  const { code, suits, fused } = lossEntry(loss);
  return suits === last ? (fused ?? code) : code;
}

/** True where the loss is taken from the logits: its first derivative is delta itself. */
export function isFused(loss: LossName, last: ActivationName): boolean {
  return lossCode(loss, last) === lossEntry(loss).fused;
}

/** How hits are counted; 0 not at all. */
export interface HitRules {
  /** Where every row of the targets is one-hot. */
  readonly oneHot: 0 | HitRule;
  readonly other: 0 | HitRule;
}

/** By the largest output where the loss or the last activation says so, otherwise by sides where one of them does. */
export function hitRules(loss: LossName, last: ActivationName, outputs: number): HitRules {
  const said = [lossEntry(loss).hits, activationEntry(last).hits];
  const other = said.includes(1) ? 1 : said.includes(2) ? 2 : 0;
  return { oneHot: other === 2 && outputs > 1 ? 1 : other, other };
}
