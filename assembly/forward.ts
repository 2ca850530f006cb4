import { activate, LINEAR, SIGMOID, SOFTMAX, TANH } from './activation';
import { gatherBytes, gatherRows } from './gather';
import { gemmProduct } from './gemm/product';
import { singleProduct } from './gemm/single';
import { countHits } from './hits';
import { loss } from './loss';
import { layerOf, Network, share, TRAIN } from './network';
import { softmax } from './softmax';
import { largest } from './vector';

/** Copies the rows of this pass into the staging of the first layer. */
export function gather(network: Network): void {
  const input = layerOf(network, 0),
    output = layerOf(network, network.depth - 1);
  const from = network.first + network.done,
    rows = network.rows,
    order = network.order;
  const scale = network.inputScale;
  if (scale == 0) gatherRows(network.sourceX, input.inputs, order, from, rows, input.x, input.lda);
  else gatherBytes(network.sourceX, input.inputs, order, from, rows, input.x, input.lda, scale);
  if (network.sourceY) gatherRows(network.sourceY, output.outputs, order, from, rows, network.target, output.ld);
  if (network.sourceLabels) gatherRows(network.sourceLabels, 1, order, from, rows, network.labels, 1);
}

/** z = W * x + b and a = activation(z). */
export function forward(network: Network, index: i32, part: i32, parts: i32): void {
  const layer = layerOf(network, index),
    rows = network.rows;
  if (layer.panels) {
    const from = share(layer.panels, part, parts),
      to = share(layer.panels, part + 1, parts);
    gemmProduct(
      layer.x,
      layer.lda,
      layer.weight,
      layer.panelStride,
      layer.bias,
      layer.z,
      layer.ld,
      rows,
      layer.inputs,
      from,
      to,
    );
  } else if (part == 0) {
    singleProduct(layer.x, layer.lda, layer.weight, layer.bias, layer.z, rows, layer.inputs);
  }
  if (part + 1 < parts) return;
  const count = rows * layer.ld;
  if (layer.activation == SOFTMAX) softmax(layer.z, layer.a, rows, layer.outputs, layer.ld);
  else if (layer.activation != LINEAR) activate(layer.activation, layer.z, layer.a, count, layer.parameter);
  // the last layer's values show in the loss, and those of a bounded activation cannot overflow without a NaN there
  if (index + 1 == network.depth) return;
  if (layer.activation == SIGMOID || layer.activation == TANH) {
    layer.size = 1;
    return;
  }
  layer.size = largest(layer.a, count);
  if (!(layer.size < f32.MAX_VALUE) && network.overflow < 0) network.overflow = index;
}

/** Adds the cost of this pass's rows; when it trains, d of the last layer = dC/da, or dC/dz for a fused pair. */
export function measure(network: Network): void {
  const layer = layerOf(network, network.depth - 1),
    rows = network.rows;
  const y = network.sourceY ? network.target : 0,
    labels = network.sourceLabels ? network.labels : 0;
  const scale = <f32>(1.0 / <f64>network.batch);
  network.loss += loss(
    network.lossKind,
    layer.z,
    layer.a,
    y,
    labels,
    network.purpose == TRAIN ? layer.d : 0,
    rows,
    layer.outputs,
    layer.ld,
    network.lossParameter,
    scale,
  );
  if (!(network.loss < f64.MAX_VALUE) && network.overflow < 0) network.overflow = firstOverflow(network);
  if (network.hitRule) {
    network.hits += countHits(network.hitRule, layer.a, y, labels, rows, layer.outputs, layer.ld);
  }
}

/** The first layer with a value that is not finite; the last where only the cost of finite values is not. */
function firstOverflow(network: Network): i32 {
  const last = network.depth - 1;
  for (let index = 0; index < last; index++) {
    const layer = layerOf(network, index);
    if (!(largest(layer.z, network.rows * layer.ld) < f32.MAX_VALUE)) return index;
  }
  return last;
}
