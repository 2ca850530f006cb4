import { layerOf, Network } from '../abi/network';
import { prepare, preparedCost, preparedUnits } from '../layers/dense/prepare';
import { isWanted } from '../layers/flow';
import { DENSE } from '../layers/kinds';
import { layerIn, phaseCost, runPart, stageIn, unitsOf, updatePhase } from './phases';

/*
 * What a phase copies once it has begun, before any of its parts: a job of its own, which threads share like a phase.
 */

/** Added to the number of a phase where its copies are meant. */
const COPIES: i32 = 1 << 30;

/** The job of a phase's copies; -1 where it has none. */
export function copiesOf(network: Network, phase: i32): i32 {
  if (phase == 0 || phase == network.depth + 1 || phase == updatePhase(network)) return -1;
  return jobUnits(network, phase + COPIES) ? phase + COPIES : -1;
}

/** About what a job costs in flops: a phase, or its copies. */
export function jobCost(network: Network, job: i32): f64 {
  if (job < COPIES) return phaseCost(network, job);
  const phase = job - COPIES;
  return preparedCost(network, layerOf(network, layerIn(network, phase)), stageIn(network, phase));
}

/** How many parts of a job can have something to do. */
export function jobUnits(network: Network, job: i32): i32 {
  if (job < COPIES) return unitsOf(network, job);
  const phase = job - COPIES,
    index = layerIn(network, phase),
    stage = stageIn(network, phase),
    layer = layerOf(network, index);
  if (layer.kind != DENSE || !isWanted(network, layer, stage)) return 0;
  return preparedUnits(network, layer, index, stage);
}

/** Does part `part` of `parts` of a job. */
export function runJobPart(network: Network, job: i32, part: i32, parts: i32): void {
  if (job < COPIES) return runPart(network, job, part, parts);
  const phase = job - COPIES,
    index = layerIn(network, phase);
  prepare(network, layerOf(network, index), index, stageIn(network, phase), part, parts);
}
