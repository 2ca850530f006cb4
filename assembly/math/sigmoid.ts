import { madd } from '../simd';
import { constant } from './constant';

const LOG2_E: usize = memory.data<f32>([1.44269504], 4);
/** ln 2 in two parts. The first has 10 bits, so that n times it is exact. */
const LN_2: usize = memory.data<f32>([-0.693359375, 2.1219444e-4], 4);
/** q(r) = (e^r - 1 - r) / r^2, highest power first. */
const Q: usize = memory.data<f32>([0.00138214696, 0.00836866256, 0.0416682549, 0.166665211, 0.49999994], 4);
/** 1.5 * 2^23: adding it rounds to an integer, which the low bits of the sum then hold. */
const SHIFTER: usize = memory.data<f32>([12582912], 4);
const ONE: usize = memory.data<f32>([1], 4);
const TWO_64: usize = memory.data<f32>([1.8446744e19, 5.421011e-20], 4);
const LEAST: usize = memory.data<f32>([-104], 4);
const SIGN: usize = memory.data<u32>([0x80000000], 4);
/** The upper 12 bits of a float32's significand: a product of two such numbers is exact. */
const UPPER: usize = memory.data<u32>([0xfffff000], 4);

// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const one = constant(ONE);
  const y = f32x4.pmax(v128.or(x, constant(SIGN)), constant(LEAST));
  const m = madd(y, constant(LOG2_E), constant(SHIFTER));
  const n = f32x4.sub(m, constant(SHIFTER));
  const hi = madd(n, constant(LN_2, 0), y);
  const lo = f32x4.mul(n, constant(LN_2, 1));
  const r = f32x4.add(hi, lo);

  let q = madd(constant(Q, 0), r, constant(Q, 1));
  q = madd(q, r, constant(Q, 2));
  q = madd(q, r, constant(Q, 3));
  q = madd(q, r, constant(Q, 4));
  const t = f32x4.add(hi, madd(f32x4.mul(r, r), q, lo));

  const scale = i32x4.add(i32x4.shl(m, 23), constant(TWO_64, 0));
  const power = f32x4.mul(scale, constant(TWO_64, 1));
  const rest = f32x4.mul(power, t);
  const d = f32x4.add(f32x4.add(one, power), rest);
  const inverse = f32x4.div(one, d);
  const upperD = v128.and(d, constant(UPPER));
  const lowerD = f32x4.add(f32x4.add(f32x4.sub(one, upperD), power), rest);
  const quotient = v128.and(f32x4.mul(f32x4.add(one, t), inverse), constant(UPPER));
  const remainder = f32x4.sub(
    f32x4.add(f32x4.sub(one, f32x4.mul(quotient, upperD)), t),
    f32x4.mul(quotient, lowerD),
  );
  const s = f32x4.mul(f32x4.mul(madd(remainder, inverse, quotient), scale), constant(TWO_64, 1));
  return v128.bitselect(s, f32x4.sub(one, s), i32x4.shr_s(x, 31));
}
