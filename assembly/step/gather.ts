import { NORMAL } from '../lanes/flush';

/** Rows of fewer floats than this are copied in a loop: a bulk copy's start would outweigh them. */
const SHORT: i32 = 32;

/** Rows that are fetched at once: enough for the memory to work on many lines, few enough for the second cache. */
const AHEAD: i32 = 16;
const LINE: usize = 64;

/**
 * out[i] = src[order[from + i]] for i below `rows`: the rows of a mini-batch, in the order of a shuffle.
 *
 * src is [*, columns], dense; out is [rows, ld]; its columns up to the next multiple of 8 are set to 0. `order` a
 * permutation (i32), or 0 for the order of src. src and out must not overlap.
 */
export function gatherRows(src: usize, columns: i32, order: usize, from: i32, rows: i32, out: usize, ld: i32): void {
  gather<f32>(src, columns, order, from, rows, out, ld, 1);
}

/**
 * The same where src holds bytes, 0 to 255: out[i] = scale * src[order[from + i]], rounded once; a subnormal scale
 * counts as 0. A quarter of the memory to fetch. Exact conversion; columns * rows flops.
 */
export function gatherBytes(
  src: usize,
  columns: i32,
  order: usize,
  from: i32,
  rows: i32,
  out: usize,
  ld: i32,
  scale: f32,
): void {
  gather<u8>(src, columns, order, from, rows, out, ld, scale < NORMAL ? 0 : scale);
}

// @ts-ignore: decorator
@inline
function gather<T>(
  src: usize,
  columns: i32,
  order: usize,
  from: i32,
  rows: i32,
  out: usize,
  ld: i32,
  scale: f32,
): void {
  const bytes = (<usize>columns) << 2,
    step = (<usize>ld) << 2;
  const width: usize = ld == 1 ? 4 : (bytes + 31) & ~(<usize>31);
  const pitch = <usize>columns * sizeof<T>(),
    end = from + rows;
  for (let row = from; row < end; row++) {
    // kept where the row then goes: compilers leave out a load that nobody uses
    if (order && (row - from) % AHEAD == 0) store<i32>(out, fetch(src, pitch, order, row, min(row + AHEAD, end)));
    const source = src + <usize>indexOf(order, row) * pitch;
    if (isInteger<T>()) convertBytes(source, out, columns, scale);
    else if (columns < SHORT) copyShort(source, out, bytes);
    else memory.copy(out, source, bytes);
    for (let at = bytes; at < width; at += 4) store<f32>(out + at, 0);
    out += step;
  }
}

// @ts-ignore: decorator
@inline
function copyShort(source: usize, out: usize, bytes: usize): void {
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(out + at, v128.load(source + at));
  for (; at < bytes; at += 4) store<i32>(out + at, load<i32>(source + at));
}

// @ts-ignore: decorator
@inline
function convertBytes(source: usize, out: usize, count: i32, scale: f32): void {
  const factor = f32x4.splat(scale),
    end = source + <usize>count;
  for (; source + 8 <= end; source += 8, out += 32) {
    const words = v128.load_ext<u8>(source);
    v128.store(out, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words)), factor));
    v128.store(out, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(words)), factor), 16);
  }
  for (; source < end; source++, out += 4) store<f32>(out, <f32>load<u8>(source) * scale);
}

/**
 * The sum of the weights (f32) of `rows` examples from `from` on, in `order` where it is not 0, taken in that order;
 * `rows` where there are no weights.
 */
export function weightOf(weights: usize, order: usize, from: i32, rows: i32): f64 {
  if (!weights) return <f64>rows;
  let sum: f64 = 0;
  for (let row = from; row < from + rows; row++) {
    sum += <f64>load<f32>(weights + ((<usize>indexOf(order, row)) << 2));
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function indexOf(order: usize, row: i32): i32 {
  return order ? load<i32>(order + ((<usize>row) << 2)) : row;
}

/**
 * Reads a byte of every line of some rows. They lie anywhere, and are waited for together so instead of one after
 * another (W1 gains a tenth on 94 MB of shuffled bytes; measured: bench).
 */
function fetch(src: usize, pitch: usize, order: usize, from: i32, to: i32): i32 {
  let sum = 0;
  for (let row = from; row < to; row++) {
    const start = src + <usize>indexOf(order, row) * pitch;
    for (let at = start; at < start + pitch; at += LINE) sum += load<u8>(at);
  }
  return sum;
}
