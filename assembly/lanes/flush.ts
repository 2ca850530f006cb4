import { constant } from '../math/constant';

/*
 * Numbers that are too small are 0 from where they are made.
 *
 * Below 2^-126 float32 numbers are subnormal. WebAssembly cannot have the machine take them as 0, and an operation that
 * reads or makes one costs some 150 cycles on Intel's. So none is kept, and what products multiply is 0 or at least
 * `LEAST`: two such factors have a product of at least 2^-126. Bounds are the same in every build and on every machine.
 * docs/numerics.md says what is held to which bound, and why it cannot be seen in results.
 */

export { FAINT, LEAST, NORMAL, SMALL } from './bounds';

const BOUNDS: usize = memory.data<u32>([0x20000000, 0x01000000], 4);
const MAGNITUDE: usize = memory.data<u32>([0x7fffffff], 4);

/** All bits but the sign, in all lanes. */
// @ts-ignore: decorator
@inline
export function magnitude(): v128 {
  return constant(MAGNITUDE);
}

/** LEAST in all lanes. */
// @ts-ignore: decorator
@inline
export function least(): v128 {
  return constant(BOUNDS, 0);
}

/** SMALL in all lanes. */
// @ts-ignore: decorator
@inline
export function small(): v128 {
  return constant(BOUNDS, 1);
}

/**
 * x, or 0 where |x| < `bound`. A NaN stays. Bits without their sign are ordered as the magnitudes are, and compared as
 * integers they are there in a third of the time (see `largest` of vector.ts).
 */
// @ts-ignore: decorator
@inline
export function flush(x: v128, bound: v128): v128 {
  return flushBeside(x, x, bound);
}

/** x, or 0 where |y| < `bound`: for an x made of a y that is known before. */
// @ts-ignore: decorator
@inline
export function flushBeside(x: v128, y: v128, bound: v128): v128 {
  return v128.andnot(x, i32x4.lt_s(v128.and(y, magnitude()), bound));
}
