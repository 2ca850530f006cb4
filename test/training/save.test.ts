/** Saved networks: what a file holds, and that a network made from it goes on as if nothing had been between. */
import { afterEach, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../src/files/read-safetensors.js';
import {
  adagrad,
  adam,
  adamW,
  constant,
  cosine,
  createNetwork,
  crossEntropy,
  dense,
  elu,
  huber,
  leakyRelu,
  loadNetwork,
  rmsProp,
  sgd,
  smoothL1,
  stepDecay,
  warmUp,
  type Epoch,
  type NetworkOptions,
  type Optimizer,
} from '../../src/index.js';
import { deviation, rowsOf } from '../reference/compare.js';
import { randomNumbers } from '../reference/samples.js';
import { sha256 } from '../sha256.js';
import type { LibraryNetwork } from './support.js';

const alive: LibraryNetwork[] = [];

afterEach(() => {
  for (const net of alive.splice(0)) net.dispose();
});

async function make(options: Partial<NetworkOptions> = {}): Promise<LibraryNetwork> {
  const net = await createNetwork({
    inputs: 5,
    layers: [dense(9, 'tanh'), dense(7, 'gelu', { bias: false }), dense(3, 'softmax')],
    seed: 2 ** 40 + 7,
    ...options,
  });
  alive.push(net);
  return net;
}

async function load(...given: Parameters<typeof loadNetwork>): Promise<LibraryNetwork> {
  const net = await loadNetwork(...given);
  alive.push(net);
  return net;
}

const N = 41;
const x = Float32Array.from({ length: N * 5 }, randomNumbers(1));
/** Rows that suit any loss: from 0, and their sum 1 at most. */
const y = Float32Array.from({ length: N * 3 }, randomNumbers(2)).map((value) => Math.abs(value) / 3);

function reported(history: Epoch[]): unknown[] {
  return history.map(({ loss, accuracy, steps }) => [loss, accuracy, steps]);
}

/** Every optimizer with every kind of state that it can keep, and every kind of rate that a file can hold. */
const OPTIMIZERS: [name: string, optimizer: Optimizer][] = [
  ['sgd', sgd({ rate: constant(0.1), weightDecay: 0.01 })],
  ['sgd with momentum', sgd({ rate: stepDecay({ rate: 0.1, every: 11 }), momentum: 0.9, dampening: 0.3 })],
  ['sgd with nesterov', sgd({ rate: 0.1, momentum: 0.8, nesterov: true, weightDecay: 0.01 })],
  ['adam', adam({ rate: cosine({ from: 0.02, to: 0.001, steps: 25 }), beta1: 0.8, beta2: 0.98, epsilon: 1e-6 })],
  ['adam with amsgrad', adam({ rate: 0.02, weightDecay: 0.1, amsgrad: true })],
  ['adamW', adamW({ rate: warmUp({ steps: 8, then: cosine({ from: 0.05, steps: 15 }) }), weightDecay: 0.1 })],
  ['adamW with amsgrad', adamW({ rate: warmUp({ steps: 30, then: 0.05 }), amsgrad: true })],
  ['rmsProp', rmsProp({ rate: stepDecay({ rate: 0.01, every: 9, factor: 0.5 }), alpha: 0.9, epsilon: 1e-5 })],
  ['rmsProp, centered, with momentum', rmsProp({ momentum: 0.7, centered: true, weightDecay: 0.01 })],
  ['rmsProp with momentum', rmsProp({ rate: constant(0.005), momentum: 0.7 })],
  ['rmsProp, centered', rmsProp({ centered: true })],
  ['adagrad', adagrad({ rate: 0.05, rateDecay: 0.02, initialAccumulator: 0.1, weightDecay: 0.01, epsilon: 1e-8 })],
  ['adagrad with a schedule', adagrad({ rate: warmUp({ steps: 8, then: stepDecay({ rate: 0.1, every: 5 }) }) })],
];

describe('a network that was saved and loaded goes on with the same bits', () => {
  it.each(OPTIMIZERS)('with %s', async (_, optimizer) => {
    const options = { optimizer, clipNorm: 0.4 };
    const [straight, first] = [await make(options), await make(options)];
    const history = await straight.fit(x, y, { epochs: 5, batchSize: 8 });
    const before = await first.fit(x, y, { epochs: 2, batchSize: 8 });
    const saved = first.save();
    const second = await load(saved);
    expect(second.save()).toEqual(saved);
    const after = await second.fit(x, y, { epochs: 3, batchSize: 8 });
    expect(reported([...before, ...after])).toEqual(reported(history));
    expect(second.save()).toEqual(straight.save());
    // so that the comparison says something: the steps after loading have moved the weights
    expect(second.getParameters()).not.toEqual(first.getParameters());
  });

  it('before its first step too', async () => {
    const net = await make();
    const loaded = await load(net.save());
    for (const either of [net, loaded]) await either.fit(x, y, { epochs: 2 });
    expect(loaded.save()).toEqual(net.save());
  });

  it('when it is saved while it trains, in the midst of a step', async () => {
    const options: Partial<NetworkOptions> = { layers: [dense(2000, 'relu'), dense(600, 'relu'), dense(3)] };
    const net = await make(options);
    const saved: Uint8Array[] = [];
    const saver = new AbortController();
    // until a call of `save` has come in the midst of a step: when that is depends on the machine
    const timer = setInterval(() => {
      const before = net.steps;
      const bytes = net.save();
      const completed = net.steps - before;
      if (saved.length < 2 || completed > 0) saved.push(bytes);
      if (completed > 0) saver.abort('saved');
    });
    const endless = net.fit(x, y, { epochs: 1e6, batchSize: N, shuffle: false, signal: saver.signal });
    await expect(endless).rejects.toBe('saved');
    clearInterval(timer);
    const twin = await make(options);
    for (const bytes of saved) {
      const loaded = await load(bytes);
      while (twin.steps < loaded.steps) twin.trainBatch(x, y);
      expect(sha256(bytes)).toBe(sha256(twin.save()));
    }
  });
});

describe('a loaded network', () => {
  it.each<[name: string, options: Partial<NetworkOptions>]>([
    [
      'leakyRelu and label smoothing',
      { layers: [dense(9, leakyRelu(0.3)), dense(3, 'softmax')], loss: crossEntropy({ labelSmoothing: 0.2 }) },
    ],
    ['elu and huber', { layers: [dense(9, elu(1.7)), dense(3)], loss: huber({ delta: 0.2 }) }],
    ['silu and smoothL1', { layers: [dense(9, 'silu'), dense(3)], loss: smoothL1({ beta: 0.3 }) }],
    [
      'softplus and quadratic',
      { layers: [dense(9, 'softplus', { init: 'pytorch' }), dense(3, 'geluTanh')], loss: 'quadratic' },
    ],
    ['sigmoid and binaryCrossEntropy', { layers: [dense(1, 'relu'), dense(3, 'sigmoid')] }],
  ])('is the one that was saved: %s', async (_, options) => {
    const net = await make(options);
    await net.fit(x, y, { epochs: 2, batchSize: 8 });
    const saved = net.save();
    const loaded = await load(saved);
    expect(loaded.predict(x)).toEqual(net.predict(x));
    expect(loaded.evaluate(x, y)).toEqual(net.evaluate(x, y));
    expect(loaded.gradients(x, y)).toEqual(net.gradients(x, y));
    expect(loaded.getParameters()).toEqual(net.getParameters());
    expect([loaded.seed, loaded.steps, loaded.numerics]).toEqual([net.seed, net.steps, net.numerics]);
    expect(loaded.summary()).toBe(net.summary());
    // neither saving nor measuring changes a bit
    expect(net.save()).toEqual(saved);
  });

  it('takes other numerics when it is told to', async () => {
    const [plain, fused] = [await make(), await make({ numerics: 'fused' })];
    expect((await load(fused.save())).numerics).toBe(fused.numerics);
    expect((await load(fused.save(), { numerics: 'reproducible' })).numerics).toBe('reproducible');
    expect((await load(plain.save(), { numerics: 'fused' })).numerics).toBe(fused.numerics);
  });
});

describe("a rate of the user's own", () => {
  const own = (step: number): number => 0.1 / (1 + step);

  it.each([
    ['itself', own],
    ['after a warm-up', warmUp({ steps: 8, then: own })],
  ])('has to be given again: %s', async (_, rate) => {
    const optimizer = sgd({ rate, momentum: 0.5 });
    const [straight, first] = [await make({ optimizer }), await make({ optimizer })];
    await straight.fit(x, y, { epochs: 4, batchSize: 8 });
    await first.fit(x, y, { epochs: 2, batchSize: 8 });
    await expect(loadNetwork(first.save())).rejects.toThrow(TypeError);
    await expect(loadNetwork(first.save())).rejects.toThrow('{ rate }');
    const second = await load(first.save(), { rate });
    await second.fit(x, y, { epochs: 2, batchSize: 8 });
    expect(second.save()).toEqual(straight.save());
  });

  it('takes the place of the one that was saved', async () => {
    const net = await make({ optimizer: sgd({ rate: 0.1 }) });
    const loaded = await load(net.save(), { rate: () => 0 });
    await loaded.fit(x, y);
    expect(loaded.getParameters()).toEqual(net.getParameters());
  });
});

describe('the file', () => {
  it('names and shapes its tensors as PyTorch does', async () => {
    const net = await make({ optimizer: sgd({ rate: 0.1, momentum: 0.9 }) });
    const { parameters } = net.gradients(x, y);
    net.trainBatch(x, y);
    const { tensors } = decodeSafetensors(net.save());
    const weights = net.getParameters();
    expect([...tensors].filter(([name]) => !name.startsWith('optimizer.'))).toEqual(
      Object.entries(weights).map(([name, { shape, data }]) => [name, { dtype: 'F32', shape, data }]),
    );
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual(
      ['', 'optimizer.'].flatMap((before) => {
        const after = before && '.momentum';
        return [
          [`${before}layers.0.weight${after}`, [9, 5]],
          [`${before}layers.0.bias${after}`, [9]],
          [`${before}layers.1.weight${after}`, [7, 9]],
          [`${before}layers.2.weight${after}`, [3, 7]],
          [`${before}layers.2.bias${after}`, [3]],
        ];
      }),
    );
    // after one step the momentum is the gradient
    for (const [name, { data }] of Object.entries(parameters)) {
      expect(tensors.get(`optimizer.${name}.momentum`)!.data).toEqual(data);
    }
  });

  it('holds weights that W x + b makes the outputs of', async () => {
    const net = await make({ layers: [dense(3)] });
    net.trainBatch(x, y);
    const { tensors } = decodeSafetensors(net.save());
    const [weight, bias] = ['weight', 'bias'].map((name) => tensors.get(`layers.0.${name}`)!.data);
    const expected = rowsOf(x, 5).flatMap((row) =>
      rowsOf(weight, 5).map((w, j) => w.reduce((sum, value, k) => sum + value * row[k], bias[j])),
    );
    expect(deviation(net.predict(x), expected)).toBeLessThan(1e-6);
  });

  it.each([
    [sgd(), []],
    [adam({ amsgrad: true }), ['average', 'squareAverage', 'largestSquareAverage']],
    [adamW(), ['average', 'squareAverage']],
    [rmsProp(), ['squareAverage']],
    [rmsProp({ momentum: 0.5, centered: true }), ['momentum', 'squareAverage', 'average']],
    [adagrad(), ['squareSum']],
  ])('holds the optimizer state: %o', async (optimizer, states) => {
    const net = await make({ layers: [dense(3)], optimizer });
    const names = ['layers.0.weight', 'layers.0.bias'];
    const expected = [...names, ...states.flatMap((state) => names.map((name) => `optimizer.${name}.${state}`))];
    expect([...decodeSafetensors(net.save()).tensors.keys()]).toEqual(expected);
  });

  it('opens as the format says, and keeps the rest as JSON in texts', async () => {
    const net = await make({ optimizer: adam({ rate: cosine({ from: 0.1, steps: 9 }) }) });
    await net.fit(x, y, { epochs: 3, batchSize: 20 });
    const bytes = net.save();
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<string, unknown>;
    const metadata = header['__metadata__'] as Record<string, string>;
    expect(Object.keys(metadata)).toEqual(['format', 'version', 'network']);
    expect(metadata).toMatchObject({ format: 'chainrule', version: '1' });
    expect(JSON.parse(metadata['network'])).toMatchObject({
      inputs: 5,
      layers: [{ units: 9 }, { units: 7, bias: false }, { units: 3, activation: { name: 'softmax' } }],
      loss: { name: 'crossEntropy' },
      optimizer: { name: 'adam', rate: { schedule: 'cosine', options: { from: 0.1, to: 0, steps: 9 } } },
      seed: 2 ** 40 + 7,
      progress: { steps: 9, shuffles: 3 },
    });
  });
});
