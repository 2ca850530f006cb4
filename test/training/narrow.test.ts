/**
 * Networks of at most 8 outputs a layer, trained example by example, take a path of their own. What they learn there is
 * compared, bit by bit, with what they learn through the phases of all other networks: inputs given as bytes go there.
 */
import { describe, expect, it } from 'vitest';
import {
  adagrad,
  adam,
  adamW,
  createNetwork,
  dense,
  DivergenceError,
  elu,
  huber,
  leakyRelu,
  rmsProp,
  scaled,
  sgd,
  smoothL1,
  type Activation,
  type ActivationName,
  type DenseLayer,
  type NetworkOptions,
} from '../../src/index.js';
import { randomNumbers } from '../reference/samples.js';
import { NUMERICS } from './support.js';

const N = 60;
const SCALE = 1 / 64;
const random = randomNumbers(3);

type Options = Partial<NetworkOptions> & { layers: DenseLayer[] };

/** The same training twice, by either path, and what there is to see of it. */
async function trainBoth(inputs: number, options: Options): Promise<unknown[]> {
  const bytes = Uint8Array.from({ length: N * inputs }, () => Math.floor(Math.abs(random()) * 255));
  const outputs = (options.layers.at(-1) as DenseLayer).units;
  const y = Float32Array.from({ length: N * outputs }, () => Number(random() > 0));
  return Promise.all(
    [Float32Array.from(bytes, (value) => value * SCALE), scaled(bytes, SCALE)].map(async (x) => {
      const net = await createNetwork({ inputs, seed: 5, ...options });
      const history = await net.fit(x, y, { epochs: 3, batchSize: 1 }).catch((error: unknown) => {
        expect(error).toBeInstanceOf(DivergenceError);
        return (error as Error).message;
      });
      const seen = {
        // when it was, and how long it took, differ
        history: Array.isArray(history) ? history.map(({ loss, accuracy, steps }) => [loss, accuracy, steps]) : history,
        saved: net.save(),
      };
      net.dispose();
      return seen;
    }),
  );
}

async function expectSameBits(inputs: number, options: Options): Promise<void> {
  const [own, phases] = await trainBoth(inputs, options);
  expect(own).toEqual(phases);
}

const ACTIVATIONS: (Activation | ActivationName)[] = [
  'linear',
  'sigmoid',
  'tanh',
  'relu',
  leakyRelu(0.2),
  elu(1.5),
  'silu',
  'softplus',
  'gelu',
  'geluTanh',
];

describe.each(NUMERICS)('a narrow network, one example at a time, %s', (numerics) => {
  it.each(ACTIVATIONS)('%o', async (activation) => {
    for (const last of [1, 2, 8]) {
      const layers = [dense(7, activation), dense(1, activation), dense(8, activation), dense(last, activation)];
      await expectSameBits(3, { layers, loss: 'quadratic', optimizer: sgd({ rate: 0.01 }), numerics });
    }
  });

  it.each<[loss: NonNullable<NetworkOptions['loss']>, last: ActivationName]>([
    ['quadratic', 'sigmoid'],
    ['mse', 'linear'],
    ['mae', 'tanh'],
    [huber({ delta: 0.3 }), 'linear'],
    [smoothL1({ beta: 0.2 }), 'softplus'],
    ['binaryCrossEntropy', 'sigmoid'],
  ])('%o', async (loss, last) => {
    for (const outputs of [1, 5]) {
      await expectSameBits(2, { layers: [dense(4, 'tanh'), dense(outputs, last)], loss, numerics });
    }
  });

  it.each([
    sgd({ rate: 0.05, momentum: 0.9 }),
    sgd({ rate: 0.05, weightDecay: 0.1 }),
    adam({ rate: 0.01 }),
    adamW({ rate: 0.01 }),
    rmsProp({ rate: 0.01 }),
    adagrad({ rate: 0.05 }),
  ])('%o', async (optimizer) => {
    await expectSameBits(2, {
      layers: [dense(8, 'sigmoid'), dense(1, 'sigmoid')],
      loss: 'quadratic',
      optimizer,
      numerics,
    });
  });

  it.each([
    [1, [1]],
    [1, [2]],
    [17, [8]],
    [2, [8, 1]],
    [3, [1, 1, 1]],
    [2, [3, 1, 2, 1]],
    [9, [8, 8, 8, 8]],
  ])('%i inputs, %o outputs, with biases and without', async (inputs, units) => {
    for (const bias of [true, false]) {
      const layers = units.map((count) => dense(count, 'sigmoid', { bias }));
      await expectSameBits(inputs, { layers, loss: 'quadratic', numerics });
    }
  });

  it('with clipped gradients', async () => {
    const layers = [dense(8, 'relu'), dense(2)];
    await expectSameBits(2, { layers, loss: 'mse', clipNorm: 0.1, numerics });
  });

  it('until it diverges', async () => {
    for (const rate of [50, 1e4, 1e30]) {
      const layers = [dense(8, 'relu'), dense(1)];
      const seen = await trainBoth(2, { layers, loss: 'mse', optimizer: sgd({ rate }), numerics });
      expect(seen[0]).toEqual(seen[1]);
      expect((seen[0] as { history: unknown }).history).toMatch(/\d/);
    }
  });
});
