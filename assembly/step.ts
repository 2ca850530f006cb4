import { activate, activateBackward, LINEAR, SOFTMAX } from './activation';
import { gatherRows } from './gather';
import { gemmDelta } from './gemm/delta';
import { gemmGradient } from './gemm/gradient';
import { gemmProduct } from './gemm/product';
import { singleDelta, singleGradient, singleProduct } from './gemm/single';
import { countHits } from './hits';
import { loss, SOFTMAX_CROSS_ENTROPY } from './loss';
import { Layer, layerOf, Network, PREDICT, TRAIN } from './network';
import { softmax, softmaxBackward } from './softmax';
import { columnSum, columnSums, largest } from './vector';

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
    const back = phase - depth - 1, index = depth - 1 - (back >> 1);
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

/** Copies the rows of this pass into the staging of the first layer. */
function gather(network: Network): void {
  const input = layerOf(network, 0), output = layerOf(network, network.depth - 1);
  const from = network.first + network.done, rows = network.rows, order = network.order;
  gatherRows(network.sourceX, input.inputs, order, from, rows, input.x, input.lda);
  if (network.sourceY) gatherRows(network.sourceY, output.outputs, order, from, rows, network.target, output.ld);
  if (network.sourceLabels) gatherRows(network.sourceLabels, 1, order, from, rows, network.labels, 1);
}

/** z = W * x + b and a = activation(z). */
function forward(network: Network, index: i32, part: i32, parts: i32): void {
  const layer = layerOf(network, index), rows = network.rows;
  if (layer.panels) {
    const from = share(layer.panels, part, parts), to = share(layer.panels, part + 1, parts);
    gemmProduct(
      layer.x, layer.lda, layer.weight, layer.panelStride, layer.bias, layer.z, layer.ld,
      rows, layer.inputs, from, to,
    );
  } else if (part == 0) {
    singleProduct(layer.x, layer.lda, layer.weight, layer.bias, layer.z, rows, layer.inputs);
  }
  if (part + 1 < parts) return;
  const count = rows * layer.ld;
  if (layer.activation == SOFTMAX) softmax(layer.z, layer.a, rows, layer.outputs, layer.ld);
  else if (layer.activation != LINEAR) activate(layer.activation, layer.z, layer.a, count, layer.parameter);
  // softmax makes a NaN of an infinite logit, so that both values tell
  layer.size = max(largest(layer.a, count), index + 1 == network.depth ? largest(layer.z, count) : 0);
  if (!(layer.size < f32.MAX_VALUE) && network.overflow < 0) network.overflow = index;
}

/** Adds the cost of this pass's rows; when it trains, d of the last layer = dC/da, or dC/dz for a fused pair. */
function measure(network: Network): void {
  const layer = layerOf(network, network.depth - 1), rows = network.rows;
  const y = network.sourceY ? network.target : 0, labels = network.sourceLabels ? network.labels : 0;
  const scale = <f32>(1.0 / <f64>network.batch);
  network.loss += loss(
    network.lossKind, layer.z, layer.a, y, labels, network.purpose == TRAIN ? layer.d : 0,
    rows, layer.outputs, layer.ld, network.lossParameter, scale,
  );
  // finite outputs can still be too large for their cost
  if (!(network.loss < f64.MAX_VALUE) && network.overflow < 0) network.overflow = network.depth - 1;
  if (network.hitRule) {
    network.hits += countHits(network.hitRule, layer.a, y, labels, rows, layer.outputs, layer.ld);
  }
}

/** delta = dC/da * activation'(z), then dC/dW = delta (outer product) x and dC/db = delta, summed over the rows. */
function gradient(network: Network, index: i32, part: i32, parts: i32): void {
  const layer = layerOf(network, index), rows = network.rows, accumulate = network.done ? 1 : 0;
  if (part == 0) {
    slope(network, index);
    const above = index ? layerOf(network, index - 1).size : network.inputSize;
    const size = largest(layer.d, rows * layer.ld) * <f32>network.batch;
    network.bound = max(network.bound, size * max(above, <f32>1));
    if (layer.hasBias) biasGradient(layer, rows, accumulate);
  }
  if (layer.panels) {
    const from = share(layer.panels, part, parts), to = share(layer.panels, part + 1, parts);
    gemmGradient(
      layer.x, layer.lda, layer.d, layer.ld, layer.weightGradient, layer.panelStride,
      rows, layer.inputs, from, to, accumulate,
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
function delta(network: Network, index: i32, part: i32, parts: i32): void {
  const layer = layerOf(network, index), rows = network.rows;
  let out = network.inputGradient;
  if (index) out = layerOf(network, index - 1).d;
  else if (out) out += (<usize>network.done * layer.lda) << 2;
  if (!out) return;
  if (layer.panels) {
    // one input has no padding to fill: four columns of its dense rows overlap, and each row mends the one before
    const groups = layer.lda == 1 ? 1 : ((layer.inputs + 7) >> 3) << 1;
    const from = share(groups, part, parts), to = share(groups, part + 1, parts);
    gemmDelta(layer.d, layer.ld, layer.weight, layer.panelStride, layer.panels, out, layer.lda, rows, from, to);
  } else if (part == 0) {
    singleDelta(layer.d, layer.weight, out, layer.lda, rows, layer.inputs);
  }
}

/** Where part `part` of `parts` begins among `count` units. */
// @ts-ignore: decorator
@inline
function share(count: i32, part: i32, parts: i32): i32 {
  return <i32>((<i64>count * part) / parts);
}
