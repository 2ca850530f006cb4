/**
 * The 128-bit peak: twelve chains of multiply-adds on f32x4, none of which waits for another, in one loop. Each value
 * tends to y / (1 - x) = 1, so that nothing overflows or turns subnormal; the sum is returned so that nothing is left
 * out. With x and y the chains fill 14 of 16 registers.
 */

/** Products and sums rounded separately: 12 × 4 × 2 operations a turn. */
export function separate(turns: i32): f32 {
  const x = f32x4.splat(0.999);
  const y = f32x4.splat(0.001);
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0.125);
  let a2 = f32x4.splat(0.25);
  let a3 = f32x4.splat(0.375);
  let a4 = f32x4.splat(0.5);
  let a5 = f32x4.splat(0.625);
  let a6 = f32x4.splat(0.75);
  let a7 = f32x4.splat(0.875);
  let a8 = f32x4.splat(1);
  let a9 = f32x4.splat(1.125);
  let a10 = f32x4.splat(1.25);
  let a11 = f32x4.splat(1.375);
  for (let i = 0; i < turns; i++) {
    a0 = f32x4.add(f32x4.mul(a0, x), y);
    a1 = f32x4.add(f32x4.mul(a1, x), y);
    a2 = f32x4.add(f32x4.mul(a2, x), y);
    a3 = f32x4.add(f32x4.mul(a3, x), y);
    a4 = f32x4.add(f32x4.mul(a4, x), y);
    a5 = f32x4.add(f32x4.mul(a5, x), y);
    a6 = f32x4.add(f32x4.mul(a6, x), y);
    a7 = f32x4.add(f32x4.mul(a7, x), y);
    a8 = f32x4.add(f32x4.mul(a8, x), y);
    a9 = f32x4.add(f32x4.mul(a9, x), y);
    a10 = f32x4.add(f32x4.mul(a10, x), y);
    a11 = f32x4.add(f32x4.mul(a11, x), y);
  }
  return sum(a0, a1, a2, a3) + sum(a4, a5, a6, a7) + sum(a8, a9, a10, a11);
}

/** The same with the fused multiply-add, where the machine has one. */
export function fused(turns: i32): f32 {
  const x = f32x4.splat(0.999);
  const y = f32x4.splat(0.001);
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0.125);
  let a2 = f32x4.splat(0.25);
  let a3 = f32x4.splat(0.375);
  let a4 = f32x4.splat(0.5);
  let a5 = f32x4.splat(0.625);
  let a6 = f32x4.splat(0.75);
  let a7 = f32x4.splat(0.875);
  let a8 = f32x4.splat(1);
  let a9 = f32x4.splat(1.125);
  let a10 = f32x4.splat(1.25);
  let a11 = f32x4.splat(1.375);
  for (let i = 0; i < turns; i++) {
    a0 = f32x4.relaxed_madd(a0, x, y);
    a1 = f32x4.relaxed_madd(a1, x, y);
    a2 = f32x4.relaxed_madd(a2, x, y);
    a3 = f32x4.relaxed_madd(a3, x, y);
    a4 = f32x4.relaxed_madd(a4, x, y);
    a5 = f32x4.relaxed_madd(a5, x, y);
    a6 = f32x4.relaxed_madd(a6, x, y);
    a7 = f32x4.relaxed_madd(a7, x, y);
    a8 = f32x4.relaxed_madd(a8, x, y);
    a9 = f32x4.relaxed_madd(a9, x, y);
    a10 = f32x4.relaxed_madd(a10, x, y);
    a11 = f32x4.relaxed_madd(a11, x, y);
  }
  return sum(a0, a1, a2, a3) + sum(a4, a5, a6, a7) + sum(a8, a9, a10, a11);
}

function sum(a: v128, b: v128, c: v128, d: v128): f32 {
  return f32x4.extract_lane(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), 0);
}
