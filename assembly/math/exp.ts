import { madd } from '../simd';
import { constant } from './constant';

const LOG2_E: usize = memory.data<f32>([1.44269504], 4);
/** ln 2 in two parts. The first has 10 bits, so that n times it is exact. */
const LN_2: usize = memory.data<f32>([-0.693359375, 2.1219444e-4], 4);
/** q(r) = (e^r - 1 - r) / r^2, highest power first. */
const Q: usize = memory.data<f32>([0.00138214696, 0.00836866256, 0.0416682549, 0.166665211, 0.49999994], 4);
/** 1.5 * 2^23: adding it rounds to an integer, which the low bits of the sum then hold. */
const SHIFTER: usize = memory.data<f32>([12582912], 4);
const ONE: usize = memory.data<f32>([1], 4);
/** Beyond these, e^x is infinite and 0. */
const LIMITS: usize = memory.data<f32>([89, -104], 4);

/**
 * e^x in four lanes.
 *
 * x = n ln 2 + r with |r| <= ln 2 / 2, and e^x = 2^n (1 + (hi + (r^2 q(r) + lo))), where r = hi + lo and hi is exact:
 * the inexact part is small and comes last. 2^n is applied as two factors, so that subnormal results are rounded once.
 *
 * Source: argument reduction of Cody and Waite, with the split of ln 2 of Cephes; q is a minimax polynomial of our
 * own (weight r^2 / e^r). Worst error 0.89 ulp plain, 0.88 ulp relaxed (measured: test/kernels/math.test.ts).
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  // x comes first: pmin and pmax then return a NaN x
  const y = f32x4.pmax(f32x4.pmin(x, constant(LIMITS, 0)), constant(LIMITS, 1));
  const m = madd(y, constant(LOG2_E), constant(SHIFTER));
  const n = f32x4.sub(m, constant(SHIFTER));
  const hi = madd(n, constant(LN_2, 0), y);
  const lo = f32x4.mul(n, constant(LN_2, 1));
  const r = f32x4.add(hi, lo);

  let q = madd(constant(Q, 0), r, constant(Q, 1));
  q = madd(q, r, constant(Q, 2));
  q = madd(q, r, constant(Q, 3));
  q = madd(q, r, constant(Q, 4));
  const p = f32x4.add(constant(ONE), f32x4.add(hi, madd(f32x4.mul(r, r), q, lo)));

  const half = i32x4.shr_s(m, 1);
  const first = i32x4.add(i32x4.shl(half, 23), constant(ONE));
  const second = i32x4.add(i32x4.shl(i32x4.sub(m, half), 23), constant(ONE));
  return f32x4.mul(f32x4.mul(p, first), second);
}
