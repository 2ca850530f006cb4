import { flush, least } from '../lanes/flush';
import { laneMask, loadLanes, pairSums, storeLanes, sumPair, wholeLanes } from '../lanes/lanes';
import { clearPadding, targetLanes } from './target';

/**
 * The one loop of the losses that are a sum of terms; `Term` is a class of `terms.ts`:
 *
 *     returns Σ value(x, y) / divisor          d = scale / divisor * slope(a, y)
 *
 * over [rows, columns], x being whichever of z and a `value` takes. The sum is kept in float64 and taken row by row,
 * four columns at a time, or down a single column, four rows at a time, whatever ld is.
 */
export function elementwise<Term>(
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
  scale: f32,
  divisor: i32,
): f64 {
  const term = changetype<Term>(0);
  const p = f32x4.splat(parameter);
  const keep = f32x4.splat(1 - smoothing);
  const base = f32x4.splat(smoothing / <f32>columns);
  const factor = f32x4.splat(scale / <f32>divisor);
  const stride = (<usize>ld) << 2;
  // a single column is walked down, four rows at a time, as if it were one row
  const down = columns == 1 && labels == 0;
  const lines = down ? 1 : rows;
  const length = down ? rows : columns;
  const width = down ? rows : ld;
  const step = down ? stride : 4;
  const slopes = d;
  let total = f64x2.splat(0);
  for (let line = 0; line < lines; line++) {
    const label = labels ? load<i32>(labels + ((<usize>line) << 2)) : 0;
    for (let j = 0; j < length; j += 4) {
      const at = <usize>j * step;
      const room = width - j;
      const inside = laneMask(length - j);
      const t = targetLanes(y, label, j, room, keep, base, step);
      const value = term.value(loadLanes(x + at, room, step), t, p);
      total = f64x2.add(total, pairSums(v128.and(value, inside)));
      if (d) {
        const slope = f32x4.mul(factor, term.slope(loadLanes(a + at, room, step), t, p));
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
