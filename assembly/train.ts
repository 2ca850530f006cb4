import { layerOf, Network, TRAIN } from './network';
import { isSafe } from './safety';
import { phaseCost, phases, runPhase } from './step';
import { update } from './update';

/*
 * What the host calls: one call for many steps, for a slice of a long step, for measuring, or for gradients.
 * Nothing here runs unless the record and its sources are complete.
 */

/**
 * Says where the examples come from: x [*, inputs], and y [*, outputs] or i32 labels [*], all dense. `inputScale` is 0
 * where x is float32, and what to multiply by where it is bytes; `inputSize` the largest |x|, so multiplied.
 */
export function setSource(
  at: usize,
  x: usize,
  inputScale: f32,
  inputSize: f32,
  y: usize,
  labels: usize,
  order: usize,
): void {
  const network = changetype<Network>(at);
  network.sourceX = x;
  network.inputScale = inputScale;
  network.inputSize = inputSize;
  network.sourceY = y;
  network.sourceLabels = labels;
  network.order = order;
}

/** Begins the mini-batch of `batch` examples from `first` on; `purpose` says how far it goes. */
export function beginBatch(at: usize, first: i32, batch: i32, purpose: i32): void {
  const network = changetype<Network>(at);
  network.first = first;
  network.batch = batch;
  network.purpose = purpose;
  network.done = 0;
  network.rows = min(batch, network.rowsPerPass);
  network.phase = 0;
  network.part = 0;
  network.loss = 0;
  network.hits = 0;
  network.bound = 0;
  network.overflow = -1;
}

/** Runs one phase of the batch begun, whole: what a person who asks for every factor steps through. */
export function runBatchPhase(at: usize, phase: i32): void {
  runPhase(changetype<Network>(at), phase, 0, 1);
}

/** Goes on to the rows of the next pass; false when the batch has none left, or has failed: its rows stay to be seen. */
// @ts-ignore: decorator
@inline
function nextPass(network: Network): bool {
  if (network.overflow >= 0) return false;
  network.done += network.rows;
  network.rows = min(network.batch - network.done, network.rowsPerPass);
  return network.rows > 0;
}

/** Does all that the batch begun is for. 1 when every value came out finite. */
export function runBatch(at: usize): i32 {
  const network = changetype<Network>(at),
    last = phases(network);
  do {
    for (let phase = 0; phase < last; phase++) runPhase(network, phase, 0, 1);
  } while (nextPass(network));
  return network.overflow < 0 ? 1 : 0;
}

/**
 * Goes on with the batch begun for about `budget` flops. 1 when it is complete. A phase that costs more is taken in
 * parts, as many as its first slice's budget asks for.
 */
export function advance(at: usize, budget: f64): i32 {
  const network = changetype<Network>(at),
    last = phases(network);
  let spent: f64 = 0;
  while (spent < budget) {
    const cost = phaseCost(network, network.phase);
    if (network.part == 0) network.parts = <i32>max(1, Math.ceil(cost / budget));
    runPhase(network, network.phase, network.part, network.parts);
    spent += cost / network.parts;
    if (++network.part < network.parts) continue;
    network.part = 0;
    if (++network.phase < last) continue;
    network.phase = 0;
    if (!nextPass(network)) return 1;
  }
  return 0;
}

/**
 * Applies the gradients of a batch that is complete to the parameters `from` to `to` - 1, in slices from 0 up. 1 when
 * it did; 0, at the first slice, when something overflowed, and nothing was changed.
 */
export function finishStep(at: usize, rate: f64, from: i32, to: i32): i32 {
  const network = changetype<Network>(at);
  if (from == 0 && !isSafe(network, rate)) return 0;
  update(network, rate, from, to);
  return 1;
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
  for (let batch = 0; batch < batches; batch++) {
    const first = (from + batch) * batchSize;
    beginBatch(at, first, min(batchSize, examples - first), TRAIN);
    runBatch(at);
    const own = rates ? load<f64>(rates + ((<usize>batch) << 3)) : rate;
    if (!finishStep(at, own, 0, network.count)) return batch;
    store<f64>(totals, load<f64>(totals) + network.loss);
    store<f64>(totals, load<f64>(totals, 8) + network.hits, 8);
  }
  return batches;
}

/** The outputs of the batch begun, dense [batch, outputs], at `out`. */
export function predictBatch(at: usize, out: usize): void {
  const network = changetype<Network>(at),
    last = layerOf(network, network.depth - 1);
  const bytes = (<usize>last.outputs) << 2;
  do {
    for (let phase = 0; phase < network.depth; phase++) runPhase(network, phase, 0, 1);
    let row = last.a;
    for (let i = 0; i < network.rows; i++) {
      memory.copy(out, row, bytes);
      row += (<usize>last.ld) << 2;
      out += bytes;
    }
  } while (nextPass(network));
}

/** What the last batch gave: the sum of its costs. */
export function batchLoss(at: usize): f64 {
  return changetype<Network>(at).loss;
}

/** What the last batch gave: the sum of its hits. */
export function batchHits(at: usize): f64 {
  return changetype<Network>(at).hits;
}

/** The first layer that overflowed in the last batch, -1 for none, the depth for its gradients. */
export function batchOverflow(at: usize): i32 {
  return changetype<Network>(at).overflow;
}
