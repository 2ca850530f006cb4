import type { Network } from '../index.js';
import type { Features } from './features.js';
import { type Encoded } from './features.js';
import type { Taken } from './kinds/kinds.js';
import {
  type CalibrationBin,
  classCalibration,
  classScores,
  type ClassScores,
  numberCalibration,
  numberScores,
  type NumberScores,
} from './metrics.js';
import { averageOutputs, averageOutputsNow, type Purpose } from './networks.js';
import type { Recipe } from './recipe.js';
import type { Table } from './rows.js';
import { classIndices, type Target, targetCells, targetNames, targetNumbers } from './target.js';

/** How well a model predicts: of classes, or of each number by its column's name. */
export type Scores =
  | ({ readonly task: 'classes' } & ClassScores)
  | { readonly task: 'numbers'; readonly targets: readonly (NumberScores & { readonly name: string })[] };

/** Everything that was learnt of a table: what a file holds, beside the weights. */
export interface Learnt {
  readonly target: Target;
  readonly columns: readonly Taken[];
  readonly recipe: Recipe;
  readonly seed: number;
}

/** Networks and what stands before and behind them. */
export interface Predictor extends Learnt {
  readonly features: Features;
  readonly networks: readonly Network[];
}

export const purposeOf = (target: Target): Purpose => ({
  task: target.task,
  outputs: target.task === 'classes' ? target.labels.length : target.names.length,
});

/** The outputs of some rows: probabilities, or numbers in their own units; row by row. */
export async function outputsOf(predictor: Predictor, encoded: Encoded): Promise<Float64Array> {
  if (encoded.count === 0) return new Float64Array(0);
  return inUnits(predictor.target, await averageOutputs(predictor.networks, encoded));
}

/** As `outputsOf`, at once. */
export function outputsNow(predictor: Predictor, encoded: Encoded): Float64Array {
  if (encoded.count === 0) return new Float64Array(0);
  return inUnits(predictor.target, averageOutputsNow(predictor.networks, encoded));
}

function inUnits(target: Target, outputs: Float64Array): Float64Array {
  if (target.task === 'classes') return outputs;
  const { means, deviations } = target;
  return outputs.map((value, i) => value * deviations[i % means.length] + means[i % means.length]);
}

/** The true values of some rows as they are scored: class indices, or numbers row by row. */
export function truthOf(target: Target, table: Table, rows: readonly number[]): Float64Array | Int32Array {
  const cells = targetCells(table, targetNames(target)).map((column) => rows.map((row) => column[row]));
  return target.task === 'classes' ? classIndices(target, cells[0]) : targetNumbers(target, cells);
}

/** The rows whose target is known, by their numbers. */
export function knownRows(target: Target, truth: Float64Array | Int32Array): number[] {
  const width = target.task === 'classes' ? 1 : target.names.length;
  const every = Array.from({ length: truth.length / width }, (_, row) => row);
  return every.filter((row) => truth.subarray(row * width, (row + 1) * width).every((value) => isKnown(target, value)));
}

const isKnown = ({ task }: Target, value: number): boolean => (task === 'classes' ? value >= 0 : !Number.isNaN(value));

/** The scores of some outputs, of rows that all have their target. */
export function scoresOf(target: Target, outputs: ArrayLike<number>, truth: ArrayLike<number>): Scores {
  if (target.task === 'classes') return { task: 'classes', ...classScores(outputs, truth, target.labels.length) };
  const { names } = target;
  const targets = names.map((name, i) => ({
    name,
    ...numberScores(column(outputs, i, names.length), column(truth, i, names.length)),
  }));
  return { task: 'numbers', targets };
}

/** What the predictions were and what was true, by ranges of what was predicted; of numbers, the first. */
export function calibrationOf(target: Target, outputs: ArrayLike<number>, truth: ArrayLike<number>): CalibrationBin[] {
  if (target.task === 'classes') return classCalibration(outputs, truth, target.labels.length);
  const count = target.names.length;
  return numberCalibration(column(outputs, 0, count), column(truth, 0, count));
}

const column = (values: ArrayLike<number>, which: number, of: number): Float64Array =>
  Float64Array.from({ length: values.length / of }, (_, row) => values[row * of + which]);

/** The one number that stands for the scores, less is better: the log loss, or the mean share of variance left. */
export function errorOf(scores: Scores): number {
  if (scores.task === 'classes') return scores.logLoss;
  const left = scores.targets.map(({ r2, rmse }) => (r2 === undefined ? rmse : 1 - r2));
  return left.reduce((sum, each) => sum + each, 0) / left.length;
}
