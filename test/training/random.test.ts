/** What is drawn from the seed: the first weights, and the orders of the examples. */
import { describe, expect, it } from 'vitest';
import { ACTIVATIONS } from '../../src/choices/activations.js';
import { getEngine } from '../../src/engine/engines.js';
import {
  createNetwork,
  dense,
  sgd,
  type ActivationName,
  type BatchReport,
  type DenseLayer,
  type FitOptions,
  type InitName,
  type Parameters,
} from '../../src/index.js';
import { shuffle, uniform, type Key } from '../reference/philox.js';

async function firstParameters(inputs: number, layers: DenseLayer[], seed?: number): Promise<Parameters> {
  const net = await createNetwork({ inputs, layers, ...(seed !== undefined && { seed }) });
  const parameters = net.getParameters();
  net.dispose();
  return parameters;
}

/** The limits of a first or last layer's weights, and of its biases. */
const LIMITS: Record<InitName, [weights: (inputs: number, outputs: number) => number, biases: (n: number) => number]> =
  {
    balanced: [(inputs) => 1 / Math.sqrt(inputs), (inputs) => 1 / Math.sqrt(inputs)],
    he: [(inputs) => Math.sqrt(6 / inputs), () => 0],
    glorot: [(inputs, outputs) => Math.sqrt(6 / (inputs + outputs)), () => 0],
    pytorch: [(inputs) => 1 / Math.sqrt(inputs), (inputs) => 1 / Math.sqrt(inputs)],
    zeros: [() => 0, () => 0],
  };

const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as ActivationName[];

/** Holds that `data` are spread evenly from -limit to limit. */
function expectUniform(data: Float32Array, limit: number): void {
  if (limit === 0) {
    expect(data.every((value) => Object.is(value, 0))).toBe(true);
    return;
  }
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // four standard deviations of what n draws give
  expect(Math.abs(mean)).toBeLessThan((4 * limit) / Math.sqrt(3 * data.length));
  expect(Math.abs(variance / (limit ** 2 / 3) - 1)).toBeLessThan(4 * Math.sqrt(0.8 / data.length));
  expect(largest).toBeLessThanOrEqual(Math.fround(limit));
  expect(largest).toBeGreaterThan(limit * (1 - 20 / data.length));
}

describe('the first weights', () => {
  it.each(ACTIVATION_NAMES)('of a layer with %s are balanced, if nothing is said', async (activation) => {
    const [own, named] = [dense(80, activation), dense(80, activation, { init: 'balanced' })];
    expect(own).toEqual(named);
    expect(await firstParameters(120, [own], 3)).toEqual(await firstParameters(120, [named], 3));
  });

  it.each(Object.keys(LIMITS) as InitName[])('follow the init %s when it is named', async (init) => {
    const layers = [dense(80, 'relu', { init }), dense(150, 'linear', { init, bias: false })];
    const parameters = await firstParameters(120, layers, 3);
    expect(Object.keys(parameters)).toEqual(['layers.0.weight', 'layers.0.bias', 'layers.1.weight']);
    const { 'layers.0.weight': first, 'layers.0.bias': bias, 'layers.1.weight': second } = parameters;
    const [weightLimit, biasLimit] = LIMITS[init];
    expectUniform(first.data, weightLimit(120, 80));
    expectUniform(second.data, weightLimit(80, 150));
    expectUniform(bias.data, biasLimit(120));
  });

  it('of a layer between two hidden ones spread wider by the root of 2 when they are balanced', async () => {
    const parameters = await firstParameters(120, [
      dense(90, 'relu'),
      dense(80, 'tanh'),
      dense(70, 'relu'),
      dense(100),
    ]);
    const [first, second, third, last] = [0, 1, 2, 3].map((layer) => parameters[`layers.${layer}.weight`].data);
    expectUniform(first, 1 / Math.sqrt(120));
    expectUniform(second, Math.sqrt(2 / 90));
    expectUniform(third, Math.sqrt(2 / 80));
    expectUniform(last, 1 / Math.sqrt(70));
    [120, 90, 80, 70].forEach((inputs, layer) => {
      expectUniform(parameters[`layers.${layer}.bias`].data, 1 / Math.sqrt(inputs));
    });
  });

  it('of a softmax spread by its inputs and outputs when they are balanced, whether it is the only layer or not', async () => {
    const alone = await firstParameters(120, [dense(80, 'softmax')], 3);
    const last = await firstParameters(90, [dense(120, 'relu'), dense(80, 'softmax')], 3);
    for (const [parameters, layer] of [[alone, 0] as const, [last, 1] as const]) {
      expectUniform(parameters[`layers.${layer}.weight`].data, Math.sqrt(6 / 200));
      expectUniform(parameters[`layers.${layer}.bias`].data, 1 / Math.sqrt(120));
    }
  });

  it.each([
    [1, 1],
    [1, 9],
    [5, 1],
    [3, 5],
    [17, 33],
    [16, 8],
    [128, 128],
  ])('of %i to %i units are those of the generator, whatever the padding', async (inputs, outputs) => {
    const seed = 2 ** 40 + 12345;
    const init = 'pytorch';
    const layers = [dense(inputs, 'tanh', { init }), dense(outputs, 'linear', { init })];
    const parameters = await firstParameters(inputs, layers, seed);
    const limit = 1 / Math.sqrt(inputs);
    const key: Key = [12345, 2 ** 8];
    // layer l takes its weights from stream 2 l, row by row, and its biases from stream 2 l + 1
    Object.values(parameters).forEach(({ data }, stream) => {
      expect(Array.from(data)).toEqual(Array.from(data, (_, i) => uniform(i, -limit, limit, key, stream, 0)));
    });
  });

  /**
   * A promise to whoever has noted a seed. Where a change must break it, print the values anew with
   * `(await createNetwork({ inputs, layers, seed: 42 })).getParameters()` and say so in the change log.
   */
  it.each<[name: string, inputs: number, layer: DenseLayer, weights: number[], biases: number[]]>([
    [
      'he',
      3,
      dense(2, 'relu', { init: 'he' }),
      [0.31949877738952637, -0.08885073661804199, -1.207082986831665, -0.45011162757873535],
      [0, 0],
    ],
    [
      'glorot',
      3,
      dense(2, 'tanh', { init: 'glorot' }),
      [0.24748265743255615, -0.06882357597351074, -0.9350025653839111, -0.34865498542785645],
      [0, 0],
    ],
    [
      'pytorch',
      3,
      dense(2, 'linear', { init: 'pytorch' }),
      [0.1304348111152649, -0.036273181438446045, -0.4927895665168762, -0.18375730514526367],
      [-0.5657353401184082, -0.43156948685646057],
    ],
    [
      'balanced',
      3,
      dense(2, 'softplus'),
      [0.1304348111152649, -0.036273181438446045, -0.4927895665168762, -0.18375730514526367],
      [-0.5657353401184082, -0.43156948685646057],
    ],
  ])('for seed 42 are the known ones: %s', async (_, inputs, layer, weights, biases) => {
    const { 'layers.0.weight': weight, 'layers.0.bias': bias } = await firstParameters(inputs, [layer], 42);
    expect(Array.from(weight.data.subarray(0, 4))).toEqual(weights);
    expect(Array.from(bias.data.subarray(0, 2))).toEqual(biases);
  });
});

describe('the seed', () => {
  const LAYERS = [dense(5, 'relu'), dense(3, 'softmax')];

  it('gives the same weights again, and another seed gives others, from 0 to 2^53 - 1', async () => {
    const seeds = [0, 1, 42, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
    const drawn = await Promise.all(seeds.map((seed) => firstParameters(4, LAYERS, seed)));
    expect(await Promise.all(seeds.map((seed) => firstParameters(4, LAYERS, seed)))).toEqual(drawn);
    const firsts = drawn.flatMap((parameters) => [
      parameters['layers.0.weight'].data[0],
      parameters['layers.1.weight'].data[0],
    ]);
    expect(new Set(firsts).size).toBe(2 * seeds.length);
    const net = await createNetwork({ inputs: 4, layers: LAYERS, seed: Number.MAX_SAFE_INTEGER });
    expect(net.seed).toBe(Number.MAX_SAFE_INTEGER);
    net.dispose();
  });

  it('is drawn anew and reported when it is not given', async () => {
    const nets = await Promise.all(Array.from({ length: 20 }, () => createNetwork({ inputs: 4, layers: LAYERS })));
    expect(new Set(nets.map(({ seed }) => seed)).size).toBe(20);
    const x = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    for (const net of nets) {
      const again = await createNetwork({ inputs: 4, layers: LAYERS, seed: net.seed });
      expect(again.getParameters()).toEqual(net.getParameters());
      // the orders of the examples too
      for (const either of [net, again]) await either.fit(x, [0, 1], { epochs: 5, batchSize: 1 });
      expect(again.getParameters()).toEqual(net.getParameters());
      again.dispose();
      net.dispose();
    }
  });
});

describe('shuffle', () => {
  /** The examples of each batch, epoch by epoch: example i costs 2^i, so that a batch's cost tells which it held. */
  async function orders(options: FitOptions, { seed = 7, layers = 1, fits = 1 } = {}): Promise<number[][][]> {
    const net = await createNetwork({
      inputs: 1,
      layers: Array.from({ length: layers }, () => dense(1, 'linear', { bias: false })),
      loss: 'mae',
      optimizer: sgd({ rate: 0 }),
      seed,
    });
    net.setParameters(Object.fromEntries(Object.keys(net.getParameters()).map((name) => [name, { data: [1] }])));
    const x = Float32Array.from({ length: 20 }, (_, i) => 2 ** i);
    const seen: number[][][] = [];
    const onBatch = ({ epoch, batch, loss, samples }: BatchReport): void => {
      const sum = Math.round(loss * samples);
      const batches = batch === 1 ? seen[seen.push([]) - 1] : seen[seen.length - 1];
      batches.push(Array.from(x.keys()).filter((i) => (sum >> i) & 1));
      expect(epoch).toBeLessThanOrEqual(options.epochs ?? 1);
    };
    for (let fit = 0; fit < fits; fit++) await net.fit(x, new Float32Array(20), { ...options, onBatch });
    net.dispose();
    return seen;
  }

  const IDENTITY = Array.from({ length: 20 }, (_, i) => i);

  it('takes each epoch in an order of its own', async () => {
    const epochs = (await orders({ epochs: 5, batchSize: 1 })).map((batches) => batches.flat());
    expect(epochs).toHaveLength(5);
    for (const order of epochs) expect(order.toSorted((a, b) => a - b)).toEqual(IDENTITY);
    expect(new Set([IDENTITY, ...epochs].map(String)).size).toBe(6);
    // epoch e of a network, counted from 0 over all of its fits, takes stream 2^31 + e
    const expected = epochs.map((_, epoch) => {
      const order = [...IDENTITY];
      shuffle(order, 19, 0, [7, 0], 2 ** 31 + epoch, 0);
      return order;
    });
    expect(epochs).toEqual(expected);
  });

  it('is of the whole data, also where they are many', async () => {
    const n = 100_000;
    const { kernels } = await getEngine('reproducible');
    const order = kernels.allocate(n * 4);
    kernels.identityOrder(order, n);
    kernels.shuffle(order, n - 1, 0, 7, 0, 2 ** 31, 0);
    const expected = new Int32Array(kernels.memory.buffer, order, n).slice();
    kernels.release(order);

    const net = await createNetwork({
      inputs: 1,
      layers: [dense(1, 'linear', { bias: false })],
      loss: 'mae',
      optimizer: sgd({ rate: 0 }),
      seed: 7,
    });
    net.setParameters({ 'layers.0.weight': { data: [1] } });
    const x = Float32Array.from({ length: n }, (_, i) => i);
    const seen: number[] = [];
    await net.fit(x, new Float32Array(n), { batchSize: 1, onBatch: ({ loss }) => void seen.push(loss) });
    expect(Int32Array.from(seen).every((value, i) => value === expected[i])).toBe(true);
    net.dispose();
  });

  it('keeps the order of the data when it is off', async () => {
    const epochs = await orders({ epochs: 2, batchSize: 1, shuffle: false });
    expect(epochs.map((batches) => batches.flat())).toEqual([IDENTITY, IDENTITY]);
  });

  it('depends on the seed and on nothing else', async () => {
    const single = await orders({ epochs: 4, batchSize: 1 });
    const chunked = single.map((batches) =>
      Array.from({ length: 7 }, (_, i) => batches.slice(i * 3, i * 3 + 3).flat()),
    );
    const sorted = (epochs: number[][][]): number[][][] =>
      epochs.map((batches) => batches.map((batch) => batch.toSorted((a, b) => a - b)));
    expect(sorted(await orders({ epochs: 4, batchSize: 3 }))).toEqual(sorted(chunked));
    expect(await orders({ epochs: 4, batchSize: 1 }, { layers: 3 })).toEqual(single);
    expect(await orders({ epochs: 2, batchSize: 1 }, { fits: 2 })).toEqual(single);
    const other = await orders({ epochs: 4, batchSize: 1 }, { seed: 8 });
    for (const order of other) expect(single).not.toContainEqual(order);
  });
});
