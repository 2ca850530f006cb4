import { Layer } from '../abi/layer';
import { sumOfSquares } from '../lanes/vector';

/*
 * The rows of a table that a batch has touched. The others have gradients of 0 and are left out, so that work on
 * gradients grows with the batch and not with the table. For a layer without a table these functions do nothing.
 */

/** The i-th row that was touched. */
// @ts-ignore: decorator
@inline
export function touchedRow(layer: Layer, i: i32): i32 {
  return load<i32>(layer.touched + ((<usize>i) << 2));
}

/** Where it is noted whether a row was touched. */
// @ts-ignore: decorator
@inline
function noteOf(layer: Layer, row: i32): usize {
  return layer.touched + ((<usize>(layer.categories + row)) << 2);
}

/** Takes note that a row is touched. */
export function touch(layer: Layer, row: i32): void {
  const note = noteOf(layer, row);
  if (load<i32>(note)) return;
  store<i32>(note, 1);
  store<i32>(layer.touched + ((<usize>layer.touches) << 2), row);
  layer.touches++;
}

/** Begins anew: the gradients of the rows that were touched are 0 again. */
export function forgetTouched(layer: Layer): void {
  for (let i = 0; i < layer.touches; i++) {
    const row = touchedRow(layer, i);
    store<i32>(noteOf(layer, row), 0);
    memory.fill(gradientRow(layer, row), 0, (<usize>layer.panelStride) << 2);
  }
  layer.touches = 0;
}

/** Begins anew with gradients that the host has written: each row that is not all 0 counts as touched. */
export function touchFilled(layer: Layer): void {
  if (!layer.touched || !layer.trains) return;
  for (let i = 0; i < layer.touches; i++) store<i32>(noteOf(layer, touchedRow(layer, i)), 0);
  layer.touches = 0;
  for (let row = 0; row < layer.categories; row++) {
    if (sumOfSquares(gradientRow(layer, row), layer.panelStride) != 0) touch(layer, row);
  }
}

/** The sum of the squares of a table's gradients. */
export function touchedSquares(layer: Layer): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < layer.touches; i++) {
    sum += sumOfSquares(gradientRow(layer, touchedRow(layer, i)), layer.panelStride);
  }
  return sum;
}

/** The gradients of a row. */
// @ts-ignore: decorator
@inline
export function gradientRow(layer: Layer, row: i32): usize {
  return layer.weightGradient + ((<usize>row * layer.panelStride) << 2);
}
