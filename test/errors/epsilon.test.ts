/** What the bounds that decide whether a step is safe must let pass, and what not. */
import { describe, expect, it } from 'vitest';
import {
  adagrad,
  adam,
  adamW,
  createNetwork,
  dense,
  DivergenceError,
  loadNetwork,
  rmsProp,
  sgd,
  type Network,
  type Optimizer,
} from '../../src/index.js';

const x = Float32Array.of(1, 2, -1, 0.5, 0.25, -2);
const y = Float32Array.of(1, 0, 2);

const make = (optimizer: Optimizer, clipNorm?: number): Promise<Network> =>
  createNetwork({ inputs: 2, layers: [dense(3, 'tanh'), dense(1)], optimizer, seed: 5, ...(clipNorm && { clipNorm }) });

const weights = (net: Network): number[] => Object.values(net.getParameters()).flatMap(({ data }) => [...data]);

const families: Record<string, (epsilon: number) => Optimizer> = {
  adam: (epsilon) => adam({ rate: 0.01, epsilon }),
  adamW: (epsilon) => adamW({ rate: 0.01, epsilon }),
  'adam with amsgrad': (epsilon) => adam({ rate: 0.01, epsilon, amsgrad: true }),
  'adam with decay': (epsilon) => adam({ rate: 0.01, epsilon, weightDecay: 0.1 }),
  rmsProp: (epsilon) => rmsProp({ rate: 0.01, epsilon }),
  'rmsProp with momentum': (epsilon) => rmsProp({ rate: 0.001, epsilon, momentum: 0.9 }),
  adagrad: (epsilon) => adagrad({ rate: 0.01, epsilon }),
};

describe('an epsilon, however small,', () => {
  for (const [name, family] of Object.entries(families)) {
    it(`is no cause to stop: ${name}`, async () => {
      for (const clipNorm of [undefined, 0.1]) {
        const expected = await make(family(1e-12), clipNorm);
        await expected.fit(x, y, { epochs: 100, batchSize: 1 });
        for (const epsilon of [1e-37, 1e-36, 1e-35, 1e-34, 1e-33, 1e-32, 1e-25]) {
          const net = await make(family(epsilon), clipNorm);
          await net.fit(x, y, { epochs: 100, batchSize: 1 });
          expect(net.steps).toBe(300);
          // gradients are nowhere near it
          weights(net).forEach((weight, i) => expect(weight).toBeCloseTo(weights(expected)[i], 4));
        }
      }
    });

    it(`leaves finite weights or a DivergenceError, whatever the gradients: ${name}`, async () => {
      for (const epsilon of [1e-37, 1e-34, 1e-20]) {
        for (const scale of [1e-44, 1e-38, 1e-30, 1e-20, 1e-10, 1e5, 1e12]) {
          const net = await make(family(epsilon));
          try {
            for (let step = 0; step < 60; step++)
              net.trainBatch(
                x,
                y.map((value) => value * scale * (step % 7)),
              );
          } catch (error) {
            expect(error).toBeInstanceOf(DivergenceError);
          }
          expect(weights(net).every(Number.isFinite)).toBe(true);
        }
      }
    });
  }

  it('of 1e-37 leaves centred RMSprop finite weights', async () => {
    const net = await make(rmsProp({ rate: 0.01, epsilon: 1e-37, centered: true }));
    await net.fit(x, y, { epochs: 50 }).catch((error: unknown) => expect(error).toBeInstanceOf(DivergenceError));
    expect(weights(net).every(Number.isFinite)).toBe(true);
  });
});

describe('state that was loaded', () => {
  it('is looked at: an average beside squares of 0 is divided by epsilon', async () => {
    const net = await make(adam({ rate: 0.01, epsilon: 1e-37 }));
    await net.fit(x, y, { epochs: 5 });
    const again = await loadNetwork(net.save());
    for (const network of [net, again]) await network.fit(x, y, { epochs: 5 });
    expect(weights(again)).toEqual(weights(net));
  });
});

describe('gradients of 0', () => {
  const makers: Record<string, (rate: number) => Optimizer> = {
    sgd: (rate) => sgd({ rate }),
    'sgd with momentum': (rate) => sgd({ rate, momentum: 0.9 }),
    adam: (rate) => adam({ rate }),
    adamW: (rate) => adamW({ rate, weightDecay: 3e38 }),
    rmsProp: (rate) => rmsProp({ rate }),
    adagrad: (rate) => adagrad({ rate }),
  };
  for (const [name, maker] of Object.entries(makers)) {
    it(`do not become NaN by any rate: ${name}`, async () => {
      for (const rate of [1e20, 1e30, 1e38, 3.4e38]) {
        const net = await createNetwork({
          inputs: 1,
          layers: [dense(1, 'linear', { init: 'zeros' })],
          optimizer: maker(rate),
        });
        try {
          for (let step = 0; step < 3; step++) net.trainBatch([0], [0]);
        } catch (error) {
          expect(error).toBeInstanceOf(DivergenceError);
        }
        expect(weights(net)).toEqual([0, 0]);
      }
    });
  }
});
