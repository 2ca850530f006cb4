/* Vectors whose last lanes lie beyond the end of a row: a row is touched up to its end, and never behind it. */

/** All ones in the lanes below `count`, zeros in the others. */
// @ts-ignore: decorator
@inline
export function laneMask(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/** The first `count` floats, count >= 1 and at most 4 taken, `step` bytes apart from `pointer`; then lanes of `rest`. */
// @ts-ignore: decorator
@inline
export function loadLanes(pointer: usize, count: i32, rest: v128, step: usize = 4): v128 {
  return count >= 4 && step == 4 ? v128.load(pointer) : loadSome(pointer, count, rest, step);
}

/** The first `count` lanes of `value`, count >= 1 and at most 4 taken, `step` bytes apart from `pointer`. */
// @ts-ignore: decorator
@inline
export function storeLanes(pointer: usize, value: v128, count: i32, step: usize = 4): void {
  if (count >= 4 && step == 4) v128.store(pointer, value);
  else storeSome(pointer, value, count, step);
}

function loadSome(pointer: usize, count: i32, rest: v128, step: usize): v128 {
  let value = v128.load_lane<f32>(pointer, rest, 0);
  if (count > 1) value = v128.load_lane<f32>(pointer + step, value, 1);
  if (count > 2) value = v128.load_lane<f32>(pointer + 2 * step, value, 2);
  if (count > 3) value = v128.load_lane<f32>(pointer + 3 * step, value, 3);
  return value;
}

function storeSome(pointer: usize, value: v128, count: i32, step: usize): void {
  v128.store_lane<f32>(pointer, value, 0);
  if (count > 1) v128.store_lane<f32>(pointer + step, value, 1);
  if (count > 2) v128.store_lane<f32>(pointer + 2 * step, value, 2);
  if (count > 3) v128.store_lane<f32>(pointer + 3 * step, value, 3);
}

/** The four lanes in float64, as two sums: lane 0 + lane 2, lane 1 + lane 3. */
// @ts-ignore: decorator
@inline
export function pairSums(value: v128): v128 {
  const upper = v128.shuffle<f32>(value, value, 2, 3, 2, 3);
  return f64x2.add(f64x2.promote_low_f32x4(value), f64x2.promote_low_f32x4(upper));
}

/** The sum of both lanes of `pairSums` added up. */
// @ts-ignore: decorator
@inline
export function sumPair(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}
