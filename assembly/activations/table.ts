import { Gelu, GeluTanh } from './gelu';
import { Sigmoid, Silu, Softplus, Tanh } from './logistic';
import { Elu, LeakyRelu, Linear, Relu } from './rectifiers';
import { flush, LEAST, SMALL } from '../lanes/flush';
import { SIGMOID_LEAST, SIGMOID_SMALL } from '../math/normal';
import { largestLane } from '../lanes/vector';

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

/** A value depends on the whole row: not by `activate`, but by `softmax.ts`. */
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

/** Whether the loop takes two vectors at a time, at the price of twice the code: of what most networks are made of. */
// @ts-ignore: decorator
@inline
function isPaired<Activation>(): bool {
  return changetype<Activation>(0) instanceof Sigmoid || changetype<Activation>(0) instanceof Tanh;
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

/**
 * a = σ(z) for `count` floats, elementwise. z is read, a is overwritten; they are the same array or disjoint. Whole
 * vectors of four are processed: up to 3 floats behind each array are read and those of a are written. `parameter`
 * is the slope of LEAKY_RELU and the alpha of ELU. A value is 0 below what `boundOf` stands for, and a NaN
 * stays NaN. Pointers in bytes, multiples of 4.
 */
export function activate(kind: i32, z: usize, a: usize, count: i32, parameter: f32, bound: f32): void {
  dispatch<Forward>(kind, z, a, 0, count, parameter, bound);
}

/**
 * d = d * σ'(z) for `count` floats, elementwise: ∂C0/∂a on entry, ∂C0/∂z on exit, and 0 below LEAST of flush.ts. z and
 * a = σ(z) are read, up to 3 floats behind the end too; d is disjoint from both, and up to 3 floats behind it are
 * written. A 0 in d stays 0 at every finite z. Returns the largest |d|, those behind the end included, as `largest` of
 * vector.ts does.
 */
export function activateBackward(kind: i32, z: usize, a: usize, d: usize, count: i32, parameter: f32): f32 {
  return dispatch<Backward>(kind, z, a, d, count, parameter, LEAST);
}

/** `activate` on `rows` rows of `width` floats, a multiple of 8 or `ld`, `ld` floats apart. */
export function activateColumns(
  kind: i32,
  z: usize,
  a: usize,
  rows: i32,
  width: i32,
  ld: i32,
  parameter: f32,
  bound: f32,
): void {
  if (width == ld) return activate(kind, z, a, rows * ld, parameter, bound);
  const step = (<usize>ld) << 2;
  for (let row = 0; row < rows; row++) {
    activate(kind, z, a, width, parameter, bound);
    z += step;
    a += step;
  }
}

/** `activateBackward` on rows, as `activateColumns` takes them. */
export function activateColumnsBackward(
  kind: i32,
  z: usize,
  a: usize,
  d: usize,
  rows: i32,
  width: i32,
  ld: i32,
  parameter: f32,
): f32 {
  if (width == ld) return activateBackward(kind, z, a, d, rows * ld, parameter);
  const step = (<usize>ld) << 2;
  let bits = 0;
  for (let row = 0; row < rows; row++) {
    bits = max(bits, reinterpret<i32>(activateBackward(kind, z, a, d, width, parameter)));
    z += step;
    a += step;
    d += step;
  }
  return reinterpret<f32>(bits);
}

/**
 * The loop over z and a. Of an activation that `isPaired`, two vectors at a time: the constants are then loaded once for
 * both (tanh takes 1.3 instead of 1.5 ns an element). At an odd end the last vector is both of them.
 */
@unmanaged
class Forward {
  @inline run<Activation>(z: usize, a: usize, _d: usize, count: i32, parameter: f32, bound: f32): f32 {
    const p = f32x4.splat(parameter),
      least = f32x4.splat(bound);
    const activation = changetype<Activation>(0);
    const paired = isPaired<Activation>();
    const end = z + ((<usize>count) << 2);
    while (z < end) {
      const next: usize = paired && z + 16 < end ? 16 : 0;
      const first = v128.load(z);
      const second = v128.load(z + next);
      const value = activation.value(first, p, least);
      if (paired) v128.store(a + next, activation.value(second, p, least));
      v128.store(a, value);
      z += paired ? 32 : 16;
      a += paired ? 32 : 16;
    }
    return 0;
  }
}

/** The loop over z, a and d. A slope that does not name z or a leaves no load of it. */
@unmanaged
class Backward {
  @inline run<Activation>(z: usize, a: usize, d: usize, count: i32, parameter: f32, bound: f32): f32 {
    const p = f32x4.splat(parameter),
      least = f32x4.splat(bound);
    let most = i32x4.splat(0);
    const activation = changetype<Activation>(0);
    const end = d + ((<usize>count) << 2);
    while (d < end) {
      const delta = flush(f32x4.mul(v128.load(d), activation.slope(v128.load(z), v128.load(a), p)), least);
      v128.store(d, delta);
      most = i32x4.max_s(most, v128.and(delta, i32x4.splat(i32.MAX_VALUE)));
      z += 16;
      a += 16;
      d += 16;
    }
    return reinterpret<f32>(largestLane(most));
  }
}
