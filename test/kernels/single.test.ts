import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  bitsOf,
  bounds,
  delta,
  firstDifference,
  gradient,
  inRows,
  magnitudes,
  mistakes,
  outputOf,
  pack,
  padded,
  padTo,
  randomMatrix,
  scribble,
  singleProduct,
  zeros,
  type Matrix,
} from '../reference/products.js';
import { randomNumbers } from '../reference/samples.js';
import { loadKernels, VARIANTS, type Kernels } from './harness.js';

/** What pads a row of A: the products may read it, since a weight of 0 takes it away. */
const PADDING = 1e30;

/** Below, at and above one vector, and two, of the eight lanes that a sum runs in. */
const INPUTS = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 32, 33];
const ROWS = [1, 2, 3, 9];

/** A layer with one output: a column of weights, and rows of inputs `lda` floats apart. */
interface Operands {
  a: Matrix;
  w: number[];
  b: number;
  /** One delta for each row. */
  d: number[];
  /** What the gradient holds when it is added to. */
  start: number[];
}

function operandsOf(rows: number, inputs: number): Operands {
  const next = randomNumbers(rows + 100 * inputs);
  const [w, start] = randomMatrix(2, inputs, next);
  return { a: randomMatrix(rows, inputs, next), w, b: next(), d: randomMatrix(1, rows, next)[0], start };
}

const column = (values: number[]): number[][] => values.map((value) => [value]);

const SIZE = fc.integer({ min: 1, max: 40 });
const SHAPE = fc.record({ rows: SIZE, inputs: SIZE, gap: fc.nat(9), shift: fc.nat(3) });

interface Expected {
  values: Matrix;
  bound: Matrix;
  /** What plain SIMD makes of it, every rounding of which is known. */
  rounded: Matrix;
}

/** Distances of rows: dense, with a gap that leaves none aligned, and as the engine has them. */
const strides = (inputs: number): number[] =>
  inputs === 1 ? [1, 8, 11] : [padded(inputs), padded(inputs) + 3, padded(inputs) + 16];

describe.each(VARIANTS)('the products of a layer with one output (%s)', (variant) => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await loadKernels(variant);
  });

  /** A with `filler` up to the padded width, and NaN in the gaps; rows of one float have neither. */
  const packA = (a: Matrix, lda: number, filler = PADDING): Float32Array => {
    const width = lda === 1 ? 1 : padded(a[0].length);
    return pack(
      a.map((row) => [...row, ...new Array<number>(width - row.length).fill(filler)]),
      inRows(lda),
    );
  };
  const packW = (w: number[]): Float32Array => pack(padTo(1, padded(w.length), [w]), inRows(padded(w.length)));
  const packColumn = (values: number[]): Float32Array => pack(column(values), inRows(1));

  function check(actual: Float32Array, before: Float32Array, stride: number, expected: Expected, label: string): void {
    const place = inRows(stride);
    expect(mistakes(actual, before, place, expected.values, expected.bound), label).toEqual([]);
    if (variant === 'plain') expect(mistakes(actual, before, place, expected.rounded), `${label}, bits`).toEqual([]);
  }

  describe('singleProduct', () => {
    function run({ a, w, b }: Operands, lda: number, shift: number): Float32Array {
      const operands = [packA(a, lda), packW(w), packColumn([b])];
      return outputOf(kernels, operands, scribble(a.length), { shift }, (z, [x, weights, bias]) => {
        kernels.call('singleProduct', x, lda, weights, bias, z, a.length, w.length);
      });
    }

    function checkAll(operands: Operands, lda: number, shift: number): void {
      const { a, w, b } = operands;
      const expected = {
        values: column(singleProduct(a, w, b)),
        bound: bounds(w.length, column(singleProduct(magnitudes(a), w.map(Math.abs), Math.abs(b)))),
        rounded: column(singleProduct(a, w, b, Math.fround)),
      };
      check(run(operands, lda, shift), scribble(a.length), 1, expected, `lda ${lda}, shift ${shift}`);
    }

    test.each(INPUTS)('A * w + b, k=%i', (inputs) => {
      for (const rows of ROWS) {
        for (const [shift, lda] of strides(inputs).entries()) checkAll(operandsOf(rows, inputs), lda, shift);
      }
    });

    test('any shape', () => {
      const property = fc.property(SHAPE, ({ rows, inputs, gap, shift }) => {
        checkAll(operandsOf(rows, inputs), padded(inputs) + gap, shift);
      });
      fc.assert(property, { seed: 20_240_504, numRuns: 60 });
    });

    test.each([1, 33])('a row has the same bits alone and in a batch, k=%i', (inputs) => {
      const operands = operandsOf(9, inputs);
      const lda = strides(inputs)[0];
      const whole = bitsOf(run(operands, lda, 0));
      const alone = operands.a.map((row) => bitsOf(run({ ...operands, a: [row] }, lda, 0))[0]);
      expect(alone).toEqual(Array.from(whole));
    });
  });

  describe('singleGradient', () => {
    /** A is read in no more than its inputs, so that what pads it may be NaN. */
    function run(operands: Operands, lda: number, shift: number, before: Float32Array, accumulate: boolean) {
      const { a, d, w } = operands;
      return outputOf(kernels, [packA(a, lda, NaN), packColumn(d)], before, { shift }, (g, [x, deltas]) => {
        kernels.call('singleGradient', x, lda, deltas, g, a.length, w.length, Number(accumulate));
      });
    }

    const held = ({ start }: Operands, accumulate: boolean): Float32Array =>
      accumulate ? Float32Array.from(start) : scribble(start.length);

    function checkAll(operands: Operands, lda: number, shift: number): void {
      const { a, d, w } = operands;
      for (const accumulate of [false, true]) {
        const start = accumulate ? [operands.start] : zeros(1, w.length);
        const before = held(operands, accumulate);
        const sizes = gradient(magnitudes(a), magnitudes(column(d)), magnitudes(start));
        const expected = {
          values: gradient(a, column(d), start),
          bound: bounds(a.length, sizes),
          rounded: gradient(a, column(d), start, Math.fround),
        };
        const g = run(operands, lda, shift, before, accumulate);
        check(g, before, w.length, expected, `lda ${lda}, shift ${shift}, accumulate ${accumulate}`);
      }
    }

    test.each(INPUTS)('g + A^T * d, k=%i', (inputs) => {
      for (const rows of ROWS) {
        for (const [shift, lda] of strides(inputs).entries()) checkAll(operandsOf(rows, inputs), lda, shift);
      }
    });

    test('any shape', () => {
      const property = fc.property(SHAPE, ({ rows, inputs, gap, shift }) => {
        checkAll(operandsOf(rows, inputs), padded(inputs) + gap, shift);
      });
      fc.assert(property, { seed: 20_240_505, numRuns: 60 });
    });

    test('a batch in two parts has the bits of the whole', () => {
      const operands = operandsOf(9, 19);
      const rows = (from: number, to: number): Operands => ({
        ...operands,
        a: operands.a.slice(from, to),
        d: operands.d.slice(from, to),
      });
      for (const accumulate of [false, true]) {
        const before = held(operands, accumulate);
        const whole = run(operands, 24, 1, before, accumulate);
        for (let cut = 1; cut < 9; cut++) {
          const both = run(rows(cut, 9), 24, 1, run(rows(0, cut), 24, 1, before, accumulate), true);
          expect(firstDifference(bitsOf(both), bitsOf(whole)), `cut at ${cut}`).toBe(-1);
        }
      }
    });
  });

  describe('singleDelta', () => {
    function checkAll({ d, w }: Operands, lde: number, shift: number): void {
      const [rows, columns] = [d.length, lde === 1 ? 1 : padded(w.length)];
      const before = scribble((rows - 1) * lde + columns);
      const e = outputOf(kernels, [packColumn(d), packW(w)], before, { shift }, (out, [deltas, weights]) => {
        kernels.call('singleDelta', deltas, weights, out, lde, rows, w.length);
      });
      const pad = (matrix: Matrix): Matrix => padTo(rows, columns, matrix);
      // one product each, and rounded once: the same in both variants
      const rounded = pad(delta(column(d), [w], Math.fround));
      // what pads a row is 0 of either sign
      expect(mistakes(e, before, inRows(lde), rounded, zeros(rows, columns)), `lde ${lde}, shift ${shift}`).toEqual([]);
    }

    test.each(INPUTS)('d * w, k=%i', (inputs) => {
      for (const rows of ROWS) {
        for (const [shift, lde] of strides(inputs).entries()) checkAll(operandsOf(rows, inputs), lde, shift);
      }
    });

    test('any shape', () => {
      const property = fc.property(SHAPE, ({ rows, inputs, gap, shift }) => {
        checkAll(operandsOf(rows, inputs), padded(inputs) + gap, shift);
      });
      fc.assert(property, { seed: 20_240_506, numRuns: 60 });
    });
  });
});
