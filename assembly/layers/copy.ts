import { Layer } from '../abi/layer';
import { layerOf, Network } from '../abi/network';
import { share } from '../step/share';
import { passRows } from '../lanes/rows';
import { clearDeltas, deltaOf, inputSize } from './flow';
import { DELTA, FORWARD } from './kinds';

/**
 * Copies `columns` columns of x, from `from` on, to those of a from `to` on: where a branch ends in a row that several
 * share, or reads its part of one. The columns of dC/dx are those of dC/da.
 */
@unmanaged
export class Copy {
  @inline begin(network: Network, layer: Layer, index: i32, stage: i32): void {
    if (stage != FORWARD) return;
    // those who share a row follow one another, and the last one's size is that of the whole row
    const before = layer.to ? layerOf(network, index - 1).size : <f32>0;
    layer.size = max(inputSize(network, layer), before);
  }

  @inline run(network: Network, layer: Layer, _index: i32, stage: i32, part: i32, parts: i32): void {
    const row = share(network.rows, part, parts),
      rows = share(network.rows, part + 1, parts) - row,
      inX = (<usize>(row * layer.lda + layer.from)) << 2,
      inA = (<usize>(row * layer.ld + layer.to)) << 2;
    if (rows == 0) return;
    if (stage == FORWARD) {
      passRows(layer.x + inX, layer.lda, layer.a + inA, layer.ld, rows, layer.columns, 0);
    } else if (stage == DELTA) {
      if (!layer.adds && layer.columns < layer.inputs) clearDeltas(network, layer, row, rows);
      passRows(layer.d + inA, layer.ld, deltaOf(network, layer) + inX, layer.lda, rows, layer.columns, layer.adds);
    }
  }

  @inline end(_network: Network, _layer: Layer, _index: i32, _stage: i32): void {}

  @inline units(network: Network, _layer: Layer, stage: i32): i32 {
    return stage == FORWARD || stage == DELTA ? network.rows : 0;
  }

  @inline cost(network: Network, layer: Layer, _stage: i32): f64 {
    return 4 * <f64>network.rows * <f64>layer.columns;
  }
}
