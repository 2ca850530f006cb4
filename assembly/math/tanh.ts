import { madd } from '../lanes/simd';
import { constant } from './constant';
import { SHIFTER } from './power';

/** (tanh a - a + a^3 / 4) / a^3 in a^2. */
export const P: usize = memory.data<f32>(
  [-0.083333157, 0.13332808, -0.0539148189, 0.0216075033, -0.00815581158, 0.00247956533, -0.000417439092],
  4,
);
/** (e^2r - 1) / r. */
export const Q: usize = memory.data<f32>([2, 1.99999964, 1.33332264, 0.666701853, 0.267762303, 0.0882579088], 4);
/** The coefficients that the loops begin with, behind those that come before. */
export const P_NEXT: usize = P + 16;
export const Q_NEXT: usize = Q + 8;
export const Q_LAST: usize = Q + 16;
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
  const sign = signOf(x),
    a = sizeOf(x, sign),
    square = squareOf(a);
  let p = highest(square);
  for (let at = P_NEXT; at >= P; at -= 4) p = madd(p, square, constant(at));
  const shifted = shiftedOf(a),
    r = restOf(a, shifted),
    squareOfRest = f32x4.mul(r, r);
  let q = pair(Q_LAST, r);
  for (let at = Q_NEXT; at >= Q; at -= 8) q = madd(q, squareOfRest, pair(at, r));
  return joined(nearOf(a, square, p), farOf(shifted, r, q), a, sign);
}

// @ts-ignore: decorator
@inline
export function signOf(x: v128): v128 {
  return v128.and(x, constant(SIGN));
}

/** |x|, up to where tanh is 1. It comes first: pmin then returns a NaN x. */
// @ts-ignore: decorator
@inline
export function sizeOf(x: v128, sign: v128): v128 {
  return f32x4.pmin(v128.xor(x, sign), constant(LARGE));
}

// @ts-ignore: decorator
@inline
export function squareOf(a: v128): v128 {
  return f32x4.pmax(f32x4.mul(a, a), constant(SQUARE));
}

/** The two highest coefficients of P. */
// @ts-ignore: decorator
@inline
export function highest(square: v128): v128 {
  return madd(constant(P, 6), square, constant(P, 5));
}

// @ts-ignore: decorator
@inline
export function nearOf(a: v128, square: v128, p: v128): v128 {
  const cube = f32x4.mul(a, square);
  return f32x4.add(a, madd(cube, constant(MINUS_QUARTER), f32x4.mul(cube, p)));
}

/** n in the low bits: see `power.ts`. */
// @ts-ignore: decorator
@inline
export function shiftedOf(a: v128): v128 {
  return madd(a, constant(TWO_LOG2_E), constant(SHIFTER));
}

// @ts-ignore: decorator
@inline
export function restOf(a: v128, shifted: v128): v128 {
  return madd(f32x4.sub(shifted, constant(SHIFTER)), constant(MINUS_HALF_LN_2), a);
}

/** Two coefficients of Q: by pairs, which is a shorter chain than one power after another. */
// @ts-ignore: decorator
@inline
export function pair(at: usize, r: v128): v128 {
  return madd(constant(at, 1), r, constant(at));
}

// @ts-ignore: decorator
@inline
export function farOf(shifted: v128, r: v128, q: v128): v128 {
  const power = i32x4.add(i32x4.shl(shifted, 23), constant(ONE));
  const d = madd(f32x4.mul(power, r), q, f32x4.add(power, constant(ONE)));
  return f32x4.sub(constant(ONE), f32x4.div(constant(TWO), d));
}

// @ts-ignore: decorator
@inline
export function joined(near: v128, far: v128, a: v128, sign: v128): v128 {
  return v128.or(v128.bitselect(near, far, f32x4.lt(a, constant(JOIN))), sign);
}
