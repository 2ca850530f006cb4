import { flush, least, small } from '../lanes/flush';
import { laneMask, loadLanes, storeLanes } from '../lanes/lanes';
import { normalExp } from '../math/normal';
import { madd, sumLane } from '../lanes/simd';

/**
 * a_j = e^(z_j - max z) / Σ_i e^(z_i - max z) in each row. z and a are [rows, columns], columns >= 1, rows `ld` floats
 * apart; they are the same array or disjoint. z is read, a overwritten, and its columns up to `ld` become 0; nothing
 * behind `ld` is touched. What is below SMALL of flush.ts is 0. Column i is summed in lane i mod 4, in the order of i,
 * then the lanes of `sumLane`. A row with a NaN or an infinite maximum becomes NaN. Relative error below 3 ulp and
 * columns / 4 + 2 roundings of the sum; one exp and one division per element.
 */
export function softmax(z: usize, a: usize, rows: i32, columns: i32, ld: i32): void {
  const step = (<usize>ld) << 2;
  for (let row = 0; row < rows; row++) {
    const most = largest(z, columns, ld);
    let sum = f32x4.splat(0);
    for (let j = 0; j < columns; j += 4) {
      const at = (<usize>j) << 2,
        room = ld - j;
      const power = v128.and(normalExp(f32x4.sub(loadLanes(z + at, room), most)), laneMask(columns - j));
      storeLanes(a + at, power, room);
      sum = f32x4.add(sum, power);
    }
    const total = f32x4.splat(sumLane(sum));
    for (let j = 0; j < columns; j += 4) {
      const at = (<usize>j) << 2,
        room = ld - j;
      const share = flush(f32x4.div(loadLanes(a + at, room), total), small());
      storeLanes(a + at, v128.and(share, laneMask(columns - j)), room);
    }
    clear(a, columns, ld);
    z += step;
    a += step;
  }
}

/**
 * d_j = a_j (d_j - Σ_i a_i d_i) in each row, in place: ∂C0/∂a on entry, ∂C0/∂z on exit, by the full Jacobian
 * ∂a_i/∂z_j = a_i (1[i = j] - a_j), with an a below LEAST of flush.ts taken as 0. a = softmax(z) and d are
 * [rows, columns], rows `ld` floats apart, and disjoint. The columns of d up to `ld` become 0, and nothing behind them is
 * touched. The sum runs in the order of `softmax`'s. Four flops per element.
 */
export function softmaxBackward(a: usize, d: usize, rows: i32, columns: i32, ld: i32): void {
  const step = (<usize>ld) << 2;
  for (let row = 0; row < rows; row++) {
    let sum = f32x4.splat(0);
    for (let j = 0; j < columns; j += 4) {
      const at = (<usize>j) << 2,
        room = ld - j,
        inside = laneMask(columns - j);
      sum = madd(v128.and(shares(a + at, room), inside), v128.and(loadLanes(d + at, room), inside), sum);
    }
    const mean = f32x4.splat(sumLane(sum));
    for (let j = 0; j < columns; j += 4) {
      const at = (<usize>j) << 2,
        room = ld - j;
      const slope = f32x4.mul(shares(a + at, room), f32x4.sub(loadLanes(d + at, room), mean));
      storeLanes(d + at, v128.and(slope, laneMask(columns - j)), room);
    }
    clear(d, columns, ld);
    a += step;
    d += step;
  }
}

/** Four outputs that products of a delta take. */
// @ts-ignore: decorator
@inline
function shares(a: usize, room: i32): v128 {
  return flush(loadLanes(a, room), least());
}

/** The largest of a row in all lanes. */
// @ts-ignore: decorator
@inline
function largest(row: usize, columns: i32, ld: i32): v128 {
  const least = f32x4.splat(-Infinity);
  let most = least;
  for (let j = 0; j < columns; j += 4) {
    const values = v128.bitselect(loadLanes(row + ((<usize>j) << 2), ld - j), least, laneMask(columns - j));
    most = f32x4.pmax(most, values);
  }
  most = f32x4.pmax(most, v128.shuffle<f32>(most, most, 2, 3, 0, 1));
  return f32x4.pmax(most, v128.shuffle<f32>(most, most, 1, 0, 3, 2));
}

/** Writes 0 into the columns of a row from the first vector that holds none of its values. */
// @ts-ignore: decorator
@inline
function clear(row: usize, columns: i32, ld: i32): void {
  for (let j = (columns + 3) & ~3; j < ld; j++) store<f32>(row + ((<usize>j) << 2), 0);
}
