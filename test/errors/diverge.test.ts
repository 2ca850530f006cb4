import { describe, expect, it } from 'vitest';
import {
  adagrad,
  adam,
  adamW,
  createNetwork,
  dense,
  DivergenceError,
  residual,
  rmsProp,
  sgd,
  type Network,
  type NetworkOptions,
  type Optimizer,
} from '../../src/index.js';
import { fingerprint, refusal } from './support.js';

const CURES = '"clipNorm", or inputs scaled to about 1 are the usual cures';

/** Three good examples, and one whose values overflow on the way. */
const x = Float32Array.of(1, 2, -1, 0.5, 0.25, -2, 3e38, 3e38);
const y = Float32Array.of(1, 0, 2, 1);
const good = [x.subarray(0, 6), y.subarray(0, 3)] as const;
const bad = [x.subarray(6), y.subarray(3)] as const;

function regression(options: Partial<NetworkOptions> = {}): Promise<Network> {
  return createNetwork({
    inputs: 2,
    layers: [dense(3, 'tanh', { init: 'zeros' }), dense(4), dense(1)],
    optimizer: adam({ rate: 0.01 }),
    seed: 5,
    ...options,
  });
}

async function divergence(call: () => unknown): Promise<DivergenceError> {
  try {
    await call();
  } catch (error) {
    expect(error).toBeInstanceOf(DivergenceError);
    return error as DivergenceError;
  }
  throw new Error('it did not diverge');
}

const optimizers: Record<string, Optimizer> = {
  sgd: sgd({ rate: 0.01, momentum: 0.9, nesterov: true }),
  adam: adam({ rate: 0.01, amsgrad: true }),
  adamW: adamW({ rate: 0.01 }),
  rmsProp: rmsProp({ rate: 0.01, momentum: 0.5, centered: true }),
  adagrad: adagrad({ rate: 0.01 }),
};

describe('a step that overflows', () => {
  for (const [name, optimizer] of Object.entries(optimizers)) {
    it(`leaves ${name} at its last whole step, bit for bit`, async () => {
      const options: Partial<NetworkOptions> = { layers: [dense(3, 'relu'), dense(1)], optimizer, clipNorm: 10 };
      const [net, twin] = [await regression(options), await regression(options)];
      for (const network of [net, twin]) network.trainBatch(...good);
      const before = fingerprint(net);
      const loss = net.evaluate(...good);
      await divergence(() => net.trainBatch(...bad));
      await divergence(() => net.trainBatch(x, y));
      await divergence(() => net.fit(...bad, { epochs: 3 }));
      expect(fingerprint(net) === before).toBe(true);
      expect(net.evaluate(...good)).toEqual(loss);
      for (const network of [net, twin]) await network.fit(...good, { epochs: 3, batchSize: 2 });
      expect(fingerprint(net) === fingerprint(twin)).toBe(true);
    });
  }

  it('of trainBatch names the first layer, the rate and the cures', async () => {
    const net = await regression({ layers: [dense(3), dense(4), dense(1)] });
    const error = await divergence(() => net.trainBatch(...bad));
    expect(String(error)).toBe(
      'DivergenceError: training diverged in this batch: the values of layer 0 overflowed first. The network keeps its ' +
        `weights from before. A smaller rate (it was 0.01), ${CURES}`,
    );
    expect([error.epoch, error.batch, error.layer]).toEqual([0, 0, 0]);
  });

  it('names a layer further up, where the first one squashes its values', async () => {
    const net = await regression();
    net.setParameters({
      'layers.0.bias': { data: [9, 9, 9] },
      'layers.1.weight': { data: new Float32Array(12).fill(1e30) },
      'layers.2.weight': { data: [1e30, 1e30, 1e30, 1e30] },
    });
    const before = fingerprint(net);
    const error = await divergence(() => net.trainBatch(...good));
    expect(error.layer).toBe(2);
    expect(error.message).toContain('the values of layer 2 overflowed first');
    expect(fingerprint(net)).toBe(before);
  });

  it('names a layer within others by its place, and counts it as the one that holds it', async () => {
    const within = residual([dense(2), dense(2)]);
    const net = await regression({ layers: [dense(2), within, dense(2), dense(1)] });
    net.setParameters({ 'layers.1.1.weight': { data: [1e38, 1e38, 1e38, 1e38] } });
    const errors = [() => net.trainBatch([9, 9], [1]), () => net.gradients([9, 9], [1]), () => net.fit([9, 9], [1])];
    for (const call of errors) {
      const error = await divergence(call);
      expect(error.message).toContain('the values of layer 1.1 overflowed first');
      expect(error.layer).toBe(1);
    }
  });

  it('names the gradients, where every value is finite', async () => {
    const net = await regression({ layers: [dense(1)], loss: 'mae' });
    net.setParameters({ 'layers.0.weight': { data: [0, 0] } });
    const before = fingerprint(net);
    const error = await divergence(() => net.trainBatch(...bad));
    expect(error.message).toMatch(
      /^training diverged in this batch: its gradients, or the step that they make, overflowed\. /,
    );
    expect(error.layer).toBeUndefined();
    expect(fingerprint(net)).toBe(before);
  });

  it('names the last layer, where its outputs are finite but their cost is not', async () => {
    const net = await regression({ layers: [dense(2)], loss: 'mse' });
    net.setParameters({ 'layers.0.weight': { data: [1, 0, 0, 1] } });
    const before = fingerprint(net);
    const error = await divergence(() => net.trainBatch([1e30, 1e30], [-1e30, -1e30]));
    expect(error.layer).toBe(0);
    expect(fingerprint(net)).toBe(before);
  });
});

/** Rates, decays and epsilons that overflow a weight while every value and gradient is still finite. */
const absurd: Record<string, Optimizer> = {
  'sgd, by decay': sgd({ rate: 1, weightDecay: 1e30 }),
  'sgd, by decay and momentum': sgd({ rate: 100, momentum: 0.99, weightDecay: 1e3 }),
  'adam, by rate': adam({ rate: 1e37 }),
  'adam, by epsilon': adam({ rate: 1e3, epsilon: 1e-37, beta2: 0 }),
  'adamW, by decay': adamW({ rate: 1e10, weightDecay: 1e10 }),
  'rmsProp, by epsilon': rmsProp({ rate: 1e14, epsilon: 1e-37, momentum: 0.9, alpha: 0 }),
  'adagrad, by rate': adagrad({ rate: 1e38 }),
};

describe('a step that would overflow a weight', () => {
  for (const [name, optimizer] of Object.entries(absurd)) {
    it(`is not made, and the weights stay: ${name}`, async () => {
      const net = await createNetwork({ inputs: 2, layers: [dense(1)], optimizer, seed: 7 });
      const weights = (): number[] => Object.values(net.getParameters()).flatMap(({ data }) => [...data]);
      let before = fingerprint(net);
      const error = await divergence(() => {
        for (let step = 0; step < 500; step++) {
          before = fingerprint(net);
          net.trainBatch([1e-3, 0.5], [0.25]);
          expect(weights().every(Number.isFinite)).toBe(true);
        }
      });
      expect(error.message).toContain('overflowed');
      expect(fingerprint(net)).toBe(before);
      expect(weights().every(Number.isFinite)).toBe(true);
    });
  }

  it('is one that weights of 1e38 make, also when they were set just before', async () => {
    const net = await createNetwork({ inputs: 1, layers: [dense(1)], optimizer: sgd({ rate: 1, weightDecay: 3 }) });
    net.trainBatch([1], [1]);
    net.setParameters({ 'layers.0.bias': { data: [1.5e38] } });
    const before = fingerprint(net);
    await divergence(() => net.trainBatch([1], [1.5e38]));
    expect(fingerprint(net)).toBe(before);
  });
});

describe('a fit that diverges', () => {
  const options = { epochs: 3, batchSize: 1, shuffle: false };

  for (const [how, onBatch] of [
    ['many steps to a call', undefined],
    ['one step to a call', () => undefined],
  ] as const) {
    it(`names the epoch and the batch, and keeps every step before it: ${how}`, async () => {
      const layers = [dense(3), dense(1)];
      const [net, twin] = [await regression({ layers }), await regression({ layers })];
      const error = await divergence(() => net.fit(x, y, { ...options, ...(onBatch && { onBatch }) }));
      expect(String(error)).toBe(
        'DivergenceError: training diverged in epoch 1, batch 4: the values of layer 0 overflowed first. The network ' +
          `keeps its weights from before. A smaller rate (it was 0.01), ${CURES}`,
      );
      expect([error.epoch, error.batch, error.layer]).toEqual([1, 4, 0]);
      await twin.fit(...good, { ...options, epochs: 1 });
      expect(fingerprint(net) === fingerprint(twin)).toBe(true);
      for (const network of [net, twin]) await network.fit(...good, options);
      expect(fingerprint(net) === fingerprint(twin)).toBe(true);
    });
  }

  it('in a later epoch names the rate of that step', async () => {
    const rate = (step: number): number => (step < 7 ? 0.01 : 1e35);
    const net = await regression({ layers: [dense(1)], optimizer: sgd({ rate }) });
    const error = await divergence(() => net.fit(...good, options));
    expect([error.epoch, error.batch, net.steps]).toEqual([3, 2, 7]);
    expect(error.message).toContain('in epoch 3, batch 2: its gradients, or the step that they make, overflowed. ');
    expect(error.message).toContain('A smaller rate (it was 1e+35)');
  });

  it('before its first step draws no order from the random stream', async () => {
    const net = await regression({ layers: [dense(3), dense(1)] });
    const before = fingerprint(net);
    await divergence(() => net.fit(...bad));
    expect(fingerprint(net)).toBe(before);
  });

  it('of a plain training run ends with finite weights, whatever the rate', async () => {
    for (const rate of [10, 1e3, 1e10, 1e20]) {
      const net = await regression({ layers: [dense(8, 'relu'), dense(1)], optimizer: sgd({ rate }) });
      const error = await divergence(() => net.fit(...good, { epochs: 2000, batchSize: 2 }));
      expect(error.epoch).toBeGreaterThan(0);
      for (const { data } of Object.values(net.getParameters())) expect(data.every(Number.isFinite)).toBe(true);
      const { loss } = net.evaluate(...good);
      expect(loss).not.toBeNaN();
    }
  });

  it('is none while its loss is finite, however high: it may come back', async () => {
    const layers = [dense(8, 'tanh', { init: 'glorot' }), dense(1, 'linear', { init: 'glorot' })];
    const net = await regression({ layers, optimizer: adam({ rate: 1e6 }) });
    const history = await net.fit(...good, { epochs: 200 });
    const highest = Math.max(...history.map(({ loss }) => loss));
    expect(highest).toBeGreaterThan(1e10);
    expect(history.at(-1).loss).toBeLessThan(highest / 1e4);
  });

  it('in slices is no different', async () => {
    const width = 400;
    const net = await createNetwork({ inputs: width, layers: [dense(width), dense(1)], seed: 1 });
    const many = new Float32Array(128 * width).fill(0.5).fill(3e38, 127 * width);
    const targets = new Float32Array(128);
    const sliced = { batchSize: 64, shuffle: false };
    const error = await divergence(() => net.fit(many, targets, sliced));
    expect([error.epoch, error.batch, error.layer]).toEqual([1, 2, 0]);
    const twin = await createNetwork({ inputs: width, layers: [dense(width), dense(1)], seed: 1 });
    await twin.fit(many.subarray(0, 64 * width), targets.subarray(0, 64), sliced);
    expect(fingerprint(net) === fingerprint(twin)).toBe(true);
  });
});

describe('questions about values that overflow', () => {
  it('gradients says that there are none, and changes nothing', async () => {
    const net = await regression({ layers: [dense(3), dense(1)] });
    const before = fingerprint(net);
    const expected =
      'DivergenceError: there are no finite gradients: the values of layer 0 overflowed first. Inputs scaled to about ' +
      '1, or smaller weights, are the usual cures';
    expect(await refusal(() => net.gradients(...bad))).toBe(expected);
    expect(await refusal(() => net.gradients(x, y, { each: true }))).toBe(expected);
    expect(fingerprint(net)).toBe(before);
    expect(net.gradients(...good).norm).toBeGreaterThan(0);
  });

  it('does not ask the rate function for its message', async () => {
    const rate = (): never => {
      throw new Error('asked');
    };
    const net = await regression({ layers: [dense(3), dense(1)], optimizer: sgd({ rate }) });
    await divergence(() => net.gradients(...bad));
  });

  it('predict and evaluate tell what came out', async () => {
    const net = await regression({ layers: [dense(1)] });
    net.setParameters({ 'layers.0.weight': { data: [1, 1] } });
    expect([...net.predict(bad[0])]).toEqual([Infinity]);
    expect(net.evaluate(...bad).loss).toBe(Infinity);
    expect(net.evaluate(...good).loss).toBeLessThan(20);
  });
});
