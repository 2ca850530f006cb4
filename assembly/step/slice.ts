import { Network } from '../abi/network';
import { phaseCost, runPart, unitsOf } from './phases';
import { runTogether } from './team';

/** The least work, in flops, that is worth a thread: about three times what it costs to hand it over. */
const LEAST: f64 = 20000;

/** The work of a part where there is a choice, and the most parts for each thread: what is left for those who wait. */
const PART: f64 = 100000;
const MOST_PARTS: f64 = 4;

/**
 * Runs slice `slice` of `slices` of a phase that has begun, together where that is worth it. False when a thread did
 * not come back with its part.
 */
export function runSlice(network: Network, phase: i32, slice: i32, slices: i32): bool {
  if (ASC_FEATURE_THREADS) {
    if (network.crew > 1) {
      const cost = phaseCost(network, phase) / slices;
      const crew = min(min(network.crew, unitsOf(network, phase)), <i32>(cost / LEAST));
      if (crew > 1) {
        const each = <i32>max(1, min(MOST_PARTS, cost / (PART * crew)));
        const parts = min(crew * each, unitsOf(network, phase));
        return runTogether(network, phase, slice, slices, parts, crew, cost);
      }
    }
  }
  runPart(network, phase, slice, slices);
  return true;
}
