/** Kinds of columns: each row of the table, what is recognised as what, and the numbers that come of cells. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { circle, log, quantile, Random, sorted } from '../../src/tabular/arithmetic.js';
import type { Cell } from '../../src/tabular/cells.js';
import {
  checkTaken,
  encoderFor,
  KIND_NAMES,
  KINDS,
  profileOf,
  takeColumn,
  tellOf,
} from '../../src/tabular/kinds/kinds.js';
import type { KindName } from '../../src/tabular/kinds/kind.js';
import { scaled, scaleOf } from '../../src/tabular/kinds/scale.js';
import { refusal } from '../errors/support.js';

const fixture: { scales: { values: number[]; median: number; width: number }[] } = JSON.parse(
  readFileSync(new URL('../fixtures/tabular/scikit-learn.json', import.meta.url), 'utf8'),
);

const repeat = <T>(count: number, cell: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => cell(i));

/** Cells that each kind can take, with one that is missing. */
const CELLS: Record<KindName, Cell[]> = {
  number: [3, '4.5', null, -1, '1e3', 0],
  boolean: [true, false, null, 'yes', 'f'],
  date: ['2024-01-31', new Date(1e12), null, '1970-01-01T06:00'],
  category: ['a', 'b', null, 'a', 7],
  ignore: [1, 2, 3],
};

function encode(kind: KindName, cells: readonly Cell[], rows: readonly Cell[] = cells): number[][] {
  const encoder = encoderFor(takeColumn(profileOf('c', cells), kind));
  return rows.map((cell) => {
    const into = new Float32Array(encoder.width);
    encoder.write(cell, into, 0);
    return encoder.categories > 0 ? [encoder.index(cell)] : [...into];
  });
}

describe.each(KIND_NAMES)('%s', (kind) => {
  const taken = takeColumn(profileOf('c', CELLS[kind]), kind);

  it('comes back from JSON with the same values', () => {
    const again = checkTaken(JSON.parse(JSON.stringify({ name: taken.name, kind, state: taken.state })));
    expect(again).toEqual(taken);
    const [one, two] = [encoderFor(taken), encoderFor(again)];
    const odd: Cell[] = [...CELLS[kind], 'never seen', Infinity, 1e308, true, new Date(0), '', null];
    for (const cell of odd) {
      const values = [one, two].map((encoder) => {
        const into = new Float32Array(encoder.width + 2).fill(0);
        encoder.write(cell, into, 1);
        return [...into, encoder.index(cell)];
      });
      expect(values[0]).toEqual(values[1]);
      expect(values[0].every(Number.isFinite)).toBe(true);
      expect([values[0][0], values[0][one.width + 1]]).toEqual([0, 0]); // nothing beside its own place
    }
  });

  it('says what it does', () => {
    expect(KINDS[kind].name).toBe(kind);
    expect(KINDS[kind].does).toMatch(/^[a-z]/);
    expect(tellOf(taken)).not.toMatch(/undefined|NaN/);
  });

  it.each([[null], [{}], [[]], ['text'], [{ surplus: 1 }], [{ ...taken.state, surplus: 1 }]])(
    'refuses %j for what it has learnt',
    async (state) => {
      expect(await refusal(() => checkTaken({ name: 'c', kind, state }))).toMatch(/^(Type|Range)Error: /);
    },
  );

  it('refuses a column that has nothing of it', async () => {
    const call = () => takeColumn(profileOf('c', [null, null]), kind);
    expect(await refusal(call)).toMatch(kind === 'ignore' ? /no refusal/ : /^RangeError: column "c" has n/);
  });
});

describe('what a column looks like', () => {
  const random = new Random(1, 1);
  it.each<[string, string, Cell[]]>([
    ['number', 'a', repeat(40, (i) => i * 1.5)],
    ['number', 'a', repeat(40, (i) => `${i},5`)],
    ['number', 'counts', repeat(40, (i) => (i * 7) % 5)],
    ['number', 'a', [...repeat(39, (i) => String(i % 9)), '170.1*']],
    ['number', 'a', [...repeat(37, (i) => String(i % 9)), 'x', 'y', 'z']],
    ['category', 'zip', repeat(40, (i) => `0${1000 + (i % 7)}`)],
    ['category', 'a', repeat(40, (i) => (i < 20 ? i % 3 : 'abc'[i % 3]))],
    ['category', 'a', repeat(40, (i) => 'xyz'[i % 3])],
    ['category', 'a', repeat(40, (i) => (i % 2 ? 'x' : null))],
    ['boolean', 'a', repeat(40, (i) => i % 3 === 0)],
    ['boolean', 'a', repeat(40, (i) => (i % 3 === 0 ? 'Yes' : 'no'))],
    ['date', 'a', repeat(40, (i) => `2024-01-${String(1 + (i % 28)).padStart(2, '0')}`)],
    ['date', 'a', repeat(40, (i) => new Date(i * 1e9))],
    ['ignore', 'a', repeat(40, () => 'same')],
    ['ignore', 'a', repeat(40, () => null)],
    ['ignore', '', repeat(40, (i) => i % 3)],
    ['ignore', 'id', random.shuffle(repeat(40, (i) => i * 17))],
    ['ignore', 'a', repeat(40, (i) => i + 1)],
    ['ignore', 'a', repeat(40, (i) => `user-${i}`)],
    ['ignore', 'a', repeat(40, (i) => `It was the ${i % 39}th of the longest days`)],
  ])('%s: column %j', (kind, name, cells) => {
    expect(takeColumn(profileOf(name, cells), undefined).kind).toBe(kind);
  });

  it('says that a column changes its type', () => {
    const cells = repeat(40, (i) => (i < 20 ? i % 3 : 'abc'[i % 3]));
    expect(takeColumn(profileOf('a', cells), undefined).note).toBe('holds numbers and text, 20 and 20 of 40 values');
  });
});

describe('numbers', () => {
  it.each(fixture.scales)('are scaled as by scikit-learn (%#)', ({ values, median, width }) => {
    const scale = scaleOf(sorted(values));
    expect(scale.median).toBeCloseTo(median, 12);
    expect(scale.width / width).toBeCloseTo(1, 10);
    const z = (values[0] - median) / width;
    expect(scaled(values[0], scale)).toBeCloseTo(z / Math.hypot(1, z / 3), 10);
  });

  it('have the median and a flag where one is missing', () => {
    const rows = encode('number', [1, 2, null, 3]);
    expect(rows.map(([, flag]) => flag)).toEqual([0, 0, 1, 0]);
    expect(rows[2][0]).toBe(rows[1][0]);
    expect(encode('number', [1, 2, 3], [null])).toEqual([[0]]);
  });

  it.each([[[0, 0, 0, 0, 0, 0, 9]], [[5, 5, 5]], [[-1.7e308, 0, 1.7e308]], [[0, 5e-324]]])(
    'of %j stay finite',
    (cells) => {
      for (const [value] of encode('number', cells, [...cells, 1e308, -1e308]))
        expect(Math.abs(value)).toBeLessThanOrEqual(3);
    },
  );
});

describe('dates', () => {
  it('are places on circles', () => {
    const [[, sine, cosine, weekSine, weekCosine]] = encode('date', ['2024-04-01', '2024-07-01', '2025-01-01']);
    const days = Date.UTC(2024, 3, 1) / 86_400_000;
    expect(sine).toBeCloseTo(Math.sin((2 * Math.PI * days) / 365.2425), 5);
    expect(cosine).toBeCloseTo(Math.cos((2 * Math.PI * days) / 365.2425), 5);
    expect([weekSine, weekCosine].map((value) => Math.round(value * 1e6))).toEqual([0, 1e6]); // a Monday
  });
});

describe('categories', () => {
  it('are one-hot when few, and nothing of it when unseen', () => {
    expect(encode('category', ['b', 'a', 'b', null], ['b', 'a', null, 'new'])).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 0],
    ]);
  });

  it('are rows of an embedding when many, those that come once unseen', () => {
    const cells = [...repeat(60, (i) => `c${i % 30}`), 'once', null];
    const rows = encode('category', cells, ['c0', 'once', 'new', null]);
    expect(rows[0][0]).toBeGreaterThan(0);
    expect(rows.slice(1)).toEqual([[0], [0], [31]]);
  });

  it('may have any names', () => {
    const cells = ['__proto__', 'constructor', '__proto__', 'toString', 'constructor'];
    expect(encode('category', cells, ['__proto__', 'constructor', 'valueOf'])).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
  });
});

describe('arithmetic', () => {
  it.each([1, 2, 0.5, 1e-15, 1e300, 5e-324, 0.7071, 1.4143, Math.E, 1 - 2 ** -53])('log %s', (x) => {
    expect(Math.abs(log(x) - Math.log(x))).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.abs(Math.log(x))));
  });

  it('log of what has none', () => {
    expect([log(0), log(-1), log(NaN), log(Infinity)]).toEqual([-Infinity, NaN, NaN, Infinity]);
  });

  it.each([0, 0.125, 0.2, 0.25, 0.3749, 0.5, 0.75, 0.99999, -0.1, 12.3])('the circle at %s', (turns) => {
    const [sine, cosine] = circle(turns);
    expect(sine).toBeCloseTo(Math.sin(2 * Math.PI * turns), 13);
    expect(cosine).toBeCloseTo(Math.cos(2 * Math.PI * turns), 13);
  });

  it("quantiles are NumPy's", () => {
    expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantile([1, 2, 4, 8], share))).toEqual(
      [1, 1.75, 3, 6.8, 8].map((value) => expect.closeTo(value, 12)),
    );
  });

  it('shuffles are permutations, and differ by seed and stream', () => {
    const shuffled = (seed: number, stream: number) => new Random(seed, stream).shuffle(repeat(50, (i) => i));
    const some = [shuffled(1, 1), shuffled(1, 2), shuffled(2, 1), shuffled(2 ** 40 + 1, 1)];
    expect(new Set(some.map(String)).size).toBe(4);
    for (const order of some) expect([...order].sort((a, b) => a - b)).toEqual(repeat(50, (i) => i));
    expect(shuffled(1, 1)).toEqual(some[0]);
  });
});
