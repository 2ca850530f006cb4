import { now } from './clock.js';
import { checkFunction, checkOptions, describe } from './check.js';
import { readExamples, type Inputs, type Numbers } from './data.js';
import { checkSignal, measure, whileAlive, type Epoch, type FitOptions, type OnBatch } from './fit.js';
import type { Model } from './model.js';
import type { AbortSignalLike } from './platform.js';
import { Resident } from './resident.js';
import { Slices } from './slices.js';
import { trainEpoch, type Totals } from './train.js';

/** Batches one after another, from a generator, a file, a socket. */
export type Batches = Iterable<Batch> | AsyncIterable<Batch>;

/** One batch: n rows of inputs and what belongs to them, as `fit` takes them. */
export type Batch = readonly [x: Inputs, y: Numbers];

/** Options of `fitBatches`: as those of `fit`. Of the epoch, `onBatch` knows only the batches that have come. */
export type StreamOptions = Pick<FitOptions, 'signal' | 'onBatch'>;

interface StreamPlan {
  readonly batches: Batches;
  readonly signal: AbortSignalLike | undefined;
  readonly onBatch: OnBatch | undefined;
}

/** Checks what can be checked before the first batch has come. */
function checkStream(batches: unknown, options: unknown): StreamPlan {
  const { signal, onBatch } = checkOptions('fitBatches', options, ['signal', 'onBatch']);
  const given = Object(batches) as Partial<Record<symbol, unknown>>;
  if (typeof (given[Symbol.asyncIterator] ?? given[Symbol.iterator]) !== 'function') {
    throw new TypeError(`"batches" must be an iterable of pairs [x, y]: got ${describe(batches)}`);
  }
  return {
    batches: batches as Batches,
    signal: checkSignal(signal),
    onBatch: onBatch === undefined ? undefined : (checkFunction('onBatch', onBatch) as OnBatch),
  };
}

/** Makes a step with each batch that comes, and tells what they gave together. */
export async function trainStream(
  model: Model,
  given: unknown,
  options: unknown,
  assertAlive: () => void,
): Promise<Epoch> {
  const { batches, signal, onBatch } = checkStream(given, options);
  const slices = new Slices();
  const check = (): void => {
    assertAlive();
    signal?.throwIfAborted();
  };
  const totals: Totals = { loss: 0, hits: 0, last: 0 };
  const told = whileAlive(onBatch, assertAlive);
  let before = 0;
  let samples = 0;
  let seconds = 0;
  check();
  for await (const batch of batches as AsyncIterable<unknown>) {
    check();
    const began = now();
    const name = `batches[${before}]`;
    if (!Array.isArray(batch) || batch.length !== 2) {
      throw new TypeError(`"${name}" must be a pair [x, y]: got ${describe(batch)}`);
    }
    const examples = readExamples(batch[0], batch[1], model.shape, [`${name}[0]`, `${name}[1]`]);
    const data = await Resident.load(model, examples, false, slices);
    try {
      const { loss, hits } = await trainEpoch({ model, data, slices, check, before }, 1, data.count, told);
      totals.loss += loss;
      totals.hits += hits;
    } finally {
      data.release();
    }
    samples += data.count;
    before++;
    seconds += (now() - began) / 1000;
  }
  check();
  if (before === 0) throw new RangeError('"batches" is empty: expected at least one pair [x, y]');
  const samplesPerSecond = samples / seconds;
  return { number: 1, ...measure(model, totals, samples), seconds, samplesPerSecond, steps: model.steps };
}
