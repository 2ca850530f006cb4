import { Layer } from '../abi/layer';
import { Network } from '../abi/network';
import { share } from '../step/share';
import { flush, least } from '../lanes/flush';
import { loadLanes } from '../lanes/lanes';
import { largestOf } from '../lanes/vector';
import { forgetTouched, gradientRow, touch } from '../step/touched';
import { clearDeltas, noteBound, noteOverflow, noteSize } from './flow';
import { DELTA, FORWARD } from './kinds';

/** What a value costs, as if it were flops. */
const ELEMENT: f64 = 4;

/**
 * x holds indices, `inputs` of them in a row; a is, for each of them, the row of the table that it names. Its gradient
 * is the sum of dC/da wherever the row was named, and an index has no slope.
 */
@unmanaged
export class Embedding {
  @inline begin(network: Network, layer: Layer, _index: i32, stage: i32): void {
    if (stage == FORWARD) layer.size = 0;
    else if (stage != DELTA && layer.trains) touchRows(network, layer);
  }

  @inline run(network: Network, layer: Layer, _index: i32, stage: i32, part: i32, parts: i32): void {
    if (stage != FORWARD && stage != DELTA) {
      if (layer.trains) addGradients(network, layer, part, parts);
      return;
    }
    const from = share(network.rows, part, parts),
      rows = share(network.rows, part + 1, parts) - from;
    if (rows == 0) return;
    if (stage == FORWARD) lookUp(layer, from, rows);
    else if (!layer.adds) clearDeltas(network, layer, from, rows);
  }

  @inline end(network: Network, layer: Layer, index: i32, stage: i32): void {
    if (stage == FORWARD) noteOverflow(network, layer, index);
  }

  @inline units(network: Network, layer: Layer, stage: i32): i32 {
    return stage == FORWARD || stage == DELTA ? network.rows : (layer.columns + 3) >> 2;
  }

  @inline cost(network: Network, layer: Layer, _stage: i32): f64 {
    return ELEMENT * <f64>network.rows * <f64>layer.outputs;
  }
}

/** The row of the table that index k of a row of x names. The host has checked it: the bounds are for memory's sake. */
// @ts-ignore: decorator
@inline
function named(layer: Layer, row: i32, k: i32): i32 {
  const index = load<f32>(layer.x + ((<usize>(row * layer.lda + k)) << 2));
  return index >= 0 && index < <f32>layer.categories ? <i32>index : 0;
}

/** a of `rows` rows from `from` on. */
function lookUp(layer: Layer, from: i32, rows: i32): void {
  const bytes = (<usize>layer.columns) << 2;
  for (let row = from; row < from + rows; row++) {
    let a = layer.a + ((<usize>(row * layer.ld)) << 2);
    for (let k = 0; k < layer.inputs; k++) {
      memory.copy(a, layer.weight + ((<usize>named(layer, row, k) * layer.panelStride) << 2), bytes);
      a += bytes;
    }
  }
  noteSize(layer, layer.a + ((<usize>(from * layer.ld)) << 2), rows, layer.outputs);
}

/** Notes the rows of the table that this pass names, in the order of the rows of x. */
function touchRows(network: Network, layer: Layer): void {
  if (network.done == 0) forgetTouched(layer);
  for (let row = 0; row < network.rows; row++) {
    for (let k = 0; k < layer.inputs; k++) touch(layer, named(layer, row, k));
  }
  // all indices of an example may name the same row
  noteBound(network, largestOf(layer.d, network.rows, layer.outputs, layer.ld), <f32>layer.inputs);
}

/** Adds dC/da to the gradients, row by row, in some fours of the table's columns. */
function addGradients(network: Network, layer: Layer, part: i32, parts: i32): void {
  const columns = layer.columns,
    fours = (columns + 3) >> 2,
    from = share(fours, part, parts) << 2,
    to = min(share(fours, part + 1, parts) << 2, columns);
  for (let row = 0; row < network.rows; row++) {
    for (let k = 0; k < layer.inputs; k++) {
      const g = gradientRow(layer, named(layer, row, k)),
        d = layer.d + ((<usize>(row * layer.ld + k * columns)) << 2);
      for (let j = from; j < to; j += 4) {
        const at = (<usize>j) << 2,
          delta = flush(loadLanes(d + at, columns - j), least());
        v128.store(g + at, f32x4.add(v128.load(g + at), delta));
      }
    }
  }
}
