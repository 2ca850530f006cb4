import { least, magnitude } from '../lanes/flush';
import { largestLane } from '../lanes/vector';
import { Tanh } from './logistic';
import { dispatch } from './table';
import { activateTanh } from './tanh';

/*
 * The two loops of all elementwise activations, and the same on rows.
 */

/**
 * a = σ(z) for `count` floats, elementwise. z is read, a is overwritten; they are the same array or disjoint. Whole
 * vectors of four are processed: up to 3 floats behind each array are read and those of a are written. `parameter`
 * is the slope of LEAKY_RELU and the alpha of ELU. A value is 0 below what `boundOf` stands for, and a NaN
 * stays NaN. Pointers in bytes, multiples of 4.
 */
export function activate(kind: i32, z: usize, a: usize, count: i32, parameter: f32, bound: f32): void {
  dispatch<Forward>(kind, z, a, 0, count, f32x4.splat(parameter), f32x4.splat(bound));
}

/**
 * d = d * σ'(z) for `count` floats, elementwise: ∂C0/∂a on entry, ∂C0/∂z on exit, and 0 below LEAST of flush.ts. z and
 * a = σ(z) are read, up to 3 floats behind the end too; d is disjoint from both, and up to 3 floats behind it are
 * written. A 0 in d stays 0 at every finite z. Returns the largest |d|, those behind the end included, as `largest` of
 * vector.ts does.
 */
export function activateBackward(kind: i32, z: usize, a: usize, d: usize, count: i32, parameter: f32): f32 {
  return dispatch<Backward>(kind, z, a, d, count, f32x4.splat(parameter), least());
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

/** The loop over z and a; tanh has one of its own, which takes four vectors at a time. */
@unmanaged
class Forward {
  @inline run<Activation>(z: usize, a: usize, _d: usize, count: i32, p: v128, bound: v128): f32 {
    const activation = changetype<Activation>(0);
    if (activation instanceof Tanh) {
      activateTanh(z, a, count, bound);
      return 0;
    }
    for (const end = z + ((<usize>count) << 2); z < end; z += 16, a += 16) {
      v128.store(a, activation.value(v128.load(z), p, bound));
    }
    return 0;
  }
}

/** The loop over z, a and d. A slope that does not name z or a leaves no load of it. */
@unmanaged
class Backward {
  @inline run<Activation>(z: usize, a: usize, d: usize, count: i32, p: v128, bound: v128): f32 {
    let most = i32x4.splat(0);
    const activation = changetype<Activation>(0);
    const end = d + ((<usize>count) << 2);
    while (d < end) {
      const delta = f32x4.mul(v128.load(d), activation.slope(v128.load(z), v128.load(a), p)),
        size = v128.and(delta, magnitude()),
        isFaint = i32x4.lt_s(size, bound); // as `flush` does, whose magnitude is wanted here
      v128.store(d, v128.andnot(delta, isFaint));
      most = i32x4.max_s(most, v128.andnot(size, isFaint));
      z += 16;
      a += 16;
      d += 16;
    }
    return reinterpret<f32>(largestLane(most));
  }
}
