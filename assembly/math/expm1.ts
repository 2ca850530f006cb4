import { madd } from '../lanes/simd';
import { constant } from './constant';
import { largeRest, powerTail, shiftedPower, SHIFTER, smallRest } from './power';

const HALF: usize = memory.data<f32>([0.5], 4);
/** Beyond these, e^x - 1 is infinite and rounds to -1. */
const LIMITS: usize = memory.data<f32>([89, -26], 4);
const SIGN: usize = memory.data<u32>([0x80000000], 4);

/**
 * e^x - 1 in four lanes, with all its digits near 0: (2^n - 1 + 2^n large) + 2^n tail, see `power.ts`, where n = 0
 * around 0. Everything is half as large up to the last step, so that 2^n is finite wherever the result is; a subnormal
 * result may lose its last bit by that.
 *
 * Worst error 1.22 ulp plain, 1.23 ulp relaxed, around |x| = 0.36 (measured: test/kernels/math.slow.test.ts).
 */
// @ts-ignore: decorator
@inline
export function expm1(x: v128): v128 {
  // x comes first: pmin and pmax then return a NaN x
  const y = f32x4.pmax(f32x4.pmin(x, constant(LIMITS, 0)), constant(LIMITS, 1));
  const shifted = shiftedPower(y);
  const n = f32x4.sub(shifted, constant(SHIFTER));
  const large = largeRest(y, n);
  const scale = i32x4.add(i32x4.shl(shifted, 23), constant(HALF));
  const exact = madd(scale, large, f32x4.sub(scale, constant(HALF)));
  const half = madd(scale, powerTail(large, smallRest(n)), exact);
  // the result has the sign of x, also where x is -0
  return v128.or(f32x4.add(half, half), v128.and(x, constant(SIGN)));
}
