/*
 * What becomes of the exact sums of a product: z_j = (sum_j - zero sum_k w_jk) * (scale * scale_j) + b_j, each operation
 * rounded by itself.
 */

/**
 * Four outputs of a row whose scale and zero are at `kept`. The columns have the scale of each output, its bias, and
 * the sum of its weights.
 */
// @ts-ignore: decorator
@inline
function finish(sum: v128, kept: usize, scales: usize, biases: usize, sums: usize): v128 {
  const whole = i32x4.sub(sum, i32x4.mul(v128.load32_splat(kept, 4), v128.load(sums)));
  const scale = f32x4.mul(v128.load32_splat(kept), v128.load(scales));
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(whole), scale), v128.load(biases));
}

/** Writes 8 outputs of a row; of a row that has room for one, that one. */
// @ts-ignore: decorator
@inline
export function write(
  z: usize,
  ld: i32,
  low: v128,
  high: v128,
  kept: usize,
  scales: usize,
  biases: usize,
  sums: usize,
): void {
  const first = finish(low, kept, scales, biases, sums);
  if (ld == 1) {
    v128.store_lane<f32>(z, first, 0);
    return;
  }
  v128.store(z, first);
  v128.store(z, finish(high, kept, scales + 16, biases + 16, sums + 16), 16);
}
