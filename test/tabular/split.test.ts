/** Splits: every row is in one part, and what is promised of the parts holds, over odd shapes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/tabular/arithmetic.js';
import { cutFolds, holdOut, readGroups, readTimes, type Split } from '../../src/tabular/split.js';
import { refusal } from '../errors/support.js';
import { ordering } from './support.js';

const rowsOf = (count: number) => Array.from({ length: count }, (_, i) => 2 * i); // not all rows of the table
const labels = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 10, maxLength: 60 });
const spreadOut = (values: readonly number[]) => values.flatMap((value) => [value, 9]);

function assertSplit({ training, held }: Split, rows: readonly number[]) {
  expect([...training, ...held].sort((a, b) => a - b)).toEqual(rows);
  for (const part of [training, held]) expect([...part].sort((a, b) => a - b)).toEqual(part);
}

const share = (rows: readonly number[], classes: readonly number[], label: number) =>
  rows.filter((row) => classes[row] === label).length;

describe('by class', () => {
  it('holds out the share of each class, to within a row', () => {
    fc.assert(
      fc.property(labels, fc.double({ min: 0.1, max: 0.5, noNaN: true }), fc.nat(), (some, part, seed) => {
        const [rows, classes] = [rowsOf(some.length), spreadOut(some)];
        const split = holdOut(rows, ordering({ classes }), part, new Random(seed, 0));
        assertSplit(split, rows);
        expect(split.held).toHaveLength(Math.max(1, Math.round(rows.length * part)));
        for (const label of [0, 1, 2, 3]) {
          const wanted = (share(rows, classes, label) * split.held.length) / rows.length;
          expect(Math.abs(share(split.held, classes, label) - wanted)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('gives each fold its share, and holds each row out once', () => {
    fc.assert(
      fc.property(labels, fc.integer({ min: 2, max: 7 }), fc.nat(), (some, count, seed) => {
        const [rows, classes] = [rowsOf(some.length), spreadOut(some)];
        const folds = cutFolds(rows, ordering({ classes }), count, new Random(seed, 0));
        for (const fold of folds) {
          assertSplit(fold, rows);
          for (const label of [0, 1, 2, 3]) {
            const wanted = share(rows, classes, label) / count;
            expect(Math.abs(share(fold.held, classes, label) - wanted)).toBeLessThanOrEqual(1);
          }
        }
        expect(folds.flatMap(({ held }) => held).sort((a, b) => a - b)).toEqual(rows);
      }),
    );
  });
});

describe('by group', () => {
  it('keeps groups whole, and leaves some to learn from', () => {
    fc.assert(
      fc.property(labels, fc.nat(), (some, seed) => {
        fc.pre(new Set(some).size > 1);
        const [rows, groups] = [rowsOf(some.length), spreadOut(some).map(String)];
        const splits = [
          holdOut(rows, ordering({ groups }), 0.2, new Random(seed, 0)),
          ...cutFolds(rows, ordering({ groups }), 3, new Random(seed, 0)),
        ];
        for (const split of splits) {
          assertSplit(split, rows);
          const inTraining = new Set(split.training.map((row) => groups[row]));
          expect(split.held.some((row) => inTraining.has(groups[row]))).toBe(false);
          expect(split.training.length).toBeGreaterThan(0);
          expect(split.held.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('refuses one group', async () => {
    expect(await refusal(() => readGroups('g', ['a', 'a']))).toBe(
      'RangeError: "group": column "g" has 1 group: expected 2 or more',
    );
  });
});

describe('by time', () => {
  const times = [5, 3, 9, 1, 7, 2, 8, 4, 6, 0];
  const rows = times.map((_, row) => row);
  const timesOf = (some: readonly number[]) => some.map((row) => times[row]);

  it('holds out what came last', () => {
    const split = holdOut(rows, ordering({ times }), 0.3, new Random(1, 0));
    assertSplit(split, rows);
    expect(timesOf(split.held).sort()).toEqual([7, 8, 9]);
  });

  it('has each fold learn from what came before', () => {
    for (const { training, held } of cutFolds(rows, ordering({ times }), 4, new Random(1, 0))) {
      expect(training.length).toBeGreaterThan(0);
      expect(Math.max(...timesOf(training))).toBeLessThan(Math.min(...timesOf(held)));
    }
  });

  it('reads dates and numbers, and refuses a row without', async () => {
    expect(readTimes('t', ['1970-01-02', 5, '7', new Date(9)])).toEqual([86_400_000, 5, 7, 9]);
    expect(await refusal(() => readTimes('t', [1, null]))).toBe(
      'TypeError: "time": row 2 of column "t" is neither a date nor a number',
    );
  });
});

it('another seed is another split', () => {
  const rows = rowsOf(40);
  const held = (seed: number) => String(holdOut(rows, ordering({}), 0.2, new Random(seed, 0)).held);
  expect(held(1)).toBe(held(1));
  expect(held(1)).not.toBe(held(2));
});
