/*
 * Rows whose end is not the end of a vector. A vector may reach into the padding of its row, whose floats are the
 * row's own but hold anything; behind the padding nothing is touched.
 */

/** All ones in the lanes below `count`, zeros in the others. */
// @ts-ignore: decorator
@inline
export function laneMask(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/** `count` rounded up to whole vectors. */
// @ts-ignore: decorator
@inline
export function wholeLanes(count: i32): i32 {
  return (count + 3) & ~3;
}

/** Four floats, or the `room` >= 1 that may be read and then zeros, `step` bytes apart from `pointer` on. */
// @ts-ignore: decorator
@inline
export function loadLanes(pointer: usize, room: i32, step: usize = 4): v128 {
  return room >= 4 && step == 4 ? v128.load(pointer) : loadSome(pointer, room, step);
}

/** The four lanes of `value`, or the first `room` >= 1 that may be written, `step` bytes apart from `pointer` on. */
// @ts-ignore: decorator
@inline
export function storeLanes(pointer: usize, value: v128, room: i32, step: usize = 4): void {
  if (room >= 4 && step == 4) v128.store(pointer, value);
  else storeSome(pointer, value, room, step);
}

function loadSome(pointer: usize, room: i32, step: usize): v128 {
  let value = v128.load32_zero(pointer);
  if (room > 1) value = v128.load_lane<f32>(pointer + step, value, 1);
  if (room > 2) value = v128.load_lane<f32>(pointer + 2 * step, value, 2);
  if (room > 3) value = v128.load_lane<f32>(pointer + 3 * step, value, 3);
  return value;
}

function storeSome(pointer: usize, value: v128, room: i32, step: usize): void {
  v128.store_lane<f32>(pointer, value, 0);
  if (room > 1) v128.store_lane<f32>(pointer + step, value, 1);
  if (room > 2) v128.store_lane<f32>(pointer + 2 * step, value, 2);
  if (room > 3) v128.store_lane<f32>(pointer + 3 * step, value, 3);
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
