import { UNIT } from './quantise';

/*
 * Dot products of weights w, signed bytes from -127 to 127, with units of activations q from 0 to 127: exact in all
 * builds, and so of the same bits.
 *
 * A relaxed dot product multiplies bytes and adds neighbours in 16 bits, where |w q + w' q'| <= 2 * 127 * 127 = 32258 stays
 * below 2^15, so that nothing saturates; and the top bit of no q is set, so that it does not matter how an engine takes
 * it. Sums in 32 bits: |sum| <= 127 * 127 k < 2^31 for k <= 131072 inputs, which the host sees to, and so is zero times
 * the sum of the weights.
 */

/** Bytes of the weights of 8 outputs for one unit. */
export const UNIT_BYTES: usize = 8 * UNIT;

/** The weights of four outputs for the unit at `w`: `half` 0 and 1 are those of one panel, 2 and 3 of the next. */
// @ts-ignore: decorator
@inline
export function weights(w: usize, half: usize): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.load(w + 16 * half);
  return v128.load_ext<i8>(w + 8 * half);
}

/** 1 in eight lanes of 16 bits, made of a number above 0: V8 would make a constant anew for each use. */
// @ts-ignore: decorator
@inline
export function onesOf(units: i32): v128 {
  return i16x8.splat(<i16>(units > 0));
}

/**
 * sum + w q in four lanes, one an output; q is one unit, in all lanes. With DOT_PRODUCTS the machine has an instruction for
 * all of it. Where it has not, V8 would make two more beside the three that it takes: three quarters of the speed, on AMD's
 * Zen 4 (measured: bench/experiments/int8.ts).
 */
// @ts-ignore: decorator
@inline
export function dot(w: v128, q: v128, sum: v128, ones: v128): v128 {
  if (!ASC_FEATURE_RELAXED_SIMD) return i32x4.add(i32x4.dot_i16x8_s(w, q), sum);
  if (isDefined(DOT_PRODUCTS)) return i32x4.relaxed_dot_i8x16_i7x16_add_s(w, q, sum);
  return i32x4.add(i32x4.dot_i16x8_s(i16x8.relaxed_dot_i8x16_i7x16_s(w, q), ones), sum);
}
