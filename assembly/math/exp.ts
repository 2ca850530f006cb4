import { constant } from './constant';
import { largeRest, powerTail, shiftedPower, SHIFTER, smallRest } from './power';

const ONE: usize = memory.data<f32>([1], 4);
/** Beyond these, e^x is infinite and 0. */
const LIMITS: usize = memory.data<f32>([89, -104], 4);

/**
 * e^x in four lanes: 2^n (1 + (large + tail)), see `power.ts`. 2^n is applied as two factors, so that neither is beyond
 * float32 and a subnormal result is rounded once. Infinite from ln(2^128) on; 0 below ln(2^-150).
 *
 * Worst error 0.92 ulp plain, 0.90 ulp relaxed (measured: test/kernels/math.slow.test.ts).
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  // x comes first: pmin and pmax then return a NaN x
  const y = f32x4.pmax(f32x4.pmin(x, constant(LIMITS, 0)), constant(LIMITS, 1));
  const shifted = shiftedPower(y);
  const n = f32x4.sub(shifted, constant(SHIFTER));
  const large = largeRest(y, n);
  const p = f32x4.add(constant(ONE), f32x4.add(large, powerTail(large, smallRest(n))));

  const half = i32x4.shr_s(shifted, 1);
  const first = i32x4.add(i32x4.shl(half, 23), constant(ONE));
  const second = i32x4.add(i32x4.shl(i32x4.sub(shifted, half), 23), constant(ONE));
  return f32x4.mul(f32x4.mul(p, first), second);
}
