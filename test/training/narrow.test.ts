/**
 * Networks of at most 8 outputs a layer, trained example by example, take a path of their own. What they learn there is
 * compared, bit by bit, with what they learn through the phases of all other networks: inputs given as bytes go there.
 */
import { afterAll, describe, expect, it, vi } from 'vitest';
import { NETWORK } from '../../src/engine/records.generated.js';
import { readField } from '../../src/engine/records.js';
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
  type Network,
  type NetworkOptions,
} from '../../src/index.js';
import { Model } from '../../src/model/model.js';
import { randomNumbers } from '../reference/samples.js';
import { NUMERICS } from './support.js';

const N = 60;
const SCALE = 1 / 64;
const random = randomNumbers(3);

type Options = Partial<NetworkOptions> & { layers: DenseLayer[] };

const prepare = vi.spyOn(Model.prototype, 'prepare');

afterAll(() => {
  prepare.mockRestore();
});

/** How many steps of a network took the path of narrow ones. */
function narrowStepsOf(net: Network): number {
  net.predict(new Float32Array(net.inputs));
  const { engine, at } = prepare.mock.contexts.at(-1) as Model;
  prepare.mockClear();
  return readField(engine, NETWORK, at, 'narrowSteps');
}

interface Seen {
  narrowSteps: number;
  learnt: { history: unknown; saved: Uint8Array };
}

/** The same training twice, by either path, and what there is to see of it. */
async function trainBoth(inputs: number, options: Options): Promise<Seen[]> {
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
      const learnt = {
        // when it was, and how long it took, differ
        history: Array.isArray(history) ? history.map(({ loss, accuracy, steps }) => [loss, accuracy, steps]) : history,
        saved: net.save(),
      };
      const narrowSteps = narrowStepsOf(net);
      net.dispose();
      return { narrowSteps, learnt };
    }),
  );
}

async function expectSameBits(inputs: number, options: Options): Promise<void> {
  const [own, phases] = await trainBoth(inputs, options);
  expect(own.learnt).toEqual(phases.learnt);
  // a first layer of one output has no panels; the first step finds the bounds from which the others go on
  const narrowSteps = options.layers[0].units > 1 ? 3 * N - 1 : 0;
  expect([own.narrowSteps, phases.narrowSteps]).toEqual([narrowSteps, 0]);
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
      expect(seen[0].learnt).toEqual(seen[1].learnt);
      expect(seen[0].learnt.history).toMatch(/\d/);
    }
  });
});

it.each<[what: string, options: Options, batchSize: number]>([
  ['of 9 outputs', { layers: [dense(9, 'tanh'), dense(1)] }, 1],
  ['under softmax', { layers: [dense(4, 'tanh'), dense(3, 'softmax')] }, 1],
  ['in batches of two', { layers: [dense(4, 'tanh'), dense(1)] }, 2],
])('a network %s takes the path of all others', async (_, options, batchSize) => {
  const net = await createNetwork({ inputs: 2, seed: 5, ...options });
  await net.fit(new Float32Array(2 * N).fill(0.5), new Float32Array(N * net.outputs), { batchSize });
  expect(narrowStepsOf(net)).toBe(0);
  net.dispose();
});
