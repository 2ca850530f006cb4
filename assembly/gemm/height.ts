/** Rows of the tallest tile: what 16 vector registers hold beside the operands, with a fused multiply-add or without. */
export const TALLEST: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;

/** The height of the next tile where `left` rows go into `tiles`: balanced, so that 10 rows are 5 + 5, never 6 + 4. */
// @ts-ignore: decorator
@inline
export function tileHeight(left: i32, tiles: i32): i32 {
  return (left + tiles - 1) / tiles;
}
