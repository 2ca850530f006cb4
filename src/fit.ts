import { checkBoolean, checkFunction, checkInteger, checkNumber, checkOptions, describe } from './check.js';
import { now } from './clock.js';
import { readExamples, type Examples, type Inputs, type Numbers } from './data.js';
import type { Blocks } from './engine/blocks.js';
import { checkSignal, Leave, type Life } from './leave.js';
import type { Model } from './model.js';
import type { AbortSignalLike } from './platform.js';
import { Resident } from './resident.js';
import { watchScale } from './scale.js';
import { Slices } from './slices.js';
import { runInTurns } from './passes.js';
import { residentEvaluation, type Sums } from './readings.js';
import { trainEpoch, type Totals, type Work } from './train.js';

/** The loss averaged over examples, and the share of them that came out right, where that means something. */
export interface Measure {
  readonly loss: number;
  /**
   * From 0 to 1; absent for a network that does not classify. After a softmax, under crossEntropy, and where every row
   * of the targets is one-hot (a single 1 among zeros), an example is right when its largest output is its class's. Other
   * targets of sigmoids or binaryCrossEntropy are counted output by output: right is one on its target's side of 1/2.
   * Whether rows are one-hot is asked of all that a call is given; by `fitBatches`, of each batch.
   */
  readonly accuracy?: number;
}

/** One epoch, as `epochs` yields it and `fit` lists it. */
export interface Epoch extends Measure {
  /** From 1. */
  readonly number: number;
  /** The mean over the epoch's examples, each taken before the step that learnt from it. */
  readonly loss: number;
  /** On the validation data, after the epoch. */
  readonly validation?: Measure;
  /** How long the training took, without validation, in seconds. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
  /** Steps that the network has made in all. */
  readonly steps: number;
}

/** What `onBatch` is told once a batch is done. */
export interface BatchReport {
  /** The epoch and the batch within it, from 1. */
  readonly epoch: number;
  readonly batch: number;
  /** How many batches the epoch has, as far as that is known: see `fitBatches`. */
  readonly batches: number;
  /** Steps that the network has made in all. */
  readonly step: number;
  /** The batch's mean loss, before its step. */
  readonly loss: number;
  /** Examples of the batch. */
  readonly samples: number;
}

/** Told of each batch; a promise that it returns is awaited before the next. */
export type OnBatch = (report: BatchReport) => unknown;

/** When to stop before the last epoch: once the validation loss has stopped falling. */
export interface EarlyStopping {
  /** How many epochs may pass without a better loss. Default 20. */
  patience?: number;
  /** By how much a loss must be lower to count as better. Default 0. */
  minDelta?: number;
  /**
   * Whether the weights of the best epoch are put back at the end, however it comes: by patience, at the last epoch,
   * by `break`, an abort or a divergence. Default true.
   */
  restoreBest?: boolean;
}

/** Options of `fit` and `epochs`. */
export interface FitOptions {
  /** Default 1. */
  epochs?: number;
  /** Default 32. The last batch of an epoch may be shorter, and is averaged over its own size. */
  batchSize?: number;
  /** Whether each epoch takes the examples in an order of its own, drawn from the seed. Default true. */
  shuffle?: boolean;
  /** Examples to measure after each epoch. */
  validation?: readonly [x: Inputs, y: Numbers];
  /** Needs `validation`. `true` for the defaults. */
  earlyStopping?: boolean | EarlyStopping;
  /**
   * Stops the training after the batch at hand, or at once while a promise of the user's is waited for; `fit` then
   * rejects with the signal's reason.
   */
  signal?: AbortSignalLike;
  /** Called after each batch. Training without it is faster for very small networks. */
  onBatch?: OnBatch;
}

/** The options, checked. */
interface Plan {
  readonly examples: Examples;
  readonly validation: Examples | undefined;
  readonly epochs: number;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly earlyStopping: Required<EarlyStopping> | undefined;
  readonly signal: AbortSignalLike | undefined;
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
    'earlyStopping',
    'signal',
    'onBatch',
  ]);
  const { validation, signal, onBatch, epochs = 1, batchSize = 32, shuffle = true } = given;
  if (validation !== undefined && !(Array.isArray(validation) && validation.length === 2)) {
    throw new TypeError(`"validation" must be a pair [x, y]: got ${describe(validation)}`);
  }
  const pair = validation as [unknown, unknown] | undefined;
  return {
    epochs: checkInteger('epochs', epochs, 1, MOST),
    batchSize: checkInteger('batchSize', batchSize, 1, MOST),
    shuffle: checkBoolean('shuffle', shuffle),
    earlyStopping: checkEarlyStopping(given['earlyStopping'], pair !== undefined),
    signal: checkSignal(signal),
    onBatch: onBatch === undefined ? undefined : (checkFunction('onBatch', onBatch) as OnBatch),
    examples: readExamples(x, y, model.shape),
    validation: pair && readExamples(pair[0], pair[1], model.shape, ['validation[0]', 'validation[1]']),
  };
}

function checkEarlyStopping(value: unknown, validated: boolean): Required<EarlyStopping> | undefined {
  if (value === undefined || value === false) return undefined;
  const given = checkOptions('earlyStopping', value === true ? {} : value, ['patience', 'minDelta', 'restoreBest']);
  if (!validated) throw new TypeError('"earlyStopping" needs "validation": it watches the loss on data not trained on');
  const { patience = 20, minDelta = 0, restoreBest = true } = given;
  return {
    patience: checkInteger('patience', patience, 1, MOST),
    minDelta: checkNumber('minDelta', minDelta, { min: 0 }),
    restoreBest: checkBoolean('restoreBest', restoreBest),
  };
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
    const load = async (examples: Examples, shuffled: boolean): Promise<Work> => {
      const data = await Resident.load(model, blocks, examples, shuffled, { leave, slices });
      return { model, data, slices, leave, before: 0 };
    };
    // both begin at once, so that arrays of up to some megabytes are the caller's again as soon as fit has returned
    const work = load(plan.examples, plan.shuffle);
    const validation = plan.validation ? load(plan.validation, false) : Promise.resolve(undefined);
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
  watchScale(model, data.source, data.count);
  for (let number = 1; number <= plan.epochs; number++) {
    leave.check();
    const began = now();
    const totals = await trainShuffled(work, number, plan);
    const seconds = (now() - began) / 1000;
    const measured = validation && { validation: await validate(validation) };
    const epoch: Epoch = {
      number,
      ...measure(model, totals, data.count),
      ...measured,
      seconds,
      samplesPerSecond: data.count / seconds,
      steps: model.steps,
    };
    const over = (measured && best?.isOver(measured.validation.loss)) ?? false;
    // put back before the last epoch is told, so that what its reader does next is done to the best weights
    if (over || number === plan.epochs) best?.restore();
    yield epoch;
    if (over) return;
  }
}

async function validate(work: Work): Promise<Measure> {
  const { model, data } = work;
  return measure(model, await runInTurns(work, residentEvaluation(model, data)), data.count);
}

/** One epoch in an order of its own. One that fails before its first step leaves that order for the next to draw. */
async function trainShuffled(work: Work, number: number, plan: Plan): Promise<Totals> {
  const { model, data } = work;
  const { steps, shuffles } = model;
  try {
    await data.shuffle(work);
    return await trainEpoch(work, number, plan.batchSize, plan.onBatch);
  } catch (error) {
    if (model.steps === steps) model.shuffles = shuffles;
    throw error;
  }
}

/** Remembers the weights of the best epoch so far. */
class BestEpoch {
  readonly #model: Model;
  readonly #options: Required<EarlyStopping>;
  #loss = Infinity;
  #waited = 0;
  #weights: Float32Array | undefined;

  constructor(model: Model, options: Required<EarlyStopping>) {
    this.#model = model;
    this.#options = options;
  }

  /** Takes note of an epoch's loss; true when training should stop. */
  isOver(loss: number): boolean {
    if (loss < this.#loss - this.#options.minDelta || this.#weights === undefined) {
      this.#loss = loss;
      this.#waited = 0;
      this.#weights = this.#parameters().slice();
      return false;
    }
    return ++this.#waited >= this.#options.patience;
  }

  /** Puts the best weights back, once. */
  restore(): void {
    if (!this.#options.restoreBest || !this.#weights) return;
    this.#parameters().set(this.#weights);
    this.#weights = undefined;
    this.#model.engine.kernels.forgetBounds(this.#model.optimizerAt);
  }

  #parameters(): Float32Array {
    return this.#model.engine.f32(this.#model.parametersAt, this.#model.layout.count);
  }
}

/** The means that a sum over `count` examples makes. */
export function measure(model: Model, { loss, hits }: Sums, count: number): Measure {
  return model.classifies ? { loss: loss / count, accuracy: hits / count } : { loss: loss / count };
}
