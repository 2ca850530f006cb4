import { madd, sumLane } from '../lanes/simd';

/*
 * The three products of a layer with one output. Its weights are one contiguous vector of ceil(inputs / 8) * 8
 * floats, zeros behind the last input, and z, a and d are contiguous columns of `rows` floats: a panel would be
 * seven eighths zeros.
 */

/**
 * z = A * w + b (gemv over the batch). A [rows, lda] is read up to the padded width, where it must be finite.
 * Each element sums input k in lane k mod 8, in the order of k, then the lanes, then b. 2 * rows * inputs flops.
 */
export function singleProduct(a: usize, lda: i32, w: usize, b: usize, z: usize, rows: i32, inputs: i32): void {
  const step = (<usize>lda) << 2,
    width = ((<usize>(inputs + 7)) >> 3) << 5;
  const bias = load<f32>(b);
  if (lda == 1) return oneToOne(a, load<f32>(w), bias, z, rows);
  for (let row = 0; row < rows; row++) {
    let even = f32x4.splat(0),
      odd = f32x4.splat(0);
    for (let k: usize = 0; k < width; k += 32) {
      even = madd(v128.load(a + k), v128.load(w + k), even);
      odd = madd(v128.load(a + k, 16), v128.load(w + k, 16), odd);
    }
    store<f32>(z + ((<usize>row) << 2), sumLane(f32x4.add(even, odd)) + bias);
    a += step;
  }
}

/** z = a * w + b, where the layer below has one output as well, and its rows no padding. */
function oneToOne(a: usize, w: f32, b: f32, z: usize, rows: i32): void {
  for (let at: usize = 0; at < (<usize>rows) << 2; at += 4) store<f32>(z + at, load<f32>(a + at) * w + b);
}

/**
 * g = A^T * d, or g += A^T * d when `accumulate` is 1 (transposed gemv): summed over the examples in their order.
 * Exactly `inputs` floats of g are written. 2 * rows * inputs flops.
 */
export function singleGradient(a: usize, lda: i32, d: usize, g: usize, rows: i32, inputs: i32, accumulate: i32): void {
  const step = (<usize>lda) << 2,
    end = g + ((<usize>inputs) << 2);
  const keep = i32x4.splat(accumulate ? -1 : 0);
  // four vectors side by side: one alone waits for itself
  for (; g + 64 <= end; g += 64, a += 64) {
    let sum0 = v128.and(v128.load(g), keep),
      sum1 = v128.and(v128.load(g, 16), keep),
      sum2 = v128.and(v128.load(g, 32), keep),
      sum3 = v128.and(v128.load(g, 48), keep),
      x = a;
    for (let row = 0; row < rows; row++) {
      const delta = v128.load32_splat(d + ((<usize>row) << 2));
      sum0 = madd(v128.load(x), delta, sum0);
      sum1 = madd(v128.load(x, 16), delta, sum1);
      sum2 = madd(v128.load(x, 32), delta, sum2);
      sum3 = madd(v128.load(x, 48), delta, sum3);
      x += step;
    }
    v128.store(g, sum0);
    v128.store(g, sum1, 16);
    v128.store(g, sum2, 32);
    v128.store(g, sum3, 48);
  }
  while (g + 16 <= end) {
    let sum = v128.and(v128.load(g), keep),
      x = a;
    for (let row = 0; row < rows; row++) {
      sum = madd(v128.load(x), v128.load32_splat(d + ((<usize>row) << 2)), sum);
      x += step;
    }
    v128.store(g, sum);
    g += 16;
    a += 16;
  }
  while (g < end) {
    let sum = v128.and(v128.load32_zero(g), keep),
      x = a;
    for (let row = 0; row < rows; row++) {
      sum = madd(v128.load32_zero(x), v128.load32_zero(d + ((<usize>row) << 2)), sum);
      x += step;
    }
    v128.store_lane<f32>(g, sum, 0);
    g += 4;
    a += 4;
  }
}

/**
 * E = d * w (ger): e_ik = d_i * w_k. Writes E [rows, lde] up to its padded width (see gemmDelta); what pads is 0.
 */
export function singleDelta(d: usize, w: usize, e: usize, lde: i32, rows: i32, inputs: i32): void {
  const step = (<usize>lde) << 2,
    width = ((<usize>(inputs + 7)) >> 3) << 5;
  for (let row = 0; row < rows; row++) {
    const delta = v128.load32_splat(d + ((<usize>row) << 2));
    if (lde == 1) store<f32>(e, f32x4.extract_lane(delta, 0) * load<f32>(w));
    else for (let k: usize = 0; k < width; k += 16) v128.store(e + k, f32x4.mul(delta, v128.load(w + k)));
    e += step;
  }
}
