import { madd } from '../simd';
import { constant } from './constant';
import { largeRest, powerTail, shiftedPower, SHIFTER, smallRest } from './power';

const ONE: usize = memory.data<f32>([1], 4);
/** 2^64 and 2^-64. */
const FAR: usize = memory.data<f32>([1.8446744073709552e19, 5.421010862427522e-20], 4);
/** sigmoid(-104) is 0. */
const LIMIT: usize = memory.data<f32>([104], 4);
const MAGNITUDE: usize = memory.data<u32>([0x7fffffff], 4);
/** The upper 12 bits of a float32's significand: the product of two such numbers is exact. */
const UPPER: usize = memory.data<u32>([0xfffff000], 4);

/**
 * 1 / (1 + e^-x) in four lanes, to the last subnormal on the left.
 *
 * With a = |x| and e^a = 2^n (1 + t) as in `power.ts`, sigmoid(-a) = u / d, where u = 2^-n and d = 1 + u + t; on the
 * right it is 1 less that. The machine's 1 / d would round twice, in d and in the quotient. So its upper 12 bits are
 * taken, and the rest is found from the remainder, which is nearly exact: 12 bits of the quotient times the upper 12
 * bits of d are, and what is left of d is computed from its terms. u is 2^(64 - n) * 2^-64, for it may be subnormal.
 *
 * Worst error 0.91 ulp plain, 0.88 ulp relaxed (measured: test/kernels/math.test.ts). One division.
 */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const one = constant(ONE);
  // |x| comes first: pmin then returns a NaN x
  const a = f32x4.pmin(v128.and(x, constant(MAGNITUDE)), constant(LIMIT));
  const shifted = shiftedPower(a);
  const n = f32x4.sub(shifted, constant(SHIFTER));
  const large = largeRest(a, n);
  const tail = powerTail(large, smallRest(n));

  const u = f32x4.mul(i32x4.sub(constant(FAR, 0), i32x4.shl(shifted, 23)), constant(FAR, 1));
  const d = f32x4.add(f32x4.add(one, u), f32x4.add(large, tail));
  const inverse = f32x4.div(one, d);
  const upper = v128.and(d, constant(UPPER));
  const lower = f32x4.add(f32x4.add(f32x4.add(f32x4.sub(one, upper), u), large), tail);
  const quotient = v128.and(inverse, constant(UPPER));
  const remainder = f32x4.sub(f32x4.sub(one, f32x4.mul(quotient, upper)), f32x4.mul(quotient, lower));
  const left = f32x4.mul(madd(remainder, inverse, quotient), u);
  return v128.bitselect(left, f32x4.sub(one, left), i32x4.shr_s(x, 31));
}
