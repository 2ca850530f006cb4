import { beside, type Examples, type InputRows, Slopes } from '../data/numbers.js';
import type { Model } from '../model/model.js';
import { predictRows } from '../model/readings.js';
import { assertStep } from './rules.js';
import { describe } from '../support/check.js';

/**
 * A loss of the user's own. It is given the outputs, [rows, outputs] in an array of its own, and fills `dOutputs`, of
 * the same shape and 0 at first, with dC_i/da: the derivative of each example's own cost by its outputs, not averaged
 * over the examples. It may return the cost, a finite number.
 */
export type OwnLoss<Cost> = (outputs: Float32Array, dOutputs: Float32Array) => Cost;

/** What a loss said of some rows: their slopes beside them, and the cost that it returned. */
export interface Said {
  readonly examples: Examples;
  readonly cost: number | undefined;
}

/**
 * Asks a loss what it has to say about the outputs for some rows. It may use the network meanwhile, and not change it.
 *
 * @throws TypeError, RangeError for a cost that cannot be used; what the loss throws
 */
export function ask(model: Model, x: InputRows, loss: OwnLoss<unknown>): Said {
  assertStep(model, x.count);
  const { outputs: columns } = model.shape;
  const outputs = predictRows(model, x, undefined, true);
  const slopes = new Float32Array(outputs.length);
  // outputs that overflowed are nothing to ask about: the step says which layer they come from
  const cost = outputs.every(Number.isFinite) ? loss(outputs, slopes) : undefined;
  if (cost !== undefined && typeof cost !== 'number') throw new TypeError(refusal(cost));
  if (cost !== undefined && !Number.isFinite(cost)) throw new RangeError(refusal(cost));
  return { examples: beside(x, new Slopes('dOutputs', slopes, columns)), cost };
}

function refusal(cost: unknown): string {
  return `"dCost" returned ${describe(cost)}: expected the cost, a finite number, or nothing`;
}
