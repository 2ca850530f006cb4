import { LEAST, SIGMOID_LEAST, SIGMOID_SMALL, SMALL } from '../lanes/bounds';

/*
 * The activations by number. Each is a class in `activations/` that holds its formula and its slope; an activation is
 * added there, and by one line here and in `dispatch` of table.ts.
 */
export const LINEAR: i32 = 0;
export const SIGMOID: i32 = 1;
export const TANH: i32 = 2;
export const RELU: i32 = 3;
export const LEAKY_RELU: i32 = 4;
export const ELU: i32 = 5;
export const SILU: i32 = 6;
export const SOFTPLUS: i32 = 7;
export const GELU: i32 = 8;
export const GELU_TANH: i32 = 9;
/** Not elementwise: see `softmax.ts`. */
export const SOFTMAX: i32 = 10;

/*
 * What layers ask of an activation, in the columns of `src/choices/activations.ts` of the same names.
 */

/** The values lie within +-1, and none of them can overflow without a NaN in the loss. */
// @ts-ignore: decorator
@inline
export function isBounded(kind: i32): bool {
  return kind == SIGMOID || kind == TANH;
}

/** A value depends on the whole row: not by `activate.ts`, but by `softmax.ts`. */
// @ts-ignore: decorator
@inline
export function isRowwise(kind: i32): bool {
  return kind == SOFTMAX;
}

/** a is z, and the slope is 1. */
// @ts-ignore: decorator
@inline
export function isAlias(kind: i32): bool {
  return kind == LINEAR;
}

/** The bound that `activate` takes for the outputs of a network, or for what another layer multiplies. */
// @ts-ignore: decorator
@inline
export function boundOf(kind: i32, isLast: bool): f32 {
  if (kind == SIGMOID) return isLast ? SIGMOID_SMALL : SIGMOID_LEAST;
  return isLast ? SMALL : LEAST;
}
