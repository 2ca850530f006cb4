import type { Measuring } from '../choices/metrics.js';
import type { Examples } from '../data/numbers.js';
import { checkClassWeight, readTuple, weigh, type WeightedExamples } from '../data/weighing.js';
import { weightOf } from '../data/weights.js';
import type { Blocks } from '../engine/blocks.js';
import { assertAdapted } from '../model/adapt.js';
import type { Model } from '../model/model.js';
import { metricsFor } from '../model/readings.js';
import { checkFunction, checkOptions, wrongType } from '../support/check.js';
import { now } from '../support/clock.js';
import type { AbortSignalLike } from '../support/platform.js';
import { type Averaging, type AveragingPlan, checkAverage, whileAveraging } from './averaging.js';
import { type Totals, trainEpoch } from './batches.js';
import type { FitOptions } from './fit.js';
import { checkSignal, isPromise, Leave, type Life } from './leave.js';
import { type Epoch, measure, type OnBatch } from './report.js';
import { watchScale } from './scale.js';
import { assertStep } from './rules.js';
import { Slices } from './slices.js';
import type { Turns } from './turns.js';
import { evaluate, loading, readValidation } from './validation.js';

/** Batches one after another, from a generator, a file, a socket. */
export type Batches = Iterable<Batch> | AsyncIterable<Batch>;

/**
 * One batch: n rows of inputs and what belongs to them, as `fit` takes them, and what each of them counts. One whose
 * weights are all 0 has a gradient of 0.
 */
export type Batch = WeightedExamples;

/**
 * Options of `fitBatches`: as those of `fit`. Of the epoch, `onBatch` knows only the batches that have come.
 * `validation` is measured at the end, and copied at the beginning; `metrics` are taken of it, and need it.
 */
export type StreamOptions = Pick<FitOptions, 'classWeight' | 'signal' | 'onBatch' | 'validation' | 'metrics'> & {
  /** As that of `fit`, until `fitBatches` is done; it counts as one epoch. */
  average?: boolean | Omit<Averaging, 'from'>;
};

/** Where batches come from: an asynchronous iterator, or another whose results are not promises. */
type Source = AsyncIterator<unknown, unknown>;

interface StreamPlan {
  readonly validation: Examples | undefined;
  readonly metrics: readonly Measuring[];
  readonly average: AveragingPlan | undefined;
  readonly iterate: () => Source;
  readonly classWeight: Float64Array | undefined;
  readonly signal: AbortSignalLike | undefined;
  readonly onBatch: OnBatch | undefined;
}

/** Checks what can be checked before the first batch has come. */
function checkStream(model: Model, batches: unknown, options: unknown): StreamPlan {
  const allowed = ['classWeight', 'signal', 'onBatch', 'validation', 'metrics', 'average'];
  const given = checkOptions('fitBatches', options, allowed);
  const { classWeight, signal, onBatch, validation, metrics } = given;
  const source = Object(batches) as Partial<Record<symbol, unknown>>;
  const method = source[Symbol.asyncIterator] ?? source[Symbol.iterator];
  if (typeof method !== 'function') {
    throw wrongType('batches', 'an iterable of pairs [x, y]', batches);
  }
  if (metrics !== undefined && validation === undefined) {
    throw new TypeError('"metrics" needs "validation": the batches are gone when they are measured');
  }
  return {
    validation: readValidation(model, validation),
    metrics: metricsFor(model, metrics),
    average: checkAverage(given['average'], ['decay']),
    iterate: () => (method as () => Source).call(batches),
    classWeight: classWeight === undefined ? undefined : checkClassWeight(classWeight, model.shape.outputs),
    signal: checkSignal(signal),
    onBatch: onBatch === undefined ? undefined : (checkFunction('onBatch', onBatch) as OnBatch),
  };
}

/** Makes a step with each batch that comes: its examples lie in `blocks` meanwhile. Tells what they gave together. */
export async function trainStream(
  model: Model,
  given: unknown,
  options: unknown,
  life: Life,
  blocks: Blocks,
): Promise<Epoch> {
  const plan = checkStream(model, given, options);
  assertAdapted(model);
  const leave = new Leave(life, plan.signal);
  const going = { model, slices: new Slices(), leave };
  leave.check();
  const validation = plan.validation && (await loading(going, blocks, plan.validation, false));
  const { totals, samples, weight, seconds } = await whileAveraging(model, leave, plan.average, 1, () =>
    trainBatches(going, plan, blocks),
  );
  const measured = validation && { validation: await evaluate(validation, plan.metrics) };
  leave.check();
  const samplesPerSecond = samples / seconds;
  return { number: 1, ...measure(model, totals, weight), ...measured, seconds, samplesPerSecond, steps: model.steps };
}

/** What all batches gave together. */
interface Trained {
  readonly totals: Totals;
  readonly samples: number;
  /** Of all examples together. */
  readonly weight: number;
  readonly seconds: number;
}

async function trainBatches(going: Turns, plan: StreamPlan, blocks: Blocks): Promise<Trained> {
  const { model, leave } = going;
  const totals: Totals = { loss: 0, hits: 0, metrics: undefined, last: 0, lastWeight: 0 };
  const kept = blocks.count;
  let [before, samples, weight, seconds] = [0, 0, 0, 0];
  for await (const batch of drawn(plan, leave)) {
    leave.check();
    const began = now();
    const name = `batches[${before}]`;
    const examples = weigh(readTuple(name, batch, model.shape), undefined, plan.classWeight);
    try {
      assertStep(model, examples.count);
      const work = { ...(await loading(going, blocks, examples, false)), before };
      watchScale(model, work.data.source, examples.count);
      const { loss, hits } = await trainEpoch(work, 1, examples.count, plan.onBatch);
      totals.loss += loss;
      totals.hits += hits;
    } finally {
      blocks.release(kept);
    }
    samples += examples.count;
    weight += weightOf(examples);
    before++;
    seconds += (now() - began) / 1000;
  }
  leave.check();
  if (before === 0) throw new RangeError('"batches" is empty: expected at least one pair [x, y]');
  return { totals, samples, weight, seconds };
}

/** What an iterable gives. Without leave nothing of it is waited for, not even its end: a source may stall for ever. */
async function* drawn({ iterate }: StreamPlan, leave: Leave): AsyncGenerator<unknown, void, void> {
  const iterator = iterate();
  // one that fails, or is done, has closed itself
  let isOpen = false;
  try {
    for (;;) {
      isOpen = false;
      const next = Promise.resolve(iterator.next());
      isOpen = true;
      next.catch(() => (isOpen = false));
      const { done, value } = await leave.wait(next);
      if (done) return void (isOpen = false);
      yield isPromise(value) ? await leave.wait(value) : value;
    }
  } finally {
    if (isOpen) await close(iterator, leave);
  }
}

async function close(iterator: Source, leave: Leave): Promise<void> {
  try {
    await leave.wait(iterator.return?.());
  } catch {
    // what it is closed for is what the user has to hear
  }
}
