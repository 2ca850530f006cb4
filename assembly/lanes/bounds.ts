/*
 * The bounds below which numbers are 0: see flush.ts, which has them in vectors. They lie apart from all static data, since
 * modules that borrow another's memory bring none.
 */

/** 2^-63: of hidden activations, deltas and weights. */
export const LEAST: f32 = reinterpret<f32>(0x20000000);
/**
 * 2^-125: of outputs, and of averages of squares. Twice the smallest normal number, so that the argument of an
 * exponential can be held to where the result is normal, and still below.
 */
export const SMALL: f32 = reinterpret<f32>(0x01000000);
/**
 * 2^-94: of averages of gradients, which are multiplied by a rate and by a share. One that halves with each step is still
 * normal after 32.
 */
export const FAINT: f32 = reinterpret<f32>(0x10800000);
/** 2^-126: of what users pass. */
export const NORMAL: f32 = reinterpret<f32>(0x00800000);
/** The least x whose sigmoid is at least LEAST or SMALL, 63 ln 2 and 125 ln 2 below 0. */
export const SIGMOID_LEAST: f32 = -43.668;
export const SIGMOID_SMALL: f32 = -86.643;
