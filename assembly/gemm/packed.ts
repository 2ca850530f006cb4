import { gradientPanel } from './gradient';

/** Inputs that are packed at once: for 256 examples a quarter of a second cache of 1 MB, in whole tiles of either height. */
const BLOCK: i32 = 240;

/** Panels that packing A has to serve: it costs as much as about one. */
const PANELS: i32 = 16;

/** Pages of 4 kB that the first table of addresses of today's machines holds, less a few for the rest. */
const PAGES: i32 = 90;
const PAGE_FLOATS: i32 = 1024;

/** Whether the rows of A and D lie in more pages than a machine looks up at once, and the panels are worth packing. */
export function isPacked(rows: i32, lda: i32, ldd: i32, panels: i32): bool {
  return panels >= PANELS && rows * (min(lda, PAGE_FLOATS) + min(ldd, PAGE_FLOATS)) > PAGES * PAGE_FLOATS;
}

/** Where the call for the panels from `from` on finds its scratch: calls of `PANELS` panels and more share none. */
export function scratchOf(scratch: usize, rows: i32, from: i32): usize {
  return scratch + ((<usize>(from / PANELS) * scratchFloats(rows)) << 2);
}

function scratchFloats(rows: i32): i32 {
  return rows * (8 + BLOCK);
}

/** Floats of scratch that the gradient of a layer needs, all panels together: 0 where it is not packed. */
export function gradientScratch(rows: i32, lda: i32, ldd: i32, panels: i32): i32 {
  return isPacked(rows, lda, ldd, panels) ? scratchFloats(rows) * ((panels + PANELS - 1) / PANELS) : 0;
}

/**
 * gemm tn as `gemmGradient`, which see for the operands, the sums and their order: the same bits. A block of A is
 * copied first, then each panel of D, so that their rows lie side by side instead of in a page each:
 *
 *     A                               a block, packed        D, a panel       packed
 *       . . . a a a a a a . . .         a a a a a a            . d d .          d d
 *       . . . a a a a a a . . .         a a a a a a            . d d .          d d
 *
 * `scratch` has room for [rows, 8 + 240] floats and overlaps nothing else. W6 gains a tenth of its gradients, and a
 * fifth and more with 256 bits (measured: bench:kernels).
 */
export function gemmGradientPacked(
  a: usize,
  lda: i32,
  d: usize,
  ldd: i32,
  g: usize,
  panelStride: i32,
  rows: i32,
  inputs: i32,
  from: i32,
  to: i32,
  accumulate: i32,
  scratch: usize,
): void {
  const aStep = (<usize>lda) << 2,
    dStep = (<usize>ldd) << 2,
    panelStep = (<usize>panelStride) << 2,
    packedStep = (<usize>BLOCK) << 2,
    packed = scratch + ((<usize>rows) << 5);
  for (let k = 0; k < inputs; k += BLOCK) {
    const width = min(BLOCK, inputs - k);
    let row = a + ((<usize>k) << 2);
    for (let at = packed, end = packed + <usize>rows * packedStep; at < end; at += packedStep) {
      memory.copy(at, row, (<usize>width) << 2);
      row += aStep;
    }
    for (let p = from; p < to; p++) {
      packPanel(d + ((<usize>p) << 5), dStep, rows, scratch);
      const y = g + <usize>p * panelStep + ((<usize>k) << 5);
      gradientPanel(packed, packedStep, scratch, 32, rows, y, width, accumulate);
    }
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
