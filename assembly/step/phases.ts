import { Network, PREDICT, TRAIN } from '../abi/network';
import {
  beginLayer,
  DELTA,
  endLayer,
  FORWARD,
  GRADIENT,
  keepLayers,
  layerCost,
  layerUnits,
  runWhole,
  runLayer,
} from '../layers/kinds';
import { measure } from './measure';
import { beginRows, gather, gatherSize, gatherUnits } from './rows';
import { averageTables, beginStep, updatePart, updateUnits } from './update';

/*
 * What is done with a batch, as a list of phases. A pass over its rows: they are gathered, go forward through the
 * layers and give the loss, then each layer from the last gives its gradient and the deltas of what it reads. After
 * the last pass of a batch that makes a step comes the update.
 *
 * A phase has a beginning and an end, each one call, and between them parts, which divide its outputs and never a sum:
 * in any order, one after another or side by side, they give the same bits.
 */

/** Phases of a pass. */
// @ts-ignore: decorator
@inline
export function phases(network: Network): i32 {
  const depth = network.depth;
  if (network.purpose == PREDICT) return depth + 1;
  return network.purpose >= TRAIN ? updatePhase(network) : depth + 2;
}

/** The phase of the update. */
// @ts-ignore: decorator
@inline
export function updatePhase(network: Network): i32 {
  return 3 * network.depth + 2;
}

/** The layer of a phase other than the first, the loss and the update. */
// @ts-ignore: decorator
@inline
export function layerIn(network: Network, phase: i32): i32 {
  const depth = network.depth;
  return phase <= depth ? phase - 1 : depth - 1 - ((phase - depth - 2) >> 1);
}

/** What its layer does in such a phase: behind the loss a layer's gradient and its deltas take turns. */
// @ts-ignore: decorator
@inline
export function stageIn(network: Network, phase: i32): i32 {
  const depth = network.depth;
  if (phase <= depth) return FORWARD;
  return ((phase - depth) & 1) == 0 ? GRADIENT : DELTA;
}

/** Does all phases of a pass, one after another and each whole: for one thread alone, that may take its time. */
export function runPass(network: Network): void {
  const depth = network.depth;
  network.pass = 0;
  gather(network, 0, 1);
  for (let index = 0; index < depth; index++) runWhole(network, index, FORWARD);
  if (network.purpose == PREDICT) return;
  measure(network);
  if (network.purpose < TRAIN) return;
  for (let index = depth - 1; index >= 0; index--) {
    runWhole(network, index, GRADIENT);
    runWhole(network, index, DELTA);
  }
}

/** Does a phase, whole. */
export function runPhase(network: Network, phase: i32): void {
  if (phase == 0) {
    network.pass = 0;
    return gather(network, 0, 1);
  }
  if (phase == network.depth + 1) return measure(network);
  if (phase < updatePhase(network)) return runWhole(network, layerIn(network, phase), stageIn(network, phase));
  beginPhase(network, phase);
  updatePart(network, 0, 1);
  endPhase(network, phase);
}

export function beginPhase(network: Network, phase: i32): void {
  if (phase == 0) return beginRows(network);
  if (phase == network.depth + 1) return;
  if (phase == updatePhase(network)) beginStep(network);
  else beginLayer(network, layerIn(network, phase), stageIn(network, phase));
}

/** Runs part `part` of `parts` of a phase that has begun. */
export function runPart(network: Network, phase: i32, part: i32, parts: i32): void {
  if (phase == 0) {
    gather(network, part, parts);
  } else if (phase == network.depth + 1) {
    if (part == 0) measure(network);
  } else if (phase == updatePhase(network)) {
    updatePart(network, part, parts);
  } else {
    runLayer(network, layerIn(network, phase), stageIn(network, phase), part, parts);
  }
}

/** Ends a phase, all of whose parts are done. */
export function endPhase(network: Network, phase: i32): void {
  if (phase == 0 || phase == network.depth + 1) return;
  if (phase == updatePhase(network)) {
    keepLayers(network);
    averageTables(network);
  } else endLayer(network, layerIn(network, phase), stageIn(network, phase));
}

/** What an element costs that is gathered, and one that is updated, as if it were flops. */
const GATHER: f64 = 12;
const UPDATE: f64 = 8;

/** About what a phase costs in flops. */
export function phaseCost(network: Network, phase: i32): f64 {
  if (phase == 0) return GATHER * gatherSize(network);
  if (phase == network.depth + 1) return 0;
  if (phase == updatePhase(network)) return UPDATE * <f64>network.count;
  return layerCost(network, layerIn(network, phase), stageIn(network, phase));
}

/** How many parts of a phase can have something to do: more are allowed, and idle. */
export function unitsOf(network: Network, phase: i32): i32 {
  if (phase == 0) return gatherUnits(network);
  if (phase == network.depth + 1) return 1;
  if (phase == updatePhase(network)) return updateUnits(network);
  return layerUnits(network, layerIn(network, phase), stageIn(network, phase));
}
