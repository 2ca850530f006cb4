import { laneMask, loadLanes, storeLanes } from './lanes';
import { exp } from './math/exp';
import { madd, sumLane } from './simd';

/**
 * a_j = e^(z_j - max z) / Σ_i e^(z_i - max z) in each row. z and a are [rows, columns], columns >= 1, rows `ld` floats
 * apart; they are the same array or disjoint. z is read, a overwritten, and its columns up to `ld` become 0; nothing
 * else is touched. Column i is summed in lane i mod 4, in the order of i, then the lanes. A row with a NaN or
 * +Infinity becomes NaN. Relative error below 3 ulp plus columns / 4 roundings of the sum; one exp per element.
 */
export function softmax(z: usize, a: usize, rows: i32, columns: i32, ld: i32): void {
  const step = (<usize>ld) << 2;
  for (let row = 0; row < rows; row++) {
    let most = f32x4.splat(-Infinity);
    for (let j = 0; j < columns; j += 4) {
      most = f32x4.pmax(loadLanes(z + ((<usize>j) << 2), columns - j, most), most);
    }
    most = f32x4.pmax(most, v128.shuffle<f32>(most, most, 2, 3, 0, 1));
    most = f32x4.pmax(most, v128.shuffle<f32>(most, most, 1, 0, 3, 2));

    let sum = f32x4.splat(0);
    for (let j = 0; j < columns; j += 4) {
      const offset = (<usize>j) << 2, count = columns - j;
      const power = v128.and(exp(f32x4.sub(loadLanes(z + offset, count, most), most)), laneMask(count));
      storeLanes(a + offset, power, count);
      sum = f32x4.add(sum, power);
    }

    const total = f32x4.splat(sumLane(sum));
    for (let j = 0; j < columns; j += 4) {
      const offset = (<usize>j) << 2, count = columns - j;
      storeLanes(a + offset, f32x4.div(loadLanes(a + offset, count, sum), total), count);
    }
    clear(a, columns, ld);
    z += step;
    a += step;
  }
}

/**
 * d_j = a_j (d_j - Σ_i a_i d_i) in each row, in place: ∂C0/∂a on entry, ∂C0/∂z on exit, by the full Jacobian
 * ∂a_i/∂z_j = a_i (1[i = j] - a_j). a = softmax(z) and d are [rows, columns], rows `ld` floats apart, and disjoint. The
 * columns of d up to `ld` become 0. The sum runs in the order of `softmax`. About 5 flops per element.
 */
export function softmaxBackward(a: usize, d: usize, rows: i32, columns: i32, ld: i32): void {
  const step = (<usize>ld) << 2, zero = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    let sum = zero;
    for (let j = 0; j < columns; j += 4) {
      const offset = (<usize>j) << 2, count = columns - j;
      sum = madd(loadLanes(a + offset, count, zero), loadLanes(d + offset, count, zero), sum);
    }
    const mean = f32x4.splat(sumLane(sum));
    for (let j = 0; j < columns; j += 4) {
      const offset = (<usize>j) << 2, count = columns - j;
      const slope = f32x4.sub(loadLanes(d + offset, count, zero), mean);
      storeLanes(d + offset, f32x4.mul(loadLanes(a + offset, count, zero), slope), count);
    }
    clear(d, columns, ld);
    a += step;
    d += step;
  }
}

/** Writes 0 into columns `from` to `to` of a row. */
// @ts-ignore: decorator
@inline
function clear(row: usize, from: i32, to: i32): void {
  for (let j = from; j < to; j++) store<f32>(row + ((<usize>j) << 2), 0);
}
