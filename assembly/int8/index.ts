import { layerOf, Network, PREDICT } from '../abi/network';
import { runBatchPhase } from './core';
import { forward } from './layer';

/**
 * The ABI of the modules for int8 predictions, which have no memory and no static data of their own: they work in that of
 * the plain kernels. Pointers and lengths only; nothing here throws.
 */
export { quantisedBytes } from './layer';
export { unitInputs } from './quantise';

// Exported so that the compiler leaves each a function of its own, as `assembly/index.ts` says
export { productRow, productRowFour, productTile4 } from './product';
export { quantiseRow } from './quantise';

/** The kind of a quantised dense layer, of which the other kernels know nothing. */
const QUANTISED: i32 = -1;

/** Runs a batch of one pass that has begun, to its outputs or its loss. */
export function runQuantised(at: usize): void {
  const network = changetype<Network>(at),
    depth = network.depth;
  runBatchPhase(at, 0);
  for (let index = 0; index < depth; index++) {
    const layer = layerOf(network, index);
    if (layer.kind == QUANTISED) forward(network, layer, index);
    else runBatchPhase(at, index + 1);
  }
  if (network.purpose > PREDICT) runBatchPhase(at, depth + 1);
}
