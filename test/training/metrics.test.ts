/** Metrics beside accuracy: scikit-learn's values, and where and of what they are taken. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  createNetwork,
  dense,
  topK,
  type LossName,
  type Metric,
  type MetricName,
  type Metrics,
  type Network,
  type NetworkOptions,
} from '../../src/index.js';
import { METRICS } from '../../src/choices/metrics.js';
import { readBytes } from '../files.js';
import { randomNumbers } from '../reference/samples.js';

interface Case {
  loss: LossName;
  columns: number;
  outputs: number[];
  targets: number[];
  weights?: number[];
  values: Record<string, number>;
}

const FILE = 'test/fixtures/training/metrics.json';
const CASES = Object.entries(JSON.parse(new TextDecoder().decode(await readBytes(FILE))) as Record<string, Case>);

const alive: Network[] = [];

afterEach(() => {
  for (const net of alive.splice(0)) net.dispose();
});

async function make(options: NetworkOptions): Promise<Network> {
  const net = await createNetwork({ seed: 3, ...options });
  alive.push(net);
  return net;
}

/** A network that puts out its inputs. */
async function mirror(columns: number, loss: LossName): Promise<Network> {
  // losses of probabilities take no linear layer, and what they are measured on here is not below 0
  const last = loss === 'mse' ? 'linear' : 'relu';
  const net = await make({ inputs: columns, layers: [dense(columns, last)], loss });
  const identity = Array.from({ length: columns ** 2 }, (_, i) => Number(i % (columns + 1) === 0));
  net.setParameters({ 'layers.0.weight': { data: identity }, 'layers.0.bias': { data: new Array(columns).fill(0) } });
  return net;
}

const metricOf = (name: string): MetricName | Metric =>
  name.startsWith('top') ? topK(Number(name.slice(3))) : (name as MetricName);

describe("scikit-learn's values", () => {
  it.each(CASES)('of %s', async (_, { loss, columns, outputs, targets, weights, values }) => {
    const net = await mirror(columns, loss);
    const metrics = Object.keys(values).map(metricOf);
    const measured = net.evaluate(outputs, targets, { metrics, ...(weights && { sampleWeight: weights }) });
    expect(Object.keys(measured.metrics ?? {})).toEqual(Object.keys(values));
    for (const [name, value] of Object.entries(values)) {
      // sums of differences of numbers near 1000 keep 9 digits
      expect(measured.metrics?.[name], name).toBeCloseTo(value, 9);
    }
    if (values['accuracy'] !== undefined) expect(measured.accuracy).toBeCloseTo(values['accuracy'], 12);
  });

  it('are there for every metric of the table', () => {
    const measured = new Set(CASES.flatMap(([, { values }]) => Object.keys(values)));
    const names = Object.keys(METRICS).map((name) => (name === 'topK' ? 'top2' : name));
    expect(names.filter((name) => !measured.has(name))).toEqual([]);
  });
});

describe('where a metric is a limit', () => {
  it('the area under the curve is NaN of one class, and 1/2 of scores that are all the same', async () => {
    const net = await mirror(1, 'binaryCrossEntropy');
    const auc = (x: number[], y: number[]): number | undefined =>
      net.evaluate(x, y, { metrics: ['auc'] }).metrics?.['auc'];
    expect(auc([0.1, 0.7], [1, 1])).toBeNaN();
    expect(auc([0.3, 0.3, 0.3], [1, 0, 0])).toBe(0.5);
    expect(auc([0.9, 0.8, 0.1], [1, 1, 0])).toBe(1);
  });

  it('the area under the curve is exact for more scores than are sorted at once', async () => {
    const net = await mirror(1, 'binaryCrossEntropy');
    const n = 100_000;
    const x = Float32Array.from({ length: n }, (_, i) => ((i * 7919) % n) / n);
    const y = x.map((value) => Number(value >= 0.25));
    expect(net.evaluate(x, y, { metrics: ['auc'] }).metrics).toEqual({ auc: 1 });
    const reversed = y.map((value) => 1 - value);
    expect(net.evaluate(x, reversed, { metrics: ['auc'] }).metrics).toEqual({ auc: 0 });
  });

  it('r2 of one row is NaN, and of targets that do not vary 1 where all are right', async () => {
    const net = await mirror(1, 'mse');
    const r2 = (x: number[], y: number[]): number | undefined =>
      net.evaluate(x, y, { metrics: ['r2'] }).metrics?.['r2'];
    expect(r2([1], [1])).toBeNaN();
    expect(r2([2, 2], [2, 2])).toBe(1);
    expect(r2([2, 3], [2, 2])).toBe(0);
  });

  it('class indices count as rows with a 1 at their place', async () => {
    const net = await mirror(3, 'crossEntropy');
    const x = [0.2, 0.5, 0.3, 0.6, 0.3, 0.1];
    const metrics: Metrics = ['mse', 'rmse', 'mae', 'r2', 'f1', topK(2)];
    expect(net.evaluate(x, [1, 2], { metrics })).toEqual(net.evaluate(x, [0, 1, 0, 0, 0, 1], { metrics }));
  });
});

const N = 600;
const x = Float32Array.from({ length: N * 4 }, randomNumbers(1));
const labels = Array.from({ length: N }, (_, i) => Number(x[4 * i] > x[4 * i + 1]) + Number(x[4 * i + 2] > 0));
const [few, fewLabels] = [x.subarray(0, 4 * 70), labels.slice(0, 70)];
const CLASSIFIER: NetworkOptions = { inputs: 4, layers: [dense(8, 'tanh'), dense(3, 'softmax')] };

describe('functions', () => {
  it('are given all outputs and targets, in their order', async () => {
    const net = await make(CLASSIFIER);
    let seen: unknown[] = [];
    const see = (...given: unknown[]): number => (seen = given).length;
    expect(net.evaluate(x, labels, { metrics: ['f1', { see }] }).metrics).toMatchObject({ see: 3 });
    expect(seen).toEqual([net.predict(x), Int32Array.from(labels), undefined]);
    const rows = Float32Array.from(labels.flatMap((label) => [0, 1, 2].map((index) => Number(index === label))));
    net.evaluate(x, rows, { metrics: [{ see }] });
    expect(seen).toEqual([net.predict(x), rows, undefined]);
    const sampleWeight = Float32Array.from(labels, (_, i) => i % 3);
    net.evaluate(x, rows, { metrics: [{ see }], sampleWeight });
    expect(seen[2]).toEqual(sampleWeight);
  });

  it('may use the network, and what they throw comes out', async () => {
    const net = await make(CLASSIFIER);
    const again = (): number => net.evaluate(few, fewLabels).loss;
    expect(net.evaluate(x, labels, { metrics: [{ again }] }).metrics).toEqual({ again: again() });
    const fail = (): number => {
      throw new Error('mine');
    };
    expect(() => net.evaluate(x, labels, { metrics: [{ fail }] })).toThrow('mine');
    await expect(net.fit(x, labels, { metrics: [{ fail }] })).rejects.toThrow('mine');
    await net.fit(x, labels);
  });

  it('may dispose of the network in the midst of a fit', async () => {
    const net = await make(CLASSIFIER);
    const dispose = (): number => (net.dispose(), 1);
    await expect(net.fit(x, labels, { metrics: [{ dispose }] })).rejects.toThrow('disposed');
  });

  it('have to give a number', async () => {
    const net = await make(CLASSIFIER);
    const metrics = [{ mean: () => '1' as never }];
    expect(() => net.evaluate(x, labels, { metrics })).toThrow('the metric "mean" gave "1": expected a number');
  });
});

describe('a fit', () => {
  const metrics: Metrics = ['f1', topK(2), { rows: (outputs) => outputs.length }];

  it('takes them of the validation data, after each epoch', async () => {
    const net = await make(CLASSIFIER);
    const history = await net.fit(x, labels, { epochs: 3, validation: [few, fewLabels], metrics });
    expect(history.map((epoch) => epoch.metrics)).toEqual([undefined, undefined, undefined]);
    expect(history[2].validation).toEqual(net.evaluate(few, fewLabels, { metrics }));
    expect(history[0].validation?.metrics).not.toEqual(history[2].validation?.metrics);
  });

  it('takes them of the training data where there are no others, in the order in which they were given', async () => {
    const net = await make(CLASSIFIER);
    let seen = new Float32Array(0);
    const see = (outputs: Float32Array): number => (seen = outputs.slice()).length;
    const [epoch] = await net.fit(x, labels, { metrics: [...metrics, { see }] });
    expect(epoch.validation).toBeUndefined();
    expect(epoch.metrics).toEqual(net.evaluate(x, labels, { metrics: [...metrics, { see }] }).metrics);
    expect(seen).toEqual(net.predict(x));
  });

  it('counts examples by their weights, so that a row of weight 2 is there twice', async () => {
    const net = await make(CLASSIFIER);
    const sampleWeight = Array.from({ length: 70 }, (_, i) => (i < 10 ? 2 : 1));
    const twice = [Float32Array.of(...few, ...few.subarray(0, 40)), [...fewLabels, ...fewLabels.slice(0, 10)]] as const;
    const names: Metrics = ['accuracy', 'f1', topK(2), 'rmse', 'r2'];
    const [epoch] = await net.fit(x, labels, { validation: [few, fewLabels, sampleWeight], metrics: names });
    const expected = net.evaluate(...twice, { metrics: names }).metrics ?? {};
    for (const [name, value] of Object.entries(epoch.validation?.metrics ?? {})) {
      expect(value, name).toBeCloseTo(expected[name], 10);
    }
    expect(Object.keys(epoch.validation?.metrics ?? {})).toHaveLength(5);
  });

  it('makes the same steps with them as without', async () => {
    const [net, twin] = [await make(CLASSIFIER), await make(CLASSIFIER)];
    await net.fit(x, labels, { epochs: 3, metrics });
    await twin.fit(x, labels, { epochs: 3 });
    expect(net.save()).toEqual(twin.save());
  });

  it('is measured in turns as at once, on any number of threads', async () => {
    const net = await make({ ...CLASSIFIER, threads: 3 });
    expect(await net.evaluateAsync(x, labels, { metrics })).toEqual(net.evaluate(x, labels, { metrics }));
  });
});

describe('fitBatches', () => {
  const batches = [0, 1, 2].map((i) => [x.slice(i * 80, i * 80 + 80), labels.slice(i * 20, i * 20 + 20)] as const);

  it('measures validation data at its end, as they were at its beginning', async () => {
    const [net, twin] = [await make(CLASSIFIER), await make(CLASSIFIER)];
    const own = few.slice();
    const fitting = net.fitBatches(batches, {
      validation: [own, fewLabels],
      metrics: ['f1'],
      onBatch: () => void own.fill(9),
    });
    const epoch = await fitting;
    expect(epoch.validation).toEqual(net.evaluate(few, fewLabels, { metrics: ['f1'] }));
    await twin.fitBatches(batches);
    expect(net.save()).toEqual(twin.save());
  });

  it('goes on after a batch that fails, and frees what it copied', async () => {
    const net = await make(CLASSIFIER);
    const bad = [[new Float32Array(3), [0]] as const];
    await expect(net.fitBatches(bad, { validation: [few, fewLabels] })).rejects.toThrow('batches[0][0]');
    await net.fitBatches(batches, { validation: [few, fewLabels] });
  });

  it('does without metrics where nothing is measured', async () => {
    const net = await make(CLASSIFIER);
    await expect(net.fitBatches(batches, { metrics: ['f1'] })).rejects.toThrow('"metrics" needs "validation"');
    await expect(net.fitBatches(batches, { validation: [few] as never })).rejects.toThrow(
      '"validation" must be a pair',
    );
  });
});

describe('refused are', () => {
  const regression: NetworkOptions = { inputs: 4, layers: [dense(3)] };
  const binary: NetworkOptions = { inputs: 4, layers: [dense(1, 'sigmoid')] };
  it.each<[what: string, options: NetworkOptions, metrics: unknown, message: string]>([
    ['a name alone', CLASSIFIER, 'f1', '"metrics" must be an array of metrics, such as ["f1"]: got "f1"'],
    ['an unknown name', CLASSIFIER, ['f1', 'precison'], 'got "precison" (did you mean "precision"?)'],
    ['a number', CLASSIFIER, [1], '"metrics[0]" must be one of accuracy, precision'],
    ['topK by name', CLASSIFIER, ['topK'], 'got "topK"'],
    [
      'k of 0',
      CLASSIFIER,
      [{ name: 'topK', parameter: 0 }],
      '"the k of metrics[0]" must be a whole number from 1 to 3',
    ],
    [
      'more than all',
      CLASSIFIER,
      [topK(4)],
      '"the k of metrics[0]" must be a whole number from 1 to 3 (outputs): got 4',
    ],
    ['two of a name', CLASSIFIER, ['f1', { f1: () => 1 }], '"metrics" has two of the name "f1"'],
    ['no function', CLASSIFIER, [{ mine: 1 }], '"metrics[0].mine" must be a function: got 1'],
    ['classes of numbers', regression, ['f1'], '"metrics[0]" is "f1", which needs a network that classifies'],
    ['ranks of one output', binary, [topK(1)], 'which needs an output for each class'],
    ['a curve of three classes', CLASSIFIER, ['auc'], 'which needs a network that tells two classes apart'],
  ])('%s', async (_, options, metrics, message) => {
    const net = await make(options);
    const before = net.save();
    const y = new Float32Array(4 * net.outputs);
    expect(() => net.evaluate(x.subarray(0, 16), y, { metrics: metrics as Metrics })).toThrow(message);
    await expect(net.fit(x.subarray(0, 16), y, { metrics: metrics as Metrics })).rejects.toThrow(message);
    expect(net.save()).toEqual(before);
  });

  it('a k that is none', () => {
    expect(() => topK(1.5)).toThrow('"k" must be a whole number from 1');
  });
});
