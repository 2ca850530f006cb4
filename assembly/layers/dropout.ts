import { Layer } from '../abi/layer';
import { Network } from '../abi/network';
import { flush, least } from '../lanes/flush';
import { loadLanes, storeLanes } from '../lanes/lanes';
import { passRows } from '../lanes/rows';
import { Optimizer } from '../optimizers/record';
import { block } from '../random/philox';
import { deltaOf, inputSize, noteOverflow } from './flow';
import { firstRow, fours } from './fours';
import { DELTA, FORWARD } from './kinds';

/** Layer l draws its masks from this random stream + l: no weights and no shuffle are drawn from there. */
const STREAM: u32 = 0x40000000;
/** 2^-24. */
const UNIT: f32 = 5.9604644775390625e-8;
/** What an element costs, as if it were flops. */
const ELEMENT: f64 = 24;

/**
 * a = x * z, elementwise, z being 0 for a share `parameter` of the values and 1 / (1 - parameter) for the others:
 * Srivastava et al. 2014, inverted, so that the mean of a is x. Outside of training z is 1.
 *
 * What is dropped is a function of the seed, the layer, the steps made before, the row's place in the batch and the
 * column, whoever draws it: see `factors`.
 */
@unmanaged
export class Dropout {
  @inline begin(network: Network, layer: Layer, _index: i32, stage: i32): void {
    if (stage == FORWARD) layer.size = inputSize(network, layer) * largestFactor(network, layer);
  }

  @inline run(network: Network, layer: Layer, index: i32, stage: i32, part: i32, parts: i32): void {
    const from = firstRow(network, part, parts),
      to = firstRow(network, part + 1, parts),
      ld = layer.ld,
      offset = (<usize>(from * ld)) << 2;
    if (from == to) return;
    if (stage == DELTA) {
      passRows(layer.d + offset, ld, deltaOf(network, layer) + offset, ld, to - from, layer.outputs, layer.adds);
      return;
    }
    for (let row = from; row < to; row++) {
      const at = (<usize>(row * ld)) << 2;
      if (stage == FORWARD) {
        drawRow(network, layer, index, row, layer.z + at);
        multiply(layer.x + at, layer.z + at, layer.a + at, layer.outputs);
      } else {
        multiply(layer.d + at, layer.z + at, layer.d + at, layer.outputs);
      }
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

/** What the values that are kept are multiplied by. */
// @ts-ignore: decorator
@inline
function largestFactor(network: Network, layer: Layer): f32 {
  return network.training ? <f32>(1 / (1 - <f64>layer.parameter)) : 1;
}

/**
 * z of one row. Column j is dropped where u < parameter, u being the top 24 bits over 2^24 of word j mod 4 of the block
 * whose counter is (floor(j / 4), the row's place in the batch, STREAM + the layer, the steps made mod 2^32).
 */
function drawRow(network: Network, layer: Layer, index: i32, row: i32, z: usize): void {
  const factor = f32x4.splat(largestFactor(network, layer)),
    share = f32x4.splat(network.training ? layer.parameter : 0),
    place = network.done + row,
    step = <u32>(<u64>changetype<Optimizer>(network.optimizer).steps),
    columns = layer.outputs;
  for (let j = 0; j < columns; j += 4) {
    let kept = factor;
    if (network.training) {
      const words = block(j >> 2, place, STREAM + index, step, network.seedLow, network.seedHigh),
        u = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(words, 8)), f32x4.splat(UNIT));
      kept = v128.and(factor, f32x4.ge(u, share));
    }
    storeLanes(z + ((<usize>j) << 2), kept, columns - j);
  }
}

/** out = x * z in `columns` columns of one row; what is below LEAST is 0. */
function multiply(x: usize, z: usize, out: usize, columns: i32): void {
  for (let j = 0; j < columns; j += 4) {
    const at = (<usize>j) << 2,
      left = columns - j;
    storeLanes(out + at, flush(f32x4.mul(loadLanes(x + at, left), loadLanes(z + at, left)), least()), left);
  }
}
