import { activateColumnsBackward, LINEAR, SOFTMAX } from '../../activations/table';
import { raise } from '../../step/barrier';
import { LEAST } from '../../lanes/flush';
import { gemmDelta } from '../../gemm/delta';
import { gemmGradient } from '../../gemm/gradient';
import { gemmGradientBlocked, wantsBlocks, packBlocks } from '../../gemm/blocks';
import { tilesOf } from '../../gemm/height';
import { packRows, rowsAt } from '../../gemm/rows';
import { panelAt, stripAt } from '../../gemm/scratch';
import { singleDelta, singleGradient } from '../../gemm/single';
import { SOFTMAX_CROSS_ENTROPY } from '../../losses/table';
import { Layer, layerOf, Network, share } from '../../abi/records';
import { softmaxBackward } from '../../activations/softmax';
import { columnSum, columnSums, largest, settleOf } from '../../lanes/vector';

export function beginGradient(network: Network, index: i32): void {
  const layer = layerOf(network, index);
  const rows = network.rows;
  if (layer.activation == SOFTMAX && !isFused(network, index)) {
    softmaxBackward(layer.a, layer.d, rows, layer.outputs, layer.ld);
  }
  if (inBlocks(layer, rows)) packBlocks(layer.x, layer.lda, rows, layer.inputs, network.done ? 1 : 0, network.scratch);
}

// @ts-ignore: decorator
@inline
function inBlocks(layer: Layer, rows: i32): bool {
  return wantsBlocks(rows, layer.lda, layer.ld, layer.panels);
}

/** The loss gave delta already: the last layer's activation and the loss are a pair. */
// @ts-ignore: decorator
@inline
export function isFused(network: Network, index: i32): bool {
  return index + 1 == network.depth && !network.given && network.lossKind >= SOFTMAX_CROSS_ENTROPY;
}

/**
 * delta = dC/da * activation'(z), in place, then dC/dW = delta (outer product) x and dC/db = delta, summed over the
 * rows: in some panels.
 */
export function gradient(network: Network, index: i32, part: i32, parts: i32): void {
  const layer = layerOf(network, index),
    rows = network.rows,
    accumulate = network.done ? 1 : 0;
  if (!layer.panels) {
    if (part > 0) return;
    slope(network, index, 0, layer.ld);
    if (layer.hasBias) columnSum(layer.d, rows, layer.biasGradient, accumulate);
    singleGradient(layer.x, layer.lda, layer.d, layer.weightGradient, rows, layer.inputs, accumulate);
    return;
  }
  const from = share(layer.panels, part, parts),
    to = share(layer.panels, part + 1, parts),
    width = (to - from) << 3;
  if (from == to) return;
  const offset = (<usize>from) << 5;
  slope(network, index, offset, to - from == layer.panels ? layer.ld : width);
  if (layer.hasBias) columnSums(layer.d + offset, layer.ld, rows, width, layer.biasGradient + offset, accumulate);
  const ld = layer.ld,
    stride = layer.panelStride,
    g = layer.weightGradient,
    inputs = layer.inputs;
  if (inBlocks(layer, rows)) {
    const blocks = network.scratch,
      panel = panelAt(blocks, rows, inputs, from);
    gemmGradientBlocked(blocks, layer.d, ld, g, stride, rows, inputs, from, to, accumulate, panel);
  } else {
    gemmGradient(layer.x, layer.lda, layer.d, ld, g, stride, rows, inputs, from, to, accumulate);
  }
}

/**
 * In place d = dC/da becomes delta = dC/dz, in `width` columns from `offset` bytes on; their size is taken note of: a
 * gradient is a sum over the batch of delta * x, and delta holds the example's share of the mean already.
 */
function slope(network: Network, index: i32, offset: usize, width: i32): void {
  const above = index ? layerOf(network, index - 1).size : network.inputSize;
  const size = slopeOf(network, index, offset, width) * <f32>network.batch;
  raise(changetype<usize>(network) + offsetof<Network>('bound'), size * max(above, <f32>1));
}

/** The first half of `slope`: returns the largest |delta|. */
function slopeOf(network: Network, index: i32, offset: usize, width: i32): f32 {
  const layer = layerOf(network, index),
    kind = layer.activation,
    rows = network.rows,
    ld = layer.ld,
    d = layer.d + offset;
  if (kind == LINEAR || kind == SOFTMAX || isFused(network, index)) return settleOf(d, rows, width, ld, LEAST);
  const z = layer.z + offset,
    a = layer.a + offset;
  const size = activateColumnsBackward(kind, z, a, d, rows, width, ld, layer.parameter);
  // one output an example: the last vector may have reached behind them
  return layer.panels ? size : largest(d, rows);
}

/** Where dC/dx of a layer goes: d of the layer below, or the gradient of the inputs where it is wanted, or 0. */
// @ts-ignore: decorator
@inline
function deltaOf(network: Network, index: i32): usize {
  if (index) return layerOf(network, index - 1).d;
  const out = network.inputGradient;
  return out ? out + ((<usize>network.done * layerOf(network, 0).lda) << 2) : 0;
}

/** How many parts of the deltas can have something to do. */
export function deltaUnits(network: Network, index: i32): i32 {
  const layer = layerOf(network, index);
  if (!deltaOf(network, index)) return 0;
  return layer.panels ? (layer.inputs + 7) >> 3 : 1;
}

export function beginDelta(network: Network, index: i32): void {
  const layer = layerOf(network, index);
  if (!layer.panels || !deltaOf(network, index)) return;
  const rows = network.rows;
  packRows(layer.d, layer.ld, rows, layer.outputs, network.scratch, 0, tilesOf(rows));
}

/** dC/dx = delta * W, in some columns. */
export function delta(network: Network, index: i32, part: i32, parts: i32): void {
  const layer = layerOf(network, index),
    rows = network.rows,
    out = deltaOf(network, index);
  if (!out) return;
  if (layer.panels) {
    const panels = deltaUnits(network, index);
    const from = share(panels, part, parts),
      to = share(panels, part + 1, parts);
    gemmDelta(
      rowsAt(layer.d, rows, network.scratch),
      layer.ld,
      layer.weight,
      layer.panelStride,
      layer.outputs,
      out,
      layer.lda,
      rows,
      from,
      to,
      stripAt(network.scratch, rows, layer.outputs, layer.panels, from),
    );
  } else if (part == 0) {
    singleDelta(layer.d, layer.weight, out, layer.lda, rows, layer.inputs);
  }
}
