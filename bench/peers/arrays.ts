/** The task's arrays in the shapes that peers take. */
import { outputsOf } from '../workloads.js';
import type { Task } from './adapter.js';

/** [rows, columns] as [columns, rows]. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j];
  return result;
}

/** Targets as rows: of a class, 1 in its place and 0 elsewhere. */
export function oneHotRows({ workload, y }: Task): Float32Array {
  if (y instanceof Float32Array) return y;
  const width = outputsOf(workload);
  const rows = new Float32Array(y.length * width);
  y.forEach((label, row) => (rows[row * width + label] = 1));
  return rows;
}

/** Views of the rows, each `width` values. */
export function rowViews(values: Float32Array, width: number): Float32Array[] {
  return Array.from({ length: values.length / width }, (_, i) => values.subarray(i * width, (i + 1) * width));
}
