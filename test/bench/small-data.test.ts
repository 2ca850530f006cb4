/** The data sets of `npm run bench:learning`, its tables, and that the default initialisation learns. */
import { describe, expect, it } from 'vitest';
import { readDataSet } from '../../bench/learning/data-sets.js';
import { mean, render, type Cell } from '../../bench/learning/report.js';
import { DATA_SETS } from '../../bench/learning/settings.js';
import { score } from '../../bench/learning/trial.js';

const column = (values: Float32Array, columns: number, which: number): number[] =>
  Array.from(values.filter((_, i) => i % columns === which));

describe.each(DATA_SETS)('the data set %s', (name) => {
  it('holds every row out once, and is standardised by the rows that are trained on', async () => {
    const { inputs, classes, folds } = await readDataSet(name);
    const rows = folds[0].y.length + folds[0].heldOutY.length;
    expect(folds.reduce((sum, { heldOutY }) => sum + heldOutY.length, 0)).toBe(rows);
    for (const { x, y, heldOutX, heldOutY } of folds) {
      expect([y.length + heldOutY.length, x.length, heldOutX.length]).toEqual([
        rows,
        y.length * inputs,
        heldOutY.length * inputs,
      ]);
      const scaled = classes > 0 ? [] : [Array.from(y)];
      for (let i = 0; i < inputs; i++) scaled.push(column(x, inputs, i));
      for (const values of scaled) {
        const variance = mean(values.map((value) => value * value));
        expect(mean(values)).toBeCloseTo(0, 4);
        if (variance !== 0) expect(variance).toBeCloseTo(1, 4); // some pixels are always the same
      }
    }
  });
});

it('a regression of few inputs is learnt from the default as from PyTorch’s, and better than from he', async () => {
  const data = await readDataSet('friedman1');
  const shape = { activation: 'relu', depth: 2 } as const;
  const of = (init: 'balanced' | 'pytorch' | 'he'): Promise<number> => score(data, data.folds[0], shape, init, 0);
  const [balanced, pytorch, he] = [await of('balanced'), await of('pytorch'), await of('he')];
  expect(balanced).toBeGreaterThan(pytorch - 0.02);
  expect(balanced).toBeGreaterThan(he + 0.1);
});

it('the tables tell the means, and the leads with their errors', () => {
  const cell = (...folds: number[]): Cell => ({ dataSet: 'iris', activation: 'relu', depth: 1, scores: [folds] });
  const text = render(
    {
      machine: { cpu: 'CPU', platform: '', node: '24.0.0', v8: '', date: '2026-01-01', revision: '', load: 0 },
      seeds: 1,
      cells: [
        { ...cell(0.9, 0.8), init: 'balanced' },
        { ...cell(0.9, 0.8), init: 'pytorch' },
        // scikit-learn has no such network, so the comparison leaves it out
        { ...cell(0.2, 0.2), depth: 8, init: 'balanced' },
        { ...cell(0.1, 0.1), depth: 8, init: 'pytorch' },
      ],
      scikitLearn: { version: '1.2', results: [cell(0.8, 0.9)] },
    },
    'npm run bench:learning',
  );
  const rows = text.split('\n').map((line) => line.split('|').map((each) => each.trim()));
  expect(rows.find(([, name]) => name === 'iris')?.slice(2, -1)).toEqual([
    '0.850',
    '0.850',
    '0.850',
    '+0.000 ± 0.000',
    '+0.000 ± 0.100',
  ]);
  expect(rows.find(([, name]) => name === '8 × relu')?.slice(2, -1)).toEqual(['0.200', '0.100']);
});
