import { madd } from '../lanes/simd';
import { constant } from './constant';

/*
 * What exp, expm1, sigmoid and erf have in common: x = n ln 2 + r with |r| <= ln 2 / 2, and e^x = 2^n e^r.
 *
 * Source: the argument reduction of Cody and Waite, with the two parts of ln 2 that Cephes uses. q(r) = (e^r - 1 - r) /
 * r^2 is a minimax polynomial of our own (weight r^2 / e^r; its own error is 0.05 of 2^-24), rounded to float32 from
 * the lowest coefficient up, with the others fitted anew each time.
 */

const LOG2_E: usize = memory.data<f32>([1.44269504], 4);
/** -ln 2 in two parts. The first has 10 bits, so that n times it is exact. */
const MINUS_LN_2: usize = memory.data<f32>([-0.693359375, 2.1219444e-4], 4);
const Q: usize = memory.data<f32>([0.49999994, 0.166665211, 0.0416682549, 0.00836866256, 0.00138214696], 4);
/** 1.5 * 2^23: a sum with it is rounded to an integer, which is then in the sum's low bits. */
export const SHIFTER: usize = memory.data<f32>([12582912], 4);

/** n + 1.5 * 2^23, where n is the integer next to x / ln 2. Shifted left by 23 bits it is n in an exponent's place. */
// @ts-ignore: decorator
@inline
export function shiftedPower(x: v128): v128 {
  return madd(x, constant(LOG2_E), constant(SHIFTER));
}

/** x less n times the large part of ln 2, which is exact for |x| < 2^10. */
// @ts-ignore: decorator
@inline
export function largeRest(x: v128, n: v128): v128 {
  return madd(n, constant(MINUS_LN_2, 0), x);
}

/** -n times the small part of ln 2. */
// @ts-ignore: decorator
@inline
export function smallRest(n: v128): v128 {
  return f32x4.mul(n, constant(MINUS_LN_2, 1));
}

/**
 * e^r - 1 - large, where r = large + small: what is to be added, last, to the exact `large`. The polynomial is
 * evaluated by pairs, which is a shorter chain than one power after another.
 */
// @ts-ignore: decorator
@inline
export function powerTail(large: v128, small: v128): v128 {
  const r = f32x4.add(large, small);
  const square = f32x4.mul(r, r);
  const upper = madd(square, constant(Q, 4), madd(constant(Q, 3), r, constant(Q, 2)));
  const q = madd(square, upper, madd(constant(Q, 1), r, constant(Q, 0)));
  return madd(square, q, small);
}
