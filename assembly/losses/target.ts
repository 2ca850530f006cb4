import { loadLanes } from '../lanes/lanes';

/**
 * Four targets from element j of a line: `keep * t + base`, with t the dense line at `y`, its elements `step` bytes
 * apart and `room` of them to be read, or, where y is 0, 1 in the column `label` and 0 elsewhere. Label smoothing ε
 * over c classes is keep = 1 - ε, base = ε / c; without, keep = 1 and base = 0 leave t as it is.
 */
// @ts-ignore: decorator
@inline
export function targetLanes(y: usize, label: i32, j: i32, room: i32, keep: v128, base: v128, step: usize = 4): v128 {
  let t: v128;
  if (y != 0) {
    t = loadLanes(y + <usize>j * step, room, step);
  } else {
    const column = i32x4.add(i32x4.splat(j), i32x4(0, 1, 2, 3));
    t = v128.and(i32x4.eq(column, i32x4.splat(label)), f32x4.splat(1));
  }
  return f32x4.add(f32x4.mul(keep, t), base);
}

/** Zeros in columns `from` to `ld` of d [rows, ld], so that what reads d in whole vectors reads zeros there. */
export function clearPadding(d: usize, rows: i32, from: i32, ld: i32): void {
  if (from >= ld) return;
  for (let row = 0; row < rows; row++) {
    for (let j = from; j < ld; j++) store<f32>(d + ((<usize>j) << 2), 0);
    d += (<usize>ld) << 2;
  }
}
