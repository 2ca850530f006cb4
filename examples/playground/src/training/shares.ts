/** What each example of a scope contributes to the derivative of one weight, and where there is one to show. */
import { DivergenceError, type Network } from 'chainrule';
import { slice, type Examples } from '../data/data-set.js';
import type { Focus } from '../setting/setting.js';

/** Gradients that are held at a time: each is as long as the network's weights. */
const AT_A_TIME = 32;
/** Training examples that are looked through for a derivative that is not 0. */
const LOOKED_THROUGH = 24;

/** dC_i/dw of every example; undefined when one overflowed. */
export function sharesOf(network: Network, { layer, j, k }: Focus, examples: Examples): Float32Array | undefined {
  const shares = new Float32Array(examples.count);
  const name = `layers.${layer}.weight`;
  try {
    for (let from = 0; from < examples.count; from += AT_A_TIME) {
      const { x, y } = slice(examples, from, Math.min(examples.count, from + AT_A_TIME));
      network.gradients(x, y, { each: true }).forEach(({ parameters }, index) => {
        const { data, shape } = parameters[name];
        shares[from + index] = data[j * shape[1] + k];
      });
    }
    return shares;
  } catch (error) {
    if (error instanceof DivergenceError) return undefined;
    throw error;
  }
}

/** The example and the weight of the first layer with the largest derivative among the first training examples. */
export function strongest(network: Network, train: Examples): Focus {
  const { x, y } = slice(train, 0, Math.min(train.count, LOOKED_THROUGH));
  let best: Focus = { example: 0, layer: 0, j: 0, k: 0 };
  let most = 0;
  try {
    network.gradients(x, y, { each: true }).forEach(({ parameters }, example) => {
      const { data, shape } = parameters['layers.0.weight'];
      data.forEach((value, at) => {
        if (Math.abs(value) <= most) return;
        most = Math.abs(value);
        best = { example, layer: 0, j: Math.floor(at / shape[1]), k: at % shape[1] };
      });
    });
  } catch (error) {
    if (!(error instanceof DivergenceError)) throw error;
  }
  return best;
}
