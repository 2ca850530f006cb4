import { flush } from '../lanes/flush';
import { madd } from '../lanes/simd';
import { constant } from '../math/constant';
import * as tanh from '../math/tanh';

/** `activate` of TANH: four vectors at a time, and what is left one by one, as in a layer of eight outputs. */
// @ts-ignore: decorator
@inline
export function activateTanh(z: usize, a: usize, count: i32, bound: v128): void {
  const end = z + ((<usize>count) << 2);
  for (; z + 64 <= end; z += 64, a += 64) tanhFour(z, a, bound);
  for (; z < end; z += 16, a += 16) v128.store(a, flush(tanh.tanh(v128.load(z)), bound));
}

/**
 * a = tanh z of sixteen floats, or 0 where that is below `bound`: four vectors, which are read before any is
 * written.
 *
 * One vector is a chain of 60 cycles, and a machine that looks some hundred instructions ahead has two or three of them
 * under way. Here four take each step of the chain together, as the rows of a tile do, and share its constant. The loops
 * over the coefficients are what keeps them together: without, compilers order the steps by vectors again.
 */
// @ts-ignore: decorator
@inline
function tanhFour(z: usize, a: usize, bound: v128): void {
  const x0 = v128.load(z),
    x1 = v128.load(z, 16),
    x2 = v128.load(z, 32),
    x3 = v128.load(z, 48);
  const sign0 = tanh.signOf(x0),
    sign1 = tanh.signOf(x1),
    sign2 = tanh.signOf(x2),
    sign3 = tanh.signOf(x3);
  const a0 = tanh.sizeOf(x0, sign0),
    a1 = tanh.sizeOf(x1, sign1),
    a2 = tanh.sizeOf(x2, sign2),
    a3 = tanh.sizeOf(x3, sign3);
  const square0 = tanh.squareOf(a0),
    square1 = tanh.squareOf(a1),
    square2 = tanh.squareOf(a2),
    square3 = tanh.squareOf(a3);
  let p0 = tanh.highest(square0),
    p1 = tanh.highest(square1),
    p2 = tanh.highest(square2),
    p3 = tanh.highest(square3);
  for (let at = tanh.P_NEXT; at >= tanh.P; at -= 4) {
    const c = constant(at);
    p0 = madd(p0, square0, c);
    p1 = madd(p1, square1, c);
    p2 = madd(p2, square2, c);
    p3 = madd(p3, square3, c);
  }
  const near0 = tanh.nearOf(a0, square0, p0),
    near1 = tanh.nearOf(a1, square1, p1),
    near2 = tanh.nearOf(a2, square2, p2),
    near3 = tanh.nearOf(a3, square3, p3);
  const shifted0 = tanh.shiftedOf(a0),
    shifted1 = tanh.shiftedOf(a1),
    shifted2 = tanh.shiftedOf(a2),
    shifted3 = tanh.shiftedOf(a3);
  const r0 = tanh.restOf(a0, shifted0),
    r1 = tanh.restOf(a1, shifted1),
    r2 = tanh.restOf(a2, shifted2),
    r3 = tanh.restOf(a3, shifted3);
  const rest0 = f32x4.mul(r0, r0),
    rest1 = f32x4.mul(r1, r1),
    rest2 = f32x4.mul(r2, r2),
    rest3 = f32x4.mul(r3, r3);
  let q0 = tanh.pair(tanh.Q_LAST, r0),
    q1 = tanh.pair(tanh.Q_LAST, r1),
    q2 = tanh.pair(tanh.Q_LAST, r2),
    q3 = tanh.pair(tanh.Q_LAST, r3);
  for (let at = tanh.Q_NEXT; at >= tanh.Q; at -= 8) {
    q0 = madd(q0, rest0, tanh.pair(at, r0));
    q1 = madd(q1, rest1, tanh.pair(at, r1));
    q2 = madd(q2, rest2, tanh.pair(at, r2));
    q3 = madd(q3, rest3, tanh.pair(at, r3));
  }
  const y0 = flush(tanh.joined(near0, tanh.farOf(shifted0, r0, q0), a0, sign0), bound),
    y1 = flush(tanh.joined(near1, tanh.farOf(shifted1, r1, q1), a1, sign1), bound),
    y2 = flush(tanh.joined(near2, tanh.farOf(shifted2, r2, q2), a2, sign2), bound),
    y3 = flush(tanh.joined(near3, tanh.farOf(shifted3, r3, q3), a3, sign3), bound);
  v128.store(a, y3, 48);
  v128.store(a, y2, 32);
  v128.store(a, y1, 16);
  v128.store(a, y0);
}
