import { blockFloats, wantsBlocks } from './blocks';
import { rowFloats } from './rows';

/*
 * The scratch that the products of a layer copy their operands into, to have them side by side. Only one phase of a
 * step is under way at a time, so all of them use the same. First comes what is copied once; behind it each part of the
 * panels has room of its own, for parts may be made side by side.
 */

/** Where `gemmDelta` transposes weights for its panels from `from` on: behind the packed deltas. */
export function stripAt(scratch: usize, rows: i32, outputs: i32, panels: i32, from: i32): usize {
  return scratch + ((<usize>(rowFloats(rows, outputs) + from * panels * 64)) << 2);
}

/** Where `gemmGradientBlocked` copies deltas for its panels from `from` on: behind the blocks of the inputs. */
export function panelAt(scratch: usize, rows: i32, inputs: i32, from: i32): usize {
  return scratch + ((<usize>(blockFloats(rows, inputs) + from * rows * 8)) << 2);
}

/** Floats of scratch that a layer needs for `rows` rows; `panels` of 8 outputs, 0 for one output. */
export function scratchFloats(rows: i32, inputs: i32, outputs: i32, lda: i32, ld: i32, panels: i32): i32 {
  if (panels == 0) return 0;
  const strips = ((inputs + 7) >> 3) * panels * 64;
  const products = max(rowFloats(rows, inputs), rowFloats(rows, outputs) + strips);
  if (!wantsBlocks(rows, lda, ld, panels)) return products;
  return max(products, blockFloats(rows, inputs) + panels * rows * 8);
}
