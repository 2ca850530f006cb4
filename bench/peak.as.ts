/**
 * The 128-bit peak, in GFLOP/s of multiply-adds on f32x4 that do not wait for each other, in its two forms. What the
 * loops compute stays small and normal, and is returned so that nothing is left out. The factors come from x, an
 * argument between 0 and 1: V8 may make a constant anew at each use, inside the loop.
 */

/**
 * Products and sums rounded apart, 6 multiply-adds a turn: a tile of 3 × 2 sums, as in a matrix product, where only
 * the sums wait for the turn before. The three factors change places, or the products would be taken out of the loop.
 */
export function separate(turns: i32, x: f32): f32 {
  let x0 = f32x4.splat(x);
  let x1 = f32x4.splat(x * 2);
  let x2 = f32x4.splat(x * 3);
  const y0 = f32x4.splat(x);
  const y1 = f32x4.splat(x * 2);
  let a00 = f32x4.splat(0);
  let a01 = f32x4.splat(0);
  let a10 = f32x4.splat(0);
  let a11 = f32x4.splat(0);
  let a20 = f32x4.splat(0);
  let a21 = f32x4.splat(0);
  for (let i = 0; i < turns; i++) {
    a00 = f32x4.add(f32x4.mul(x0, y0), a00);
    a01 = f32x4.add(f32x4.mul(x0, y1), a01);
    a10 = f32x4.add(f32x4.mul(x1, y0), a10);
    a11 = f32x4.add(f32x4.mul(x1, y1), a11);
    a20 = f32x4.add(f32x4.mul(x2, y0), a20);
    a21 = f32x4.add(f32x4.mul(x2, y1), a21);
    const first = x0;
    x0 = x1;
    x1 = x2;
    x2 = first;
  }
  return sum(a00, a01, a10, a11) + f32x4.extract_lane(f32x4.add(a20, a21), 0);
}

/** The fused form, 12 a turn: twelve chains, each a = a x + (1 - x), which tends to 1. Needs relaxed SIMD. */
export function fused(turns: i32, x: f32): f32 {
  if (!ASC_FEATURE_RELAXED_SIMD) return 0;
  const factor = f32x4.splat(x);
  const term = f32x4.splat(1 - x);
  let a0 = f32x4.splat(0.125);
  let a1 = f32x4.splat(0.25);
  let a2 = f32x4.splat(0.375);
  let a3 = f32x4.splat(0.5);
  let a4 = f32x4.splat(0.625);
  let a5 = f32x4.splat(0.75);
  let a6 = f32x4.splat(0.875);
  let a7 = f32x4.splat(1.0);
  let a8 = f32x4.splat(1.125);
  let a9 = f32x4.splat(1.25);
  let a10 = f32x4.splat(1.375);
  let a11 = f32x4.splat(1.5);
  for (let i = 0; i < turns; i++) {
    a0 = f32x4.relaxed_madd(a0, factor, term);
    a1 = f32x4.relaxed_madd(a1, factor, term);
    a2 = f32x4.relaxed_madd(a2, factor, term);
    a3 = f32x4.relaxed_madd(a3, factor, term);
    a4 = f32x4.relaxed_madd(a4, factor, term);
    a5 = f32x4.relaxed_madd(a5, factor, term);
    a6 = f32x4.relaxed_madd(a6, factor, term);
    a7 = f32x4.relaxed_madd(a7, factor, term);
    a8 = f32x4.relaxed_madd(a8, factor, term);
    a9 = f32x4.relaxed_madd(a9, factor, term);
    a10 = f32x4.relaxed_madd(a10, factor, term);
    a11 = f32x4.relaxed_madd(a11, factor, term);
  }
  return sum(a0, a1, a2, a3) + sum(a4, a5, a6, a7) + sum(a8, a9, a10, a11);
}

function sum(a: v128, b: v128, c: v128, d: v128): f32 {
  return f32x4.extract_lane(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), 0);
}
