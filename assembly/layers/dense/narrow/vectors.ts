/** Outputs of a layer at most: one panel, two vectors. */
export const WIDEST: i32 = 8;

/** Magnitudes as integers, which `largest` of vector.ts explains: those of `size`, or of `values` where larger. */
// @ts-ignore: decorator
@inline
export function raised(size: v128, values: v128): v128 {
  return i32x4.max_s(size, v128.and(values, i32x4.splat(i32.MAX_VALUE)));
}

/** The largest lane of what `raised` gives, as the float that it is. */
// @ts-ignore: decorator
@inline
export function largestLane(size: v128): f32 {
  const m = i32x4.max_s(size, v128.shuffle<i32>(size, size, 2, 3, 0, 1));
  return reinterpret<f32>(max(i32x4.extract_lane(m, 0), i32x4.extract_lane(m, 1)));
}
