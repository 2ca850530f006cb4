import { WIDE } from './height';
import { productRows } from './product';
import { transpose } from './transpose';
import { productRowsWide } from './wide';

/** Where the sums begin. */
const ZEROS: usize = memory.data<f32>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16);

/**
 * gemm nn, what the deltas of a layer mean for its inputs: E = D * W, through the transposed weights.
 *
 *     D [rows, outputs]           W, per panel: 8 outputs a row          E [rows, inputs]
 *       --------> j                 input k: w w w w w w w w               lde floats a row
 *
 * D is where `rowsAt` says, after `packRows`. D and W are read; E = dC/da is overwritten in its panels of eight inputs
 * `from` to `to` - 1. A panel of W holds a multiple of 8 rows, zeros behind the last input: the columns that pad E to
 * as many come out as 0. Rows are written in order, so that where lde is 1, one dense column, each row mends what the
 * one before wrote behind itself, and 7 floats behind E are written. `scratch` is room for the transposed weights of
 * eight inputs, 64 floats for each 8 outputs, or of sixteen in a wide build where there are two panels or more. Neither it nor E may overlap the others. Strides are in floats, and all
 * sizes at least 1.
 *
 * The weights of eight inputs are transposed, and the rest is `gemmProduct`, its tiles and the order of its sums: that
 * of j, from 0. Turning 64 weights costs about as much as three rows do (measured: bench:kernels), and what it makes
 * lies densely, where a walk through the panels would touch a page for each 8 outputs. Cost: 2 * rows * outputs * 8
 * flops a panel.
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
  scratch: usize,
): void {
  const dStep = (<usize>ldd) << 2,
    eStep = (<usize>lde) << 2,
    panelStep = (<usize>panelStride) << 2;
  const panels = (outputs + 7) >> 3,
    strip = (<usize>panels) << 8;
  let q = from;
  for (; WIDE && q + 2 <= to; q += 2) {
    transpose(w + ((<usize>q) << 8), panelStep, panels, scratch);
    transpose(w + ((<usize>(q + 1)) << 8), panelStep, panels, scratch + strip);
    productRowsWide(d, dStep, scratch, strip, outputs, ZEROS, e + ((<usize>q) << 5), eStep, rows);
  }
  for (; q < to; q++) {
    transpose(w + ((<usize>q) << 8), panelStep, panels, scratch);
    productRows(d, dStep, scratch, outputs, ZEROS, e + ((<usize>q) << 5), eStep, rows);
  }
}
