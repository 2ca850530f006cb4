import { gradientPanel } from './gradient';

/** Inputs of a block: for 256 examples a quarter of a second cache of 1 MB, in whole tiles of either height. */
const BLOCK: i32 = 240;

/** Panels that packing A has to serve, or it does not pay. */
const PANELS: i32 = 16;

/** Pages of 4 kB that the first table of addresses of today's machines holds, less a few for the rest. */
const PAGES: i32 = 90;
const PAGE_FLOATS: i32 = 1024;

/** Whether the rows of A and D lie in more pages than a machine looks up at once, and the panels are worth packing. */
export function wantsBlocks(rows: i32, lda: i32, ldd: i32, panels: i32): bool {
  return panels >= PANELS && rows * (min(lda, PAGE_FLOATS) + min(ldd, PAGE_FLOATS)) > PAGES * PAGE_FLOATS;
}

/** Floats that the blocks of `packBlocks` take. */
export function blockFloats(rows: i32, inputs: i32): i32 {
  return ((inputs + BLOCK - 1) / BLOCK) * BLOCK * rows;
}

/**
 * Copies A [rows, inputs], lda floats a row, to `blocks`, `blockFloats` floats that do not overlap it: block after block,
 * in each of which the rows lie side by side instead of in a page each.
 *
 *     A                               a block
 *       . . . a a a a a a . . .         a a a a a a       240 floats a row
 *       . . . a a a a a a . . .         a a a a a a
 */
export function packBlocks(a: usize, lda: i32, rows: i32, inputs: i32, blocks: usize): void {
  const step = (<usize>lda) << 2,
    bytes = (<usize>BLOCK) << 2;
  for (let k = 0; k < inputs; k += BLOCK) {
    let row = a + ((<usize>k) << 2);
    const width = (<usize>min(BLOCK, inputs - k)) << 2;
    for (const end = blocks + <usize>rows * bytes; blocks < end; blocks += bytes) {
      memory.copy(blocks, row, width);
      row += step;
    }
  }
}

/**
 * gemm tn as `gemmGradient`, which see for the operands, the sums and their order: the same bits. A is where `packBlocks`
 * has put it, and each panel of D is copied to `panel`, [rows, 8] floats that overlap nothing else, so that its rows too
 * lie side by side. W6's gradients reach 72 instead of 54 % of the peak (measured: bench:kernels).
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
    step = (<usize>BLOCK) << 2;
  for (let k = 0; k < inputs; k += BLOCK) {
    const width = min(BLOCK, inputs - k);
    for (let p = from; p < to; p++) {
      packPanel(d + ((<usize>p) << 5), dStep, rows, panel);
      const y = g + <usize>p * panelStep + ((<usize>k) << 5);
      gradientPanel(blocks, step, panel, 32, rows, y, width, accumulate);
    }
    blocks += <usize>rows * step;
  }
}

/** out[rows, 8] = a panel of D. */
function packPanel(d: usize, dStep: usize, rows: i32, out: usize): void {
  for (const end = out + ((<usize>rows) << 5); out < end; out += 32) {
    v128.store(out, v128.load(d));
    v128.store(out, v128.load(d, 16), 16);
    d += dStep;
  }
}
