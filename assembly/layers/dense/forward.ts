import { activateColumns, boundOf, SIGMOID, SOFTMAX, TANH } from '../../activations/table';
import { raise } from '../../step/barrier';
import { gatherBytes, gatherRows } from '../../step/gather';
import { tilesOf, tileStart } from '../../gemm/height';
import { gemmProduct } from '../../gemm/product';
import { packRows, rowsAt } from '../../gemm/rows';
import { singleProduct } from '../../gemm/single';
import { countHits } from '../../step/hits';
import { GIVEN, loss } from '../../losses/table';
import { Layer, layerOf, Network, share, TRAIN } from '../../abi/records';
import { softmax } from '../../activations/softmax';
import { largest, largestOf } from '../../lanes/vector';

/** How many parts of the rows can have something to do: they are whole tiles, so that each packs its own. */
export function gatherUnits(network: Network): i32 {
  return tilesOf(network.rows);
}

/** Copies the rows of this pass into the staging of the first layer, and packs them for its product. */
export function gather(network: Network, part: i32, parts: i32): void {
  const input = layerOf(network, 0),
    output = layerOf(network, network.depth - 1);
  const tiles = tilesOf(network.rows),
    from = share(tiles, part, parts),
    to = share(tiles, part + 1, parts);
  const first = from ? tileStart(network.rows, from) : 0,
    rows = (to < tiles ? tileStart(network.rows, to) : network.rows) - first;
  const example = network.first + network.done + first,
    order = network.order;
  const x = rowAt(input.x, first, input.lda),
    scale = network.inputScale;
  if (scale == 0) gatherRows(network.sourceX, input.inputs, order, example, rows, x, input.lda);
  else gatherBytes(network.sourceX, input.inputs, order, example, rows, x, input.lda, scale);
  if (network.sourceY) {
    const target = rowAt(network.target, first, output.ld);
    gatherRows(network.sourceY, output.outputs, order, example, rows, target, output.ld);
  }
  if (network.sourceLabels) {
    gatherRows(network.sourceLabels, 1, order, example, rows, rowAt(network.labels, first, 1), 1);
  }
  if (network.sourceWeights) {
    gatherRows(network.sourceWeights, 1, order, example, rows, rowAt(network.weights, first, 1), 1);
  }
  if (input.panels) packRows(input.x, input.lda, network.rows, input.inputs, network.scratch, from, to);
}

// @ts-ignore: decorator
@inline
function rowAt(base: usize, row: i32, stride: i32): usize {
  return base + ((<usize>row * stride) << 2);
}

/** The bound of a bounded activation is known, and its values cannot overflow without a NaN in the loss. */
// @ts-ignore: decorator
@inline
export function isBounded(layer: Layer): bool {
  return layer.activation == SIGMOID || layer.activation == TANH;
}

export function beginForward(network: Network, index: i32): void {
  const layer = layerOf(network, index);
  layer.size = isBounded(layer) ? 1 : 0;
  // those of the first layer were packed as they were gathered
  if (index == 0 || !layer.panels) return;
  const rows = network.rows;
  packRows(layer.x, layer.lda, rows, layer.inputs, network.scratch, 0, tilesOf(rows));
}

/** z = W * x + b and a = activation(z), in some panels. */
export function forward(network: Network, index: i32, part: i32, parts: i32): void {
  const layer = layerOf(network, index),
    rows = network.rows;
  let offset: usize = 0,
    width = layer.ld;
  if (layer.panels) {
    const from = share(layer.panels, part, parts),
      to = share(layer.panels, part + 1, parts);
    if (from == to) return;
    gemmProduct(
      rowsAt(layer.x, rows, network.scratch),
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
    offset = (<usize>from) << 5;
    if (to - from < layer.panels) width = (to - from) << 3;
  } else {
    if (part > 0) return;
    singleProduct(layer.x, layer.lda, layer.weight, layer.bias, layer.z, rows, layer.inputs);
  }
  if (layer.activation == SOFTMAX) return;
  const z = layer.z + offset,
    a = layer.a + offset,
    kind = layer.activation,
    isLast = index + 1 == network.depth;
  activateColumns(kind, z, a, rows, width, layer.ld, layer.parameter, boundOf(kind, isLast));
  // the last layer's values show in the loss
  if (isLast || isBounded(layer)) return;
  raise(changetype<usize>(layer) + offsetof<Layer>('size'), largestOf(a, rows, width, layer.ld));
}

/** What takes whole rows, or all of the parts. */
export function endForward(network: Network, index: i32): void {
  const layer = layerOf(network, index);
  if (layer.activation == SOFTMAX) softmax(layer.z, layer.a, network.rows, layer.outputs, layer.ld);
  if (index + 1 == network.depth) return;
  if (!(layer.size < f32.MAX_VALUE) && network.overflow < 0) network.overflow = index;
}

/** Adds the cost of this pass's rows; when it trains, d of the last layer = dC/da, or dC/dz for a fused pair. */
export function measure(network: Network): void {
  const layer = layerOf(network, network.depth - 1),
    rows = network.rows;
  const y = network.sourceY ? network.target : 0,
    labels = network.sourceLabels ? network.labels : 0,
    weights = network.sourceWeights ? network.weights : 0;
  // where all weights are 0 there is nothing to learn, and 1 / 0 would be no number beside them
  const scale = network.batchWeight > 0 ? 1.0 / network.batchWeight : 0;
  network.loss += loss(
    network.given ? GIVEN : network.lossKind,
    layer.z,
    layer.a,
    y,
    labels,
    network.purpose >= TRAIN ? layer.d : 0,
    rows,
    layer.outputs,
    layer.ld,
    network.lossParameter,
    scale,
    weights,
  );
  if (!(network.loss < f64.MAX_VALUE) && network.overflow < 0) network.overflow = firstOverflow(network);
  if (network.hitRule) {
    network.hits += countHits(network.hitRule, layer.a, y, labels, rows, layer.outputs, layer.ld, weights);
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
