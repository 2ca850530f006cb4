import { magnitude } from './flush';

/**
 * g_j = (g_j or 0) + sum over rows i of d_ij: the gradient of the biases.
 *
 * d [rows, ldd] is read and g overwritten, or added to when `accumulate` is 1, in `width` floats, a multiple of 8.
 * Each element is summed in the order of the rows. Strides in floats; rows * width flops. Two vectors at a time: one
 * alone waits for itself, and fetches each line four times (1.5 to 1.9 times as fast so with 32 to 2048 columns;
 * measured: bench:kernels).
 */
export function columnSums(d: usize, ldd: i32, rows: i32, width: i32, g: usize, accumulate: i32): void {
  const step = (<usize>ldd) << 2,
    end = g + ((<usize>width) << 2);
  const keep = i32x4.splat(accumulate ? -1 : 0);
  for (; g < end; g += 32, d += 32) {
    let low = v128.and(v128.load(g), keep),
      high = v128.and(v128.load(g, 16), keep),
      x = d;
    for (let row = 0; row < rows; row++) {
      low = f32x4.add(low, v128.load(x));
      high = f32x4.add(high, v128.load(x, 16));
      x += step;
    }
    v128.store(g, low);
    v128.store(g, high, 16);
  }
}

/** g = (g or 0) + the sum of `count` contiguous floats at d, in their order. */
export function columnSum(d: usize, count: i32, g: usize, accumulate: i32): void {
  const end = d + ((<usize>count) << 2);
  let sum: f32 = accumulate ? load<f32>(g) : 0;
  for (; d < end; d += 4) sum += load<f32>(d);
  store<f32>(g, sum);
}

/**
 * The largest |x| of `count` floats; NaN where one is NaN. Reads nothing behind them.
 *
 * Bits without their sign are ordered as the magnitudes are, infinity after every number and NaN after infinity, and
 * an integer maximum is one instruction where that of floats is half a dozen.
 */
export function largest(x: usize, count: i32): f32 {
  const end = x + ((<usize>count) << 2);
  const unsigned = magnitude();
  let m = i32x4.splat(0),
    n = m;
  for (; x + 32 <= end; x += 32) {
    m = i32x4.max_s(m, v128.and(v128.load(x), unsigned));
    n = i32x4.max_s(n, v128.and(v128.load(x, 16), unsigned));
  }
  m = i32x4.max_s(m, n);
  let bits = largestLane(m);
  for (; x < end; x += 4) bits = max(bits, load<i32>(x) & i32.MAX_VALUE);
  return reinterpret<f32>(bits);
}

/** The largest lane, of integers. */
// @ts-ignore: decorator
@inline
export function largestLane(m: v128): i32 {
  return max(
    max(i32x4.extract_lane(m, 0), i32x4.extract_lane(m, 1)),
    max(i32x4.extract_lane(m, 2), i32x4.extract_lane(m, 3)),
  );
}

/** `largest` of `rows` rows of `width` floats, `ld` floats apart. */
export function largestOf(x: usize, rows: i32, width: i32, ld: i32): f32 {
  if (width == ld) return largest(x, rows * ld);
  let bits = 0;
  for (let row = 0; row < rows; row++) {
    bits = max(bits, reinterpret<i32>(largest(x, width)));
    x += (<usize>ld) << 2;
  }
  return reinterpret<f32>(bits);
}

/**
 * What is below `bound` in magnitude becomes 0, in `count` floats; see flush.ts. Returns the largest |x| as `largest`
 * does, in the same pass.
 */
export function settle(x: usize, count: i32, bound: f32): f32 {
  const end = x + ((<usize>count) << 2);
  const unsigned = magnitude(),
    least = f32x4.splat(bound);
  let m = i32x4.splat(0),
    n = m;
  for (; x + 32 <= end; x += 32) {
    const low = v128.load(x),
      high = v128.load(x, 16);
    const lowSize = v128.and(low, unsigned),
      highSize = v128.and(high, unsigned);
    v128.store(x, v128.andnot(low, i32x4.lt_s(lowSize, least)));
    v128.store(x, v128.andnot(high, i32x4.lt_s(highSize, least)), 16);
    m = i32x4.max_s(m, lowSize);
    n = i32x4.max_s(n, highSize);
  }
  m = i32x4.max_s(m, n);
  let bits = largestLane(m);
  for (; x < end; x += 4) {
    const size = load<i32>(x) & i32.MAX_VALUE;
    if (size < reinterpret<i32>(bound)) store<i32>(x, 0);
    bits = max(bits, size);
  }
  return reinterpret<f32>(bits);
}

/** `settle` on `rows` rows of `width` floats, `ld` floats apart. */
export function settleOf(x: usize, rows: i32, width: i32, ld: i32, bound: f32): f32 {
  if (width == ld) return settle(x, rows * ld, bound);
  let bits = 0;
  for (let row = 0; row < rows; row++) {
    bits = max(bits, reinterpret<i32>(settle(x, width, bound)));
    x += (<usize>ld) << 2;
  }
  return reinterpret<f32>(bits);
}

/**
 * The sum of the squares of `count` floats, in float64: element i in lane i mod 4, in order, then the lanes. `count`
 * is a multiple of 4. Exact squares, so the error is that of count / 4 additions in float64.
 */
export function sumOfSquares(x: usize, count: i32): f64 {
  const end = x + ((<usize>count) << 2);
  let low = f64x2.splat(0),
    high = low;
  for (; x < end; x += 16) {
    const v = v128.load(x);
    const a = f64x2.promote_low_f32x4(v);
    const b = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
