/**
 * The three matrix products of a layer in the API's orientation, W as [outputs, inputs], written to be read; where
 * the kernels want their operands; and how what a kernel wrote is held against what it should have written.
 *
 * Every product and every sum goes through `round`. Left out, the sums are float64 and tell how far off a kernel may
 * be. With `Math.fround` they are the float32 sums of a machine that rounds multiply and add separately, in the
 * kernels' documented order: the very bits of the reproducible variant.
 */

import { panelled, rowStride } from '../../src/engine/layout.js';
import type { Kernels } from '../kernels/harness.js';

export type Matrix = readonly (readonly number[])[];
export type Round = (x: number) => number;

const exact: Round = (x) => x;

/** Z = A * W^T + b: z_ij = b_j + Σ_k a_ik * w_jk, in the order of k. */
export function product(a: Matrix, w: Matrix, b: readonly number[], round = exact): number[][] {
  return a.map((row) =>
    w.map((weights, j) => weights.reduce((sum, weight, k) => round(sum + round(row[k] * weight)), b[j])),
  );
}

/** G = start + D^T * A: g_jk = start_jk + Σ_i d_ij * a_ik, in the order of i. */
export function gradient(a: Matrix, d: Matrix, start: Matrix, round = exact): number[][] {
  return start.map((row, j) =>
    row.map((first, k) => a.reduce((sum, inputs, i) => round(sum + round(d[i][j] * inputs[k])), first)),
  );
}

/** E = D * W: e_ik = Σ_j d_ij * w_jk, in the order of j. */
export function delta(d: Matrix, w: Matrix, round = exact): number[][] {
  return d.map((row) => w[0].map((_, k) => w.reduce((sum, weights, j) => round(sum + round(row[j] * weights[k])), 0)));
}

/** z = A * w + b for one output: input k in lane k mod 8, then the lanes, then b. */
export function singleProduct(a: Matrix, w: readonly number[], b: number, round = exact): number[] {
  return a.map((row) =>
    round(
      sumInLanes(
        8,
        row.map((input, k) => round(input * w[k])),
        round,
      ) + b,
    ),
  );
}

/** g_j = start_j + Σ_i d_ij, in the order of i. */
export function columnSums(d: Matrix, start: readonly number[], round = exact): number[] {
  return start.map((first, j) => d.reduce((sum, row) => round(sum + row[j]), first));
}

/** Term i is added to lane i mod `lanes`; then the upper half of the lanes to the lower, until one is left. */
export function sumInLanes(lanes: number, terms: readonly number[], round = exact): number {
  let sums = new Array<number>(lanes).fill(0);
  terms.forEach((term, i) => (sums[i % lanes] = round(sums[i % lanes] + term)));
  while (sums.length > 1) {
    const half = sums.length / 2;
    sums = sums.slice(0, half).map((sum, i) => round(sum + sums[half + i]));
  }
  return sums[0];
}

/** The error bound of the kernels' comments, (2 k + 1) half ulp of the sum of the magnitudes of all k terms. */
export const bounds = (terms: number, magnitudes: Matrix): number[][] =>
  magnitudes.map((row) => row.map((magnitude) => (2 * terms + 1) * 2 ** -24 * magnitude));

export const magnitudes = (matrix: Matrix): number[][] => matrix.map((row) => row.map(Math.abs));

export const zeros = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));

export const randomMatrix = (rows: number, columns: number, next: () => number): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, next));

export const PANEL = 8;
export const padded = (count: number): number => Math.ceil(count / PANEL) * PANEL;

/** `matrix` with zeros behind its rows and columns. */
export const padTo = (rows: number, columns: number, matrix: Matrix): number[][] =>
  zeros(rows, columns).map((row, i) => row.map((zero, j) => matrix[i]?.[j] ?? zero));

/** At which float of an array the element of a matrix lies. */
export type Place = (row: number, column: number) => number;

/** Rows that begin `stride` floats apart. */
export const inRows =
  (stride: number): Place =>
  (row, column) =>
    row * stride + column;

/** W or its gradient, [outputs, inputs], in panels of 8 outputs: [outputs / 8][inputs][8]. */
export const inPanels =
  (panelStride: number): Place =>
  (output, input) =>
    Math.floor(output / PANEL) * panelStride + input * PANEL + (output % PANEL);

/** The matrix as the kernels want it, up to its last element; floats that hold no element are NaN. */
export function pack(matrix: Matrix, place: Place): Float32Array {
  const packed = new Float32Array(place(matrix.length - 1, matrix[0].length - 1) + 1).fill(NaN);
  matrix.forEach((row, i) => row.forEach((value, j) => (packed[place(i, j)] = value)));
  return packed;
}

/** Strides in floats, and how many floats apart from a multiple of 64 bytes the operands begin. */
export interface Layout {
  /** Of the inputs A. */
  lda: number;
  /** Of E, the slopes of the inputs, whose rows are written up to a multiple of 8. */
  lde: number;
  /** Of the outputs Z and D. */
  ld: number;
  panelStride: number;
  shift: number;
}

/** Ways to lay out the operands of a layer with panels. */
export const LAYOUTS: Record<'tight' | 'wide' | 'engine', (inputs: number, outputs: number) => Layout> = {
  /** Nothing between the rows. */
  tight: (inputs, outputs) => ({
    lda: inputs,
    lde: padded(inputs),
    ld: padded(outputs),
    panelStride: PANEL * padded(inputs),
    shift: 0,
  }),
  /** Gaps between the rows, of sizes that leave none aligned. */
  wide: (inputs, outputs) => ({
    lda: inputs + 5,
    lde: padded(inputs) + 3,
    ld: padded(outputs) + 7,
    panelStride: PANEL * padded(inputs) + 21,
    shift: 1,
  }),
  /** As the layers of a network lie; one with a single output has no panels. */
  engine: (inputs, outputs) => {
    const [lda, ld] = [rowStride(inputs), rowStride(Math.max(2, outputs))];
    const { panelStride } = panelled(Math.max(2, outputs), inputs);
    return { lda, lde: Math.max(lda, padded(inputs)), ld, panelStride, shift: 0 };
  },
};

/**
 * What an output holds before a call: NaN and large numbers by turns, so that no vector can be written, nor be read
 * into a result, unseen.
 */
export const scribble = (length: number): Float32Array =>
  new Float32Array(length).fill(NaN).map((value, i) => (i % 2 ? 12345678 : value));

/** The bits of float32 numbers, in which one NaN differs from another and 0 from -0. */
export const bitsOf = (values: Float32Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length);

/** Where two arrays first differ, or -1. */
export function firstDifference(actual: Uint32Array, expected: Uint32Array): number {
  if (actual.length !== expected.length) return Math.min(actual.length, expected.length);
  return actual.findIndex((word, at) => word !== expected[at]);
}

/**
 * What an output that held `before` holds after `call`, which gets its address and the operands'. Fails where the
 * call wrote to an operand or outside the output; `slack` floats behind it may be written.
 */
export function outputOf(
  kernels: Kernels,
  operands: Float32Array[],
  before: Float32Array,
  { shift = 0, slack = 0 },
  call: (output: number, operands: number[]) => void,
): Float32Array {
  kernels.reset();
  const pointers = operands.map((values, i) => kernels.f32(values.length, { values, shift: shift * (i + 1) }));
  const output = kernels.f32(before.length, { shift: shift * (operands.length + 1), slack });
  new Uint32Array(kernels.memory.buffer, output, before.length).set(bitsOf(before));
  const copies = pointers.map((pointer, i) => bitsOf(kernels.readF32(pointer, operands[i].length)));
  call(output, pointers);
  kernels.expectIntact();
  copies.forEach((copy, i) => {
    const now = bitsOf(kernels.readF32(pointers[i], copy.length));
    if (firstDifference(now, copy) >= 0) throw new Error(`operand ${i} was written to`);
  });
  return kernels.readF32(output, before.length);
}

/**
 * What is wrong with `actual`: elements that differ from `expected` by more than `bound` (at all where none is
 * given: then it is their bits that count), and other floats that are not what they were `before`.
 */
export function mistakes(
  actual: Float32Array,
  before: Float32Array,
  place: Place,
  expected: Matrix,
  bound?: Matrix,
): string[] {
  const found: string[] = [];
  const written = new Uint8Array(actual.length);
  expected.forEach((row, i) =>
    row.forEach((value, j) => {
      const at = place(i, j);
      written[at] = 1;
      const right = bound ? Math.abs(actual[at] - value) <= bound[i][j] : Object.is(actual[at], value);
      if (!right) found.push(`[${i}, ${j}] is ${actual[at]}, not ${value}`);
    }),
  );
  const [words, wordsBefore] = [bitsOf(actual), bitsOf(before)];
  words.forEach((word, at) => {
    if (!written[at] && word !== wordsBefore[at]) found.push(`float ${at} was written to: ${actual[at]}`);
  });
  return found;
}
