import { Layer } from '../abi/layer';
import { layerOf, Network } from '../abi/network';
import { share } from '../step/share';
import { flush, least } from '../lanes/flush';
import { loadLanes, storeLanes } from '../lanes/lanes';
import { passRows } from '../lanes/rows';
import { deltaOf, noteOverflow, inputSize } from './flow';
import { DELTA, FORWARD } from './kinds';

/** a = x + skip. dC/dx and dC/dskip are both dC/da. */
@unmanaged
export class Add {
  @inline begin(network: Network, layer: Layer, _index: i32, stage: i32): void {
    if (stage != FORWARD) return;
    const other = layer.other >= 0 ? layerOf(network, layer.other).size : network.inputSize;
    layer.size = inputSize(network, layer) + other;
  }

  @inline run(network: Network, layer: Layer, _index: i32, stage: i32, part: i32, parts: i32): void {
    const from = share(network.rows, part, parts),
      rows = share(network.rows, part + 1, parts) - from;
    if (rows == 0) return;
    if (stage == FORWARD) addForward(layer, from, rows);
    else if (stage == DELTA) addBackward(network, layer, from, rows);
  }

  @inline end(network: Network, layer: Layer, index: i32, stage: i32): void {
    if (stage == FORWARD) noteOverflow(network, layer, index);
  }

  @inline units(network: Network, _layer: Layer, stage: i32): i32 {
    return stage == FORWARD || stage == DELTA ? network.rows : 0;
  }

  @inline cost(network: Network, layer: Layer, _stage: i32): f64 {
    return 4 * <f64>network.rows * <f64>layer.outputs;
  }
}

/** Where the skipped row's dC/da goes: 0 where nobody wants it. */
// @ts-ignore: decorator
@inline
function skippedDelta(network: Network, layer: Layer): usize {
  if (layer.other >= 0) return layer.skipD;
  if (!network.inputGradient) return 0;
  return network.inputGradient + ((<usize>network.done * network.lda) << 2);
}

/** a = x + skip in `rows` rows from `from` on; what is below LEAST is 0. */
function addForward(layer: Layer, from: i32, rows: i32): void {
  const columns = layer.outputs,
    ld = layer.ld,
    offset = (<usize>from * ld) << 2;
  // rows of as many values have the same stride
  let x = layer.x + offset,
    skip = layer.skip + offset,
    a = layer.a + offset;
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < columns; j += 4) {
      const at = (<usize>j) << 2,
        room = ld - j;
      storeLanes(a + at, flush(f32x4.add(loadLanes(x + at, room), loadLanes(skip + at, room)), least()), room);
    }
    x += (<usize>ld) << 2;
    skip += (<usize>ld) << 2;
    a += (<usize>ld) << 2;
  }
}

/** dC/dx = dC/da and dC/dskip = dC/da. */
function addBackward(network: Network, layer: Layer, from: i32, rows: i32): void {
  const ld = layer.ld,
    offset = (<usize>from * ld) << 2,
    d = layer.d + offset,
    skip = skippedDelta(network, layer);
  if (skip) passRows(d, ld, skip + offset, ld, rows, layer.outputs, layer.skipAdds);
  if (layer.below >= 0 || network.inputGradient) {
    passRows(d, ld, deltaOf(network, layer) + offset, ld, rows, layer.outputs, layer.adds);
  }
}
