import { wholeLanes } from '../lanes/lanes';
import { addTile, gradientTile } from './gradient';
import { ADDED, TALLEST, WIDE } from './height';
import { gradientBlockWide } from './wide';

/** Tiles of a block: for 256 examples a quarter of a second cache of 1 MB. */
const BLOCK: i32 = 48;

/** Panels that packing A has to serve, or it does not pay. */
const PANELS: i32 = 8;

/**
 * Pages of 4 kB over which the rows of A and D may lie: beyond 40, separate multiply and add gain 7 % and more by
 * packing; fused ones beyond 64, and mostly lose below (measured: bench:kernels, on Zen 3, 64 to 256 rows).
 */
const PAGES: i32 = ASC_FEATURE_RELAXED_SIMD ? 64 : 40;
const PAGE_FLOATS: i32 = 1024;

/** Whether the rows of A and D lie so far apart, and serve so many panels, that packing A pays. */
export function wantsBlocks(rows: i32, lda: i32, ldd: i32, panels: i32): bool {
  return panels >= PANELS && rows * (min(lda, PAGE_FLOATS) + min(ldd, PAGE_FLOATS)) > PAGES * PAGE_FLOATS;
}

/** Floats that the blocks of `packBlocks` take, up to a whole number of vectors. */
export function blockFloats(rows: i32, inputs: i32): i32 {
  return wholeLanes(rows * inputs);
}

/** Inputs of a tile, but for the last: what adds to G has tiles of its own. */
// @ts-ignore: decorator
@inline
function heightOf(accumulate: i32): i32 {
  return accumulate ? ADDED : TALLEST;
}

/**
 * Copies rows `from` to `to` - 1 of A [rows, inputs], lda floats a row, to `blocks`, `blockFloats` floats that do not overlap it, for a
 * `gemmGradientBlocked` that adds to G when `accumulate` is 1, or not: what a tile takes of each row lies side by side.
 *
 *     A                                          a tile of 5 inputs         the next
 *       a a a a a b b b b b ...  row 0             a a a a a                  b b b b b
 *       a a a a a b b b b b ...  row 1             a a a a a                  b b b b b
 *       ...                                        ...                        ...
 */
export function packBlocks(
  a: usize,
  lda: i32,
  rows: i32,
  inputs: i32,
  accumulate: i32,
  blocks: usize,
  from: i32,
  to: i32,
): void {
  const step = (<usize>lda) << 2,
    height = heightOf(accumulate),
    width = BLOCK * height;
  for (let k = 0; k < inputs; k += width) {
    let row = a + <usize>from * step + ((<usize>k) << 2);
    for (let i = from; i < to; i++) {
      packRow(row, min(width, inputs - k), rows, i, height, blocks);
      row += step;
    }
    blocks += (<usize>(rows * width)) << 2;
  }
}

/** Row i of a block: `height` floats to each of its tiles, and what is left to the last. */
function packRow(row: usize, width: i32, rows: i32, i: i32, height: i32, block: usize): void {
  const tile = (<usize>(rows * height)) << 2,
    end = row + ((<usize>(width - (width % height))) << 2);
  let out = block + ((<usize>(i * height)) << 2);
  for (; row < end; row += (<usize>height) << 2, out += tile) {
    v128.store(out, v128.load(row));
    for (let at: usize = 16; at < (<usize>height) << 2; at += 4) store<f32>(out + at, load<f32>(row + at));
  }
  const left = width % height;
  out -= (<usize>(i * (height - left))) << 2;
  for (let at: usize = 0; at < (<usize>left) << 2; at += 4) store<f32>(out + at, load<f32>(row + at));
}

/**
 * gemm tn as `gemmGradient`, which see for the operands, the sums and their order: the same bits. A is where
 * `packBlocks` has put it, and each panel of D is copied to `panel`, [rows, 8] floats (two panels at a
 * time in a wide build) that overlap nothing else, so
 * that its rows too lie side by side.
 */
export function gemmGradientBlocked(
  blocks: usize,
  d: usize,
  ldd: i32,
  g: usize,
  panelStride: i32,
  rows: i32,
  inputs: i32,
  from: i32,
  to: i32,
  accumulate: i32,
  panel: usize,
): void {
  const dStep = (<usize>ldd) << 2,
    panelStep = (<usize>panelStride) << 2,
    width = BLOCK * heightOf(accumulate);
  for (let k = 0; k < inputs; k += width) {
    let p = from;
    for (; WIDE && p + 2 <= to; p += 2) {
      packColumns(d + ((<usize>p) << 5), dStep, rows, 64, panel);
      const y = g + <usize>p * panelStep + ((<usize>k) << 5);
      gradientBlockWide(blocks, panel, rows, y, panelStep, min(width, inputs - k), accumulate);
    }
    for (; p < to; p++) {
      packColumns(d + ((<usize>p) << 5), dStep, rows, 32, panel);
      const y = g + <usize>p * panelStep + ((<usize>k) << 5);
      gradientBlock(blocks, panel, rows, y, min(width, inputs - k), accumulate);
    }
    blocks += (<usize>(rows * width)) << 2;
  }
}

/** The inputs of a block, of one panel: G[inputs, 8] = A^T * D[rows, 8], or G += that. */
function gradientBlock(a: usize, d: usize, rows: i32, g: usize, inputs: i32, accumulate: i32): void {
  for (let left = inputs; left > 0; left -= heightOf(accumulate)) {
    const height = min(left, heightOf(accumulate)),
      step = (<usize>height) << 2;
    if (accumulate) addTile(height, a, step, d, 32, rows, g);
    else gradientTile(height, a, step, d, 32, rows, g);
    a += <usize>rows * step;
    g += (<usize>height) << 5;
  }
}

/** out[rows, width / 4] = a panel of D, or two; `width`, in bytes, is known when this is compiled. */
// @ts-ignore: decorator
@inline
function packColumns(d: usize, dStep: usize, rows: i32, width: usize, out: usize): void {
  for (const end = out + <usize>rows * width; out < end; out += width) {
    v128.store(out, v128.load(d));
    v128.store(out, v128.load(d, 16), 16);
    if (width > 32) {
      v128.store(out, v128.load(d, 32), 32);
      v128.store(out, v128.load(d, 48), 48);
    }
    d += dStep;
  }
}
