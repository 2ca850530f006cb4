import { flush, least } from '../lanes/flush';
import { laneMask, loadLanes, pairSums, storeLanes, sumPair, wholeLanes } from '../lanes/lanes';
import { dispatch } from './table';
import { clearPadding, targetLanes } from './target';

/**
 * The one loop of the losses that are a sum of terms:
 *
 *     returns Σ w value(x, y) / divisor          d = scale * w / divisor * slope(a, y)
 *
 * over [rows, columns]. w is a row's weight, 1 where `weights` is 0; x is whichever of z and a `value` takes. The sum is
 * kept in float64 and taken row by row, four columns at a time, or down a single column without weights, four rows at a
 * time, whatever ld is. Which term it is, is asked for each vector: that is always predicted, and a loop for each term
 * would make the kernels 4 kB larger.
 */
export function elementwise(
  kind: i32,
  x: usize,
  a: usize,
  y: usize,
  labels: usize,
  d: usize,
  rows: i32,
  columns: i32,
  ld: i32,
  parameter: f32,
  smoothing: f32,
  scale: f64,
  divisor: i32,
  weights: usize,
): f64 {
  const p = f32x4.splat(parameter);
  const keep = f32x4.splat(1 - smoothing);
  const base = f32x4.splat(smoothing / <f32>columns);
  let factor = f32x4.splat(<f32>scale / <f32>divisor);
  let weight = f64x2.splat(1);
  const stride = (<usize>ld) << 2;
  // a single column is walked down, four rows at a time, as if it were one row
  const down = columns == 1 && labels == 0 && weights == 0;
  const lines = down ? 1 : rows;
  const length = down ? rows : columns;
  const width = down ? rows : ld;
  const step = down ? stride : 4;
  const slopes = d;
  let total = f64x2.splat(0);
  for (let line = 0; line < lines; line++) {
    const label = labels ? load<i32>(labels + ((<usize>line) << 2)) : 0;
    if (weights) {
      const w = <f64>load<f32>(weights + ((<usize>line) << 2));
      factor = f32x4.splat(<f32>(scale * w) / <f32>divisor);
      weight = f64x2.splat(w);
    }
    for (let j = 0; j < length; j += 4) {
      const at = <usize>j * step;
      const room = width - j;
      const inside = laneMask(length - j);
      const t = targetLanes(y, label, j, room, keep, base, step);
      const value = dispatch<Value>(kind, loadLanes(x + at, room, step), t, p);
      total = f64x2.add(total, f64x2.mul(weight, pairSums(v128.and(value, inside))));
      if (d) {
        const slope = f32x4.mul(factor, dispatch<Slope>(kind, loadLanes(a + at, room, step), t, p));
        storeLanes(d + at, v128.and(flush(slope, least()), inside), room, step);
      }
    }
    if (d) d += stride;
    if (y) y += stride;
    x += stride;
    a += stride;
  }
  if (slopes) clearPadding(slopes, rows, down ? 1 : wholeLanes(columns), ld);
  return sumPair(total) / <f64>divisor;
}

@unmanaged
class Value {
  @inline run<Term>(x: v128, y: v128, p: v128): v128 {
    return changetype<Term>(0).value(x, y, p);
  }
}

@unmanaged
class Slope {
  @inline run<Term>(a: v128, y: v128, p: v128): v128 {
    return changetype<Term>(0).slope(a, y, p);
  }
}
