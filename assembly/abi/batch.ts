import { Network, STEP } from './network';
import { isSafe } from '../step/safety';
import { weightOf } from '../step/gather';
import { beginPhase, endPhase, phaseCost, phases, runPass, runPhase, updatePhase } from '../step/phases';
import { makeCopies, runSlice, slicesOf } from '../step/slice';

/*
 * A batch in whole or in slices, by the phases of phases.ts. Nothing here runs unless the network's record and its
 * source are complete.
 */

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

/** Runs one phase of the batch, whole: `explain` steps through a batch in this way. */
export function runBatchPhase(at: usize, phase: i32): void {
  runPhase(changetype<Network>(at), phase);
}

/** Goes on to the next phase. False when the batch is complete, or has failed. */
function nextPhase(network: Network): bool {
  network.part = 0;
  const phase = ++network.phase;
  if (phase < phases(network)) return true;
  if (phase > updatePhase(network)) return false;
  return nextPass(network) || makesStep(network);
}

/** Goes on to the next pass. False after the last, or where one has failed: its rows stay to be seen. */
function nextPass(network: Network): bool {
  const done = network.done + network.rows;
  if (network.overflow >= 0 || done >= network.batch) return false;
  network.done = done;
  network.rows = min(network.batch - done, network.rowsPerPass);
  network.phase = 0;
  return true;
}

/** Whether the passes end in an update: not where one has failed. */
function makesStep(network: Network): bool {
  return network.overflow < 0 && network.purpose == STEP && isSafe(network);
}

/**
 * Goes on with the batch for about `budget` flops. Returns 1 when it is complete or has failed, and 0 when there is
 * more to do or a thread was lost: see team.ts. A phase that costs more than the budget is cut into slices when it
 * begins.
 */
export function advance(at: usize, budget: f64): i32 {
  const network = changetype<Network>(at);
  let spent: f64 = 0;
  while (spent < budget) {
    const phase = network.phase,
      cost = budget < Infinity ? phaseCost(network, phase) : 0;
    if (network.part == 0) {
      network.parts = slicesOf(network, phase, <i32>Math.ceil(cost / budget));
      beginPhase(network, phase);
      if (!makeCopies(network, phase)) return 0;
    }
    if (!runSlice(network, phase, network.part, network.parts)) return 0;
    spent += cost / network.parts;
    if (++network.part < network.parts) continue;
    endPhase(network, phase);
    if (!nextPhase(network)) return 1;
  }
  return 0;
}

/** Runs the batch to its end. Returns 1 when every value came out finite and no thread was lost. */
export function runBatch(at: usize): i32 {
  const network = changetype<Network>(at);
  if (network.crew > 1) return advance(at, Infinity) && network.overflow < 0 ? 1 : 0;
  do {
    runPass(network);
  } while (nextPass(network));
  if (makesStep(network)) runPhase(network, updatePhase(network));
  return network.overflow < 0 ? 1 : 0;
}

/** Returns 1 when the batch was left in the midst of its update: some weights have changed, and others have not. */
export function isUpdating(at: usize): i32 {
  const network = changetype<Network>(at);
  return network.phase == updatePhase(network) ? 1 : 0;
}
