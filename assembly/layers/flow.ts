import { Layer, layerOf, Network } from '../abi/records';
import { raise } from '../step/barrier';
import { largestOf } from '../lanes/vector';

/*
 * What the kinds of layers have in common: where the numbers of a layer come from and go to.
 */

/** Where a layer's dC/dx goes for the rows of this pass: d of the layer below, or the gradient of the inputs. */
// @ts-ignore: decorator
@inline
export function deltaOf(network: Network, layer: Layer): usize {
  if (layer.below >= 0) return layer.dx;
  return network.inputGradient + ((<usize>network.done * network.lda) << 2);
}

/** A bound on |x| of the rows of this pass. */
// @ts-ignore: decorator
@inline
export function inputSize(network: Network, layer: Layer): f32 {
  return layer.below >= 0 ? layerOf(network, layer.below).size : network.inputSize;
}

/** Takes note of how large the activations of some columns, from `offset` bytes on, have become. */
// @ts-ignore: decorator
@inline
export function noteSize(network: Network, layer: Layer, offset: usize, width: i32): void {
  const at = changetype<usize>(layer) + offsetof<Layer>('size');
  raise(at, largestOf(layer.a + offset, network.rows, width, layer.ld));
}

/** Takes note of the first layer whose activations have left the finite numbers. */
// @ts-ignore: decorator
@inline
export function noteOverflow(network: Network, layer: Layer, index: i32): void {
  if (!(layer.size < f32.MAX_VALUE) && network.overflow < 0) network.overflow = index;
}

/**
 * Takes note of a bound on the gradients that a layer makes of deltas up to `size` and x: each is a sum over the rows of
 * their products, or of the deltas alone, which hold the example's share of the mean already.
 */
// @ts-ignore: decorator
@inline
export function noteBound(network: Network, layer: Layer, size: f32): void {
  const most = size * <f32>network.batch * max(inputSize(network, layer), <f32>1);
  raise(changetype<usize>(network) + offsetof<Network>('bound'), most);
}
