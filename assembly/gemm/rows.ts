import { wholeLanes } from '../lanes/lanes';
import { tileHeight, tilesOf, tileStart } from './height';
import { transpose4x4 } from './transpose';

/**
 * Whether the tiles of a product take the rows of A packed. Separate multiply and add leave a tile's turn little room
 * for other instructions, and a pointer for each row is five of them: packed, W3's products went from 72 to 83 % of the
 * peak, and 10 rows for 32 outputs still gained (measured: bench:kernels). Fused, they gain nothing.
 */
export const PACKED: bool = !ASC_FEATURE_RELAXED_SIMD;

/** Bytes of a packed row of `k` floats: whole vectors, and room for what a tile of few rows writes behind them. */
// @ts-ignore: decorator
@inline
export function packedStep(k: i32): usize {
  return (<usize>(wholeLanes(k) + 4)) << 2;
}

/** Floats of scratch that `rows` packed rows of `k` floats take. */
export function rowFloats(rows: i32, k: i32): i32 {
  return PACKED && rows > 1 ? rows * <i32>(packedStep(k) >> 2) : 0;
}

/** Where a product finds the rows of A that `packRows` was called for: in its scratch, or where they lie. */
// @ts-ignore: decorator
@inline
export function rowsAt(a: usize, rows: i32, scratch: usize): usize {
  return PACKED && rows > 1 ? scratch : a;
}

/**
 * Makes the rows of A ready for `gemmProduct` or `gemmDelta`, for all panels at once, in tiles `from` to `to` - 1:
 *
 *     A [rows, k]                     packed, tile by tile:
 *       a a a a a a ...  row 0          a b c d e   k = 0         5 rows (or what `tileHeight` says) side by side
 *       b b b b b b ...  row 1          a b c d e   k = 1
 *       ...              (lda floats)   ...                       (`packedStep` bytes for each row of the tile)
 *
 * A is read, up to 3 floats behind the k-th of each row; `scratch`, `rowFloats` floats, is overwritten where these
 * tiles lie, and must not overlap it. Exact. One row is left as it is, and all are where the tiles want no packing.
 * Costs as much as about four outputs (measured: bench:kernels).
 */
export function packRows(a: usize, lda: i32, rows: i32, k: i32, scratch: usize, from: i32, to: i32): void {
  if (!PACKED || rows == 1) return;
  const step = (<usize>lda) << 2,
    first = from ? tileStart(rows, from) : 0;
  let row = a + <usize>first * step,
    out = scratch + <usize>first * packedStep(k),
    left = rows - first;
  for (let tile = tilesOf(rows) - from, last = tilesOf(rows) - to; tile > last; tile--) {
    const height = tileHeight(left, tile);
    packTile(row, step, height, k, out);
    row += <usize>height * step;
    out += <usize>height * packedStep(k);
    left -= height;
  }
}

/**
 * Four rows are turned at a time. Where a tile has fewer, later stores mend what these write too much; the last ones,
 * and what is behind k, leave it in the tile's own room, where nobody reads.
 */
function packTile(a: usize, aStep: usize, height: i32, k: i32, out: usize): void {
  const b = height > 1 ? a + aStep : a,
    c = height > 2 ? b + aStep : a,
    d = height > 3 ? c + aStep : a,
    e = d + aStep,
    step = (<usize>height) << 2;
  for (let at: usize = 0, end = (<usize>k) << 2; at < end; at += 16) {
    transpose4x4(a + at, b + at, c + at, d + at, out, step);
    if (height > 4) {
      const fifth = v128.load(e + at);
      v128.store_lane<f32>(out, fifth, 0, 16);
      v128.store_lane<f32>(out + step, fifth, 1, 16);
      v128.store_lane<f32>(out + 2 * step, fifth, 2, 16);
      v128.store_lane<f32>(out + 3 * step, fifth, 3, 16);
    }
    out += 4 * step;
  }
}
