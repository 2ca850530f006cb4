import { dot, onesOf, UNIT_BYTES, weights } from './dot';
import { write } from './finish';

/*
 * z_j = (sum_k w_jk q_k - zero sum_k w_jk) * (scale * scale_j) + b_j for rows of activations q that `quantiseRow` made, of
 * `units` units. Weights lie in panels of 8 outputs, and four panels, or those that are left, in a strip:
 *
 *     unit 0: panel 0: w w w w | w w w w | ... 8 outputs, panel 1: ...     as many bytes of each output as a unit has
 *     unit 1: panel 0: ...                                                 inputs; `step` bytes from unit to unit
 *
 * Sums are exact, so that their order does not matter.
 */

/**
 * The outputs of one panel for `rows` rows, 2 to 4, whose units lie side by side at q, four a step whatever `rows` is.
 * z is overwritten, rows `ld` floats apart; what each row has at `kept` lies 8 bytes apart.
 */
export function productTile4(
  q: usize,
  units: i32,
  w: usize,
  step: usize,
  kept: usize,
  scales: usize,
  biases: usize,
  sums: usize,
  z: usize,
  ld: i32,
  rows: i32,
): void {
  const ones = onesOf(units);
  const end = q + ((<usize>units) << 4);
  let a0 = i32x4.splat(0),
    a1 = a0,
    b0 = a0,
    b1 = a0,
    c0 = a0,
    c1 = a0,
    d0 = a0,
    d1 = a0;
  while (q < end) {
    const low = weights(w, 0),
      high = weights(w, 1);
    let s = v128.load32_splat(q);
    a0 = dot(low, s, a0, ones);
    a1 = dot(high, s, a1, ones);
    s = v128.load32_splat(q, 4);
    b0 = dot(low, s, b0, ones);
    b1 = dot(high, s, b1, ones);
    s = v128.load32_splat(q, 8);
    c0 = dot(low, s, c0, ones);
    c1 = dot(high, s, c1, ones);
    s = v128.load32_splat(q, 12);
    d0 = dot(low, s, d0, ones);
    d1 = dot(high, s, d1, ones);
    q += 16;
    w += step;
  }
  const row = (<usize>ld) << 2;
  write(z, ld, a0, a1, kept, scales, biases, sums);
  write(z + row, ld, b0, b1, kept + 8, scales, biases, sums);
  if (rows == 2) return;
  write(z + 2 * row, ld, c0, c1, kept + 16, scales, biases, sums);
  if (rows == 3) return;
  write(z + 3 * row, ld, d0, d1, kept + 24, scales, biases, sums);
}

/** The outputs of one panel for one row. */
export function productRow(
  q: usize,
  units: i32,
  w: usize,
  step: usize,
  kept: usize,
  scales: usize,
  biases: usize,
  sums: usize,
  z: usize,
  ld: i32,
): void {
  const ones = onesOf(units);
  const end = q + ((<usize>units) << 2);
  let low = i32x4.splat(0),
    high = low;
  while (q < end) {
    const s = v128.load32_splat(q);
    low = dot(weights(w, 0), s, low, ones);
    high = dot(weights(w, 1), s, high, ones);
    q += 4;
    w += step;
  }
  write(z, ld, low, high, kept, scales, biases, sums);
}

/** The outputs of a strip of four panels for one row, all behind one pointer: with four, it took a sixth longer. */
export function productRowFour(
  q: usize,
  units: i32,
  w: usize,
  kept: usize,
  scales: usize,
  biases: usize,
  sums: usize,
  z: usize,
): void {
  const ones = onesOf(units);
  const end = q + ((<usize>units) << 2);
  let a0 = i32x4.splat(0),
    a1 = a0,
    b0 = a0,
    b1 = a0,
    c0 = a0,
    c1 = a0,
    d0 = a0,
    d1 = a0;
  while (q < end) {
    const s = v128.load32_splat(q);
    a0 = dot(weights(w, 0), s, a0, ones);
    a1 = dot(weights(w, 1), s, a1, ones);
    b0 = dot(weights(w, 2), s, b0, ones);
    b1 = dot(weights(w, 3), s, b1, ones);
    c0 = dot(weights(w, 4), s, c0, ones);
    c1 = dot(weights(w, 5), s, c1, ones);
    d0 = dot(weights(w, 6), s, d0, ones);
    d1 = dot(weights(w, 7), s, d1, ones);
    q += 4;
    w += 4 * UNIT_BYTES;
  }
  write(z, 8, a0, a1, kept, scales, biases, sums);
  write(z + 32, 8, b0, b1, kept, scales + 32, biases + 32, sums + 32);
  write(z + 64, 8, c0, c1, kept, scales + 64, biases + 64, sums + 64);
  write(z + 96, 8, d0, d1, kept, scales + 96, biases + 96, sums + 96);
}
