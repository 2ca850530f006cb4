/** Metrics against scikit-learn's numbers, and by hand where it has none. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  areaUnderCurve,
  classCalibration,
  classScores,
  numberCalibration,
  numberScores,
} from '../../src/tabular/metrics.js';

interface Classes {
  classes: number;
  truth: number[];
  probabilities: number[];
  confusion: number[][];
  recall: number[];
  precision: number[];
  accuracy: number;
  balancedAccuracy: number;
  logLoss: number;
  rocAuc: number;
  macroF1: number;
}

interface Numbers {
  truth: number[];
  predicted: number[];
  r2: number;
  rmse: number;
  mae: number;
}

const fixture: { classes: Classes[]; numbers: Numbers[] } = JSON.parse(
  readFileSync(new URL('../fixtures/tabular/scikit-learn.json', import.meta.url), 'utf8'),
);

describe.each(fixture.classes)('$classes classes', ({ classes, truth, probabilities, confusion, ...wanted }) => {
  const scores = classScores(probabilities, truth, classes);

  it.each(['accuracy', 'balancedAccuracy', 'logLoss', 'rocAuc', 'macroF1'] as const)('%s', (name) => {
    expect(scores[name]).toBeCloseTo(wanted[name], 12);
  });

  it('each class', () => {
    expect(scores.confusion).toEqual(confusion);
    for (const [i, { rows, recall, precision }] of scores.classes.entries()) {
      expect(recall).toBeCloseTo(wanted.recall[i], 12);
      expect(precision).toBeCloseTo(wanted.precision[i], 12);
      expect(rows).toBe(truth.filter((label: number) => label === i).length);
    }
  });

  it('calibration counts every row once', () => {
    const bins = classCalibration(probabilities, truth, classes);
    expect(bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(truth.length);
    const right = bins.reduce((sum, { rows, observed }) => sum + rows * observed, 0);
    expect(right / truth.length).toBeCloseTo(scores.accuracy, 12);
  });
});

describe.each(fixture.numbers)('numbers', ({ truth, predicted, ...wanted }) => {
  it.each(['r2', 'rmse', 'mae'] as const)('%s', (name) => {
    expect(numberScores(predicted, truth)[name]! / wanted[name]).toBeCloseTo(1, 12);
  });

  it('calibration counts every row once, in the order of what was said', () => {
    const bins = numberCalibration(predicted, truth);
    expect(bins.map(({ rows }) => rows)).toEqual(new Array(10).fill(truth.length / 10));
    expect([...bins].sort((a, b) => a.predicted - b.predicted)).toEqual(bins);
  });
});

describe('what scikit-learn refuses or warns about', () => {
  it('one class among the rows', () => {
    const scores = classScores([0.9, 0.1, 0.2, 0.8], [0, 0], 2);
    expect(scores).toMatchObject({ accuracy: 0.5, balancedAccuracy: 0.5 });
    expect(scores.rocAuc).toBe(undefined);
    expect(scores.macroF1).toBeCloseTo(1 / 3, 12); // (2/3 + 0) / 2
  });

  it('a probability of 0', () => expect(classScores([1, 0], [1], 2).logLoss).toBeCloseTo(34.538776, 5));

  it('one value', () => expect(numberScores([1, 3], [2, 2])).toEqual({ rows: 2, rmse: 1, mae: 1 }));

  it('ties', () => expect(areaUnderCurve([1, 1, 1, 2], (row) => row % 2 === 1)).toBe(0.75));
});
