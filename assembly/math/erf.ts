import { madd } from '../lanes/simd';
import { constant } from './constant';
import { largeRest, powerTail, shiftedPower, SHIFTER, smallRest } from './power';

/** (erf a - a) / a in a^2. */
const P: usize = memory.data<f32>(
  [0.128379166, -0.376126289, 0.112836219, -0.0268552825, 0.00519063557, -0.000802172406, 7.84225049e-5],
  4,
);
/** ln(1 - erf a) / a + 2. */
const Q: usize = memory.data<f32>(
  [0.87137711, -0.635256946, -0.106059551, 0.0236071646, -0.00356825581, 0.000304330315, -9.36461402e-6],
  4,
);
const ONE: usize = memory.data<f32>([1], 4);
const JOIN: usize = memory.data<f32>([0.875], 4);
/** erf rounds to 1 from here on. */
const LARGE: usize = memory.data<f32>([4], 4);
const SIGN: usize = memory.data<u32>([0x80000000], 4);

/**
 * erf x = 2 / sqrt(π) ∫ e^(-t^2) dt from 0 to x in four lanes, from a = |x|; the sign is put back at the end.
 *
 * Near 0 (a < 0.875): a + a P(a^2). Far: 1 - e^(-2a + a Q(a)), where -2a is exact and a Q(a) goes into the small part
 * of the exponential's argument (see `power.ts`). Both are computed, without a branch or a division.
 *
 * Source: the logarithm of 1 - erf as a polynomial is after N. Juffa's erff; P and Q are minimax polynomials of our own,
 * for the relative error of the result. Worst error 0.99 ulp plain, 0.82 ulp relaxed (measured:
 * test/kernels/math.slow.test.ts).
 */
// @ts-ignore: decorator
@inline
export function erf(x: v128): v128 {
  const sign = v128.and(x, constant(SIGN));
  // |x| comes first: pmin then returns a NaN x
  const a = f32x4.pmin(v128.xor(x, sign), constant(LARGE));

  const z = f32x4.mul(a, a);
  let p = madd(constant(P, 6), z, constant(P, 5));
  p = madd(p, z, constant(P, 4));
  p = madd(p, z, constant(P, 3));
  p = madd(p, z, constant(P, 2));
  p = madd(p, z, constant(P, 1));
  p = madd(p, z, constant(P, 0));
  const near = madd(a, p, a);

  let q = madd(constant(Q, 6), a, constant(Q, 5));
  q = madd(q, a, constant(Q, 4));
  q = madd(q, a, constant(Q, 3));
  q = madd(q, a, constant(Q, 2));
  q = madd(q, a, constant(Q, 1));
  q = madd(q, a, constant(Q, 0));
  const correction = f32x4.mul(q, a);
  const exact = f32x4.neg(f32x4.add(a, a));
  const shifted = shiftedPower(f32x4.add(exact, correction));
  const n = f32x4.sub(shifted, constant(SHIFTER));
  const large = largeRest(exact, n);
  const tail = powerTail(large, f32x4.add(smallRest(n), correction));
  const power = i32x4.add(i32x4.shl(shifted, 23), constant(ONE));
  const far = f32x4.sub(constant(ONE), f32x4.mul(power, f32x4.add(constant(ONE), f32x4.add(large, tail))));

  return v128.or(v128.bitselect(near, far, f32x4.lt(a, constant(JOIN))), sign);
}
