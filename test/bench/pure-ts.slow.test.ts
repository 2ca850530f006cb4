/** The benchmark's opponent computes what it claims: its steps are those of a plain float64 trainer. */
import { describe, expect, it } from 'vitest';
import { exp } from '../../bench/exp.js';
import { createPureTrainer } from '../../bench/pure-ts.js';
import { fitsUnrolled } from '../../bench/pure-ts-unrolled.js';
import { makeData, type Data, type NetworkSpec } from '../../bench/workloads.js';

interface PlainLayer {
  weights: number[][];
  biases: number[];
}

const SIZES = [
  [1, 1],
  [2, 8, 1],
  [3, 2, 3],
  [5, 7, 4],
  [6, 3, 6, 3],
  [16, 9, 13, 1],
  [17, 50, 5, 10],
];

const KINDS: Pick<NetworkSpec, 'layers' | 'loss'>[] = [
  { layers: networkOf('sigmoid', 'sigmoid'), loss: 'quadratic' },
  { layers: networkOf('relu', 'softmax'), loss: 'crossEntropy' },
  { layers: networkOf('tanh', 'linear'), loss: 'mse' },
  { layers: networkOf('relu', 'linear'), loss: 'mse' },
  { layers: networkOf('linear', 'tanh'), loss: 'quadratic' },
];

const BATCHES = [1, 2, 3, 10, 17];

describe.each(KINDS)('$layers.0.activation, $layers.1.activation and $loss', ({ layers: [hidden, last], loss }) => {
  const cases = SIZES.flatMap((sizes) => BATCHES.map((batchSize) => ({ sizes, batchSize })));

  it.each(cases)('trains $sizes in batches of $batchSize', ({ sizes, batchSize }) => {
    const [inputs, ...units] = sizes;
    const layers = units.map((count, l) => ({
      units: count,
      activation: (l === units.length - 1 ? last : hidden).activation,
    }));
    const spec: NetworkSpec = { inputs, layers, loss, batchSize, rate: 0.1 };
    const rows = 2 * batchSize + Math.ceil(batchSize / 2); // the last batch is short, unless it is of one
    const data = makeData(spec, rows, 5);
    const order = Int32Array.from({ length: rows }, (_, i) => (i * 7 + 3) % rows); // not the order in memory
    const trainer = createPureTrainer(spec, 11);
    const plain = plainLayers(spec, trainer.parameters());
    for (let epoch = 0; epoch < 2; epoch++) {
      expectClose([trainer.train(data, order)], [plainTrain(spec, plain, data, order)]);
      trainer.parameters().forEach(({ weights, biases }, l) => {
        expectClose(weights, plain[l].weights.flat());
        expectClose(biases, plain[l].biases);
      });
    }
  });
});

describe('the choice of path', () => {
  const spec: NetworkSpec = {
    inputs: 2,
    layers: networkOf('sigmoid', 'sigmoid'),
    loss: 'quadratic',
    batchSize: 1,
    rate: 1,
  };

  it('writes out small networks only, and single examples only', () => {
    expect(fitsUnrolled(spec)).toBe(true);
    expect(fitsUnrolled({ ...spec, batchSize: 2 })).toBe(false);
    expect(fitsUnrolled({ ...spec, inputs: 300 })).toBe(false);
  });

  it('trains a large network example by example', () => {
    const large: NetworkSpec = { ...spec, inputs: 300, rate: 0.1 };
    const data = makeData(large, 3, 1);
    const order = Int32Array.of(2, 0, 1);
    const trainer = createPureTrainer(large, 2);
    const plain = plainLayers(large, trainer.parameters());
    expectClose([trainer.train(data, order)], [plainTrain(large, plain, data, order)]);
    trainer.parameters().forEach(({ weights }, l) => expectClose(weights, plain[l].weights.flat()));
  });
});

describe('exp', () => {
  it('is accurate to float32 within its limits, and constant beyond', () => {
    for (let x = -32; x <= 32; x += 1 / 1024 + 1e-7) expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(3e-10);
    expect(exp(-1000)).toBe(exp(-32));
    expect(exp(1000)).toBe(exp(32));
    expect(exp(0)).toBe(1);
  });
});

function networkOf(
  hidden: NetworkSpec['layers'][number]['activation'],
  last: NetworkSpec['layers'][number]['activation'],
): NetworkSpec['layers'] {
  return [
    { units: 8, activation: hidden },
    { units: 1, activation: last },
  ];
}

function plainLayers(spec: NetworkSpec, parameters: { weights: Float32Array; biases: Float32Array }[]): PlainLayer[] {
  return parameters.map(({ weights, biases }, l) => {
    const inputs = l ? spec.layers[l - 1].units : spec.inputs;
    return {
      weights: Array.from(biases, (_, j) => Array.from(weights.subarray(j * inputs, (j + 1) * inputs))),
      biases: Array.from(biases),
    };
  });
}

/** One epoch of plain SGD, written for reading; returns the mean loss. */
function plainTrain(spec: NetworkSpec, layers: PlainLayer[], { x, y }: Data, order: Int32Array): number {
  let total = 0;
  for (let start = 0; start < order.length; start += spec.batchSize) {
    const batch = Array.from(order.subarray(start, start + spec.batchSize));
    const step = layers.map(({ weights, biases }) => ({
      weights: weights.map((row) => row.map(() => 0)),
      biases: biases.map(() => 0),
    }));
    for (const row of batch) total += accumulate(spec, layers, step, x, y, row);
    layers.forEach((layer, l) => {
      layer.biases.forEach((_, j) => {
        layer.biases[j] -= (spec.rate / batch.length) * step[l].biases[j];
        layer.weights[j].forEach((_, k) => {
          layer.weights[j][k] -= (spec.rate / batch.length) * step[l].weights[j][k];
        });
      });
    });
  }
  return total / order.length;
}

/** Adds one example's gradient to `step`; returns its loss. */
function accumulate(
  spec: NetworkSpec,
  layers: PlainLayer[],
  step: PlainLayer[],
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  row: number,
): number {
  const a = [Array.from({ length: spec.inputs }, (_, k) => x[row * spec.inputs + k])];
  layers.forEach(({ weights, biases }, l) => {
    const z = weights.map((w, j) => w.reduce((sum, value, k) => sum + value * a[l][k], biases[j]));
    a.push(activate(spec.layers[l].activation, z));
  });
  const output = a[layers.length];
  const label = y[row];
  const target = output.map((_, j) =>
    spec.loss === 'crossEntropy' ? Number(j === label) : y[row * output.length + j],
  );
  const factor = spec.loss === 'mse' ? 1 / output.length : 1;
  const loss =
    spec.loss === 'crossEntropy'
      ? -Math.log(output[label])
      : factor * output.reduce((sum, value, j) => sum + (value - target[j]) ** 2, 0);
  let delta = output.map((value, j) => {
    if (spec.loss === 'crossEntropy') return value - target[j];
    return 2 * factor * (value - target[j]) * slope(spec.layers.at(-1)!.activation, value);
  });
  for (let l = layers.length - 1; l >= 0; l--) {
    delta.forEach((d, j) => {
      step[l].biases[j] += d;
      a[l].forEach((value, k) => {
        step[l].weights[j][k] += d * value;
      });
    });
    const above = delta;
    if (l > 0) {
      delta = a[l].map((value, k) => {
        return (
          above.reduce((sum, d, j) => sum + d * layers[l].weights[j][k], 0) *
          slope(spec.layers[l - 1].activation, value)
        );
      });
    }
  }
  return loss;
}

function activate(name: NetworkSpec['layers'][number]['activation'], z: number[]): number[] {
  switch (name) {
    case 'linear':
      return z;
    case 'sigmoid':
      return z.map((value) => 1 / (1 + Math.exp(-value)));
    case 'tanh':
      return z.map(Math.tanh);
    case 'relu':
      return z.map((value) => Math.max(0, value));
    case 'softmax': {
      const powers = z.map((value) => Math.exp(value - Math.max(...z)));
      const sum = powers.reduce((total, power) => total + power, 0);
      return powers.map((power) => power / sum);
    }
  }
}

/** The slope of an activation, from its value. */
function slope(name: NetworkSpec['layers'][number]['activation'], a: number): number {
  if (name === 'sigmoid') return a * (1 - a);
  if (name === 'tanh') return 1 - a * a;
  return name === 'relu' ? Number(a > 0) : 1;
}

/** Within float32's rounding of a handful of steps. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] - expected[i])).toBeLessThan(3e-6 * (1 + Math.abs(expected[i])));
  }
}
