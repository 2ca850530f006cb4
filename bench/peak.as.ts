/**
 * The 128-bit peak: twelve chains of multiply-adds on f32x4, none of which waits for another, in one loop. Each value
 * tends to y / (1 - x) = 1, so that nothing overflows or turns subnormal; the sum is returned so that nothing is left
 * out. With x and y the chains fill 14 of 16 registers. 12 × 4 × 2 operations a turn.
 */
export function chains(turns: i32): f32 {
  const x = f32x4.splat(0.999);
  const y = f32x4.splat(0.001);
  let a0 = f32x4.splat(0.000);
  let a1 = f32x4.splat(0.125);
  let a2 = f32x4.splat(0.250);
  let a3 = f32x4.splat(0.375);
  let a4 = f32x4.splat(0.500);
  let a5 = f32x4.splat(0.625);
  let a6 = f32x4.splat(0.750);
  let a7 = f32x4.splat(0.875);
  let a8 = f32x4.splat(1.000);
  let a9 = f32x4.splat(1.125);
  let a10 = f32x4.splat(1.250);
  let a11 = f32x4.splat(1.375);
  for (let i = 0; i < turns; i++) {
    a0 = madd(a0, x, y);
    a1 = madd(a1, x, y);
    a2 = madd(a2, x, y);
    a3 = madd(a3, x, y);
    a4 = madd(a4, x, y);
    a5 = madd(a5, x, y);
    a6 = madd(a6, x, y);
    a7 = madd(a7, x, y);
    a8 = madd(a8, x, y);
    a9 = madd(a9, x, y);
    a10 = madd(a10, x, y);
    a11 = madd(a11, x, y);
  }
  return sum(a0, a1, a2, a3) + sum(a4, a5, a6, a7) + sum(a8, a9, a10, a11);
}

/** Rounded twice, or fused where the module is compiled with relaxed SIMD. */
// @ts-ignore: decorator
@inline
function madd(x: v128, y: v128, z: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, z);
  return f32x4.add(f32x4.mul(x, y), z);
}

function sum(a: v128, b: v128, c: v128, d: v128): f32 {
  return f32x4.extract_lane(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), 0);
}
