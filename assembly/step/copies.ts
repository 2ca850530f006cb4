import { layerOf, Network } from '../abi/network';
import { prepare, preparedCost, preparedUnits } from '../layers/dense/prepare';
import { isWanted } from '../layers/flow';
import { DENSE } from '../layers/kinds';
import { layerIn, phaseCost, runPart, stageIn, unitsOf, updatePhase } from './phases';

/*
 * What a phase copies once it has begun, before any of its parts: a job of its own, which threads share like a phase.
 */

/** Added to the number of a phase where its copies are meant. */
export const COPIES: i32 = 1 << 30;

/** Whether a phase is a stage of a dense layer, which alone copies, and has anything to do there. */
function isDense(network: Network, phase: i32): bool {
  if (phase == 0 || phase == network.depth + 1 || phase == updatePhase(network)) return false;
  const layer = layerOf(network, layerIn(network, phase));
  return layer.kind == DENSE && isWanted(network, layer, stageIn(network, phase));
}

/** Makes part `part` of `parts` of the copies of a phase. */
export function copyPart(network: Network, phase: i32, part: i32, parts: i32): void {
  if (!isDense(network, phase)) return;
  const index = layerIn(network, phase);
  prepare(network, layerOf(network, index), index, stageIn(network, phase), part, parts);
}

/** How many parts of the copies of a phase can have something to do; 0 where there are none. */
export function unitsOfCopies(network: Network, phase: i32): i32 {
  if (!isDense(network, phase)) return 0;
  const index = layerIn(network, phase);
  return preparedUnits(network, layerOf(network, index), index, stageIn(network, phase));
}

/** About what a job costs in flops: a phase, or its copies. */
export function jobCost(network: Network, job: i32): f64 {
  if (job < COPIES) return phaseCost(network, job);
  const phase = job - COPIES;
  return preparedCost(network, layerOf(network, layerIn(network, phase)), stageIn(network, phase));
}

/** How many parts of a job can have something to do. */
export function jobUnits(network: Network, job: i32): i32 {
  return job < COPIES ? unitsOf(network, job) : unitsOfCopies(network, job - COPIES);
}

/** Does part `part` of `parts` of a job. */
export function runJobPart(network: Network, job: i32, part: i32, parts: i32): void {
  if (job < COPIES) runPart(network, job, part, parts);
  else copyPart(network, job - COPIES, part, parts);
}
