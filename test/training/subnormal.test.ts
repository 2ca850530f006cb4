/**
 * No array that training or prediction reads again holds a subnormal number, and what products multiply is 0 or at least
 * 2^-63, after whatever used to fill memory with them: on Intel's machines each costs some 150 cycles. The numbers are
 * looked at in linear memory. What they cost is a matter for the benchmark.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  adagrad,
  adam,
  adamW,
  createNetwork,
  dense,
  elu,
  leakyRelu,
  rmsProp,
  sgd,
  type Activation,
  type ActivationName,
  type NetworkOptions,
  type Optimizer,
} from '../../src/index.js';
import { Model } from '../../src/model/model.js';
import { randomNumbers } from '../reference/samples.js';
import type { LibraryNetwork } from './support.js';

const LEAST = 2 ** -63;
const NORMAL = 2 ** -126;
/** Steps after which the weights have just been swept. */
const SWEEP = 32;

const OPTIMIZERS: [name: string, optimizer: Optimizer][] = [
  ['sgd', sgd({ rate: 0.1 })],
  ['sgd with decay', sgd({ rate: 0.1, weightDecay: 1e-3 })],
  ['momentum', sgd({ rate: 0.01, momentum: 0.9 })],
  ['momentum with dampening and decay', sgd({ rate: 0.01, momentum: 0.9, dampening: 0.5, weightDecay: 1e-3 })],
  ['nesterov', sgd({ rate: 0.01, momentum: 0.9, nesterov: true })],
  ['adam', adam({ rate: 0.01 })],
  ['adam with decay', adam({ rate: 0.01, weightDecay: 1e-3 })],
  ['amsgrad', adam({ rate: 0.01, amsgrad: true })],
  ['adam with a tiny epsilon', adam({ rate: 0.01, epsilon: 1e-30 })],
  ['adamW', adamW({ rate: 0.01 })],
  ['rmsProp', rmsProp({ rate: 1e-3 })],
  ['rmsProp, centered, with momentum', rmsProp({ rate: 1e-3, centered: true, momentum: 0.9, epsilon: 1e-4 })],
  ['adagrad', adagrad({ rate: 0.05 })],
];

const ACTIVATIONS: (Activation | ActivationName)[] = [
  'linear',
  'sigmoid',
  'tanh',
  'relu',
  leakyRelu(0.01),
  elu(1),
  'silu',
  'softplus',
  'gelu',
  'geluTanh',
];

interface Found {
  /** How many numbers are subnormal, by array; those without one are left out. */
  subnormal: Record<string, number>;
  /** How many are neither 0 nor at least the bound of what products multiply. */
  small: Record<string, number>;
}

/** Every pass over rows begins with `prepare`, of the network that it is for. */
const prepared = vi.spyOn(Model.prototype, 'prepare');
afterEach(() => prepared.mockClear());

/** Looks through what the last batch left in `rows` rows: parameters, gradients, state, activations, deltas. */
function look(rows: number): Found {
  const model = prepared.mock.contexts.at(-1) as Model;
  const { count, nodes: layers } = model.plan;
  const found: Found = { subnormal: {}, small: {} };
  const add = (name: string, at: number, length: number, isOperand: boolean): void => {
    const sizes = Array.from(model.engine.f32(at, length), Math.abs).filter((x) => x > 0);
    const subnormal = sizes.filter((x) => x < NORMAL).length;
    const small = sizes.filter((x) => x < LEAST).length;
    if (subnormal) found.subnormal[name] = subnormal;
    if (isOperand && small) found.small[name] = small;
  };
  add('parameters', model.parametersAt, count, true);
  add('gradients', model.gradientsAt, count, false);
  for (const { name, at } of model.state) if (name) add(name, at, count, false);
  layers.forEach(({ ld }, index) => {
    const { z, a, d } = model.workspace.buffersOf(index);
    add(`z of layer ${index}`, z, rows * ld, false);
    add(`a of layer ${index}`, a, rows * ld, index + 1 < layers.length);
    add(`delta of layer ${index}`, d, rows * ld, true);
  });
  return found;
}

const NOTHING: Found = { subnormal: {}, small: {} };

function uniform(count: number, seed: number): Float32Array {
  const random = randomNumbers(seed);
  return Float32Array.from({ length: count }, random);
}

async function withNetwork(options: NetworkOptions, use: (net: LibraryNetwork) => Promise<void>): Promise<void> {
  const net = await createNetwork({ seed: 1, ...options });
  await use(net);
  net.dispose();
}

describe.each<[name: string, optimizer: Optimizer]>([
  ['momentum', sgd({ rate: 0.01, momentum: 0.2 })],
  ['adam', adam({ rate: 0.01, beta1: 0.2 })],
  ['rmsProp', rmsProp({ rate: 1e-3, momentum: 0.2 })],
])('%s that keeps less than a half of itself', (_, optimizer) => {
  test('is normal after each step, also between two sweeps', async () => {
    await withNetwork({ inputs: 8, layers: [dense(6, 'tanh'), dense(2)], optimizer }, (net) => {
      const x = uniform(16 * 8, 2);
      const y = uniform(16 * 2, 3);
      net.trainBatch(x, y);
      for (let i = 0; i < 16; i++) x.fill(0, i * 8, i * 8 + 4);
      for (let step = 0; step < 4 * SWEEP; step++) {
        net.trainBatch(x, y);
        expect(look(16).subnormal, `step ${step}`).toEqual({});
      }
      return Promise.resolve();
    });
  });
});

describe.each(OPTIMIZERS)('%s', (_, optimizer) => {
  test('after half of the inputs have gone silent', async () => {
    const layers = [dense(16, 'relu'), dense(3, 'softmax')];
    await withNetwork({ inputs: 8, layers, loss: 'crossEntropy', optimizer }, async (net) => {
      const x = uniform(64 * 8, 2);
      const y = Int32Array.from({ length: 64 }, (_, i) => i % 3);
      await net.fit(x, y, { epochs: 8, batchSize: 16 });
      for (let i = 0; i < 64; i++) x.fill(0, i * 8, i * 8 + 4);
      await net.fit(x, y, { epochs: 16 * SWEEP, batchSize: 16 });
      expect(look(16)).toEqual(NOTHING);
    });
  });

  test('after a fit has converged', async () => {
    const layers = [dense(16, 'relu'), dense(2, 'softmax')];
    await withNetwork({ inputs: 2, layers, loss: 'crossEntropy', optimizer }, async (net) => {
      const x = uniform(256 * 2, 3);
      const y = Int32Array.from({ length: 256 }, (_, i) => Number(x[2 * i] > 0));
      for (let i = 0; i < 256; i++) x[2 * i] += y[i] ? 1 : -1;
      await net.fit(x, y, { epochs: 6 * SWEEP, batchSize: 16 });
      expect(look(16)).toEqual(NOTHING);
    });
  });

  test('of a network that decays to nothing, example by example', async () => {
    // no layer is wide: the path of such networks
    const layers = [dense(8, 'sigmoid'), dense(1, 'sigmoid')];
    await withNetwork({ inputs: 2, layers, loss: 'quadratic', optimizer }, async (net) => {
      const x = uniform(SWEEP * 2, 4);
      await net.fit(x, new Float32Array(SWEEP), { epochs: 100, batchSize: 1 });
      expect(look(1)).toEqual(NOTHING);
    });
  });
});

test('a converged fit of 256 examples, by Adam at 0.03', async () => {
  const layers = [dense(32, 'relu'), dense(32, 'relu'), dense(2, 'softmax')];
  await withNetwork({ inputs: 2, layers, loss: 'crossEntropy', optimizer: adam({ rate: 0.03 }) }, async (net) => {
    const x = uniform(256 * 2, 3);
    const y = Int32Array.from({ length: 256 }, (_, i) => Number(x[2 * i] > 0));
    for (let i = 0; i < 256; i++) x[2 * i] += y[i] ? 1 : -1;
    await net.fit(x, y, { epochs: 200, batchSize: 32 });
    expect(look(32)).toEqual(NOTHING);
  });
});

test('weights that decay for long come to 0', async () => {
  const optimizer = sgd({ rate: 0.1, weightDecay: 0.5 });
  await withNetwork({ inputs: 4, layers: [dense(8, 'tanh'), dense(1)], loss: 'mse', optimizer }, async (net) => {
    const x = new Float32Array(SWEEP * 4);
    for (let i = 0; i < 60; i++) {
      await net.fit(x, new Float32Array(SWEEP), { epochs: SWEEP, batchSize: SWEEP });
      expect(look(SWEEP)).toEqual(NOTHING);
    }
    expect(Math.max(...net.getParameters()['layers.0.weight'].data.map(Math.abs))).toBe(0);
  });
});

describe.each(ACTIVATIONS)('%o', (activation) => {
  describe.each([
    ['many rows', 16],
    ['one example at a time', 1],
  ])('%s', (_, batchSize) => {
    test('where it is saturated, or next to 0', async () => {
      const layers = [dense(8, activation), dense(8, activation), dense(4, activation)];
      const optimizer = sgd({ rate: 1e-6 });
      await withNetwork({ inputs: 4, layers, loss: 'quadratic', optimizer }, async (net) => {
        const x = uniform(SWEEP * 4, 5);
        const y = uniform(SWEEP * 4, 6);
        for (const bias of [-110, -95, -87, -60, -44, -20, -9.4, 1e-19, 1e-30, 44, 95]) {
          const parameters = net.getParameters();
          for (const [name, { data }] of Object.entries(parameters)) {
            if (name.endsWith('bias')) data.fill(bias);
            else for (let i = 0; i < data.length; i++) data[i] = Math.abs(bias) < 1 ? 1e-19 * (1 + i) : data[i];
          }
          net.setParameters(parameters);
          await net.fit(x, y, { epochs: batchSize, batchSize });
          const { subnormal, small } = look(batchSize);
          // what was set stays as it was until it is swept
          delete small['parameters'];
          expect({ bias, subnormal, small }).toEqual({ bias, ...NOTHING });
          for (const value of net.predict(x)) expect(value === 0 || Math.abs(value) >= NORMAL).toBe(true);
        }
      });
    });
  });
});

test('pixels that were not divided by 255', async () => {
  const pixels = Float32Array.from(uniform(SWEEP * 10 * 100, 7), (u) => (u < 0.6 ? 0 : Math.floor(640 * (u - 0.6))));
  const y = Float32Array.from({ length: SWEEP * 10 * 10 }, (_, i) => Number(i % 10 === Math.floor(i / 10) % 10));
  const layers = [dense(30, 'sigmoid'), dense(10, 'sigmoid')];
  await withNetwork({ inputs: 100, layers, loss: 'quadratic', optimizer: sgd({ rate: 0.5 }) }, async (net) => {
    await net.fit(pixels, y, { epochs: 8, batchSize: 10 });
    expect(look(10)).toEqual(NOTHING);
  });
});

test('a subnormal input counts as 0, by whichever path, and one that is small but normal does not', async () => {
  const net = await createNetwork({ inputs: 1, layers: [dense(1, 'linear', { bias: false })], seed: 1 });
  net.setParameters({ 'layers.0.weight': { shape: [1, 1], data: Float32Array.of(1e25) } });
  for (const rows of [1, 2, 300]) {
    const x = new Float32Array(rows).fill(1e-25);
    expect(net.predict(x)).toEqual(new Float32Array(rows).fill(Math.fround(1e-25) * 1e25));
    expect(net.predict(x.fill(1e-40))).toEqual(new Float32Array(rows));
  }
  net.dispose();
});

test('the gradients that a user gets hold none', async () => {
  const net = await createNetwork({ inputs: 2, layers: [dense(1)], loss: 'mse', seed: 1 });
  const { parameters, inputs } = net.gradients([[1e-30, 1]], [[5]]);
  net.setParameters({
    'layers.0.weight': { shape: [1, 2], data: Float32Array.of(1e-38, 1) },
    'layers.0.bias': { shape: [1], data: Float32Array.of(0) },
  });
  const tiny = net.gradients([[1e-37, 1]], [[0.999]]);
  const all = [parameters, tiny.parameters].flatMap((each) => Object.values(each).flatMap(({ data }) => [...data]));
  for (const value of [...all, ...inputs, ...tiny.inputs]) expect(value === 0 || Math.abs(value) >= NORMAL).toBe(true);
  net.dispose();
});
