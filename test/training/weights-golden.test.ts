/** Weighted examples, and a loss of one's own, against PyTorch's runs: `fixtures/training/weights.py`. */
import { describe, expect, it } from 'vitest';
import { createNetwork, dense, type Network, sgd, type Weighting } from '../../src/index.js';
import { readBytes } from '../files.js';
import { deviation } from '../reference/compare.js';
import { NUMERICS, type Numerics } from './support.js';
import { valuesOf } from './runs.js';

type Arrays = Record<string, number[]>;
type Name = 'classWeight' | 'crossEntropy' | 'both' | 'mse' | 'binaryCrossEntropy' | 'logCosh';

interface Golden {
  epochs: number;
  batchSize: number;
  rate: number;
  momentum: number;
  x: number[];
  values: number[];
  labels: number[];
  shares: number[];
  rows: number[];
  classes: number[];
  first: Arrays;
  runs: Record<Name, { losses: number[]; gradients: Arrays; parameters: Arrays }>;
}

const path = 'test/fixtures/training/weights.json';
const golden = JSON.parse(new TextDecoder().decode(await readBytes(path))) as Golden;
const { rows: sampleWeight, classes: classWeight, labels, values, shares } = golden;

/** What each run is here: the last activation and the loss, the targets, and what weighs them. */
const RUNS: Record<Exclude<Name, 'logCosh'>, [last: 'linear' | 'sigmoid' | 'softmax', y: number[], how: Weighting]> = {
  classWeight: ['softmax', labels, { classWeight }],
  crossEntropy: ['softmax', labels, { sampleWeight }],
  both: ['softmax', labels, { sampleWeight, classWeight }],
  mse: ['linear', values, { sampleWeight }],
  binaryCrossEntropy: ['sigmoid', shares, { sampleWeight }],
};

const TOLERANCE = 4e-6;

async function create(last: 'linear' | 'sigmoid' | 'softmax' | 'tanh', numerics: Numerics): Promise<Network> {
  const { rate, momentum, first } = golden;
  const layers = [dense(6, 'tanh'), dense(3, last)];
  const net = await createNetwork({ inputs: 4, layers, optimizer: sgd({ rate, momentum }), seed: 1, numerics });
  net.setParameters(Object.fromEntries(Object.entries(first).map(([name, data]) => [name, { data }])));
  return net;
}

function batchOf(values: ArrayLike<number>, from: number, columns: number): number[] {
  return Array.from(values).slice(from * columns, (from + golden.batchSize) * columns);
}

function expectRun(net: Network, name: Name, losses: number[]): void {
  const { losses: expected, parameters } = golden.runs[name];
  expect(deviation(losses, expected)).toBeLessThan(TOLERANCE);
  expect(deviation(...valuesOf(net.getParameters(), parameters))).toBeLessThan(TOLERANCE);
}

describe.each(NUMERICS)('PyTorch, %s', (numerics) => {
  it.each(Object.entries(RUNS))('%s', async (key, [last, y, how]) => {
    const name = key as Name;
    const net = await create(last, numerics);
    const columns = y === labels ? 1 : 3;
    const [firstRows, firstTargets] = [batchOf(golden.x, 0, 4), batchOf(y, 0, columns)];
    const firstHow = how.sampleWeight ? { ...how, sampleWeight: batchOf(how.sampleWeight, 0, 1) } : how;
    const { parameters } = net.gradients(firstRows, firstTargets, firstHow);
    expect(deviation(...valuesOf(parameters, golden.runs[name].gradients))).toBeLessThan(TOLERANCE);
    const { loss } = net.evaluate(firstRows, firstTargets, firstHow);
    expect(deviation([loss], [golden.runs[name].losses[0]])).toBeLessThan(TOLERANCE);
    const losses: number[] = [];
    const { epochs, batchSize } = golden;
    const onBatch = ({ loss }: { loss: number }): number => losses.push(loss);
    await net.fit(golden.x, y, { epochs, batchSize, shuffle: false, onBatch, ...how });
    expectRun(net, name, losses);
    net.dispose();
  });

  it.each(['crossEntropy', 'mse', 'binaryCrossEntropy'] as const)('%s, by fitBatches', async (name) => {
    const [last, y] = RUNS[name];
    const net = await create(last, numerics);
    const losses: number[] = [];
    const columns = y === labels ? 1 : 3;
    function* batches(): Generator<[number[], number[], number[]]> {
      for (let from = 0; from < labels.length; from += golden.batchSize) {
        yield [batchOf(golden.x, from, 4), batchOf(y, from, columns), batchOf(sampleWeight, from, 1)];
      }
    }
    for (let epoch = 0; epoch < golden.epochs; epoch++) {
      await net.fitBatches(batches(), { onBatch: ({ loss }) => void losses.push(loss) });
    }
    expectRun(net, name, losses);
    net.dispose();
  });

  it('logCosh, by a function and by backward and applyGradients', async () => {
    const [asked, applied] = [await create('tanh', numerics), await create('tanh', numerics)];
    const losses: number[] = [];
    for (let epoch = 0; epoch < golden.epochs; epoch++) {
      for (let from = 0; from < labels.length; from += golden.batchSize) {
        const [x, y] = [batchOf(golden.x, from, 4), batchOf(values, from, 3)];
        const logCosh = (outputs: Float32Array, dOutputs: Float32Array): number => {
          let sum = 0;
          outputs.forEach((a, i) => {
            sum += Math.log(Math.cosh(a - y[i]));
            dOutputs[i] = Math.tanh(a - y[i]);
          });
          return (sum * 3) / outputs.length;
        };
        const dA = new Float32Array(y.length);
        logCosh(applied.predict(x), dA);
        applied.applyGradients(applied.backward(x, dA).parameters);
        losses.push(asked.trainBatch(x, logCosh));
      }
    }
    expectRun(asked, 'logCosh', losses);
    expect(applied.getParameters()).toEqual(asked.getParameters());
    asked.dispose();
    applied.dispose();
  });
});
