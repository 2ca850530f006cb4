import type { Measuring } from '../choices/metrics.js';
import type { Examples } from '../data/numbers.js';
import { assertWeight, readTuple } from '../data/weighing.js';
import type { Blocks } from '../engine/blocks.js';
import type { Model } from '../model/model.js';
import { residentEvaluation } from '../model/readings.js';
import { Resident } from '../model/resident.js';
import type { Work } from './batches.js';
import { measure, type Measure } from './report.js';
import { giveWay, runInTurns, type Turns } from './turns.js';

/** The option `validation`, checked. */
export function readValidation({ shape }: Model, given: unknown): Examples | undefined {
  return given === undefined ? undefined : assertWeight(readTuple('validation', given, shape), 'validation[2]');
}

/** Copies examples into `blocks`, and makes them ready to be worked on. */
export async function loading(turns: Turns, blocks: Blocks, examples: Examples, shuffled: boolean): Promise<Work> {
  const data = await giveWay(Resident.copying(turns.model, blocks, examples, shuffled), turns);
  return { ...turns, data, before: 0 };
}

/** Measures examples that are ready. */
export async function evaluate(work: Work, metrics: readonly Measuring[]): Promise<Measure> {
  const { model, data } = work;
  return measure(model, await runInTurns(work, residentEvaluation(model, data, metrics)), data.weight);
}
