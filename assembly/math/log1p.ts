import { constant } from './constant';
import { logOf } from './log';

const ONE: usize = memory.data<f32>([1], 4);
const SIGN: usize = memory.data<u32>([0x80000000], 4);

/**
 * ln(1 + x) in four lanes, with all its digits near 0: -Infinity at -1, NaN below.
 *
 * With s = 1 + x as rounded and c the error of that rounding, found exactly, ln(1 + x) = ln s + c / s.
 *
 * Source: fdlibm's correction term; the exact error of a sum is Knuth's. Worst error 0.98 ulp plain, 0.89 ulp
 * relaxed (measured: test/kernels/math.slow.test.ts).
 */
export function log1p(x: v128): v128 {
  const one = constant(ONE);
  const s = f32x4.add(one, x);
  const part = f32x4.sub(s, one);
  const c = f32x4.add(f32x4.sub(one, f32x4.sub(s, part)), f32x4.sub(x, part));
  const result = logOf(s, s, f32x4.splat(0), f32x4.div(c, s));
  // the result has the sign of x, also where x is -0
  return v128.or(result, v128.and(x, constant(SIGN)));
}
