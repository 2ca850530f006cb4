import type { Measuring } from '../choices/metrics.js';
import { type Examples, readExamples } from '../data/numbers.js';
import type { Blocks } from '../engine/blocks.js';
import type { Model } from '../model/model.js';
import { residentEvaluation } from '../model/readings.js';
import { Resident } from '../model/resident.js';
import { describe } from '../support/check.js';
import type { Work } from './batches.js';
import { measure, type Measure } from './report.js';
import { giveWay, runInTurns, type Turns } from './turns.js';

/** The option `validation`, checked. */
export function readValidation({ shape }: Model, pair: unknown): Examples | undefined {
  if (pair === undefined) return undefined;
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw new TypeError(`"validation" must be a pair [x, y]: got ${describe(pair)}`);
  }
  return readExamples(pair[0], pair[1], shape, ['validation[0]', 'validation[1]']);
}

/** Copies examples into `blocks`, and makes them ready to be worked on. */
export async function loading(turns: Turns, blocks: Blocks, examples: Examples, shuffled: boolean): Promise<Work> {
  const data = await giveWay(Resident.copying(turns.model, blocks, examples, shuffled), turns);
  return { ...turns, data, before: 0 };
}

/** Measures examples that are ready. */
export async function evaluate(work: Work, metrics: readonly Measuring[]): Promise<Measure> {
  const { model, data } = work;
  return measure(model, await runInTurns(work, residentEvaluation(model, data, metrics)), data.count);
}
