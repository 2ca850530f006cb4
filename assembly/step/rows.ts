import { layerOf, Network } from '../abi/network';
import { share } from './share';
import { tilesOf, tileStart } from '../gemm/height';
import { packRows } from '../gemm/rows';
import { DENSE } from '../layers/kinds';
import { gatherBytes, gatherRows } from './gather';

/** How many parts of the rows can have something to do: they are whole tiles, so that each packs its own. */
export function gatherUnits(network: Network): i32 {
  return tilesOf(network.rows);
}

/** Copies the rows of this pass to where the first layer reads them, and packs them for the product of a dense one. */
export function gather(network: Network, part: i32, parts: i32): void {
  const input = layerOf(network, 0),
    output = layerOf(network, network.depth - 1),
    inputs = network.inputs,
    lda = network.lda;
  const tiles = tilesOf(network.rows),
    from = share(tiles, part, parts),
    to = share(tiles, part + 1, parts);
  const first = from ? tileStart(network.rows, from) : 0,
    rows = (to < tiles ? tileStart(network.rows, to) : network.rows) - first;
  const example = network.first + network.done + first,
    order = network.order;
  const x = rowAt(network.x, first, lda),
    scale = network.inputScale;
  if (scale == 0) gatherRows(network.sourceX, inputs, order, example, rows, x, lda);
  else gatherBytes(network.sourceX, inputs, order, example, rows, x, lda, scale);
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
  if (input.kind == DENSE && input.panels) packRows(network.x, lda, network.rows, inputs, network.scratch, from, to);
}

// @ts-ignore: decorator
@inline
function rowAt(base: usize, row: i32, stride: i32): usize {
  return base + ((<usize>row * stride) << 2);
}
