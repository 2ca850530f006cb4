import { mean } from '../data/weights.js';
import type { Model } from '../model/model.js';
import type { Sums } from '../model/readings.js';
import type { Resident } from '../model/resident.js';
import { MOST_STEPS } from '../model/workspace.js';
import { DivergenceError } from '../support/errors.js';
import { isPromise } from './leave.js';
import type { OnBatch } from './report.js';
import { inSlices, inTurn, type Turns } from './turns.js';

/** What a step costs beside its products, as if it were flops: it matters to networks of a few neurons. */
const STEP_COST = 2000;

/** What an update costs for each parameter, as if it were flops. */
const UPDATE_COST = 8;

/** Sums over examples, and the cost of the last batch alone, with the sum of its weights if there are any. */
export interface Totals extends Sums {
  last: number;
  lastWeight: number;
}

/** What the work on an epoch needs: the network, its examples, the clock, and leave to go on. */
export interface Work extends Turns {
  readonly data: Resident;
  /** Batches of the epoch that came before these data. */
  readonly before: number;
}

/** Trains on every mini-batch of the data once. `epoch`, from 1, is for messages. */
export async function trainEpoch(work: Work, epoch: number, batchSize: number, onBatch?: OnBatch): Promise<Totals> {
  const { model, data, slices, leave, before } = work;
  const batches = Math.ceil(data.count / batchSize);
  const cost = Math.min(batchSize, data.count) * model.trainFlops + model.plan.count * UPDATE_COST + STEP_COST;
  const totals: Totals = { loss: 0, hits: 0, metrics: undefined, last: 0, lastWeight: 0 };
  for (let batch = 0; batch < batches;) {
    // the first step of a fit waits for nothing else
    const isFirst = epoch === 1 && before + batch === 0;
    const made = await inTurn(work, isFirst, () => {
      const fitting = Math.min(Math.floor(slices.budget / cost), batches - batch, MOST_STEPS);
      const count = onBatch ? 1 : Math.max(1, fitting);
      return fitting < 1
        ? trainSliced(work, epoch, batchSize, batch, totals)
        : trainSome(work, epoch, batchSize, batch, count, cost, totals);
    });
    batch += made;
    if (onBatch && made > 0) {
      const samples = Math.min(batchSize, data.count - (batch - 1) * batchSize);
      // a step that was in the middle when the network was disposed of is no news
      leave.assertAlive();
      const weight = data.source.weights ? totals.lastWeight : samples;
      const report = { epoch, batch: before + batch, batches: before + batches };
      const told = onBatch({ ...report, step: model.steps, loss: mean(totals.last, weight), samples });
      if (isPromise(told)) await leave.wait(told);
    }
  }
  leave.check();
  return totals;
}

/** Several steps in one call. Returns how many were made: fewer when a thread was lost. */
async function trainSome(
  { model, data, slices, leave, before }: Work,
  epoch: number,
  batchSize: number,
  batch: number,
  count: number,
  cost: number,
  totals: Totals,
): Promise<number> {
  const { engine, at } = model;
  const step = model.steps;
  const { rate } = model.definition.optimizer;
  // a schedule is the user's own code, and may use the network: it is asked before anything is prepared
  const rates = typeof rate === 'number' ? [] : Array.from({ length: count }, (_, index) => model.rateAt(step + index));
  leave.check();
  model.prepare(Math.min(batchSize, data.count), data.source);
  engine.f64(model.workspace.rates, count).set(rates);
  const own = typeof rate === 'number' ? 0 : model.workspace.rates;
  const shared = typeof rate === 'number' ? rate : 0;
  engine.f64(model.workspace.totals, 2).set([totals.loss, totals.hits]);
  let made = 0;
  let diverged = false;
  model.stepsBefore = step;
  const took = await model.crew.lead(
    { flops: count * cost, step: cost },
    ['trainBatches', data.count, batchSize, batch, count, own, shared, model.workspace.totals],
    (result, lost) => {
      made = result;
      model.stepsBefore = undefined;
      [totals.loss = 0, totals.hits = 0] = engine.f64(model.workspace.totals, 2);
      totals.last = engine.kernels.batchLoss(at);
      totals.lastWeight = engine.kernels.batchWeight(at);
      diverged = made < count && !lost;
      return made === count;
    },
  );
  slices.learn(count * cost, took);
  if (diverged) throw divergence(model, epoch, before + batch + made + 1, rates[made] ?? shared);
  return made;
}

/** One step that takes too long for one call: phase by phase, with turns of the event loop between. */
async function trainSliced(
  { model, data, slices, leave, before }: Work,
  epoch: number,
  batchSize: number,
  batch: number,
  totals: Totals,
): Promise<number> {
  const { kernels } = model.engine;
  const rows = Math.min(batchSize, data.count - batch * batchSize);
  const rate = model.rateAt(model.steps);
  leave.check();
  model.prepare(rows, data.source);
  model.stepsBefore = model.steps;
  await inSlices(model, slices, {
    begin: () => kernels.beginStep(model.at, batch * batchSize, rows, rate),
    end: () => {
      model.stepsBefore = undefined;
      if (kernels.batchOverflow(model.at) >= 0) throw divergence(model, epoch, before + batch + 1, rate);
      totals.last = kernels.batchLoss(model.at);
      totals.lastWeight = kernels.batchWeight(model.at);
      totals.loss += totals.last;
      totals.hits += kernels.batchHits(model.at);
    },
  });
  return 1;
}

function divergence(model: Model, epoch: number, batch: number, rate: number): DivergenceError {
  return new DivergenceError(epoch, batch, model.overflowed, rate);
}
