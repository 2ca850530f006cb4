import { Layer } from '../../abi/layer';
import { Network } from '../../abi/network';
import { LEAST } from '../../lanes/flush';
import { loadLanes } from '../../lanes/lanes';
import { settleOf } from '../../lanes/vector';
import { noteBound } from '../flow';

/** Four columns in float64: lanes 0 and 1. */
// @ts-ignore: decorator
@inline
export function lowPair(value: v128): v128 {
  return f64x2.promote_low_f32x4(value);
}

/** Lanes 2 and 3. */
// @ts-ignore: decorator
@inline
export function highPair(value: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(value, value, 2, 3, 2, 3));
}

/** Both pairs, rounded to float32. */
// @ts-ignore: decorator
@inline
export function rounded(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/**
 * dC/dweight = sum of dC/da * z, dC/dbias = sum of dC/da, over the rows in their order, in float64: columns `from` to
 * `to` - 1, `from` a multiple of 8. No |z| is above `most`.
 */
export function scaleGradient(network: Network, layer: Layer, from: i32, to: i32, most: f32): void {
  const ld = layer.ld,
    rows = network.rows,
    start = (<usize>from) << 2,
    width = min((to - from + 7) & ~7, ld - from);
  const size = settleOf(layer.d + start, rows, width, ld, LEAST);
  if (!layer.trains) return;
  noteBound(network, size, most);
  const keep = i32x4.splat(network.done ? -1 : 0);
  for (let j = from; j < to; j += 4) {
    const offset = (<usize>j) << 2;
    let d = layer.d + offset,
      z = layer.z + offset,
      low = f64x2.splat(0),
      high = low,
      lowZ = low,
      highZ = low;
    for (let row = 0; row < rows; row++) {
      const delta = loadLanes(d, ld - j),
        product = f32x4.mul(delta, loadLanes(z, ld - j));
      low = f64x2.add(low, lowPair(delta));
      high = f64x2.add(high, highPair(delta));
      lowZ = f64x2.add(lowZ, lowPair(product));
      highZ = f64x2.add(highZ, highPair(product));
      d += (<usize>ld) << 2;
      z += (<usize>ld) << 2;
    }
    add(layer.biasGradient + offset, rounded(low, high), keep);
    add(layer.weightGradient + offset, rounded(lowZ, highZ), keep);
  }
}

// @ts-ignore: decorator
@inline
function add(at: usize, value: v128, keep: v128): void {
  v128.store(at, f32x4.add(v128.and(v128.load(at), keep), value));
}
