/** Parameter groups: a rate for each layer, and weight decay that spares biases. */
import { describe, expect, it } from 'vitest';
import {
  adam,
  adagrad,
  adamW,
  createNetwork,
  dense,
  loadNetwork,
  rmsProp,
  sgd,
  type DenseLayer,
  type NetworkOptions,
  type Optimizer,
} from '../../src/index.js';
import { deviation, rowsOf } from '../reference/compare.js';
import { flatten, trainStep, type Network } from '../reference/network.js';
import { createGrouped } from '../reference/optimizers.js';
import { randomNumbers } from '../reference/samples.js';
import { sha256 } from '../sha256.js';
import { loadRuns, networkOfRuns, valuesOf } from './runs.js';
import { NUMERICS } from './support.js';

const RUNS = await loadRuns();
const MAKERS = { sgd, adam, adamW, rmsProp, adagrad };

type Run = (typeof RUNS.grouped)[number];

/** The same run in the reference, whose parameters lie layer by layer, weights before biases. */
function referenceRun({ optimizer, rate, options, weightDecay, scales, decay }: Run): number[] {
  const { first, batchSize, epochs } = RUNS;
  const layer = (index: number, name: 'tanh' | 'linear', inputs: number): Network['layers'][number] => ({
    weights: rowsOf(first[`layers.${index}.weight`], inputs),
    biases: first[`layers.${index}.bias`].slice(),
    activation: { name },
  });
  const network: Network = { layers: [layer(0, 'tanh', 3), layer(1, 'linear', 5)], loss: { name: 'mse' } };
  const groups = network.layers.flatMap(({ weights, biases = [] }, index) => [
    { count: weights.flat().length, rateScale: scales[index], spared: false },
    { count: biases.length, rateScale: scales[index], spared: decay === 'weights' },
  ]);
  const stepper = createGrouped({ name: optimizer, rate, weightDecay, ...options }, groups);
  const [x, y] = [rowsOf(RUNS.x, 3), rowsOf(RUNS.y, 2)];
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let from = 0; from < x.length; from += batchSize) {
      trainStep(network, stepper, x.slice(from, from + batchSize), y.slice(from, from + batchSize));
    }
  }
  return flatten(network.layers);
}

describe.each(NUMERICS)("PyTorch's parameter groups, %s", (numerics) => {
  const name = ({ optimizer, scales, decay }: Run): string =>
    `${optimizer}, rates times ${scales.join(', ')}, decay of ${decay}`;

  it.each(RUNS.grouped.map((run) => [name(run), run] as const))('%s', async (_, run) => {
    const { optimizer, rate, options, weightDecay, scales, decay } = run;
    expect(deviation(referenceRun(run), Object.values(run.parameters).flat())).toBeLessThan(1e-10);
    const made: Optimizer = MAKERS[optimizer]({ rate, weightDecay, decay, ...options });
    const net = await networkOfRuns(RUNS, made, scales, numerics);
    await net.fit(RUNS.x, RUNS.y, { epochs: RUNS.epochs, batchSize: RUNS.batchSize, shuffle: false });
    expect(deviation(...valuesOf(net.getParameters(), run.parameters))).toBeLessThan(4e-6);
    net.dispose();
  });
});

/** Layers with gaps, without biases, and of one output, as they are divided among threads. */
const layersOf = (...scales: number[]): DenseLayer[] => [
  dense(61, 'tanh', { rateScale: scales[0] }),
  dense(33, 'relu', { rateScale: scales[1], bias: false }),
  dense(1, 'sigmoid', { rateScale: scales[2] }),
  dense(5, 'softmax', { rateScale: scales[3] }),
];

const OPTIMIZERS: [name: string, make: (decay: 'all' | 'weights') => Optimizer][] = [
  ['sgd', (decay) => sgd({ rate: 0.1, weightDecay: 0.1, decay })],
  ['sgd with momentum', (decay) => sgd({ rate: 0.1, momentum: 0.5, weightDecay: 0.1, decay })],
  ['adam', (decay) => adam({ weightDecay: 0.1, decay })],
  ['adamW', (decay) => adamW({ weightDecay: 0.1, decay })],
  ['rmsProp', (decay) => rmsProp({ momentum: 0.5, centered: true, weightDecay: 0.1, decay })],
  ['adagrad', (decay) => adagrad({ weightDecay: 0.1, decay })],
];

const N = 300;
const x = Float32Array.from({ length: N * 37 }, randomNumbers(1));
const y = Float32Array.from({ length: N * 5 }, randomNumbers(2)).map((value) => Math.abs(value) / 5);

async function trained(options: Partial<NetworkOptions>, batchSize = 100): Promise<string> {
  const net = await createNetwork({ inputs: 37, layers: layersOf(0.5, 2, 1, 0), seed: 3, ...options });
  await net.fit(x, y, { epochs: 2, batchSize });
  const bits = sha256(net.save());
  net.dispose();
  return bits;
}

describe.each(OPTIMIZERS)('with %s', (_, make) => {
  it('threads divide the update, and leave no trace', async () => {
    const optimizer = make('weights');
    expect(await trained({ optimizer, threads: 3 })).toBe(await trained({ optimizer }));
  });

  it('a scale of 0 leaves a layer as it was, and the others learn', async () => {
    const net = await createNetwork({ inputs: 37, layers: layersOf(1, 0, 1, 1), optimizer: make('all'), seed: 3 });
    const before = net.getParameters();
    net.trainBatch(x, y);
    const after = net.getParameters();
    const changed = Object.keys(before).filter((name) => sha256Of(before[name]) !== sha256Of(after[name]));
    expect(changed).toEqual(Object.keys(before).filter((name) => !name.startsWith('layers.1.')));
    net.dispose();
  });

  it('a scale common to all layers is that of the rate', async () => {
    const optimizer = make('weights');
    const halved = { ...optimizer, rate: (optimizer.rate as number) / 2 };
    const parameters = async (options: Partial<NetworkOptions>): Promise<unknown> => {
      const net = await createNetwork({ inputs: 37, layers: layersOf(1, 1, 1, 1), seed: 3, ...options });
      await net.fit(x, y, { batchSize: 100 });
      return net.getParameters();
    };
    expect(await parameters({ optimizer, layers: layersOf(0.5, 0.5, 0.5, 0.5) })).toEqual(
      await parameters({ optimizer: halved }),
    );
  });

  it('a saved network keeps its groups', async () => {
    const net = await createNetwork({
      inputs: 37,
      layers: layersOf(0.5, 2, 1, 0),
      optimizer: make('weights'),
      seed: 3,
    });
    await net.fit(x, y);
    const loaded = await loadNetwork(net.save());
    for (const each of [net, loaded]) await each.fit(x, y);
    expect(sha256(loaded.save())).toBe(sha256(net.save()));
    for (const each of [net, loaded]) each.dispose();
  });
});

const sha256Of = ({ data }: { data: Float32Array }): string => sha256(new Uint8Array(data.buffer));

it('a step on one example of a narrow network takes its groups from the same rules', async () => {
  const options: NetworkOptions = {
    inputs: 2,
    layers: [dense(8, 'tanh', { rateScale: 0.25 }), dense(3, 'linear', { rateScale: 2 })],
    optimizer: sgd({ rate: 0.05 }),
    seed: 5,
  };
  const [net, twin] = [await createNetwork(options), await createNetwork(options)];
  const [few, targets] = [x.subarray(0, 40), y.subarray(0, 60)];
  await net.fit(few, targets, { batchSize: 1, shuffle: false });
  // two equal rows a batch have the mean of one, and take the path of the phases
  for (let row = 0; row < 20; row++) {
    twin.trainBatch(
      [0, 0].flatMap(() => [...few.subarray(2 * row, 2 * row + 2)]),
      [0, 0].flatMap(() => [...targets.subarray(3 * row, 3 * row + 3)]),
    );
  }
  const [ours, theirs] = [net, twin].map((each) =>
    Object.values(each.getParameters()).flatMap(({ data }) => [...data]),
  );
  expect(deviation(ours, theirs)).toBeLessThan(1e-6);
  for (const each of [net, twin]) each.dispose();
});

describe('the bounds of a step', () => {
  it.each<[name: string, optimizer: Optimizer]>([
    ['sgd', sgd({ rate: 1 })],
    ['adamW, by decay', adamW({ rate: 1, weightDecay: 10 })],
    ['adagrad', adagrad({ rate: 1 })],
  ])('count the largest scale: no weight overflows with %s', async (_, optimizer) => {
    const layers = [dense(2, 'linear', { rateScale: 1e30 }), dense(1)];
    const net = await createNetwork({ inputs: 2, layers, optimizer, seed: 7 });
    const train = (): void => {
      for (let step = 0; step < 50; step++) net.trainBatch([1e-3, 0.5], [0.25]);
    };
    expect(train).toThrow(/overflowed/);
    const values = Object.values(net.getParameters()).flatMap(({ data }) => [...data]);
    expect(values.every(Number.isFinite)).toBe(true);
    net.dispose();
  });
});

describe('refused are', () => {
  it.each<[what: string, make: () => unknown, message: string]>([
    ['a negative scale', () => dense(1, 'linear', { rateScale: -1 }), '"rateScale" must be a finite number from 0'],
    ['an infinite scale', () => dense(1, 'linear', { rateScale: Infinity }), '"rateScale" must be a finite number'],
    [
      'a word for a scale',
      () => dense(1, 'linear', { rateScale: '2' as never }),
      '"rateScale" must be a finite number',
    ],
    ['an unknown decay', () => adam({ decay: 'weigths' as never }), 'one of all, weights: got "weigths" (did you mean'],
    ['a switch for decay', () => adam({ decay: true as never }), '"decay" must be one of all, weights: got true'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it('a layer made by hand with a scale that cannot be', async () => {
    const layers = [{ ...dense(1), rateScale: NaN }];
    await expect(createNetwork({ inputs: 1, layers })).rejects.toThrow('"layers[0].rateScale" must be a finite number');
  });
});
