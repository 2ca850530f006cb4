import { Layer } from '../../abi/layer';
import { Network } from '../../abi/network';
import { ownPacked, ownRows } from '../../step/rows';
import { sharePanels } from '../../step/share';
import { activateColumns } from '../../activations/activate';
import { boundOf, isBounded, isRowwise } from '../../activations/table';
import { softmax } from '../../activations/softmax';
import { gemmProduct } from '../../gemm/product';
import { rowsAt } from '../../gemm/rows';
import { singleProduct } from '../../gemm/single';
import { noteOverflow, noteSize } from '../flow';

export function beginForward(layer: Layer): void {
  layer.size = isBounded(layer.activation) ? 1 : 0;
}

/** z = W * x + b and a = activation(z), in some panels. */
export function forward(network: Network, layer: Layer, index: i32, part: i32, parts: i32): void {
  const rows = network.rows;
  const x = index ? layer.x : ownRows(network);
  let offset: usize = 0,
    width = layer.ld;
  if (layer.panels) {
    const from = sharePanels(layer.panels, part, parts),
      to = sharePanels(layer.panels, part + 1, parts);
    if (from == to) return;
    gemmProduct(
      rowsAt(x, rows, index ? network.scratch : ownPacked(network)),
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
    singleProduct(x, layer.lda, layer.weight, layer.bias, layer.z, rows, layer.inputs);
  }
  if (isRowwise(layer.activation)) return;
  const z = layer.z + offset,
    a = layer.a + offset,
    kind = layer.activation,
    isLast = index + 1 == network.depth;
  activateColumns(kind, z, a, rows, width, layer.ld, layer.parameter, boundOf(kind, isLast));
  // the last layer's values show in the loss
  if (isLast || isBounded(layer.activation)) return;
  noteSize(layer, layer.a + offset, rows, width);
}

/** What takes whole rows, or all of the parts. */
export function endForward(network: Network, layer: Layer, index: i32): void {
  if (isRowwise(layer.activation)) softmax(layer.z, layer.a, network.rows, layer.outputs, layer.ld);
  if (index + 1 < network.depth) noteOverflow(network, layer, index);
}
