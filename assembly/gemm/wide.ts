import { ADDED, TALLEST, tileHeight, tilesOf } from './height';
import { PACKED, packedStep } from './rows';
import * as tiles from './tiles.wide.generated';

/*
 * The products, two panels at a time: 16 outputs beside one another, for engines that fuse pairs of 128-bit vectors into
 * 256 bits. A tile of 5 rows is then ten chains of sums, enough for both units that add; of one panel it is five. In 128
 * bits the same tile would spill half of its sums. Each sum is that of its panel alone: the same bits.
 */

/** All rows of two panels of W that lie `panelStep` bytes apart; the other operands as `productRows` takes them. */
export function productRowsWide(
  a: usize,
  aStep: usize,
  w: usize,
  panelStep: usize,
  k: i32,
  b: usize,
  z: usize,
  zStep: usize,
  rows: i32,
): void {
  const step = PACKED ? packedStep(k) : aStep;
  let left = rows;
  for (let tile = tilesOf(rows); tile > 0; tile--) {
    const height = tileHeight(left, tile);
    if (height == 5) tiles.productTile5Wide(a, aStep, w, panelStep, k, b, z, zStep);
    else if (height == 4) tiles.productTile4Wide(a, aStep, w, panelStep, k, b, z, zStep);
    else if (height == 3) tiles.productTile3Wide(a, aStep, w, panelStep, k, b, z, zStep);
    else if (height == 2) tiles.productTile2Wide(a, aStep, w, panelStep, k, b, z, zStep);
    else tiles.productTile1Wide(a, aStep, w, panelStep, k, b, z, zStep);
    a += <usize>height * step;
    z += <usize>height * zStep;
    left -= height;
  }
}

/** All inputs of two panels of G, `panelStep` bytes apart, from D [rows, 16]; see `gradientPanel`. */
export function gradientPanelsWide(
  a: usize,
  aStep: usize,
  d: usize,
  dStep: usize,
  rows: i32,
  g: usize,
  panelStep: usize,
  inputs: i32,
  accumulate: i32,
): void {
  let left = inputs;
  for (let tile = tilesOf(inputs); left > 0; tile--) {
    const height = accumulate ? min(ADDED, left) : tileHeight(left, tile);
    gradientTileWide(height, a, aStep, d, dStep, rows, g, panelStep, accumulate);
    a += (<usize>height) << 2;
    g += (<usize>height) << 5;
    left -= height;
  }
}

/** The inputs of a block, of two panels: see `gradientBlock`. */
export function gradientBlockWide(
  a: usize,
  d: usize,
  rows: i32,
  g: usize,
  panelStep: usize,
  inputs: i32,
  accumulate: i32,
): void {
  const most = accumulate ? ADDED : TALLEST;
  for (let left = inputs; left > 0; left -= most) {
    const height = min(left, most),
      step = (<usize>height) << 2;
    gradientTileWide(height, a, step, d, 64, rows, g, panelStep, accumulate);
    a += <usize>rows * step;
    g += (<usize>height) << 5;
  }
}

/** G[height, 16] = A[n, height]^T * D[n, 16], or G += that. Steps in bytes. */
function gradientTileWide(
  height: i32,
  a: usize,
  lda: usize,
  d: usize,
  ldd: usize,
  n: i32,
  g: usize,
  panelStep: usize,
  accumulate: i32,
): void {
  if (accumulate) {
    if (height == ADDED) return tiles.gradientTileAdd4Wide(a, lda, d, ldd, n, g, panelStep);
    for (const end = a + ((<usize>height) << 2); a < end; a += 4, g += 32) {
      tiles.gradientTileAdd1Wide(a, lda, d, ldd, n, g, panelStep);
    }
  } else if (height == 5) tiles.gradientTile5Wide(a, lda, d, ldd, n, g, panelStep);
  else if (height == 4) tiles.gradientTile4Wide(a, lda, d, ldd, n, g, panelStep);
  else if (height == 3) tiles.gradientTile3Wide(a, lda, d, ldd, n, g, panelStep);
  else if (height == 2) tiles.gradientTile2Wide(a, lda, d, ldd, n, g, panelStep);
  else tiles.gradientTile1Wide(a, lda, d, ldd, n, g, panelStep);
}
