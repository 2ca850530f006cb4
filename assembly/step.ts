import { delta, gradient } from './backward';
import { forward, gather, measure } from './forward';
import { layerOf, Network, PREDICT, TRAIN } from './network';

/*
 * One pass over the rows of a mini-batch, as a list of phases: forward through the layers, the loss, and for each
 * layer from the last its gradient and the deltas of the layer below. A phase can be taken in parts, which divide
 * its outputs and never a sum, so that a long phase can be done in slices with the same bits.
 */

/** Phases of a pass: `depth` go forward, one is the loss, and two for each layer go backward. */
// @ts-ignore: decorator
@inline
export function phases(network: Network): i32 {
  const depth = network.depth;
  if (network.purpose == PREDICT) return depth;
  return network.purpose == TRAIN ? 3 * depth + 1 : depth + 1;
}

/** Runs part `part` of `parts` of a phase. Parts of one phase in order, phases in order. */
export function runPhase(network: Network, phase: i32, part: i32, parts: i32): void {
  const depth = network.depth;
  if (phase < depth) {
    if (phase == 0 && part == 0) gather(network);
    forward(network, phase, part, parts);
  } else if (phase == depth) {
    measure(network);
  } else {
    const back = phase - depth - 1,
      index = depth - 1 - (back >> 1);
    if ((back & 1) == 0) gradient(network, index, part, parts);
    else delta(network, index, part, parts);
  }
}

/** What a phase costs in flops, for the host's slices. */
export function phaseCost(network: Network, phase: i32): f64 {
  const depth = network.depth;
  if (phase == depth) return 0;
  const layer = layerOf(network, phase < depth ? phase : depth - 1 - ((phase - depth - 1) >> 1));
  return 2.0 * <f64>network.rows * <f64>layer.inputs * <f64>layer.outputs;
}
