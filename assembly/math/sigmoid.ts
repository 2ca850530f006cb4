/** Sigmoid is 1 in float32 above the first, and 0 below the second. */
const LIMITS: usize = memory.data<f64>([104, -104], 8);
const MINUS_LOG2_E: usize = memory.data<f64>([-1.4426950408889634], 8);
/** 1.5 * 2^52: a sum with it is rounded to an integer, which is then in the sum's low bits. */
const SHIFTER: usize = memory.data<f64>([6755399441055744], 8);
const ONE: usize = memory.data<f64>([1], 8);
/** (2^f - 1) / f, lowest power first. */
const P: usize = memory.data<f64>(
  [
    0.6931471879266764, 0.2402264979485497, 0.05550357433689977, 0.0096182375117217, 0.0013390735456286222,
    0.00015403506985639463,
  ],
  8,
);

/**
 * 1 / (1 + e^-x) in four lanes, to the last subnormal on the left, in float64 and rounded to float32 at the end.
 *
 * e^-x = 2^n 2^f with n + f = -x / ln 2, |f| <= 1/2, and 2^f = 1 + f P(f). P is a minimax polynomial of our own, within
 * 1.1e-8 of the exact quotient. In float32 the sum 1 + e^-x and its inverse would round twice, and mending that costs
 * as much as the wider lanes, 1.7 ns an element both (measured: bench:kernels), and takes longer to come out.
 *
 * Worst error 0.55 ulp, the same bits in every build (measured: test/kernels/math.slow.test.ts). Two divisions of two lanes.
 */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  return sigmoidFrom(x, wideConstant(LIMITS, 1));
}

/** The function where x is at least `lowest`, given in float64, and 0 below. */
// @ts-ignore: decorator
@inline
export function sigmoidFrom(x: v128, lowest: v128): v128 {
  const low = wideSigmoid(f64x2.promote_low_f32x4(x), lowest);
  const high = wideSigmoid(f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3)), lowest);
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/** `sigmoidFrom` of lane 0 alone, where the others would be for nothing. */
// @ts-ignore: decorator
@inline
export function sigmoidOfFirst(x: v128, lowest: v128): f32 {
  return <f32>f64x2.extract_lane(wideSigmoid(f64x2.promote_low_f32x4(x), lowest), 0);
}

/**
 * The function in two lanes of float64. The polynomial is taken in three pairs, which is a shorter chain. So are masks
 * instead of clamps: above the first limit 2^n and f are taken as 0, and what comes out below `lowest` is no number of use.
 */
// @ts-ignore: decorator
@inline
function wideSigmoid(x: v128, lowest: v128): v128 {
  const one = wideConstant(ONE);
  const exponent = f64x2.mul(x, wideConstant(MINUS_LOG2_E));
  const shifted = f64x2.add(exponent, wideConstant(SHIFTER));
  const isLarge = f64x2.gt(x, wideConstant(LIMITS));
  const f = v128.andnot(f64x2.sub(exponent, f64x2.sub(shifted, wideConstant(SHIFTER))), isLarge);
  const square = f64x2.mul(f, f);
  const lower = f64x2.add(f64x2.mul(pair(f, 2), square), pair(f, 0));
  const p = f64x2.add(f64x2.mul(pair(f, 4), f64x2.mul(square, square)), lower);
  const power = v128.andnot(i64x2.add(i64x2.shl(shifted, 52), one), isLarge);
  const value = f64x2.div(one, f64x2.add(f64x2.add(power, one), f64x2.mul(f64x2.mul(power, f), p)));
  return v128.andnot(value, f64x2.lt(x, lowest));
}

/** Coefficients `index` and the next of P, as far as f goes. */
// @ts-ignore: decorator
@inline
function pair(f: v128, index: usize): v128 {
  return f64x2.add(f64x2.mul(wideConstant(P, index + 1), f), wideConstant(P, index));
}

/** Entry `index` of a table of float64 in both lanes; see `constant`. */
// @ts-ignore: decorator
@inline
function wideConstant(table: usize, index: usize = 0): v128 {
  return v128.load_splat<f64>(table + (index << 3));
}
