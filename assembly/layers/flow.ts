import { Layer } from '../abi/layer';
import { layerOf, Network } from '../abi/network';
import { share } from '../step/share';
import { raise } from '../step/barrier';
import { largestOf } from '../lanes/vector';
import { FORWARD, GRADIENT } from './kinds';

/*
 * What the kinds of layers share: where a layer's numbers come from, and where they go.
 */

/** Whether a stage that goes back has anything to do in a layer. */
// @ts-ignore: decorator
@inline
export function isWanted(network: Network, layer: Layer, stage: i32): bool {
  if (stage == FORWARD) return true;
  return network.inputGradient != 0 || (stage == GRADIENT ? layer.carries != 0 : layer.passes != 0);
}

/** Where a layer's dC/dx goes for the rows of this pass: d of the layer below, or the gradient of the inputs. */
// @ts-ignore: decorator
@inline
export function deltaOf(network: Network, layer: Layer): usize {
  if (layer.below >= 0) return layer.dx;
  return network.inputGradient + ((<usize>network.done * network.lda) << 2);
}

/**
 * Sets dC/dx to 0 in `rows` rows from `row` on: for a layer that reads only some columns, or indices, by which a cost
 * has no slope.
 */
export function clearDeltas(network: Network, layer: Layer, row: i32, rows: i32): void {
  const dx = deltaOf(network, layer);
  for (let i = row; i < row + rows; i++) {
    memory.fill(dx + ((<usize>(i * layer.lda)) << 2), 0, (<usize>layer.inputs) << 2);
  }
}

/** A bound on |x| of the rows of this pass. */
// @ts-ignore: decorator
@inline
export function inputSize(network: Network, layer: Layer): f32 {
  return layer.below >= 0 ? layerOf(network, layer.below).size : network.inputSize;
}

/** Takes note of how large the activations at `a` have become, in `width` columns of `rows` rows. */
// @ts-ignore: decorator
@inline
export function noteSize(layer: Layer, a: usize, rows: i32, width: i32): void {
  raise(changetype<usize>(layer) + offsetof<Layer>('size'), largestOf(a, rows, width, layer.ld));
}

/** The column where part `part` begins, of a kind that divides the columns by panels of 8. */
// @ts-ignore: decorator
@inline
export function firstColumn(layer: Layer, part: i32, parts: i32): i32 {
  return min(share(layer.panels, part, parts) << 3, layer.outputs);
}

/** Takes note of the first layer whose activations have left the finite numbers. */
// @ts-ignore: decorator
@inline
export function noteOverflow(network: Network, layer: Layer, index: i32): void {
  if (!(layer.size < f32.MAX_VALUE) && network.overflow < 0) network.overflow = index;
}

/**
 * Takes note of a bound on the gradients that a layer makes of deltas up to `size` and factors up to `most`: each is a
 * sum over the rows of their products, or of the deltas alone, which hold the example's share of the mean already.
 */
// @ts-ignore: decorator
@inline
export function noteBound(network: Network, size: f32, most: f32): void {
  raise(changetype<usize>(network) + offsetof<Network>('bound'), size * <f32>network.batch * max(most, <f32>1));
}
