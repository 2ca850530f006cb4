/** Whether the build is for engines that fuse pairs of vectors into 256 bits: its target in asconfig.json says so. */
// @ts-ignore: a name of the target's
export const WIDE: bool = isDefined(WIDE_TILES);

/**
 * Rows of the tallest tile: what 16 vector registers hold beside the operands, with a fused multiply-add or without.
 */
export const TALLEST: i32 = ASC_FEATURE_RELAXED_SIMD && !WIDE ? 6 : 5;

/** The taller of the two heights that tiles which add to a gradient have: 4 inputs, or 1. */
export const ADDED: i32 = 4;

/** How many tiles `count` rows of a product, or inputs of a gradient, take. */
// @ts-ignore: decorator
@inline
export function tilesOf(count: i32): i32 {
  return (count + TALLEST - 1) / TALLEST;
}

/** The height of the next tile where `left` rows go into `tiles`: balanced, so that 10 rows are 5 + 5, never 6 + 4. */
// @ts-ignore: decorator
@inline
export function tileHeight(left: i32, tiles: i32): i32 {
  return (left + tiles - 1) / tiles;
}

/** The first of tile `tile` of `count`, dealt out so. */
export function tileStart(count: i32, tile: i32): i32 {
  const tiles = tilesOf(count);
  return (count / tiles) * tile + min(tile, count % tiles);
}
