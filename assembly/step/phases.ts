import { beginDelta, beginGradient, delta, deltaUnits, gradient } from '../layers/dense/backward';
import { beginForward, endForward, forward, gather, gatherUnits, measure } from '../layers/dense/forward';
import { layerOf, Network, PREDICT, TRAIN } from '../abi/records';
import { beginStep, updatePart, updateUnits } from './update';

/*
 * What is done with a batch, as a list of phases. A pass over its rows: they are gathered, go forward through the
 * layers and give the loss, then each layer from the last gives its gradient and the deltas of the layer below. After
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
  return network.purpose >= TRAIN ? update(network) : depth + 2;
}

/** The phase of the update. */
// @ts-ignore: decorator
@inline
export function update(network: Network): i32 {
  return 3 * network.depth + 2;
}

/** The layer whose gradient, at an even distance behind the loss, or deltas a phase makes. */
// @ts-ignore: decorator
@inline
function layerBehind(network: Network, phase: i32): i32 {
  return network.depth - 1 - ((phase - network.depth - 2) >> 1);
}

// @ts-ignore: decorator
@inline
function isGradient(network: Network, phase: i32): bool {
  return ((phase - network.depth) & 1) == 0;
}

export function beginPhase(network: Network, phase: i32): void {
  const depth = network.depth;
  if (phase <= depth) {
    if (phase > 0) beginForward(network, phase - 1);
  } else if (phase == update(network)) {
    beginStep(network);
  } else if (phase > depth + 1) {
    if (isGradient(network, phase)) beginGradient(network, layerBehind(network, phase));
    else beginDelta(network, layerBehind(network, phase));
  }
}

/** Runs part `part` of `parts` of a phase that has begun. */
export function runPart(network: Network, phase: i32, part: i32, parts: i32): void {
  const depth = network.depth;
  if (phase == 0) {
    gather(network, part, parts);
  } else if (phase <= depth) {
    forward(network, phase - 1, part, parts);
  } else if (phase == depth + 1) {
    if (part == 0) measure(network);
  } else if (phase == update(network)) {
    updatePart(network, part, parts);
  } else if (isGradient(network, phase)) {
    gradient(network, layerBehind(network, phase), part, parts);
  } else {
    delta(network, layerBehind(network, phase), part, parts);
  }
}

/** Ends a phase, all of whose parts are done. */
export function endPhase(network: Network, phase: i32): void {
  if (phase > 0 && phase <= network.depth) endForward(network, phase - 1);
}

/** What an element costs beside the products, as if it were flops: gathered, put through an activation, updated. */
const GATHER: f64 = 12;
const ACTIVATION: f64 = 16;
const UPDATE: f64 = 8;

/** About what a phase costs in flops. */
export function phaseCost(network: Network, phase: i32): f64 {
  const depth = network.depth,
    rows = <f64>network.rows;
  if (phase == 0) return GATHER * rows * <f64>layerOf(network, 0).inputs;
  if (phase == depth + 1) return 0;
  if (phase == update(network)) return UPDATE * <f64>network.count;
  const index = phase <= depth ? phase - 1 : layerBehind(network, phase);
  if (phase > depth && !isGradient(network, phase) && !deltaUnits(network, index)) return 0;
  const layer = layerOf(network, index);
  return rows * (2 * <f64>layer.inputs + ACTIVATION) * <f64>layer.outputs;
}

/** How many parts of a phase can have something to do: more are allowed, and idle. */
export function unitsOf(network: Network, phase: i32): i32 {
  const depth = network.depth;
  if (phase == 0) return gatherUnits(network);
  if (phase == depth + 1) return 1;
  if (phase == update(network)) return updateUnits(network);
  const index = phase <= depth ? phase - 1 : layerBehind(network, phase);
  const layer = layerOf(network, index);
  if (phase <= depth || isGradient(network, phase)) return max(1, layer.panels);
  return deltaUnits(network, index);
}
