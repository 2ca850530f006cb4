import { Layer } from '../abi/layer';
import { Network } from '../abi/network';
import { share } from '../step/share';
import { flush, least } from '../lanes/flush';
import { laneMask, loadLanes, pairSums, storeLanes, sumPair } from '../lanes/lanes';
import { deltaOf, firstColumn, noteOverflow, noteSize } from './flow';
import { DELTA, FORWARD } from './kinds';
import { scaled, weightsOf } from './norms/columns';
import { scaleGradient } from './norms/gradient';

/**
 * z = (x - mean) / sqrt(variance + epsilon), the mean and variance of each row by itself; a = weight * z + bias. Ba,
 * Kiros and Hinton 2016. It keeps 1 / sqrt(variance + epsilon) of each row.
 */
@unmanaged
export class LayerNorm {
  @inline begin(_network: Network, layer: Layer, _index: i32, stage: i32): void {
    if (stage == FORWARD) layer.size = 0;
  }

  @inline run(network: Network, layer: Layer, _index: i32, stage: i32, part: i32, parts: i32): void {
    if (stage != FORWARD && stage != DELTA) {
      const first = firstColumn(layer, part, parts),
        next = firstColumn(layer, part + 1, parts);
      // a row's squares have the mean 1 at most
      if (first < next) scaleGradient(network, layer, first, next, <f32>Math.sqrt(<f64>layer.outputs));
      return;
    }
    const from = share(network.rows, part, parts),
      to = share(network.rows, part + 1, parts);
    if (from == to) return;
    if (stage == FORWARD) {
      for (let row = from; row < to; row++) normaliseRow(layer, row);
      noteSize(layer, layer.a + ((<usize>from * layer.ld) << 2), to - from, layer.ld);
    } else {
      const out = deltaOf(network, layer);
      for (let row = from; row < to; row++) deltaRow(layer, out, row);
    }
  }

  @inline end(network: Network, layer: Layer, index: i32, stage: i32): void {
    if (stage == FORWARD) noteOverflow(network, layer, index);
  }

  @inline units(network: Network, layer: Layer, stage: i32): i32 {
    return stage == FORWARD || stage == DELTA ? network.rows : layer.panels;
  }

  @inline cost(network: Network, layer: Layer, _stage: i32): f64 {
    return 16 * <f64>network.rows * <f64>layer.outputs;
  }
}

// @ts-ignore: decorator
@inline
function rowAt(base: usize, row: i32, ld: i32): usize {
  return base + ((<usize>row * ld) << 2);
}

/** One row, its mean and variance in float64, both summed in the order of the columns, four side by side. */
function normaliseRow(layer: Layer, row: i32): void {
  const columns = layer.outputs,
    ld = layer.ld,
    x = rowAt(layer.x, row, layer.lda),
    z = rowAt(layer.z, row, ld),
    a = rowAt(layer.a, row, ld);
  let sums = f64x2.splat(0);
  for (let j = 0; j < columns; j += 4) {
    sums = f64x2.add(sums, pairSums(v128.and(loadLanes(x + ((<usize>j) << 2), ld - j), laneMask(columns - j))));
  }
  const mean = sumPair(sums) / columns,
    centre = f32x4.splat(<f32>mean),
    rest = mean - <f64>(<f32>mean);
  sums = f64x2.splat(0);
  for (let j = 0; j < columns; j += 4) {
    const value = f32x4.sub(loadLanes(x + ((<usize>j) << 2), ld - j), centre);
    sums = f64x2.add(sums, pairSquares(v128.and(value, laneMask(columns - j))));
  }
  // of squares about the rounded mean, those about the mean itself
  const variance = Math.max(0, sumPair(sums) / columns - rest * rest),
    factor = <f32>(1 / Math.sqrt(variance + layer.epsilon)),
    factors = f32x4.splat(factor);
  store<f32>(layer.kept + ((<usize>row) << 2), factor);
  for (let j = 0; j < columns; j += 4) {
    const at = (<usize>j) << 2,
      value = f32x4.mul(f32x4.sub(loadLanes(x + at, ld - j), centre), factors),
      settled = v128.and(flush(value, least()), laneMask(columns - j));
    storeLanes(z + at, settled, ld - j);
    storeLanes(a + at, scaled(layer, settled, j), ld - j);
  }
}

/** The squares of four lanes in float64, as two sums. */
// @ts-ignore: decorator
@inline
function pairSquares(value: v128): v128 {
  const low = f64x2.promote_low_f32x4(value),
    high = f64x2.promote_low_f32x4(v128.shuffle<f32>(value, value, 2, 3, 2, 3));
  return f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high));
}

/**
 * dC/dx = (g - mean of g - z * mean of g * z) / sqrt(variance + epsilon), where g = weight * dC/da: x moves its row's
 * mean and variance too.
 */
function deltaRow(layer: Layer, out: usize, row: i32): void {
  const columns = layer.outputs,
    ld = layer.ld,
    d = rowAt(layer.d, row, ld),
    z = rowAt(layer.z, row, ld),
    dx = rowAt(out, row, layer.lda),
    keep = i32x4.splat(layer.adds ? -1 : 0);
  let sums = f64x2.splat(0),
    products = sums;
  for (let j = 0; j < columns; j += 4) {
    const at = (<usize>j) << 2,
      g = f32x4.mul(weightsOf(layer, j), loadLanes(d + at, ld - j));
    sums = f64x2.add(sums, pairSums(g));
    products = f64x2.add(products, pairSums(f32x4.mul(g, loadLanes(z + at, ld - j))));
  }
  const mean = flush(f32x4.splat(<f32>(sumPair(sums) / columns)), least()),
    share = flush(f32x4.splat(<f32>(sumPair(products) / columns)), least()),
    factor = f32x4.splat(load<f32>(layer.kept + ((<usize>row) << 2)));
  for (let j = 0; j < columns; j += 4) {
    const at = (<usize>j) << 2,
      g = f32x4.mul(weightsOf(layer, j), loadLanes(d + at, ld - j)),
      away = f32x4.add(mean, f32x4.mul(loadLanes(z + at, ld - j), share)),
      value = v128.and(f32x4.mul(factor, flush(f32x4.sub(g, away), least())), laneMask(columns - j));
    storeLanes(dx + at, f32x4.add(v128.and(loadLanes(dx + at, ld - j), keep), value), ld - j);
  }
}
