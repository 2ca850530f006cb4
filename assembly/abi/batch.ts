import { layerOf, Network, STEP } from './records';
import { isBare, isNarrow, narrowStep } from '../layers/dense/narrow/step';
import { isSafe } from '../step/safety';
import { weightOf } from '../step/gather';
import { beginPhase, endPhase, phaseCost, phases, runPhase, update } from '../step/phases';
import { runSlice } from '../step/team';

/*
 * What the host calls: one call for many steps, for a slice of a long step, for measuring, or for gradients.
 * Nothing here runs unless the record and its sources are complete.
 */

/**
 * Says where the examples come from: x [*, inputs], y [*, outputs] or i32 labels [*], and weights [*] >= 0 or 0 where
 * all weigh 1, all dense. `inputScale` is 0 where x is float32, and what to multiply by where it is bytes; `inputSize`
 * the largest |x|, so multiplied. `hitRule` says how hits are counted, if at all: see hits.ts. `given` is 1 where y is
 * dC/da of each example in place of targets.
 */
export function setSource(
  at: usize,
  x: usize,
  inputScale: f32,
  inputSize: f32,
  y: usize,
  labels: usize,
  weights: usize,
  order: usize,
  hitRule: i32,
  given: i32,
): void {
  const network = changetype<Network>(at);
  network.sourceX = x;
  network.inputScale = inputScale;
  network.inputSize = inputSize;
  network.sourceY = y;
  network.sourceLabels = labels;
  network.sourceWeights = weights;
  network.order = order;
  network.hitRule = hitRule;
  network.given = given;
}

/** Begins the mini-batch of `batch` examples from `first` on; `purpose` says how far it goes. */
export function beginBatch(at: usize, first: i32, batch: i32, purpose: i32): void {
  const network = changetype<Network>(at);
  network.first = first;
  network.batch = batch;
  network.batchWeight = weightOf(network.sourceWeights, network.order, first, batch);
  network.purpose = purpose;
  network.training = purpose == STEP ? 1 : 0;
  network.done = 0;
  network.rows = min(batch, network.rowsPerPass);
  network.phase = 0;
  network.part = 0;
  network.loss = 0;
  network.hits = 0;
  network.bound = 0;
  network.overflow = -1;
}

/** Begins a mini-batch as above, with a step of the optimizer at its end. */
export function beginStep(at: usize, first: i32, batch: i32, rate: f64): void {
  beginBatch(at, first, batch, STEP);
  changetype<Network>(at).rate = rate;
}

/** Runs one phase of the batch begun, whole: what a person who asks for every factor steps through. */
export function runBatchPhase(at: usize, phase: i32): void {
  runPhase(changetype<Network>(at), phase);
}

/**
 * Goes on to the next phase. False when the batch is complete, or has failed: its rows stay to be seen, and a step is
 * not made.
 */
function nextPhase(network: Network): bool {
  network.part = 0;
  const phase = ++network.phase;
  if (phase < phases(network)) return true;
  if (phase > update(network) || network.overflow >= 0) return false;
  const done = network.done + network.rows;
  if (done < network.batch) {
    network.done = done;
    network.rows = min(network.batch - done, network.rowsPerPass);
    network.phase = 0;
    return true;
  }
  return network.purpose == STEP && isSafe(network);
}

/**
 * Goes on with the batch begun for about `budget` flops. 1 when it is complete, or has failed. A phase that costs more
 * is taken in slices, as many as its first one's budget asks for. 0 also when a thread was lost: see team.ts.
 */
export function advance(at: usize, budget: f64): i32 {
  const network = changetype<Network>(at);
  let spent: f64 = 0;
  while (spent < budget) {
    const phase = network.phase,
      cost = budget < Infinity ? phaseCost(network, phase) : 0;
    if (network.part == 0) {
      network.parts = <i32>max(1, Math.ceil(cost / budget));
      beginPhase(network, phase);
    }
    if (!runSlice(network, phase, network.part, network.parts)) return 0;
    spent += cost / network.parts;
    if (++network.part < network.parts) continue;
    endPhase(network, phase);
    if (!nextPhase(network)) return 1;
  }
  return 0;
}

/** Does all that the batch begun is for. 1 when every value came out finite, and no thread was lost. */
export function runBatch(at: usize): i32 {
  const network = changetype<Network>(at);
  if (network.crew > 1) return advance(at, Infinity) && network.overflow < 0 ? 1 : 0;
  do {
    runPhase(network, network.phase);
  } while (nextPhase(network));
  return network.overflow < 0 ? 1 : 0;
}

/** 1 when the batch was left in the midst of its update: some weights have changed, and others not. */
export function isUpdating(at: usize): i32 {
  const network = changetype<Network>(at);
  return network.phase == update(network) ? 1 : 0;
}

/**
 * Trains on mini-batches `from` to `from` + `batches` - 1 of the source's `examples`, with a rate (f64) for each, or
 * one `rate` for all where `rates` is 0, and adds their summed costs and hits to totals[0] and totals[1] (f64). Returns the steps made: fewer when one failed.
 */
export function trainBatches(
  at: usize,
  examples: i32,
  batchSize: i32,
  from: i32,
  batches: i32,
  rates: usize,
  rate: f64,
  totals: usize,
): i32 {
  const network = changetype<Network>(at);
  const narrow = batchSize == 1 && isNarrow(network),
    bare = narrow && isBare(network);
  for (let batch = 0; batch < batches; batch++) {
    const first = (from + batch) * batchSize,
      step = rates ? load<f64>(rates + ((<usize>batch) << 3)) : rate;
    if (narrow && narrowStep(network, first, step, bare)) {
      network.narrowSteps++;
    } else {
      beginStep(at, first, min(batchSize, examples - first), step);
      if (!runBatch(at)) return batch;
    }
    store<f64>(totals, load<f64>(totals) + network.loss);
    store<f64>(totals, load<f64>(totals, 8) + network.hits, 8);
  }
  return batches;
}

/** The outputs of the last batch, of one pass of rows, dense [batch, outputs], at `out`. */
export function readOutputs(at: usize, out: usize): void {
  const network = changetype<Network>(at),
    last = layerOf(network, network.depth - 1);
  const bytes = (<usize>last.outputs) << 2;
  let row = last.a;
  for (let i = 0; i < network.rows; i++) {
    memory.copy(out, row, bytes);
    row += (<usize>last.ld) << 2;
    out += bytes;
  }
}

/** What the last batch gave: the sum of its costs, each times its weight. */
export function batchLoss(at: usize): f64 {
  return changetype<Network>(at).loss;
}

/** What the costs and hits of the last batch are divided by for their mean: its size, or the sum of its weights. */
export function batchWeight(at: usize): f64 {
  return changetype<Network>(at).batchWeight;
}

/** What the last batch gave: the sum of its hits, each times its weight. */
export function batchHits(at: usize): f64 {
  return changetype<Network>(at).hits;
}

/** The first layer that overflowed in the last batch, -1 for none, the depth for its gradients. */
export function batchOverflow(at: usize): i32 {
  return changetype<Network>(at).overflow;
}
