import type { OnBatch } from './fit.js';
import { DivergenceError } from './errors.js';
import type { Engine } from './engine/engine.js';
import { EVALUATE, MOST_STEPS, TRAIN, type Model } from './model.js';
import type { Resident } from './resident.js';
import type { Slices } from './slices.js';

/** What a step costs beside its products, as if it were flops: it matters to networks of a few neurons. */
const STEP_COST = 2000;

/** What an update costs for each parameter, as if it were flops; and the fewest parameters worth a slice. */
const UPDATE_COST = 8;
const UPDATE_SLICE = 4096;

/** Sums over examples: of their costs, and of those that came out right; and the cost of the last batch alone. */
export interface Totals {
  loss: number;
  hits: number;
  last: number;
}

/** What the work on an epoch needs: the network, its examples, the clock, and leave to go on. */
export interface Work {
  readonly model: Model;
  readonly data: Resident;
  readonly slices: Slices;
  /** Throws when the work has to stop: it runs after everything that may have run code of the user's. */
  readonly check: () => void;
}

/** Trains on every mini-batch of the data once. `epoch`, from 1, is for messages. */
export async function trainEpoch(work: Work, epoch: number, batchSize: number, onBatch?: OnBatch): Promise<Totals> {
  const { model, data, slices, check } = work;
  const batches = Math.ceil(data.count / batchSize);
  const cost = Math.min(batchSize, data.count) * model.trainFlops + model.layout.count * UPDATE_COST + STEP_COST;
  const totals: Totals = { loss: 0, hits: 0, last: 0 };
  for (let batch = 0; batch < batches;) {
    check();
    const fitting = Math.min(Math.floor(slices.budget / cost), batches - batch, MOST_STEPS);
    const count = onBatch ? 1 : Math.max(1, fitting);
    if (fitting < 1) await trainSliced(work, epoch, batchSize, batch, totals);
    else trainSome(work, epoch, batchSize, batch, count, cost, totals);
    batch += count;
    if (onBatch) {
      const samples = Math.min(batchSize, data.count - (batch - 1) * batchSize);
      const told = onBatch({ epoch, batch, batches, step: model.steps, loss: totals.last / samples, samples });
      if (told instanceof Promise) await told;
    }
    if (slices.due) await slices.pause();
  }
  check();
  return totals;
}

/** Several steps in one call. */
function trainSome(
  { model, data, slices, check }: Work,
  epoch: number,
  batchSize: number,
  batch: number,
  count: number,
  cost: number,
  totals: Totals,
): void {
  const { engine, at } = model;
  const step = model.steps;
  const { rate } = model.definition.optimizer;
  // a schedule is the user's own code, and may use the network: it is asked before anything is prepared
  const rates = typeof rate === 'number' ? [] : Array.from({ length: count }, (_, index) => model.rateAt(step + index));
  check();
  model.prepare(Math.min(batchSize, data.count), data.source);
  engine.f64(model.rates, count).set(rates);
  const own = typeof rate === 'number' ? 0 : model.rates;
  const shared = typeof rate === 'number' ? rate : 0;
  engine.f64(model.totals, 2).set([totals.loss, totals.hits]);
  let made = 0;
  slices.run(count * cost, () => {
    made = engine.kernels.trainBatches(at, data.count, batchSize, batch, count, own, shared, model.totals);
    return made === count;
  });
  [totals.loss = 0, totals.hits = 0] = engine.f64(model.totals, 2);
  totals.last = engine.kernels.batchLoss(at);
  if (made < count) throw divergence(model, epoch, batch + made + 1, rates[made] ?? shared);
}

/** One step that takes too long for one call: phase by phase, with turns of the event loop between. */
async function trainSliced(
  { model, data, slices, check }: Work,
  epoch: number,
  batchSize: number,
  batch: number,
  totals: Totals,
): Promise<void> {
  const { kernels } = model.engine;
  const rows = Math.min(batchSize, data.count - batch * batchSize);
  const rate = model.rateAt(model.steps);
  check();
  model.prepare(rows, data.source);
  kernels.beginBatch(model.at, batch * batchSize, rows, TRAIN);
  let updated = -1;
  await inSlices(model.engine, slices, (budget) => {
    if (updated < 0) {
      if (!kernels.advance(model.at, budget)) return 'more';
      updated = 0;
      return 'less';
    }
    const slice = Math.max(UPDATE_SLICE, Math.floor(budget / UPDATE_COST / 4) * 4);
    const to = Math.min(model.layout.count, updated + slice);
    if (!kernels.finishStep(model.at, rate, updated, to)) throw divergence(model, epoch, batch + 1, rate);
    updated = to;
    if (updated < model.layout.count) return 'more';
    totals.last = kernels.batchLoss(model.at);
    totals.loss += totals.last;
    totals.hits += kernels.batchHits(model.at);
    return 'done';
  });
}

/** Measures the data, pass by pass. The sums do not depend on where the slices fell. */
export async function evaluateAll({ model, data, slices, check }: Work): Promise<Totals> {
  const { kernels } = model.engine;
  const totals: Totals = { loss: 0, hits: 0, last: 0 };
  for (let from = 0; from < data.count; from += model.mostRows) {
    check();
    const rows = Math.min(model.mostRows, data.count - from);
    model.prepare(rows, data.source);
    kernels.beginBatch(model.at, from, rows, EVALUATE);
    await inSlices(model.engine, slices, (budget) => {
      if (!kernels.advance(model.at, budget)) return 'more';
      totals.loss += kernels.batchLoss(model.at);
      totals.hits += kernels.batchHits(model.at);
      return 'done';
    });
  }
  check();
  return totals;
}

/** What a slice says of its job: it used its budget and there is more, or it used less, or all is done. */
type Progress = 'more' | 'less' | 'done';

/**
 * Runs a job to its end, slice by slice; `job` takes a budget in flops. Another call
 * that needs the workspace meanwhile completes it at once, so the job keeps what it found before it says so.
 */
async function inSlices(engine: Engine, slices: Slices, job: (budget: number) => Progress): Promise<void> {
  let complete = false;
  let failure: { error: unknown } | undefined;
  const go = (budget: number): boolean => {
    try {
      const progress = job(budget);
      complete = progress === 'done';
      return progress === 'more';
    } catch (error) {
      complete = true;
      failure = { error };
      return false;
    }
  };
  const finish = (): void => {
    engine.unfinished = undefined;
    while (!complete) go(Infinity);
  };
  engine.unfinished = finish;
  while (!complete) {
    const { budget } = slices;
    slices.run(budget, () => go(budget));
    if (slices.due) await slices.pause();
  }
  // while this one waited, its completion may have let another begin
  if (engine.unfinished === finish) engine.unfinished = undefined;
  if (failure) throw failure.error;
}

function divergence(model: Model, epoch: number, batch: number, rate: number): DivergenceError {
  const overflow = model.engine.kernels.batchOverflow(model.at);
  const depth = model.layout.layers.length;
  return new DivergenceError(epoch, batch, overflow < depth ? overflow : undefined, rate);
}
