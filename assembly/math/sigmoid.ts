import { madd } from '../simd';
import { constant } from './constant';
import { largeRest, powerTail, shiftedPower, SHIFTER, smallRest } from './power';

const ONE: usize = memory.data<f32>([1], 4);
/** 2^64 and 2^-64. */
const FAR: usize = memory.data<f32>([1.8446744073709552e19, 5.421010862427522e-20], 4);
/** Below it sigmoid is 0. */
const LEAST: usize = memory.data<f32>([-104], 4);
const SIGN: usize = memory.data<u32>([0x80000000], 4);
/** The upper 12 bits of a float32's significand: the product of two such numbers is exact. */
const UPPER: usize = memory.data<u32>([0xfffff000], 4);

/**
 * 1 / (1 + e^-x) in four lanes, to the last subnormal on the left.
 *
 * At y = -|x|, e^y = 2^n (1 + t) as in `power.ts`, and sigmoid(y) = 2^n (1 + t) / d with d = 1 + 2^n + 2^n t; sigmoid(x)
 * is that or, where x is positive, 1 less that. The quotient is divided by hand, once more than the machine does: 12
 * bits of it, and then the rest from the remainder, which is found almost without error as both 12 bits of the
 * quotient times the upper 12 of d are exact. So the last sum is the only rounding that counts. 2^n is carried as 2^(n +
 * 64) * 2^-64, since it may be too small for float32.
 *
 * Worst error 0.93 ulp plain, 0.92 ulp relaxed (measured: test/kernels/math.test.ts). One division.
 */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const one = constant(ONE);
  // y comes first: pmax then returns a NaN y
  const y = f32x4.pmax(v128.or(x, constant(SIGN)), constant(LEAST));
  const shifted = shiftedPower(y);
  const n = f32x4.sub(shifted, constant(SHIFTER));
  const large = largeRest(y, n);
  const t = f32x4.add(large, powerTail(large, smallRest(n)));

  const scale = i32x4.add(i32x4.shl(shifted, 23), constant(FAR, 0));
  const power = f32x4.mul(scale, constant(FAR, 1));
  const product = f32x4.mul(power, t);
  const d = f32x4.add(f32x4.add(one, power), product);
  const upper = v128.and(d, constant(UPPER));
  const lower = f32x4.add(f32x4.add(f32x4.sub(one, upper), power), product);

  const inverse = f32x4.div(one, d);
  const quotient = v128.and(f32x4.mul(f32x4.add(one, t), inverse), constant(UPPER));
  const remainder = f32x4.sub(
    f32x4.add(f32x4.sub(one, f32x4.mul(quotient, upper)), t),
    f32x4.mul(quotient, lower),
  );
  const left = f32x4.mul(f32x4.mul(madd(remainder, inverse, quotient), scale), constant(FAR, 1));
  return v128.bitselect(left, f32x4.sub(one, left), i32x4.shr_s(x, 31));
}
