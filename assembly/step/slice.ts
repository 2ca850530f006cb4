import { Network } from '../abi/network';
import { COPIES, copyPart, jobCost, jobUnits, runJobPart, unitsOfCopies } from './copies';
import { runPart, unitsOf } from './phases';
import { runTogether } from './team';

/** The least work, in flops, that is worth a thread: about three times what it costs to hand it over. */
const LEAST: f64 = 20000;

/** The work of a part where there is a choice, and the most parts for each thread: what is left for those who wait. */
const PART: f64 = 100000;
const MOST_PARTS: f64 = 8;

/**
 * Runs slice `slice` of `slices` of a phase that has begun, or of its copies, together where that is worth it. False
 * when a thread did not come back with its part.
 */
export function runSlice(network: Network, phase: i32, slice: i32, slices: i32): bool {
  if (!ASC_FEATURE_THREADS) {
    runPart(network, phase, slice, slices);
    return true;
  }
  if (network.crew > 1) {
    const cost = jobCost(network, phase) / slices,
      units = jobUnits(network, phase);
    const crew = min(min(network.crew, units), <i32>(cost / LEAST));
    if (crew > 1) {
      const each = <i32>max(1, min(MOST_PARTS, cost / (PART * crew)));
      return runTogether(network, phase, slice, slices, min(crew * each, units), crew, cost);
    }
  }
  runJobPart(network, phase, slice, slices);
  return true;
}

/** Makes the copies that a phase begins with; false as above. */
export function makeCopies(network: Network, phase: i32): bool {
  if (!ASC_FEATURE_THREADS) {
    copyPart(network, phase, 0, 1);
    return true;
  }
  return unitsOfCopies(network, phase) == 0 || runSlice(network, phase + COPIES, 0, 1);
}

/**
 * Into how many slices a phase is cut that costs as much as `least` budgets: as many, or a few more where every thread
 * then has as many units to do as the others.
 */
export function slicesOf(network: Network, phase: i32, least: i32): i32 {
  const crew = network.crew;
  if (!ASC_FEATURE_THREADS || crew <= 1 || least <= 1) return max(1, least);
  const units = unitsOf(network, phase);
  let best = least,
    fewest = i32.MAX_VALUE;
  for (let slices = least; slices <= least + least / 3; slices++) {
    // what the last thread is done with, in all of the slices
    const time = slices * ((units + slices * crew - 1) / (slices * crew));
    if (time >= fewest) continue;
    fewest = time;
    best = slices;
  }
  return best;
}
