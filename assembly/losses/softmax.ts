import { flush, least } from '../lanes/flush';
import { log1p } from '../math/log1p';
import { normalExp } from '../math/normal';
import { laneMask, loadLanes, pairSums, storeLanes, sumPair, wholeLanes } from '../lanes/lanes';
import { clearPadding, targetLanes } from './target';

/**
 * Cross-entropy over a softmax, from the logits z; a = softmax(z), not read where d = 0:
 *
 *     returns Σ_rows w Σ_j t_j (logsumexp(z) - z_j)          d = scale * w * (a_j Σ t - t_j)
 *
 * w is a row's weight, 1 where `weights` is 0.
 * logsumexp(z) is max z + log1p(Σ exp(z_j - max z) without the maximum's own), and every t_j multiplies a sum of two
 * numbers >= 0, so that the cost of a sure prediction, however small, is not lost in the logits. What it carries is the
 * rounding of z_j - max z in the exponentials: 4e-6 of a cost at gaps of 64 to 128, less in proportion below (measured:
 * test/kernels/loss.test.ts).
 * d is within 3e-8 of scale * Σ t. Three passes over a row that is in cache; about 5 ns a column.
 */
export function softmaxCrossEntropy(
  z: usize,
  a: usize,
  y: usize,
  labels: usize,
  d: usize,
  rows: i32,
  columns: i32,
  ld: i32,
  smoothing: f32,
  scale: f64,
  weights: usize,
): f64 {
  const zero = f32x4.splat(0);
  const lowest = f32x4.splat(<f32>-Infinity);
  const keep = f32x4.splat(1 - smoothing);
  const base = f32x4.splat(smoothing / <f32>columns);
  let factor = f32x4.splat(<f32>scale);
  let weight = f64x2.splat(1);
  const stride = (<usize>ld) << 2;
  const slopes = d;
  let total = f64x2.splat(0);
  for (let row = 0; row < rows; row++) {
    const label = labels ? load<i32>(labels + ((<usize>row) << 2)) : 0;
    if (weights) {
      const w = <f64>load<f32>(weights + ((<usize>row) << 2));
      factor = f32x4.splat(<f32>(scale * w));
      weight = f64x2.splat(w);
    }
    let best = lowest;
    for (let j = 0; j < columns; j += 4) best = f32x4.pmax(best, logitLanes(z, j, columns, ld, lowest));
    const top = f32x4.splat(largestLane(best));

    let others = f64x2.splat(0);
    let mass = f64x2.splat(0);
    let ties = -1;
    for (let j = 0; j < columns; j += 4) {
      const logits = logitLanes(z, j, columns, ld, lowest);
      const isTop = f32x4.eq(logits, top);
      ties += popcnt(i32x4.bitmask(isTop));
      others = f64x2.add(others, pairSums(v128.andnot(normalExp(f32x4.sub(logits, top)), isTop)));
      if (y) {
        const t = targetLanes(y, 0, j, ld - j, keep, base);
        mass = f64x2.add(mass, pairSums(v128.and(t, laneMask(columns - j))));
      }
    }
    const excess = log1p(f32x4.splat(<f32>(sumPair(others) + <f64>ties))); // logsumexp(z) - max z
    const targetMass = f32x4.splat(y ? <f32>sumPair(mass) : 1);

    for (let j = 0; j < columns; j += 4) {
      const at = (<usize>j) << 2;
      const room = ld - j;
      const inside = laneMask(columns - j);
      const t = targetLanes(y, label, j, room, keep, base);
      // a target of 0 costs nothing, however far below the maximum its logit lies
      const gap = v128.andnot(f32x4.sub(top, loadLanes(z + at, room)), f32x4.eq(t, zero));
      const costs = pairSums(v128.and(f32x4.mul(t, f32x4.add(gap, excess)), inside));
      total = f64x2.add(total, f64x2.mul(weight, costs));
      if (d) {
        const slope = f32x4.mul(factor, f32x4.sub(f32x4.mul(loadLanes(a + at, room), targetMass), t));
        storeLanes(d + at, v128.and(flush(slope, least()), inside), room);
      }
    }
    if (d) d += stride;
    if (y) y += stride;
    z += stride;
    a += stride;
  }
  if (slopes) clearPadding(slopes, rows, wholeLanes(columns), ld);
  return sumPair(total);
}

/** Four logits from column j of a row; minus infinity in the lanes behind the columns. */
// @ts-ignore: decorator
@inline
function logitLanes(z: usize, j: i32, columns: i32, ld: i32, lowest: v128): v128 {
  return v128.bitselect(loadLanes(z + ((<usize>j) << 2), ld - j), lowest, laneMask(columns - j));
}

/** The largest lane; none of them is a NaN. */
// @ts-ignore: decorator
@inline
function largestLane(x: v128): f32 {
  const two = f32x4.pmax(x, v128.shuffle<f32>(x, x, 2, 3, 2, 3));
  return f32x4.extract_lane(f32x4.pmax(two, v128.shuffle<f32>(two, two, 1, 1, 1, 1)), 0);
}
