import type { Measuring, Metrics } from '../choices/metrics.js';
import { type Examples, partOf, readExamples } from '../data/numbers.js';
import { assertWeight, weigh, weighBy, type WeightedExamples, type Weighting, WEIGHTING } from '../data/weighing.js';
import type { Blocks } from '../engine/blocks.js';
import { adaptingToResident, isAdapted, keepKept } from '../model/adapt.js';
import type { Model } from '../model/model.js';
import { assertBatches } from '../model/whole-batches.js';
import { metricsFor } from '../model/readings.js';
import { checkBoolean, checkFunction, checkInteger, checkNumber, checkOptions, quantity } from '../support/check.js';
import { now } from '../support/clock.js';
import type { AbortSignalLike } from '../support/platform.js';
import { type Averaging, type AveragingPlan, checkAverage, whileAveraging } from './averaging.js';
import { type Totals, trainEpoch, type Work } from './batches.js';
import { type Checkpoint, checkCheckpoint } from './checkpoint.js';
import { BestEpoch, checkEarlyStopping, type EarlyStopping } from './early-stopping.js';
import { checkSignal, Leave, type Life } from './leave.js';
import { type Epoch, measure, type OnBatch } from './report.js';
import type { Checkpoints } from './resume.js';
import { watchScale } from './scale.js';
import { Slices } from './slices.js';
import { giveWay, runInTurns } from './turns.js';
import { evaluate, loading, readValidation } from './validation.js';

/** Options of `fit` and `epochs`. */
export interface FitOptions extends Weighting {
  /** Default 1. */
  epochs?: number;
  /** Default 32. The last batch of an epoch may be shorter, and is averaged over its own size. */
  batchSize?: number;
  /** Whether each epoch takes the examples in an order of its own, drawn from the seed. Default true. */
  shuffle?: boolean;
  /** Examples to measure after each epoch, and what each of them counts. `classWeight` is not for them. */
  validation?: WeightedExamples;
  /**
   * In place of `validation`, a share of the examples, above 0 and below 1: of n, the first floor(n (1 - share)) are
   * trained on, and the rest, the last, measured after each epoch, as in Keras. They are taken as they come, before any
   * shuffling, so data that are sorted by class have to be mixed first.
   */
  validationSplit?: number;
  /**
   * What to take beside loss and accuracy after each epoch: names such as 'f1', `topK(3)`, and functions by names of
   * their own. Taken of the validation data where there are any, else of the training data in a pass of their own.
   * An example counts as much as it weighs there.
   */
  metrics?: Metrics;
  /**
   * Averages the weights: between epochs and afterwards the average is what the network predicts with, is measured by
   * and is saved with, while training goes on from the raw weights, also in later fits that average in the same way.
   * Training of any other kind goes on from the average. `true` for the defaults.
   */
  average?: boolean | Averaging;
  /** Needs `validation` or `validationSplit`. `true` for the defaults. */
  earlyStopping?: boolean | EarlyStopping;
  /**
   * Stops the training after the batch at hand, or at once while a promise of the user's is waited for; `fit` then
   * rejects with the signal's reason.
   */
  signal?: AbortSignalLike;
  /**
   * Keeps a file from which the same call goes on, to the same bits, after its program was ended at any instant: Node
   * only. Give it the same network, examples and options; `epochs` may be more. The epochs of earlier runs come first, all
   * at once. It is written whole under another name, and then renamed.
   */
  checkpoint?: Checkpoint;
  /** Called after each batch. Training without it is faster for very small networks. */
  onBatch?: OnBatch;
}

/** The options, checked. */
interface Plan {
  readonly examples: Examples;
  readonly validation: Examples | undefined;
  readonly metrics: readonly Measuring[];
  readonly epochs: number;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly average: AveragingPlan | undefined;
  readonly earlyStopping: Required<EarlyStopping> | undefined;
  readonly signal: AbortSignalLike | undefined;
  readonly checkpoint: Required<Checkpoint> | undefined;
  readonly onBatch: OnBatch | undefined;
}

const MOST = 0x7fffffff;

/** Checks everything that a fit is given, before anything is begun. */
export function checkFit(model: Model, x: unknown, y: unknown, options: unknown): Plan {
  const given = checkOptions('fit', options, [
    'epochs',
    'batchSize',
    'shuffle',
    'validation',
    'validationSplit',
    'metrics',
    'average',
    'earlyStopping',
    'signal',
    'checkpoint',
    'onBatch',
    ...WEIGHTING,
  ]);
  const { validation, validationSplit, signal, onBatch, epochs = 1, batchSize = 32, shuffle = true } = given;
  if (validation !== undefined && validationSplit !== undefined) {
    throw new TypeError('"validation" and "validationSplit" exclude each other: give one of them');
  }
  const plan = {
    epochs: checkInteger('epochs', epochs, 1, MOST),
    batchSize: checkInteger('batchSize', batchSize, 1, MOST),
    shuffle: checkBoolean('shuffle', shuffle),
    average: checkAverage(given['average'], ['from', 'decay']),
    earlyStopping: checkEarlyStopping(given['earlyStopping'], (validation ?? validationSplit) !== undefined),
    signal: checkSignal(signal),
    checkpoint: checkCheckpoint(given['checkpoint']),
    onBatch: onBatch === undefined ? undefined : (checkFunction('onBatch', onBatch) as OnBatch),
    metrics: metricsFor(model, given['metrics']),
    ...readParts(model, x, y, given),
  };
  assertBatches(model, plan.examples.count, plan.batchSize);
  return plan;
}

/** The examples to train on, and those to validate on, with their weights. */
function readParts(
  model: Model,
  x: unknown,
  y: unknown,
  options: Record<string, unknown>,
): Pick<Plan, 'examples' | 'validation'> {
  const { validation, validationSplit, sampleWeight, classWeight } = options;
  const all = readExamples(x, y, model.shape);
  if (validationSplit === undefined) {
    return { examples: weighBy(all, options), validation: readValidation(model, validation) };
  }
  const share = checkNumber('validationSplit', validationSplit, { above: 0, below: 1 });
  // a share such as 0.07 is a little off: 100 (1 - 0.07) is not quite 93
  const count = Math.floor(all.count * (1 - share) + 1e-9);
  if (count === 0 || count === all.count) {
    const [trained, held] = [count, all.count - count];
    throw new RangeError(
      `"validationSplit" is ${share}, which leaves ${trained} of ${quantity(all.count, 'example')} to train on and ` +
        `${held} to measure: expected at least one of each`,
    );
  }
  const weighed = weigh(all, sampleWeight, undefined);
  const examples = assertWeight(weigh(partOf(weighed, 0, count), undefined, classWeight), 'sampleWeight');
  return { examples, validation: assertWeight(partOf(weighed, count, all.count), 'sampleWeight') };
}

/** Trains epoch by epoch, on examples that are copied into `blocks`. */
export async function* runEpochs(
  model: Model,
  plan: Plan,
  life: Life,
  blocks: Blocks,
): AsyncGenerator<Epoch, void, void> {
  const slices = new Slices();
  const leave = new Leave(life, plan.signal);
  leave.check();
  try {
    const going = { model, slices, leave };
    // both begin at once, so that arrays of up to some megabytes are the caller's again as soon as fit has returned
    const work = loading(going, blocks, plan.examples, plan.shuffle);
    const validation = plan.validation && loading(going, blocks, plan.validation, false);
    await Promise.allSettled([work, validation]);
    const best = plan.earlyStopping && new BestEpoch(model, plan.earlyStopping);
    try {
      yield* epochsOf(plan, await work, await validation, best);
    } finally {
      // after a break, an abort or a divergence too
      if (leave.isAlive) best?.restore();
    }
  } finally {
    blocks.release();
  }
}

async function* epochsOf(
  plan: Plan,
  work: Work,
  validation: Work | undefined,
  best: BestEpoch | undefined,
): AsyncGenerator<Epoch, void, void> {
  const { model, data, leave } = work;
  const checkpoint = await goOn(plan, work, validation, best);
  const done = checkpoint?.history ?? [];
  yield* done;
  if (checkpoint?.isOver) return;
  if (!isAdapted(model)) await adapt(work);
  watchScale(model, data.source, data.count);
  for (let number = done.length + 1; number <= plan.epochs; number++) {
    leave.check();
    const epoch = await trainOne(work, number, plan, validation);
    const over = (epoch.validation && best?.isOver(epoch.validation.loss)) ?? false;
    await checkpoint?.keep(epoch, over);
    // put back before the last epoch is told, so that what its reader does next is done to the best weights
    if (over || number === plan.epochs) best?.restore();
    yield epoch;
    if (over) return;
  }
}

/** Trains an epoch, and measures. */
async function trainOne(work: Work, number: number, plan: Plan, validation: Work | undefined): Promise<Epoch> {
  const { model, data, leave } = work;
  const began = now();
  const totals = await whileAveraging(model, leave, plan.average, number, () => trainShuffled(work, number, plan));
  const seconds = (now() - began) / 1000;
  const measured = await validated(plan.metrics, work, validation);
  leave.check();
  return {
    number,
    ...measure(model, totals, data.weight),
    ...measured,
    seconds,
    samplesPerSecond: data.count / seconds,
    steps: model.steps,
  };
}

/** What keeps checkpoints is loaded by the first fit that asks for them. */
async function goOn(
  { checkpoint, epochs, batchSize, shuffle, average, earlyStopping, metrics }: Plan,
  work: Work,
  validation: Work | undefined,
  best: BestEpoch | undefined,
): Promise<Checkpoints | undefined> {
  if (!checkpoint) return undefined;
  const { resume } = await import('./resume.js');
  const options = { batchSize, shuffle, average, earlyStopping, metrics: metrics.map(({ name }) => name) };
  return resume(checkpoint, { work, validation, best, epochs, options });
}

/** Has normalize layers learn from the training data; where that is given up in its midst, as if it had not begun. */
async function adapt(work: Work): Promise<void> {
  const putBack = keepKept(work.model);
  try {
    await runInTurns(work, adaptingToResident(work.model, work.data));
  } catch (error) {
    if (work.leave.isAlive) putBack();
    throw error;
  }
}

/**
 * What is measured after an epoch: the validation data, and metrics, of the training data where there are no others.
 */
async function validated(
  metrics: readonly Measuring[],
  work: Work,
  validation: Work | undefined,
): Promise<Pick<Epoch, 'validation' | 'metrics'>> {
  if (validation) return { validation: await evaluate(validation, metrics) };
  if (metrics.length === 0) return {};
  const { metrics: values } = await evaluate(work, metrics);
  return values ? { metrics: values } : {};
}

/** One epoch in an order of its own. One that fails before its first step leaves that order for the next to draw. */
async function trainShuffled(work: Work, number: number, plan: Plan): Promise<Totals> {
  const { model, data } = work;
  const { steps, shuffles } = model;
  try {
    await giveWay(data.shuffling(), work);
    return await trainEpoch(work, number, plan.batchSize, plan.onBatch);
  } catch (error) {
    if (model.steps === steps) model.shuffles = shuffles;
    throw error;
  }
}
