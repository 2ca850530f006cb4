/** What the tests of tables share: seeded tables. */
import { readFileSync } from 'node:fs';
import Papa from 'papaparse';
import { Random } from '../../src/tabular/arithmetic.js';
import type { Ordering } from '../../src/tabular/split.js';

export type Row = Record<string, unknown>;

/** What decides where a row goes, and nothing else does. */
export const ordering = (given: Partial<Ordering>): Ordering => ({
  classes: undefined,
  groups: undefined,
  times: undefined,
  ...given,
});

/** Uniform from -1 to 1. */
export function uniform(seed: number): () => number {
  const random = new Random(seed, 99);
  return () => random.next() / 0x80000000 - 1;
}

/** A data set of `npm run bench:learning`, without its folds; all cells are text, as those of a CSV. */
export function dataSet(name: string): { rows: Row[]; target: string } {
  const text = readFileSync(new URL(`../../bench/learning/data/${name}.csv`, import.meta.url), 'utf8');
  const { data } = Papa.parse<Row>(text, { header: true, skipEmptyLines: true });
  for (const row of data) delete row['fold'];
  return { rows: data, target: 'class' in data[0] ? 'class' : 'target' };
}

const CITIES = ['Oslo', 'Rome', 'Lima', 'Kyiv'];

/** Houses: a column of every kind, missing values, and a price that follows from them. */
export function houses(count: number, seed = 1): Row[] {
  const draw = uniform(seed);
  return Array.from({ length: count }, (_, i) => {
    const area = Math.round(100 + 60 * draw());
    const city = CITIES[Math.floor((draw() + 1) * 2) % 4];
    const garden = draw() > 0;
    const month = Math.floor((draw() + 1) * 6) % 12;
    const price = 3000 * area + 50_000 * CITIES.indexOf(city) + (garden ? 40_000 : 0) + 2000 * draw();
    return {
      id: 1000 + i,
      area: i % 11 === 5 ? null : area,
      city: i % 13 === 3 ? '' : city,
      garden,
      built: `20${10 + (i % 10)}-${String(month + 1).padStart(2, '0')}-15`,
      country: 'N',
      price: Math.round(price),
      dear: price > 400_000 ? 'yes' : 'no',
    };
  });
}
