/**
 * Random numbers from Philox4x32-10, a counter-based generator: a number is a function of (seed, stream, counter)
 * and of where it stands, so there is no state to keep, and any part can be drawn again, or first, or elsewhere.
 *
 * Word i of a stream is word i mod 4 of the block whose counter is (counter + floor(i / 4), 0, stream, 0) and whose
 * key is the seed; the counter wraps at 2^32. Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011.
 */
import { storeLanes } from '../lanes/lanes';

/** One block: four random words. */
// @ts-ignore: decorator
@inline
export function block(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32): v128 {
  for (let round = 0; round < 10; round++) {
    const product0 = <u64>c0 * 0xd2511f53;
    const product1 = <u64>c2 * 0xcd9e8d57;
    c0 = (<u32>(product1 >> 32)) ^ c1 ^ k0;
    c1 = <u32>product1;
    c2 = (<u32>(product0 >> 32)) ^ c3 ^ k1;
    c3 = <u32>product0;
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  return i32x4(c0, c1, c2, c3);
}

/** out[0..3] = the block of one counter and key, as unsigned words: the generator itself, for its known answers. */
export function philox(out: usize, c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32): void {
  v128.store(out, block(c0, c1, c2, c3, k0, k1));
}

/**
 * out[i] = low + (high - low) * u, u = the top 24 bits of word i over 2^24, so 0 <= u < 1 in steps of 2^-24. `out` is
 * `count` floats, overwritten; nothing behind them is touched. Three roundings; `high` itself can come out where the
 * sum rounds up to it, but not from low = 0 and high a power of two. About 3 ns a number.
 */
export function uniform(
  out: usize,
  count: i32,
  low: f32,
  high: f32,
  seedLow: u32,
  seedHigh: u32,
  stream: u32,
  counter: u32,
): void {
  const start = f32x4.splat(low);
  const range = f32x4.splat(high - low);
  const unit = f32x4.splat(5.9604644775390625e-8); // 2^-24
  for (; count > 0; count -= 4, out += 16, counter++) {
    const words = block(counter, 0, stream, 0, seedLow, seedHigh);
    const u = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(words, 8)), unit);
    storeLanes(out, f32x4.add(start, f32x4.mul(range, u)), count);
  }
}

/** order[i] = i for i < count, 4-byte integers. */
export function identityOrder(order: usize, count: i32): void {
  for (let i = 0; i < count; i++) store<i32>(order + ((<usize>i) << 2), i);
}

/**
 * Fisher-Yates: for i from `from` down to `to` (0 <= to <= from), order[i] changes places with order[j],
 * j = floor((i + 1) * word(i) / 2^32). A whole shuffle of n is from n - 1 down to 1 (or 0). Word i depends on i and
 * not on the slice, so that slices give the permutation of the whole. j is uneven by at most (i + 1) / 2^32. `order`
 * is 4-byte integers, read and overwritten. About 5 ns an element while `order` fits in cache. Durstenfeld 1964;
 * the multiply-high is Lemire's, "Fast random integer generation in an interval", 2019.
 */
export function shuffle(
  order: usize,
  from: i32,
  to: i32,
  seedLow: u32,
  seedHigh: u32,
  stream: u32,
  counter: u32,
): void {
  for (let four = from >> 2; four >= to >> 2; four--) {
    const words = block(counter + four, 0, stream, 0, seedLow, seedHigh);
    const i = four << 2;
    exchange(order, i + 3, i32x4.extract_lane(words, 3), from, to);
    exchange(order, i + 2, i32x4.extract_lane(words, 2), from, to);
    exchange(order, i + 1, i32x4.extract_lane(words, 1), from, to);
    exchange(order, i, i32x4.extract_lane(words, 0), from, to);
  }
}

/** The step of `shuffle` at i, if i is within its slice. */
// @ts-ignore: decorator
@inline
function exchange(order: usize, i: i32, word: u32, from: i32, to: i32): void {
  if (i > from || i < to) return;
  const here = order + ((<usize>i) << 2);
  const there = (order + (((<u64>word * <u64>(i + 1)) >> 32) << 2)) as usize;
  const value = load<i32>(here);
  store<i32>(here, load<i32>(there));
  store<i32>(there, value);
}
