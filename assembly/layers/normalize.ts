import { Layer } from '../abi/layer';
import { Network } from '../abi/network';
import { firstColumn, noteOverflow, noteSize } from './flow';
import { DELTA, FORWARD } from './kinds';
import { standardise, standardiseBackward } from './norms/columns';

/** a = (x - mean) / sqrt(variance) by means and variances that were learnt beforehand; 0 where the variance is 0. */
@unmanaged
export class Normalize {
  @inline begin(_network: Network, layer: Layer, _index: i32, stage: i32): void {
    if (stage == FORWARD) layer.size = 0;
  }

  @inline run(network: Network, layer: Layer, _index: i32, stage: i32, part: i32, parts: i32): void {
    const from = firstColumn(layer, part, parts),
      to = firstColumn(layer, part + 1, parts),
      rows = network.rows;
    if (from >= to) return;
    if (stage == FORWARD) {
      standardise(layer, rows, from, to, layer.mean, layer.variance);
      noteSize(layer, layer.a + ((<usize>from) << 2), rows, min((to - from + 7) & ~7, layer.ld - from));
    } else if (stage == DELTA) {
      standardiseBackward(network, layer, from, to, layer.variance, false);
    }
  }

  @inline end(network: Network, layer: Layer, index: i32, stage: i32): void {
    if (stage == FORWARD) noteOverflow(network, layer, index);
  }

  @inline units(_network: Network, layer: Layer, stage: i32): i32 {
    return stage == FORWARD || stage == DELTA ? layer.panels : 0;
  }

  @inline cost(network: Network, layer: Layer, _stage: i32): f64 {
    return 8 * <f64>network.rows * <f64>layer.outputs;
  }
}
