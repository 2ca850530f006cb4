import { laneMask, loadLanes } from '../lanes/lanes';
import { NORMAL } from '../lanes/bounds';

/*
 * Activations as whole numbers of 7 bits, row by row:
 *
 *     q_k = round(x_k / scale) + zero,   x_k ~ (q_k - zero) * scale,   0 <= q_k <= 127
 *     scale = (max(x, 0) - min(x, 0)) / 127,   zero = round(-min(x, 0) / scale)
 *
 * so that 0 is always exact, and a row without negative numbers (pixels, relu, sigmoid) has zero = 0 and all 127 steps
 * above it, as many as a signed byte has.
 *
 * Weights keep 8 bits and activations have 7, since one of the operands of relaxed dot products has to: its top bit means
 * what the machine likes. Of activations that are not negative, the eighth bit would hold nothing; weights have both signs.
 */

/** Inputs in a unit of 4 bytes: bytes where the engine has dot products of them, and words of 16 bits elsewhere. */
export const UNIT: i32 = ASC_FEATURE_RELAXED_SIMD ? 4 : 2;

/** `UNIT`, for the host, which packs the weights. */
export function unitInputs(): i32 {
  return UNIT;
}

/** Units that `k` inputs take: those of whole fours. */
// @ts-ignore: decorator
@inline
export function unitsOf(k: i32): i32 {
  return ((k + 3) & ~3) / UNIT;
}

/** 1.5 * 2^23: added to a number below 2^22, it leaves the nearest whole number, ties to even, in its low bits. */
const MAGIC: f32 = 12582912;
const MAGIC_BITS: i32 = 0x4b400000;

/**
 * Quantises `k` floats at x into units `step` bytes apart from `out` on, and writes `scale`, f32, and `zero`, i32, to
 * `kept`. x is read to its k-th float and not behind it; up to 3 inputs behind it are those of a 0.
 *
 * Of a row whose scale would not be normal, that is 0; a row with a NaN or an infinite number has the scale NaN. Bits
 * are ordered as the magnitudes are, NaN above all numbers, so that a maximum of integers finds either.
 */
export function quantiseRow(x: usize, k: i32, out: usize, step: usize, kept: usize): void {
  const whole = x + ((<usize>(k & ~3)) << 2),
    rest = k & 3,
    tail = rest ? v128.and(loadLanes(whole, rest), laneMask(rest)) : i32x4.splat(0);
  // as signed numbers the greatest is the largest positive float; as unsigned ones the most negative
  let most = i32x4.max_s(i32x4.splat(0), tail),
    least = tail;
  for (let at = x; at < whole; at += 16) {
    const value = v128.load(at);
    most = i32x4.max_s(most, value);
    least = i32x4.max_u(least, value);
  }
  most = i32x4.max_s(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
  least = i32x4.max_u(least, v128.shuffle<i32>(least, least, 2, 3, 0, 1));
  const high = reinterpret<f32>(max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1))),
    lowBits = max<u32>(i32x4.extract_lane(least, 0), i32x4.extract_lane(least, 1)),
    low = <i32>lowBits < 0 ? reinterpret<f32>(lowBits) : <f32>0;
  // each divided by itself: their difference could overflow
  let scale: f32 = high / 127 - low / 127;
  if (!(scale < f32.MAX_VALUE)) scale = f32.NaN;
  if (scale < NORMAL) scale = 0;
  const inverse: f32 = scale == 0 ? 0 : 1 / scale,
    zero = reinterpret<i32>(MAGIC - low * inverse) - MAGIC_BITS;
  store<f32>(kept, scale);
  store<i32>(kept, zero, 4);
  const factor = f32x4.splat(inverse),
    magic = f32x4.splat(MAGIC),
    offset = i32x4.splat(MAGIC_BITS - zero);
  for (let at = x; at < whole; at += 16) {
    storeUnits(out, step, i32x4.sub(f32x4.add(f32x4.mul(v128.load(at), factor), magic), offset));
    out += ASC_FEATURE_RELAXED_SIMD ? step : 2 * step;
  }
  if (rest) storeUnits(out, step, i32x4.sub(f32x4.add(f32x4.mul(tail, factor), magic), offset));
}

/** Four inputs as one unit of bytes, or two of words. Both roundings up may give 128, which is taken back to 127. */
// @ts-ignore: decorator
@inline
function storeUnits(out: usize, step: usize, q: v128): void {
  const words = i16x8.narrow_i32x4_s(q, q);
  if (ASC_FEATURE_RELAXED_SIMD) {
    v128.store_lane<i32>(out, i8x16.narrow_i16x8_s(words, words), 0);
  } else {
    const capped = i16x8.min_s(words, i16x8.splat(127));
    v128.store_lane<i32>(out, capped, 0);
    v128.store_lane<i32>(out + step, capped, 1);
  }
}
