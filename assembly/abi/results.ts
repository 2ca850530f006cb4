import { layerOf, Network } from './network';

/** The outputs of the last batch, of one pass of rows, dense [batch, outputs], at `out`. */
export function readOutputs(at: usize, out: usize): void {
  const network = changetype<Network>(at),
    last = layerOf(network, network.depth - 1);
  const bytes = (<usize>last.outputs) << 2;
  let row = last.a;
  for (let i = 0; i < network.rows; i++) {
    memory.copy(out, row, bytes);
    row += (<usize>last.ld) << 2;
    out += bytes;
  }
}

/** What the last batch gave: the sum of its costs, each times its weight. */
export function batchLoss(at: usize): f64 {
  return changetype<Network>(at).loss;
}

/** What the costs and hits of the last batch are divided by for their mean: its size, or the sum of its weights. */
export function batchWeight(at: usize): f64 {
  return changetype<Network>(at).batchWeight;
}

/** What the last batch gave: the sum of its hits, each times its weight. */
export function batchHits(at: usize): f64 {
  return changetype<Network>(at).hits;
}

/** The first layer that overflowed in the last batch, -1 for none, the depth for its gradients. */
export function batchOverflow(at: usize): i32 {
  return changetype<Network>(at).overflow;
}
