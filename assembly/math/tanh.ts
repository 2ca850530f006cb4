import { madd } from '../simd';
import { constant } from './constant';

/** (tanh a - a + a^3 / 3) / a^5 in z = a^2, highest power first, and the coefficient of a^3. */
const P: usize = memory.data<f32>([
  -0.000431594613, 0.00251961825, -0.00820007641, 0.0216315463, -0.0539214537, 0.133328944, -0.333333194,
], 4);
const TWO_LOG2_E: usize = memory.data<f32>([2.88539009], 4);
const MINUS_HALF_LN_2: usize = memory.data<f32>([-0.34657359], 4);
/** q(g) = (e^2g - 1) / g, highest power first. */
const Q: usize = memory.data<f32>([0.0884372443, 0.267793119, 0.666692674, 1.33332181, 1.99999976, 2], 4);
/** 1.5 * 2^23: adding it rounds to an integer, which the low bits of the sum then hold. */
const SHIFTER: usize = memory.data<f32>([12582912], 4);
const ONE: usize = memory.data<f32>([1], 4);
const TWO: usize = memory.data<f32>([2], 4);
const JOIN: usize = memory.data<f32>([0.9085], 4);
/** tanh rounds to 1 from here on. */
const LARGE: usize = memory.data<f32>([9.1], 4);
const SIGN: usize = memory.data<u32>([0x80000000], 4);

// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const sign = v128.and(x, constant(SIGN));
  const a = f32x4.pmin(v128.xor(x, sign), constant(LARGE));

  const z = f32x4.mul(a, a);
  let p = madd(constant(P, 0), z, constant(P, 1));
  p = madd(p, z, constant(P, 2));
  p = madd(p, z, constant(P, 3));
  p = madd(p, z, constant(P, 4));
  p = madd(p, z, constant(P, 5));
  const cube = f32x4.mul(a, z);
  const near = f32x4.add(a, madd(cube, constant(P, 6), f32x4.mul(f32x4.mul(cube, z), p)));

  const m = madd(a, constant(TWO_LOG2_E), constant(SHIFTER));
  const n = f32x4.sub(m, constant(SHIFTER));
  const g = madd(n, constant(MINUS_HALF_LN_2), a);
  let q = madd(constant(Q, 0), g, constant(Q, 1));
  q = madd(q, g, constant(Q, 2));
  q = madd(q, g, constant(Q, 3));
  q = madd(q, g, constant(Q, 4));
  q = madd(q, g, constant(Q, 5));
  const power = i32x4.add(i32x4.shl(m, 23), constant(ONE));
  const d = madd(power, f32x4.mul(q, g), f32x4.add(power, constant(ONE)));
  const far = f32x4.sub(constant(ONE), f32x4.div(constant(TWO), d));

  return v128.or(v128.bitselect(near, far, f32x4.lt(a, constant(JOIN))), sign);
}
