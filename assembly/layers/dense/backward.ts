import { Layer } from '../../abi/layer';
import { Network } from '../../abi/network';
import { ownRows } from '../../step/rows';
import { panelUnits, sharePanels } from '../../step/share';
import { activateColumnsBackward } from '../../activations/activate';
import { isAlias, isRowwise } from '../../activations/table';
import { softmaxBackward } from '../../activations/softmax';
import { gemmGradientBlocked } from '../../gemm/blocks';
import { gemmDelta } from '../../gemm/delta';
import { gemmGradient } from '../../gemm/gradient';
import { rowsAt } from '../../gemm/rows';
import { panelAt, stripAt } from '../../gemm/scratch';
import { singleDelta, singleGradient } from '../../gemm/single';
import { LEAST } from '../../lanes/flush';
import { passRows } from '../../lanes/rows';
import { columnSum, columnSums, largest, settleOf } from '../../lanes/vector';
import { deltaOf, inputSize, noteBound } from '../flow';
import { inBlocks, inputRows } from './prepare';

export function beginGradient(network: Network, layer: Layer, index: i32): void {
  const rows = network.rows;
  if (isRowwise(layer.activation) && !isFused(network, index)) {
    softmaxBackward(layer.a, layer.d, rows, layer.outputs, layer.ld);
  }
}

/** The loss gave delta already: the last layer's activation and the loss are a pair. */
// @ts-ignore: decorator
@inline
export function isFused(network: Network, index: i32): bool {
  return index + 1 == network.depth && network.fused && !network.given;
}

/**
 * delta = dC/da * activation'(z), in place, then dC/dW = delta (outer product) x and dC/db = delta, summed over the
 * rows: in some panels.
 */
export function gradient(network: Network, layer: Layer, index: i32, part: i32, parts: i32): void {
  const rows = network.rows,
    accumulate = network.done ? 1 : 0;
  if (!layer.panels) {
    if (part > 0) return;
    slope(network, layer, index, 0, layer.ld);
    if (!layer.trains) return;
    if (layer.hasBias) columnSum(layer.d, rows, layer.biasGradient, accumulate);
    singleGradient(
      inputRows(network, layer, index),
      layer.lda,
      layer.d,
      layer.weightGradient,
      rows,
      layer.inputs,
      accumulate,
    );
    return;
  }
  const from = sharePanels(layer.panels, part, parts),
    to = sharePanels(layer.panels, part + 1, parts),
    width = (to - from) << 3;
  if (from == to) return;
  const offset = (<usize>from) << 5;
  slope(network, layer, index, offset, to - from == layer.panels ? layer.ld : width);
  if (!layer.trains) return;
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
    gemmGradient(
      inputRows(network, layer, index),
      layer.lda,
      layer.d,
      ld,
      g,
      stride,
      rows,
      inputs,
      from,
      to,
      accumulate,
    );
  }
}

/** In place d = dC/da becomes delta = dC/dz, in `width` columns from `offset` bytes on; their size is taken note of. */
function slope(network: Network, layer: Layer, index: i32, offset: usize, width: i32): void {
  noteBound(network, slopeOf(network, layer, index, offset, width), inputSize(network, layer));
}

/** The first half of `slope`: returns the largest |delta|. */
function slopeOf(network: Network, layer: Layer, index: i32, offset: usize, width: i32): f32 {
  const kind = layer.activation,
    rows = network.rows,
    ld = layer.ld,
    d = layer.d + offset;
  if (isAlias(kind) || isRowwise(kind) || isFused(network, index)) return settleOf(d, rows, width, ld, LEAST);
  const z = layer.z + offset,
    a = layer.a + offset;
  const size = activateColumnsBackward(kind, z, a, d, rows, width, ld, layer.parameter);
  // one output an example: the last vector may have reached behind them
  return layer.panels ? size : largest(d, rows);
}

/** How many parts of the deltas can have something to do. */
export function deltaUnits(layer: Layer): i32 {
  return layer.panels ? panelUnits((layer.inputs + 7) >> 3) : 1;
}

/** dC/dx = delta * W, in some columns; where other layers read the same x, it is added to what they have made. */
export function delta(network: Network, layer: Layer, part: i32, parts: i32): void {
  const columns = layer.panels ? (layer.inputs + 7) >> 3 : 1,
    from = sharePanels(columns, part, parts),
    to = sharePanels(columns, part + 1, parts);
  if (from == to) return;
  const out = deltaOf(network, layer);
  if (!layer.adds) return product(network, layer, out, from, to);
  product(network, layer, network.spare, from, to);
  const offset = (<usize>from) << 5,
    width = layer.panels ? min((to - from) << 3, layer.lda) : layer.lda;
  passRows(network.spare + offset, layer.lda, out + offset, layer.lda, network.rows, width, 1);
}

/** delta * W, in columns `from` to `to` - 1 of eight. */
function product(network: Network, layer: Layer, out: usize, from: i32, to: i32): void {
  const rows = network.rows;
  if (!layer.panels) return singleDelta(layer.d, layer.weight, out, layer.lda, rows, layer.inputs);
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
}
