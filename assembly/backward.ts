import { activateBackward, LINEAR, SOFTMAX } from './activation';
import { gemmDelta } from './gemm/delta';
import { gemmGradient } from './gemm/gradient';
import { singleDelta, singleGradient } from './gemm/single';
import { SOFTMAX_CROSS_ENTROPY } from './loss';
import { Layer, layerOf, Network, share } from './network';
import { softmaxBackward } from './softmax';
import { columnSum, columnSums, largest } from './vector';

/** delta = dC/da * activation'(z), then dC/dW = delta (outer product) x and dC/db = delta, summed over the rows. */
export function gradient(network: Network, index: i32, part: i32, parts: i32): void {
  const layer = layerOf(network, index),
    rows = network.rows,
    accumulate = network.done ? 1 : 0;
  if (part == 0) {
    slope(network, index);
    const above = index ? layerOf(network, index - 1).size : network.inputSize;
    const size = largest(layer.d, rows * layer.ld) * <f32>network.batch;
    network.bound = max(network.bound, size * max(above, <f32>1));
    if (layer.hasBias) biasGradient(layer, rows, accumulate);
  }
  if (layer.panels) {
    const from = share(layer.panels, part, parts),
      to = share(layer.panels, part + 1, parts);
    gemmGradient(
      layer.x,
      layer.lda,
      layer.d,
      layer.ld,
      layer.weightGradient,
      layer.panelStride,
      rows,
      layer.inputs,
      from,
      to,
      accumulate,
    );
  } else if (part == 0) {
    singleGradient(layer.x, layer.lda, layer.d, layer.weightGradient, rows, layer.inputs, accumulate);
  }
}

/** In place d = dC/da becomes delta = dC/dz; the loss gave it already where the last layer's pair is fused. */
function slope(network: Network, index: i32): void {
  const layer = layerOf(network, index);
  if (layer.activation == LINEAR) return;
  if (index + 1 == network.depth && network.lossKind >= SOFTMAX_CROSS_ENTROPY) return;
  if (layer.activation == SOFTMAX) softmaxBackward(layer.a, layer.d, network.rows, layer.outputs, layer.ld);
  else activateBackward(layer.activation, layer.z, layer.a, layer.d, network.rows * layer.ld, layer.parameter);
}

// @ts-ignore: decorator
@inline
function biasGradient(layer: Layer, rows: i32, accumulate: i32): void {
  if (layer.panels) columnSums(layer.d, layer.ld, rows, layer.panels << 3, layer.biasGradient, accumulate);
  else columnSum(layer.d, rows, layer.biasGradient, accumulate);
}

/** dC/dx = delta * W: d of the layer below, or the gradient of the inputs where it is wanted. */
export function delta(network: Network, index: i32, part: i32, parts: i32): void {
  const layer = layerOf(network, index),
    rows = network.rows;
  let out = network.inputGradient;
  if (index) out = layerOf(network, index - 1).d;
  else if (out) out += (<usize>network.done * layer.lda) << 2;
  if (!out) return;
  if (layer.panels) {
    const panels = (layer.inputs + 7) >> 3;
    const from = share(panels, part, parts),
      to = share(panels, part + 1, parts);
    // a part has a scratch of its own, for parts may be made side by side
    const scratch = network.scratch + ((<usize>part * layer.panels) << 8);
    gemmDelta(
      layer.d,
      layer.ld,
      layer.weight,
      layer.panelStride,
      layer.outputs,
      out,
      layer.lda,
      rows,
      from,
      to,
      scratch,
    );
  } else if (part == 0) {
    singleDelta(layer.d, layer.weight, out, layer.lda, rows, layer.inputs);
  }
}
