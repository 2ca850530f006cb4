import { SIGMOID_LEAST, SIGMOID_SMALL } from '../lanes/bounds';
import { flush, small } from '../lanes/flush';
import { constant } from './constant';
import { exp } from './exp';
import { sigmoidFrom } from './sigmoid';

/** e^-87 is 2^-125.5: normal, and below SMALL. */
const LOWEST: usize = memory.data<f32>([-87], 4);

/*
 * exp and sigmoid as networks use them: the same bits where they are at least SMALL of flush.ts, and 0 below. No step on
 * the way makes a subnormal number.
 */

/** e^x in four lanes. */
export function normalExp(x: v128): v128 {
  // x comes first: pmax then returns a NaN x
  return flush(exp(f32x4.pmax(x, constant(LOWEST))), small());
}

/** 1 / (1 + e^-x) in four lanes. */
// @ts-ignore: decorator
@inline
export function normalSigmoid(x: v128): v128 {
  return sigmoidFrom(x, f64x2.splat(SIGMOID_SMALL));
}

/** The same, and 0 below LEAST. */
// @ts-ignore: decorator
@inline
export function leastSigmoid(x: v128): v128 {
  return sigmoidFrom(x, f64x2.splat(SIGMOID_LEAST));
}
