import { madd } from '../lanes/simd';
import { constant } from './constant';

/** ln 2 in two parts. The first has 10 bits, so that k times it is exact. */
const LN_2: usize = memory.data<f32>([0.693359375, -2.1219444e-4], 4);
/** P(f) = (ln(1 + f) - f + f^2 / 2) / f^3, highest power first. */
const P: usize = memory.data<f32>(
  [-0.0763596296, 0.127619997, -0.131596878, 0.142016172, -0.166234061, 0.200012401, -0.250008196, 0.333333313],
  4,
);
const MINUS_HALF: usize = memory.data<f32>([-0.5], 4);
const ONE: usize = memory.data<f32>([1], 4);
const SQRT_HALF: usize = memory.data<f32>([0.707106781], 4);
const SMALLEST_NORMAL: usize = memory.data<f32>([1.17549435e-38], 4);
const INFINITIES: usize = memory.data<u32>([0x7f800000, 0xff800000], 4);

/**
 * ln x in four lanes: -Infinity at 0, NaN below.
 *
 * Source: the reduction to sqrt(1/2) <= m < sqrt(2) is that of fdlibm; see `logOf`. Worst error 0.93 ulp plain,
 * 0.88 ulp relaxed (measured: test/kernels/math.slow.test.ts).
 */
export function log(x: v128): v128 {
  const subnormal = f32x4.lt(x, constant(SMALLEST_NORMAL));
  const normal = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, subnormal);
  return logOf(x, normal, v128.and(subnormal, f32x4.splat(-23)), f32x4.splat(0));
}

/**
 * ln(2^shift x) + correction, where x is normal and the result small. `argument` is what the caller takes the
 * logarithm of, which decides where the result is infinite or NaN.
 *
 * x = 2^k m and f = m - 1: ln x = k ln 2 + f - f^2 / 2 + f^3 P(f), where k ln 2 + f is a sum of two floats without
 * error, and the small terms are added to it last.
 */
// @ts-ignore: decorator
@inline
export function logOf(argument: v128, x: v128, shift: v128, correction: v128): v128 {
  const exponent = i32x4.shr_s(i32x4.sub(x, constant(SQRT_HALF)), 23);
  const m = i32x4.sub(x, i32x4.shl(exponent, 23));
  const k = f32x4.add(f32x4.convert_i32x4_s(exponent), shift);
  const f = f32x4.sub(m, constant(ONE));

  let p = madd(constant(P, 0), f, constant(P, 1));
  p = madd(p, f, constant(P, 2));
  p = madd(p, f, constant(P, 3));
  p = madd(p, f, constant(P, 4));
  p = madd(p, f, constant(P, 5));
  p = madd(p, f, constant(P, 6));
  p = madd(p, f, constant(P, 7));
  const small = madd(f32x4.mul(f, f), madd(p, f, constant(MINUS_HALF)), madd(k, constant(LN_2, 1), correction));

  const large = f32x4.mul(k, constant(LN_2, 0));
  const sum = f32x4.add(large, f);
  const rest = f32x4.add(f32x4.sub(large, sum), f);
  const result = f32x4.add(sum, f32x4.add(rest, small));

  // sqrt is NaN below 0, and keeps Infinity and NaN
  const ordinary = v128.and(f32x4.gt(argument, f32x4.splat(0)), f32x4.lt(argument, constant(INFINITIES, 0)));
  const zero = f32x4.eq(argument, f32x4.splat(0));
  const special = v128.bitselect(constant(INFINITIES, 1), f32x4.sqrt(argument), zero);
  return v128.bitselect(result, special, ordinary);
}
