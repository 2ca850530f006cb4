import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  bitsOf,
  bounds,
  columnSums,
  firstDifference,
  inRows,
  magnitudes,
  mistakes,
  outputOf,
  pack,
  padded,
  randomMatrix,
  scribble,
  sumInLanes,
  type Matrix,
} from '../reference/products.js';
import { randomNumbers } from '../reference/samples.js';
import { loadKernels, VARIANTS, type Kernels } from './harness.js';

/** Below, at and above the vectors of 4 and the pairs of them, several trips through every loop and every rest. */
const COUNTS = [1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 15, 16, 17, 23, 24, 33];

describe.each(VARIANTS)('rows and vectors (%s)', (variant) => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await loadKernels(variant);
  });
  beforeEach(() => kernels.reset());

  describe('gatherRows', () => {
    const ORDER = [7, 0, 10, 3, 8, 1, 9, 2, 4, 6, 5];

    /** Words that all differ, some of them NaN: rows are moved, not computed with. */
    const sourceOf = (columns: number): Uint32Array =>
      Uint32Array.from({ length: ORDER.length * columns }, (_, i) => Math.imul(i + 1, 0x9e3779b1));

    function check(columns: number, ld: number, order: number[] | undefined, from: number, rows: number): void {
      const width = ld === 1 ? 1 : padded(columns);
      const source = sourceOf(columns);
      const expected = bitsOf(scribble((rows - 1) * ld + width));
      kernels.reset();
      const src = kernels.i32(source.length, { values: source, shift: 1 });
      const indices = order ? kernels.i32(order.length, { values: order, shift: 3 }) : 0;
      const out = kernels.i32(expected.length, { values: expected, shift: 2 });
      kernels.call('gatherRows', src, columns, indices, from, rows, out, ld);
      kernels.expectIntact();
      for (let i = 0; i < rows; i++) {
        const index = order ? order[from + i] : from + i;
        expected.fill(0, i * ld, i * ld + width);
        expected.set(source.subarray(index * columns, (index + 1) * columns), i * ld);
      }
      const actual = new Uint32Array(kernels.readI32(out, expected.length));
      expect(firstDifference(actual, expected), `ld ${ld}, from ${from}, ${rows} rows`).toBe(-1);
    }

    // 32 columns and more are copied in bulk
    const columns = [...COUNTS, 31, 32, 100];

    test.each(columns)('%i columns: the rows of a permutation, and 0 behind them', (count) => {
      for (const ld of [padded(count), padded(count) + 3, padded(count) + 16]) {
        for (const [from, rows] of [
          [0, 1],
          [0, 11],
          [4, 2],
          [10, 1],
        ]) {
          check(count, ld, ORDER, from, rows);
          check(count, ld, undefined, from, rows);
        }
      }
    });

    test('one column at a distance of one, such as labels', () => {
      check(1, 1, ORDER, 0, 11);
      check(1, 1, ORDER, 3, 2);
      check(1, 1, undefined, 3, 5);
    });
  });

  describe('gatherBytes', () => {
    const ORDER = [3, 0, 4, 1, 2];
    const SCALE = Math.fround(1 / 255);

    function check(columns: number, ld: number, order: number[] | undefined, from: number, rows: number): void {
      const bytes = Uint8Array.from({ length: ORDER.length * columns }, (_, i) => (i * 167 + 255) % 256);
      const width = ld === 1 ? 1 : padded(columns);
      const expected = Float32Array.from(scribble((rows - 1) * ld + width));
      kernels.reset();
      // in whole words, as the kernel may not read behind the last byte of a row that ends in the middle of one
      const words = new Int32Array(Math.ceil(bytes.length / 4));
      new Uint8Array(words.buffer).set(bytes);
      const src = kernels.i32(words.length, { values: [...words] });
      const indices = order ? kernels.i32(order.length, { values: order, shift: 3 }) : 0;
      const out = kernels.f32(expected.length, { values: expected, shift: 2 });
      kernels.call('gatherBytes', src, columns, indices, from, rows, out, ld, SCALE);
      kernels.expectIntact();
      for (let i = 0; i < rows; i++) {
        const index = order ? order[from + i] : from + i;
        expected.fill(0, i * ld, i * ld + width);
        const row = bytes.subarray(index * columns, (index + 1) * columns);
        row.forEach((byte, j) => (expected[i * ld + j] = Math.fround(byte * SCALE)));
      }
      const actual = kernels.readF32(out, expected.length);
      expect(firstDifference(bitsOf(actual), bitsOf(expected)), `ld ${ld}, from ${from}, ${rows} rows`).toBe(-1);
    }

    test.each(COUNTS)('%i columns: a byte times the scale, rounded once, and 0 behind them', (columns) => {
      for (const ld of [padded(columns), padded(columns) + 16, ...(columns === 1 ? [1] : [])]) {
        check(columns, ld, ORDER, 0, 5);
        check(columns, ld, ORDER, 4, 1);
        check(columns, ld, undefined, 1, 3);
      }
    });
  });

  describe('columnSums and columnSum', () => {
    const operandsOf = (rows: number, width: number): { d: Matrix; start: number[] } => {
      const next = randomNumbers(rows + 100 * width);
      return { d: randomMatrix(rows, width, next), start: randomMatrix(1, width, next)[0] };
    };

    const run = (d: Matrix, ldd: number, before: Float32Array, accumulate: boolean): Float32Array =>
      outputOf(kernels, [pack(d, inRows(ldd))], before, { shift: 1 }, (g, [deltas]) => {
        kernels.call('columnSums', deltas, ldd, d.length, before.length, g, Number(accumulate));
      });

    test.each([8, 16, 24, 40])('columnSums: %i columns', (width) => {
      for (const rows of [1, 2, 3, 9]) {
        const { d, start } = operandsOf(rows, width);
        for (const ldd of [width, width + 5]) {
          for (const accumulate of [false, true]) {
            const before = accumulate ? Float32Array.from(start) : scribble(width);
            const first = accumulate ? start : start.map(() => 0);
            const g = run(d, ldd, before, accumulate);
            const bound = bounds(rows, [columnSums(magnitudes(d), first.map(Math.abs))]);
            const label = `${rows} rows, ldd ${ldd}, accumulate ${accumulate}`;
            expect(mistakes(g, before, inRows(width), [columnSums(d, first)], bound), label).toEqual([]);
            expect(mistakes(g, before, inRows(width), [columnSums(d, first, Math.fround)]), label).toEqual([]);
          }
        }
      }
    });

    test('columnSums: a batch in two parts has the bits of the whole', () => {
      const { d } = operandsOf(9, 8);
      const before = scribble(8);
      const whole = run(d, 8, before, false);
      for (let cut = 1; cut < 9; cut++) {
        const both = run(d.slice(cut), 8, run(d.slice(0, cut), 8, before, false), true);
        expect(firstDifference(bitsOf(both), bitsOf(whole)), `cut at ${cut}`).toBe(-1);
      }
    });

    test.each(COUNTS)('columnSum: %i numbers', (count) => {
      const { d, start } = operandsOf(count, 1);
      for (const accumulate of [false, true]) {
        const before = accumulate ? Float32Array.from(start) : Float32Array.of(NaN);
        const first = accumulate ? start : [0];
        const g = outputOf(kernels, [pack(d, inRows(1))], before, { shift: 1 }, (out, [deltas]) => {
          kernels.call('columnSum', deltas, count, out, Number(accumulate));
        });
        const bound = bounds(count, [columnSums(magnitudes(d), first.map(Math.abs))]);
        expect(mistakes(g, before, inRows(1), [columnSums(d, first)], bound)).toEqual([]);
        expect(mistakes(g, before, inRows(1), [columnSums(d, first, Math.fround)])).toEqual([]);
      }
    });
  });

  describe('largest', () => {
    const largest = (values: number[]): number => {
      kernels.reset();
      // the canaries behind the last float are NaN, so that reading one shows
      const result = kernels.call('largest', kernels.f32(values.length, { values, shift: 1 }), values.length);
      kernels.expectIntact();
      return result;
    };

    test.each([0, ...COUNTS])('of %i numbers, wherever it is, and whichever sign it has', (count) => {
      const [values] = randomMatrix(1, count, randomNumbers(count));
      expect(largest(values)).toBe(Math.max(0, ...values.map(Math.abs)));
      for (let at = 0; at < count; at++) {
        for (const value of [7, -7, Infinity, -Infinity, NaN])
          expect(largest(values.with(at, value))).toBe(Math.abs(value));
      }
    });

    test('tells the smallest number from 0', () => {
      expect(largest([0, -(2 ** -149), -0])).toBe(2 ** -149);
      expect(largest([-0, -0, -0, -0, -0])).toBe(0);
    });
  });

  describe('settle', () => {
    const BOUND = 2 ** -63;

    /** What becomes of `values`, and the largest that is returned. */
    const settle = (values: number[]): [Float32Array, number] => {
      kernels.reset();
      const at = kernels.f32(values.length, { values, shift: 1 });
      const largest = kernels.call('settle', at, values.length, BOUND);
      kernels.expectIntact();
      return [kernels.readF32(at, values.length), largest];
    };

    test.each([0, ...COUNTS])('of %i numbers, those below the bound become 0, and no others', (count) => {
      const kinds = [BOUND, -BOUND, BOUND * (1 - 2 ** -24), -BOUND / 2, 2 ** -149, -0, 1, -3, 1e-30];
      for (let from = 0; from < kinds.length; from++) {
        const values = Array.from({ length: count }, (_, i) => Math.fround(kinds[(from + i) % kinds.length]));
        const [settled, largest] = settle(values);
        expect(Array.from(settled, (x) => x + 0)).toEqual(values.map((x) => (Math.abs(x) < BOUND ? 0 : x)));
        if (count) expect(largest).toBe(Math.max(...values.map(Math.abs)));
      }
    });

    test('NaN and infinities stay, and are the largest', () => {
      for (let at = 0; at < 11; at++) {
        for (const value of [NaN, Infinity, -Infinity]) {
          const [settled, largest] = settle(Array<number>(11).fill(1e-20).with(at, value));
          expect([...settled]).toEqual(Array<number>(11).fill(0).with(at, value));
          expect(largest).toBe(Math.abs(value));
        }
      }
    });
  });

  describe('sumOfSquares', () => {
    const sumOfSquares = (values: number[]): number => {
      kernels.reset();
      const result = kernels.call('sumOfSquares', kernels.f32(values.length, { values, shift: 1 }), values.length);
      kernels.expectIntact();
      return result;
    };

    test.each([4, 8, 12, 16, 1000])('of %i numbers, in float64', (count) => {
      const next = randomNumbers(count);
      const [values] = randomMatrix(1, count, () => Math.fround(next() * 2 ** (40 * next())));
      const squares = values.map((x) => x * x);
      const result = sumOfSquares(values);
      expect(result).toBe(sumInLanes(4, squares));
      const plain = squares.reduce((sum, square) => sum + square, 0);
      expect(Math.abs(result - plain)).toBeLessThanOrEqual(count * 2 ** -52 * plain);
    });

    test('neither overflows nor vanishes where float32 does', () => {
      expect(sumOfSquares([2 ** 127, 0, 0, 0])).toBe(2 ** 254);
      expect(sumOfSquares([0, 0, 0, -(2 ** -149)])).toBe(2 ** -298);
    });
  });

  describe('countHits', () => {
    const LARGEST = 1;
    const HALVES = 2;
    const TALL = 1e30;

    /** Outputs and targets lie `ld` floats apart, with a number behind each row that would win if it were read. */
    function countHits(
      rule: number,
      a: Matrix,
      truth: { y: Matrix } | { labels: number[] },
      gap = 3,
      weights?: number[],
    ): number {
      const columns = a[0].length;
      const rows = (matrix: Matrix): number => {
        const packed = pack(
          matrix.map((row) => [...row, ...new Array<number>(gap).fill(TALL)]),
          inRows(columns + gap),
        );
        return kernels.f32(packed.length, { values: packed, shift: 1 });
      };
      kernels.reset();
      const outputs = rows(a);
      const y = 'y' in truth ? rows(truth.y) : 0;
      const labels = 'labels' in truth ? kernels.i32(a.length, { values: truth.labels, shift: 2 }) : 0;
      const w = weights ? kernels.f32(a.length, { values: weights, shift: 3 }) : 0;
      const hits = kernels.call('countHits', rule, outputs, y, labels, a.length, columns, columns + gap, w);
      kernels.expectIntact();
      return hits;
    }

    test.each([1, 2, 3, 4, 10])('of %i outputs the largest is the label, or the largest target', (columns) => {
      const next = randomNumbers(columns);
      const a = randomMatrix(17, columns, () => next() - 2); // below 0, where padding of 0 would win
      const best = a.map((row) => row.indexOf(Math.max(...row)));
      const labels = best.map((label, i) => (i % 3 ? label : (label + 1) % columns));
      const y = labels.map((label) => a[0].map((_, j) => Number(j === label)));
      const expected = labels.filter((label, i) => label === best[i]).length;
      expect(countHits(LARGEST, a, { labels })).toBe(expected);
      expect(countHits(LARGEST, a, { y })).toBe(expected);
      expect(countHits(LARGEST, a, { labels }, 0)).toBe(expected);
    });

    test('a row counts by its weight', () => {
      const a = [
        [0.9, 0.1],
        [0.2, 0.8],
        [0.7, 0.3],
      ];
      expect(countHits(LARGEST, a, { labels: [0, 1, 1] }, 3, [0.5, 4, 32])).toBe(4.5);
      expect(
        countHits(
          HALVES,
          a,
          {
            y: [
              [1, 1],
              [0, 1],
              [1, 0],
            ],
          },
          3,
          [0.5, 4, 32],
        ),
      ).toBe(36.25);
    });

    test('of equals the first counts, among the outputs and among the targets', () => {
      const a = [[1, 3, 3]];
      expect([0, 1, 2].map((label) => countHits(LARGEST, a, { labels: [label] }))).toEqual([0, 1, 0]);
      expect(countHits(LARGEST, a, { y: [[0, 1, 1]] })).toBe(1);
      expect(countHits(LARGEST, a, { y: [[1, 1, 0]] })).toBe(0);
    });

    test('an example counts by the share of its outputs on the right side of 1/2, which is below', () => {
      const a = [
        [0.9, 0.1, 0.5],
        [0.6, 0.4, 0.2],
      ];
      expect(countHits(HALVES, a, { y: a })).toBe(2);
      expect(
        countHits(HALVES, a, {
          y: [
            [1, 0, 0],
            [1, 0, 0],
          ],
        }),
      ).toBe(2);
      expect(
        countHits(HALVES, a, {
          y: [
            [1, 0, 1],
            [0, 1, 1],
          ],
        }),
      ).toBe(2 / 3);
      expect(countHits(HALVES, [[0.75], [0.25], [0.25]], { y: [[1], [1], [0]] }, 0)).toBe(2);
    });
  });
});
