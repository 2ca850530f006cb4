import { Gelu, GeluTanh } from './gelu';
import { Sigmoid, Silu, Softplus, Tanh } from './logistic';
import { Elu, LeakyRelu, Linear, Relu } from './rectifiers';
import { LEAST, SMALL } from '../lanes/flush';
import { SIGMOID_LEAST, SIGMOID_SMALL } from '../math/normal';

/*
 * The activations by number. Each is a class in `activations/` that holds its formula and its slope; an activation is
 * added there, and by one line here and in `dispatch`.
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

/**
 * Runs `Loop`'s method `run` for the activation `kind`, which is a compile-time name there: what it does is inlined
 * into the loop once for each. The pointers, the count, the parameter and the bound are what that loop takes.
 */
// @ts-ignore: decorator
@inline
export function dispatch<Loop>(kind: i32, z: usize, a: usize, d: usize, count: i32, parameter: f32, bound: f32): f32 {
  const loop = changetype<Loop>(0);
  switch (kind) {
    case LINEAR:
      return loop.run<Linear>(z, a, d, count, parameter, bound);
    case SIGMOID:
      return loop.run<Sigmoid>(z, a, d, count, parameter, bound);
    case TANH:
      return loop.run<Tanh>(z, a, d, count, parameter, bound);
    case RELU:
      return loop.run<Relu>(z, a, d, count, parameter, bound);
    case LEAKY_RELU:
      return loop.run<LeakyRelu>(z, a, d, count, parameter, bound);
    case ELU:
      return loop.run<Elu>(z, a, d, count, parameter, bound);
    case SILU:
      return loop.run<Silu>(z, a, d, count, parameter, bound);
    case SOFTPLUS:
      return loop.run<Softplus>(z, a, d, count, parameter, bound);
    case GELU:
      return loop.run<Gelu>(z, a, d, count, parameter, bound);
    case GELU_TANH:
      return loop.run<GeluTanh>(z, a, d, count, parameter, bound);
    default:
      return unreachable();
  }
}
