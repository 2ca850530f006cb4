import type { Examples } from '../data/numbers.js';
import { weightOf } from '../data/weights.js';
import { assertAdapted } from '../model/adapt.js';
import type { Model } from '../model/model.js';
import { type Filling, fill } from '../model/parameters.js';
import type { Source } from '../model/source.js';
import { DivergenceError } from '../support/errors.js';
import { assertStep } from './rules.js';
import { watchScale } from './scale.js';

/**
 * Makes one step on one mini-batch, and returns its mean cost before it.
 *
 * @throws DivergenceError when values overflow; no step is made then
 */
export function makeStep(model: Model, examples: Examples, rate: number): number {
  const { count } = examples;
  assertStep(model, count);
  return stepWith(model, model.transfer(examples, 0, count), count, rate) / weightOf(examples);
}

/**
 * `makeStep` for a few rows at a rate that is a number, without what it takes to read and check them in full; `undefined`,
 * and nothing has changed, where that has to be done.
 */
export function makeShortStep(model: Model, x: unknown, y: unknown): number | undefined {
  const { rate } = model.definition.optimizer;
  const count = model.countFew(x);
  if (!count || typeof rate !== 'number') return undefined;
  const source = model.transferFew(count, x as Float32Array, y);
  if (!source) return undefined;
  assertStep(model, count);
  return stepWith(model, source, count, rate) / count;
}

/** A step with `count` examples that lie in memory; returns the sum of their costs before it. */
function stepWith(model: Model, source: Source, count: number, rate: number): number {
  const { engine, at } = model;
  watchScale(model, source, count);
  model.average.drop();
  model.prepare(count, source);
  const step = (): number => engine.kernels.trainBatches(at, count, count, 0, 1, 0, rate, model.workspace.totals);
  if (!model.crew.run(count * model.trainFlops, step)) {
    throw new DivergenceError(0, 0, model.overflowed, rate);
  }
  return engine.kernels.batchLoss(at);
}

/**
 * Makes the optimizer's step with a gradient that is given.
 *
 * @throws DivergenceError when weights would overflow; no step is made then
 */
export function applyGradients(model: Model, gradients: readonly Filling[], rate: number): void {
  const { engine, gradientsAt, plan } = model;
  assertAdapted(model);
  model.average.drop();
  // what is between the tensors may be what a training that diverged has left
  engine.kernels.clear(gradientsAt, plan.count * 4);
  fill(engine.f32(gradientsAt, plan.count), gradients);
  if (!engine.kernels.applyGradients(model.at, rate)) throw new DivergenceError(0, 0, undefined, rate);
}
