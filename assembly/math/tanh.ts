import { madd } from '../lanes/simd';
import { constant } from './constant';
import { SHIFTER } from './power';

/** (tanh a - a + a^3 / 4) / a^3 in a^2. */
const P: usize = memory.data<f32>(
  [-0.083333157, 0.13332808, -0.0539148189, 0.0216075033, -0.00815581158, 0.00247956533, -0.000417439092],
  4,
);
/** (e^2r - 1) / r. */
const Q: usize = memory.data<f32>([2, 1.99999964, 1.33332264, 0.666701853, 0.267762303, 0.0882579088], 4);
const MINUS_QUARTER: usize = memory.data<f32>([-0.25], 4);
const TWO_LOG2_E: usize = memory.data<f32>([2.88539008], 4);
const MINUS_HALF_LN_2: usize = memory.data<f32>([-0.34657359], 4);
const ONE: usize = memory.data<f32>([1], 4);
const TWO: usize = memory.data<f32>([2], 4);
const JOIN: usize = memory.data<f32>([0.9375], 4);
/** tanh rounds to 1 from here on. */
const LARGE: usize = memory.data<f32>([9.1], 4);
const SIGN: usize = memory.data<u32>([0x80000000], 4);
/** 2^-60, nothing beside 1: a^2 is held to it, so that a^3 is not subnormal where a is far from it. */
const SQUARE: usize = memory.data<f32>([8.67361738e-19], 4);

/**
 * tanh x in four lanes, from a = |x|; the sign is put back at the end.
 *
 * Near 0 (a < 0.9375): a + (a^3 P(a^2) - a^3 / 4). The quarter is exact, and at the join what P adds is next to nothing.
 * Far: 1 - 2 / (e^2a + 1) with a = n (ln 2) / 2 + r and e^2a + 1 = (2^n + 1) + 2^n r Q(r). One part of ln 2 is enough:
 * rounded to float32 it ends in three zeros, so that its products with small n are exact, and is right to 2^-28.
 * Both are computed, without a branch. One division.
 *
 * P and Q are minimax polynomials of our own, for the relative error of the result, rounded to float32 from the lowest
 * coefficient up, with the others fitted anew each time. Worst error 0.95 ulp plain, 0.91 ulp relaxed (measured:
 * test/kernels/math.slow.test.ts).
 */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const sign = v128.and(x, constant(SIGN));
  // |x| comes first: pmin then returns a NaN x
  const a = f32x4.pmin(v128.xor(x, sign), constant(LARGE));

  const z = f32x4.pmax(f32x4.mul(a, a), constant(SQUARE));
  const cube = f32x4.mul(a, z);
  let p = madd(constant(P, 6), z, constant(P, 5));
  p = madd(p, z, constant(P, 4));
  p = madd(p, z, constant(P, 3));
  p = madd(p, z, constant(P, 2));
  p = madd(p, z, constant(P, 1));
  p = madd(p, z, constant(P, 0));
  const near = f32x4.add(a, madd(cube, constant(MINUS_QUARTER), f32x4.mul(cube, p)));

  const shifted = madd(a, constant(TWO_LOG2_E), constant(SHIFTER));
  const n = f32x4.sub(shifted, constant(SHIFTER));
  const r = madd(n, constant(MINUS_HALF_LN_2), a);
  const square = f32x4.mul(r, r);
  // by pairs, which is a shorter chain than one power after another
  const upper = madd(madd(constant(Q, 5), r, constant(Q, 4)), square, madd(constant(Q, 3), r, constant(Q, 2)));
  const q = madd(upper, square, madd(constant(Q, 1), r, constant(Q, 0)));
  const power = i32x4.add(i32x4.shl(shifted, 23), constant(ONE));
  const d = madd(f32x4.mul(power, r), q, f32x4.add(power, constant(ONE)));
  const far = f32x4.sub(constant(ONE), f32x4.div(constant(TWO), d));

  return v128.or(v128.bitselect(near, far, f32x4.lt(a, constant(JOIN))), sign);
}
