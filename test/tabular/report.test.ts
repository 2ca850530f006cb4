/** The report: what it finds in a table, and what it says. */
import { expect, it, describe } from 'vitest';
import { fitTable } from '../../src/tabular/index.js';
import { houses, uniform } from './support.js';

const draw = uniform(21);

/** Two inputs, of which the class follows but for noise, and one that says nothing. */
const points = Array.from({ length: 400 }, () => {
  const [a, b] = [draw(), draw()];
  return { a, b, noise: draw(), t: a + b + 0.2 * draw() > 0 ? 'up' : 'down' };
});

describe('finds', () => {
  it('a column that the target was made into', async () => {
    const rows = points.map((row) => ({ ...row, label: row.t === 'up' ? 'U' : 'D' }));
    const { model, report } = await fitTable(rows, { target: 't' });
    expect(report.leaks).toEqual([{ column: 'label', score: 1 }]);
    expect(report.text).toContain(
      `"label" alone predicts the target (1): was it made from it? columns: { "label": 'ignore' } leaves it out`,
    );
    model.dispose();
  });

  it('a number that is the target in other units', async () => {
    const rows = points.map(({ a, b, noise }) => ({ a, b, noise, celsius: 20 * a + b, kelvin: 273.15 + 20 * a + b }));
    const { model, report } = await fitTable(rows, { target: 'kelvin' });
    expect(report.leaks.map(({ column }) => column)).toContain('celsius');
    expect(report.leaks.map(({ column }) => column)).not.toContain('b');
    model.dispose();
  });

  it('no leak where there is none', async () => {
    const { model, report } = await fitTable(points, { target: 't' });
    expect(report.leaks).toEqual([]);
    model.dispose();
  });

  it('which columns are needed', async () => {
    const { model, report } = await fitTable(points, { target: 't' });
    const rises = Object.fromEntries(report.importance.map(({ column, rise }) => [column, rise]));
    expect(rises['a']).toBeGreaterThan(0.2);
    expect(rises['b']).toBeGreaterThan(0.2);
    expect(Math.abs(rises['noise'])).toBeLessThan(0.05);
    model.dispose();
  });

  it('a rare class, and what a threshold and weights would change', async () => {
    const rows = points.map(({ a, b, noise }) => ({ a, b, noise, t: a + 0.4 * noise > 1.05 }));
    const { model, report } = await fitTable(rows, { target: 't' });
    expect(report.notes.join()).toMatch(
      /^true is rare, [\d.]+ % of the rows: of \d+ held-out rows of it \d+ are found, and \d+ where/,
    );
    const balanced = await fitTable(rows, { target: 't', classWeight: 'balanced' });
    expect(balanced.report.notes).toEqual([]);
    const recall = [report, balanced.report].map(({ scores }) =>
      scores?.task === 'classes' ? scores.classes[1].recall : 0,
    );
    expect(recall[1]).toBeGreaterThanOrEqual(recall[0]);
    model.dispose();
    balanced.model.dispose();
  });
});

describe('says', () => {
  it('all of it as text, and as JSON', async () => {
    const { model, report } = await fitTable(houses(120), { target: 'dear', columns: { price: 'ignore' }, seed: 2 });
    expect(String(report)).toBe(report.text);
    for (const part of [
      '"dear" (classes) from 120 rows: 96 learnt from, 24 held out',
      '5 networks of 64-64 silu',
      'seed 2',
      'Importance',
      'Calibration',
      'Columns',
      '"id": an identifier',
      '"country": its value is always the same',
      '"price": you asked for that',
    ]) {
      expect(report.text).toContain(part);
    }
    expect(report.text).toMatch(/Held out +networks +majority class +linear model\naccuracy +[\d.]+ +[\d.]+ +[\d.]+\n/);
    expect(report.text).toMatch(/is, down; said, across +no +yes +recall +precision\n/);
    expect(report.text).not.toMatch(/undefined|NaN|\[object/);
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({ task: 'classes', seed: 2, rows: { given: 120 } });
    model.dispose();
  });

  it('numbers in their own units', async () => {
    const { model, report } = await fitTable(houses(120), { target: 'price' });
    expect(report.text).toMatch(/R² +0\.\d+ +-?\d[^\n]*\nRMSE +\d{5}[^\n]*\nMAE +\d{5}/);
    const means = report.calibration.map(({ observed }) => observed);
    expect(Math.min(...means)).toBeGreaterThan(100_000);
    model.dispose();
  });
});

describe('explain', () => {
  it('says what moved a prediction', async () => {
    const rows = points.map(({ a, b, noise }) => ({ a, b, noise, y: 3 * a - 2 * b }));
    const { model } = await fitTable(rows, { target: 'y' });
    const said = Object.fromEntries(
      model.explain({ a: 0.9, b: 0.9, noise: 0.9 }).map(({ column, moved }) => [column, moved]),
    );
    // of a linear function the gradient times the distance from the median, but for the clip of what is far out
    expect(said['a']).toBeGreaterThan(1.5);
    expect(said['b']).toBeLessThan(-1);
    expect(Math.abs(said['noise'])).toBeLessThan(0.3);
    model.dispose();
  });

  it('takes the class that is asked for', async () => {
    const { model } = await fitTable(points, { target: 't' });
    const row = { a: 0.1, b: 0, noise: 0 };
    const [up, down] = ['up', 'down'].map(
      (of) => model.explain(row, { of }).find(({ column }) => column === 'a')!.moved,
    );
    expect(up).toBeCloseTo(-down, 5);
    expect(model.explain(row)).toEqual(model.explain(row, { of: 'up' }));
    model.dispose();
  });
});
