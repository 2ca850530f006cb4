import { Layer } from '../abi/layer';
import { Network } from '../abi/network';
import { activateColumns, activateColumnsBackward } from '../activations/activate';
import { boundOf, isBounded } from '../activations/table';
import { passRows } from '../lanes/rows';
import { deltaOf, noteOverflow, noteSize } from './flow';
import { firstRow, fours } from './fours';
import { DELTA, FORWARD } from './kinds';

/** What an element costs, as if it were flops. */
const ELEMENT: f64 = 16;

/** z = x, a = activation(z), elementwise. */
@unmanaged
export class ActivationLayer {
  @inline begin(_network: Network, layer: Layer, _index: i32, stage: i32): void {
    if (stage == FORWARD) layer.size = isBounded(layer.activation) ? 1 : 0;
  }

  @inline run(network: Network, layer: Layer, _index: i32, stage: i32, part: i32, parts: i32): void {
    const from = firstRow(network, part, parts),
      rows = firstRow(network, part + 1, parts) - from,
      // rows of as many values have the same stride
      ld = layer.ld,
      offset = (<usize>(from * ld)) << 2,
      kind = layer.activation,
      z = layer.z + offset,
      a = layer.a + offset,
      d = layer.d + offset;
    if (rows == 0) return;
    if (stage == FORWARD) {
      passRows(layer.x + offset, ld, z, ld, rows, layer.outputs, 0);
      activateColumns(kind, z, a, rows, ld, ld, layer.parameter, boundOf(kind, false));
      if (!isBounded(kind)) noteSize(layer, a, rows, ld);
    } else if (stage == DELTA) {
      passRows(d, ld, deltaOf(network, layer) + offset, ld, rows, layer.outputs, layer.adds);
    } else {
      activateColumnsBackward(kind, z, a, d, rows, ld, ld, layer.parameter);
    }
  }

  @inline end(network: Network, layer: Layer, index: i32, stage: i32): void {
    if (stage == FORWARD) noteOverflow(network, layer, index);
  }

  @inline units(network: Network, _layer: Layer, _stage: i32): i32 {
    return fours(network);
  }

  @inline cost(network: Network, layer: Layer, _stage: i32): f64 {
    return ELEMENT * <f64>network.rows * <f64>layer.outputs;
  }
}
