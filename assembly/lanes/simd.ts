/**
 * The one multiply-add of every kernel: `x * y + z` in four float32 lanes.
 *
 * The build decides, once, how it rounds. Plain SIMD rounds the product and then the sum, so that every engine
 * returns the same bits; relaxed SIMD lets the machine fuse them and round once. `ASC_FEATURE_RELAXED_SIMD` is a
 * compile-time constant: the other branch leaves no trace in the binary.
 */
// @ts-ignore: decorator
@inline
export function madd(x: v128, y: v128, z: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, z);
  return f32x4.add(f32x4.mul(x, y), z);
}

/** The sum of the lanes of a vector: (lane 0 + lane 2) + (lane 1 + lane 3). */
// @ts-ignore: decorator
@inline
export function sumLane(a: v128): f32 {
  return f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 2) + (f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 3));
}
