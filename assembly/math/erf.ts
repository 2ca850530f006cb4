import { madd } from '../simd';
import { constant } from './constant';
import { exp } from './exp';

/** (erf a - a) / a in a^2, highest power first. */
const P: usize = memory.data<f32>([
  7.80690389e-5, -0.00079978531, 0.0051871622, -0.0268533472, 0.112835787, -0.37612626, 0.128379166,
], 4);
/** ln(1 - erf a) / a, highest power first. */
const Q: usize = memory.data<f32>([
  -1.39585964e-5, 0.000350555201, -0.00375733338, 0.0240097791, -0.106530547, -0.634969711, -1.1286943,
], 4);
const ONE: usize = memory.data<f32>([1], 4);
/** erf rounds to 1 from here on. */
const LARGE: usize = memory.data<f32>([4], 4);
const SIGN: usize = memory.data<u32>([0x80000000], 4);

// @ts-ignore: decorator
@inline
export function erf(x: v128): v128 {
  const sign = v128.and(x, constant(SIGN));
  const a = f32x4.pmin(v128.xor(x, sign), constant(LARGE));

  const z = f32x4.mul(a, a);
  let p = madd(constant(P, 0), z, constant(P, 1));
  p = madd(p, z, constant(P, 2));
  p = madd(p, z, constant(P, 3));
  p = madd(p, z, constant(P, 4));
  p = madd(p, z, constant(P, 5));
  p = madd(p, z, constant(P, 6));
  const near = madd(a, p, a);

  let q = madd(constant(Q, 0), a, constant(Q, 1));
  q = madd(q, a, constant(Q, 2));
  q = madd(q, a, constant(Q, 3));
  q = madd(q, a, constant(Q, 4));
  q = madd(q, a, constant(Q, 5));
  q = madd(q, a, constant(Q, 6));
  const far = f32x4.sub(constant(ONE), exp(f32x4.mul(q, a)));

  return v128.or(v128.bitselect(near, far, f32x4.lt(a, constant(ONE))), sign);
}
