import type { TargetRange } from '../choices/losses.js';
import type { Engine } from '../engine/engine.js';
import { LEAST_NORMAL } from '../engine/kernels.js';
import { lengthOf, tagOf } from '../support/arrays.js';

/*
 * Small arrays of float32. To read one in full takes longer than a small network does, so calls look first whether there
 * is nothing to refuse: where there may be, nothing has changed, and the array is read in full for the message.
 */

/** Values at most: a bulk copy of more is faster. */
export const MOST_FEW = 64;

/** Bytes that they take in the engine's memory. */
export const FEW_BYTES = MOST_FEW * 4;

const FINITE = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };

/** How many rows of `columns` values a small Float32Array holds; 0 for anything else. */
export function fewRows(array: unknown, columns: number): number {
  const rows = tagOf(array) === 'Float32Array' ? lengthOf(array) / columns : 0;
  return Number.isInteger(rows) && rows * columns <= MOST_FEW ? rows : 0;
}

/**
 * Copies `count` values to `at` in the engine's memory, with 0 for subnormal ones, and returns their largest magnitude;
 * NaN where there is one outside of `range`, or none.
 */
export function copyFew(
  engine: Engine,
  array: Float32Array,
  count: number,
  at: number,
  { min, max }: Pick<TargetRange, 'min' | 'max'> = FINITE,
): number {
  const floats = engine.floatsTo(at + FEW_BYTES);
  let size = 0;
  for (let i = 0; i < count; i++) {
    const value = array[i];
    const magnitude = Math.abs(value);
    floats[at / 4 + i] = magnitude < LEAST_NORMAL ? 0 : value;
    size = value >= min && value <= max ? Math.max(size, magnitude) : NaN;
  }
  return size;
}
