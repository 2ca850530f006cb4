/**
 * Random numbers from Philox4x32-10, a counter-based generator: a number is a function of (seed, stream, counter)
 * and of where it stands, so there is no state to keep, and any part can be drawn again, or first, or elsewhere.
 *
 * Word i of a stream is word i mod 4 of the block whose counter is (counter + floor(i / 4), 0, stream, 0) and whose
 * key is the seed; the counter wraps at 2^32. Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011.
 */
import { storeLanes } from './lanes';
import { constant } from './math/constant';
import { log } from './math/log';

/** One block: four random words. */
// @ts-ignore: decorator
@inline
function block(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32): v128 {
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

/** Giles's coefficients, highest power first: nine for the middle, nine for the tails. */
const INVERSE_ERROR: usize = memory.data<f32>([
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 2.1858087e-4, -1.25372503e-3, -4.17768164e-3,
  2.46640727e-1, 1.50140941, -2.00214257e-4, 1.00950558e-4, 1.34934322e-3, -3.67342844e-3, 5.73950773e-3, -7.6224613e-3,
  9.43887047e-3, 1.00167406, 2.83297682,
]);

/**
 * out[i] = mean + deviation * √2 * erfinv(x), x = the top 24 bits of word i as an odd multiple of 2^-24 in (-1, 1): a
 * normal number by the inverse of its distribution, so that element i needs word i and no other. It reaches 5.4
 * deviations. With `truncated`, x is scaled by erf(√2), and the numbers, normal between -2 and 2 deviations, have the
 * standard deviation 0.8796 * deviation. `out` is `count` floats, overwritten; nothing behind them is touched.
 * erfinv within 5e-7 of its size: Giles, "Approximating the erfinv function", GPU Computing Gems 2, 2011.
 */
export function normal(
  out: usize,
  count: i32,
  mean: f32,
  deviation: f32,
  truncated: i32,
  seedLow: u32,
  seedHigh: u32,
  stream: u32,
  counter: u32,
): void {
  const centre = f32x4.splat(mean);
  const width = f32x4.splat(deviation * <f32>1.4142135623730951);
  const unit = f32x4.splat(truncated ? 0.9544997361036416 / 16777216 : 1.0 / 16777216);
  const one = f32x4.splat(1);
  for (; count > 0; count -= 4, out += 16, counter++) {
    const bits = i32x4.shr_u(block(counter, 0, stream, 0, seedLow, seedHigh), 8);
    const odd = i32x4.sub(i32x4.add(bits, bits), i32x4.splat(0xffffff)); // 2 bits + 1 - 2^24
    const x = f32x4.mul(f32x4.convert_i32x4_s(odd), unit);
    const depth = f32x4.neg(log(f32x4.mul(f32x4.sub(one, x), f32x4.add(one, x))));
    const middle = f32x4.lt(depth, f32x4.splat(5));
    const w = v128.bitselect(f32x4.sub(depth, f32x4.splat(2.5)), f32x4.sub(f32x4.sqrt(depth), f32x4.splat(3)), middle);
    let q = f32x4.splat(0);
    for (let k = 0; k < 9; k++) {
      const coefficient = v128.bitselect(constant(INVERSE_ERROR, k), constant(INVERSE_ERROR, k + 9), middle);
      q = f32x4.add(f32x4.mul(q, w), coefficient);
    }
    storeLanes(out, f32x4.add(centre, f32x4.mul(width, f32x4.mul(q, x))), count);
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
