import { madd } from '../simd';
import { constant } from './constant';

const LOG2_E: usize = memory.data<f32>([1.44269504], 4);
/** ln 2 in two parts. The first has 10 bits, so that n times it is exact. */
const LN_2: usize = memory.data<f32>([-0.693359375, 2.1219444e-4], 4);
/** q(r) = (e^r - 1 - r) / r^2, highest power first. */
const Q: usize = memory.data<f32>([0.00139406498, 0.00836639758, 0.0416664034, 0.16666545, 0.5], 4);
/** 1.5 * 2^23: adding it rounds to an integer, which the low bits of the sum then hold. */
const SHIFTER: usize = memory.data<f32>([12582912], 4);
const HALF: usize = memory.data<f32>([0.5], 4);
/** Beyond these, e^x - 1 is infinite and rounds to -1. */
const LIMITS: usize = memory.data<f32>([89, -26], 4);
const SIGN: usize = memory.data<u32>([0x80000000], 4);

/**
 * e^x - 1 in four lanes, with all its digits near 0.
 *
 * x = n ln 2 + r as in `exp`, and e^x - 1 = (2^n - 1 + 2^n hi) + 2^n (r^2 q(r) + lo): r = hi + lo, hi is exact, and
 * n = 0 around 0. Everything is halved up to the last step, so that 2^n does not overflow before the result does.
 *
 * Source: as `exp`; the polynomial's weight is |r|. Worst error: see test/kernels/math.test.ts.
 */
// @ts-ignore: decorator
@inline
export function expm1(x: v128): v128 {
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
  const small = madd(f32x4.mul(r, r), q, lo);

  const scale = i32x4.add(i32x4.shl(m, 23), constant(HALF));
  const large = madd(scale, hi, f32x4.sub(scale, constant(HALF)));
  const half = madd(scale, small, large);
  // the result has the sign of x, also where x is -0
  return v128.or(f32x4.add(half, half), v128.and(x, constant(SIGN)));
}
