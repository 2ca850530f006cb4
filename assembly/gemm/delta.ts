import { deltaTile1, deltaTile2 } from './tiles.generated';

/** Inputs whose weights are walked again for each pair of rows while they lie in the nearest cache. */
const BLOCK: i32 = 32;

/**
 * gemm nn, what the deltas of a layer mean for its inputs: E = D * W, through the transposed weights.
 *
 *     D [rows, outputs]           W, per panel: 8 outputs a row          E [rows, inputs]
 *       --------> j                 input k: w w w w w w w w               lde floats a row
 *
 * D and W are read four outputs at a time, with zeros in both where they pad the last four; E = dC/da is overwritten in the columns of the
 * groups of four inputs `from` to `to` - 1. A panel of W holds a multiple of 8 rows, zeros behind the last input: the
 * columns that pad E to as many come out as 0. Rows are written in order, so that where lde is 1, one dense column,
 * group 0 alone is asked for, each row mends what the one before wrote behind itself, and 3 floats behind E are
 * written. E must not overlap the others. Strides are in floats.
 * Every element is summed in four lanes, output j in lane j mod 4, in the order of j, and the lanes last, whatever
 * the tile. Cost: 2 * rows * outputs * 4 flops a group.
 */
export function gemmDelta(
  d: usize,
  ldd: i32,
  w: usize,
  panelStride: i32,
  outputs: i32,
  e: usize,
  lde: i32,
  rows: i32,
  from: i32,
  to: i32,
): void {
  const dStep = (<usize>ldd) << 2,
    eStep = (<usize>lde) << 2,
    panelStep = (<usize>panelStride) << 2;
  const quads = (outputs + 3) >> 2;
  for (let block = from; block < to; block += BLOCK) {
    const last = min(block + BLOCK, to);
    let row = 0,
      x = d,
      y = e;
    for (; row + 2 <= rows; row += 2) {
      for (let q = block; q < last; q++) {
        deltaTile2(x, dStep, w + ((<usize>q) << 7), panelStep, quads, y + ((<usize>q) << 4), eStep);
      }
      x += dStep << 1;
      y += eStep << 1;
    }
    if (row == rows) continue;
    for (let q = block; q < last; q++) {
      deltaTile1(x, dStep, w + ((<usize>q) << 7), panelStep, quads, y + ((<usize>q) << 4), eStep);
    }
  }
}
