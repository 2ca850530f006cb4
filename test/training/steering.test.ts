/** Gradients that users steer: losses of their own, `backward`, and `applyGradients`. */
import { describe, expect, it } from 'vitest';
import {
  adagrad,
  adam,
  adamW,
  batchNorm,
  createNetwork,
  cosine,
  dense,
  DivergenceError,
  dropout,
  type Layer,
  type Network,
  type NetworkOptions,
  rmsProp,
  sgd,
} from '../../src/index.js';
import { deviation } from '../reference/compare.js';
import { lossSlope } from '../reference/losses.js';
import { ACTIVATION_SPECS, lossSpecsOver, sampleData, sampleNetwork } from '../reference/samples.js';
import { gradients, predict, type LossSpec } from '../reference/network.js';
import { flat, libraryNetwork, namedGradients, NUMERICS, parameterNames } from './support.js';

const TOLERANCE = 2e-5;

const bitsOf = (net: Network): string => net.save().join();

describe.each(NUMERICS)('backward, %s', (numerics) => {
  describe.each(ACTIVATION_SPECS)('over $name $parameter', (activation) => {
    it.each(lossSpecsOver(activation))(
      'gives for the slopes of $name $parameter what its gradient is',
      async (loss) => {
        const hidden = activation.name === 'softmax' ? ACTIVATION_SPECS[2] : activation;
        const network = sampleNetwork({
          sizes: [3, 5, 4],
          activations: [hidden, activation],
          loss,
          seed: 91,
          centred: true,
        });
        const { x, targets } = sampleData(network, 5, 92);
        const net = await libraryNetwork(network, { numerics });
        const dA = x.map((row, i) => {
          const a = predict(network, row);
          return lossSlope(loss.name, a, a, targets[i], loss.parameter ?? 1);
        });
        const given = loss.name === 'crossEntropy' ? x.map((row, i) => slopesOf(network, row, targets[i], loss)) : dA;
        const actual = net.backward(flat(x), flat(given));
        const expected = gradients(network, x, targets);
        const named = namedGradients(expected);
        for (const name of parameterNames(network)) {
          expect(deviation(actual.parameters[name].data, named[name])).toBeLessThan(TOLERANCE);
        }
        const own = expected.inputs.flat().map((d) => d * x.length);
        expect(deviation(actual.inputs, own)).toBeLessThan(TOLERANCE);
        net.dispose();
      },
    );
  });
});

function slopesOf(network: Parameters<typeof predict>[0], x: number[], target: number[], loss: LossSpec) {
  const a = predict(network, x);
  return lossSlope(loss.name, a, a, target, loss.parameter ?? 0);
}

const make = (options: Partial<NetworkOptions> = {}): Promise<Network> =>
  createNetwork({
    inputs: 4,
    layers: [dense(9, 'tanh'), dense(3)],
    loss: 'quadratic',
    optimizer: sgd({ rate: 0.05, momentum: 0.9 }),
    seed: 21,
    ...options,
  });

const ROWS = 300; // two passes
const X = Float32Array.from({ length: ROWS * 4 }, (_, i) => ((i * 29) % 61) / 30 - 1);
const Y = Float32Array.from({ length: ROWS * 3 }, (_, i) => ((i * 13) % 37) / 18 - 1);

/** The quadratic loss, as one would write it. */
const quadratic = (outputs: Float32Array, dOutputs: Float32Array): number => {
  let sum = 0;
  outputs.forEach((a, i) => {
    const error = Math.fround(a - Y[i]);
    sum += error * error;
    dOutputs[i] = 2 * error;
  });
  return sum / (outputs.length / 3);
};

describe('trainBatch with a loss of the user', () => {
  it('makes the bits of the built-in loss, and returns what the loss returned', async () => {
    const [built, own] = [await make(), await make({ loss: 'huber' })];
    for (let step = 0; step < 5; step++) {
      const expected = built.trainBatch(X, Y);
      const cost = own.trainBatch(X, quadratic);
      expect(deviation([cost], [expected])).toBeLessThan(1e-6);
    }
    expect(own.getParameters()).toEqual(built.getParameters());
    expect(own.steps).toBe(5);
    const silent = own.trainBatch.bind(own) as (...args: unknown[]) => unknown;
    expect(silent(X, () => undefined)).toBeUndefined();
    // the loss of the network is what it was
    const twin = await make({ loss: 'huber' });
    twin.setParameters(own.getParameters());
    expect(own.evaluate(X, Y)).toEqual(twin.evaluate(X, Y));
    expect(own.gradients(X, Y)).toEqual(twin.gradients(X, Y));
    for (const net of [built, own, twin]) net.dispose();
  });

  it('goes through the jacobian of a softmax, and the slope of a sigmoid, whose own losses skip them', async () => {
    for (const [activation, loss] of [
      ['softmax', 'crossEntropy'],
      ['sigmoid', 'binaryCrossEntropy'],
    ] as const) {
      const options = { layers: [dense(9, 'tanh'), dense(3, activation)], loss } satisfies Partial<NetworkOptions>;
      const [built, own] = [await make(options), await make(options)];
      const y = Y.map((_, i) => Number(i % 3 === Math.floor(i / 3) % 3));
      const expected = built.gradients(X, y);
      const before = own.getParameters();
      const slope = (a: number, t: number): number => (loss === 'crossEntropy' ? -t / a : (a - t) / (a * (1 - a)) / 3);
      const fill = (outputs: Float32Array, dOutputs: Float32Array): void => {
        dOutputs.set(outputs.map((a, i) => slope(a, y[i])));
      };
      own.trainBatch(X, fill);
      const after = own.getParameters();
      for (const [name, { data }] of Object.entries(expected.parameters)) {
        const step = before[name].data.map((value, i) => (value - after[name].data[i]) / 0.05);
        expect(deviation(step, data)).toBeLessThan(1e-4);
      }
      // and the network's own loss is fused as before
      built.setParameters(after);
      expect(own.gradients(X, y)).toEqual(built.gradients(X, y));
      built.dispose();
      own.dispose();
    }
  });

  it('hands the loss the outputs in an array of its own, beside zeros', async () => {
    const net = await make();
    const predicted = net.predict(X);
    const told = net.trainBatch(X, (outputs, dOutputs) => {
      expect(outputs).toEqual(predicted);
      expect(dOutputs).toEqual(new Float32Array(ROWS * 3));
      expect(net.predict(X.subarray(0, 4))).toEqual(predicted.subarray(0, 3));
      outputs.fill(NaN);
      return 7;
    });
    expect(told).toBe(7);
    expect(net.predict(X)).toEqual(predicted);
    net.dispose();
  });

  it('averages by weights', async () => {
    const [weighted, built] = [await make(), await make()];
    const sampleWeight = Float32Array.from({ length: ROWS }, (_, i) => i % 4);
    weighted.trainBatch(X, quadratic, { sampleWeight });
    built.trainBatch(X, Y, { sampleWeight });
    expect(weighted.getParameters()).toEqual(built.getParameters());
    weighted.dispose();
    built.dispose();
  });

  it('takes one example of a narrow network as any batch', async () => {
    const options = { inputs: 2, layers: [dense(4, 'tanh'), dense(1)] } satisfies Partial<NetworkOptions>;
    const [own, built] = [await make(options), await make(options)];
    own.trainBatch([0.5, -1], (outputs, dOutputs) => void (dOutputs[0] = 2 * Math.fround(outputs[0] - 0.25)));
    built.trainBatch([0.5, -1], [0.25]);
    expect(own.getParameters()).toEqual(built.getParameters());
    own.dispose();
    built.dispose();
  });

  it('throws where the outputs overflow, and does not ask', async () => {
    const net = await make({ layers: [dense(9, 'relu'), dense(3)] });
    const { 'layers.1.bias': bias } = net.getParameters();
    net.setParameters({
      'layers.1.bias': { data: bias.data.fill(3e38) },
      'layers.1.weight': { data: new Float32Array(27).fill(3e38) },
    });
    const before = bitsOf(net);
    let asked = false;
    expect(() => net.trainBatch(X, () => void (asked = true))).toThrow(DivergenceError);
    expect(asked).toBe(false);
    expect(bitsOf(net)).toBe(before);
    net.dispose();
  });
});

describe.each<[string, Layer]>([
  ['dropout', dropout(0.4)],
  ['batchNorm', batchNorm()],
])('%s, which has two modes,', (_, layer) => {
  const options = { layers: [dense(9, 'tanh'), layer, dense(3)] } satisfies Partial<NetworkOptions>;
  /** All but running statistics, which only a step moves. */
  const weightsOf = (net: Network): unknown[] =>
    Object.entries(net.getParameters()).filter(([name]) => !name.includes('running'));

  it('has backward in that of predict, as gradients is', async () => {
    const net = await make(options);
    net.trainBatch(X, Y);
    const dA = new Float32Array(ROWS * 3);
    quadratic(net.predict(X), dA);
    const [asked, trained] = [net.gradients(X, Y), net.gradients(X, Y, { training: true })].map(({ parameters }) =>
      Object.values(parameters).flatMap(({ data }) => [...data]),
    );
    const found = Object.values(net.backward(X, dA).parameters).flatMap(({ data }) => [...data]);
    expect(deviation(found, asked)).toBeLessThan(TOLERANCE);
    expect(deviation(found, trained)).toBeGreaterThan(1e-3);
    net.dispose();
  });

  it('makes the bits of trainBatch by the gradient of training', async () => {
    const [given, trained] = [await make(options), await make(options)];
    for (let step = 0; step < 3; step++) {
      given.applyGradients(given.gradients(X, Y, { training: true }).parameters);
      trained.trainBatch(X, Y);
    }
    expect(weightsOf(given)).toEqual(weightsOf(trained));
    for (const net of [given, trained]) net.dispose();
  });
});

describe('two networks', () => {
  it('chain: what the second gives for its inputs is what the first takes', async () => {
    const network = sampleNetwork({
      sizes: [6, 5, 2, 4, 6],
      activations: ['tanh', 'sigmoid', 'tanh', 'linear'].map((name) => ({ name: name as 'tanh' })),
      loss: { name: 'mse' },
      seed: 33,
    });
    const { x, targets } = sampleData(network, 7, 34);
    const whole = gradients(network, x, targets);
    const encoder = await libraryNetwork({ ...network, layers: network.layers.slice(0, 2) });
    const decoder = await libraryNetwork({ ...network, layers: network.layers.slice(2) });
    const code = encoder.predict(flat(x));
    const outputs = decoder.predict(code);
    const down = decoder.backward(
      code,
      outputs.map((a, i) => (2 * (a - targets.flat()[i])) / 6),
    );
    const up = encoder.backward(flat(x), down.inputs);
    const named = namedGradients(whole);
    for (const l of [0, 1]) {
      for (const kind of ['weight', 'bias']) {
        const [lower, upper] = [`layers.${l}.${kind}`, `layers.${l + 2}.${kind}`];
        expect(deviation(up.parameters[lower].data, named[lower])).toBeLessThan(TOLERANCE);
        expect(deviation(down.parameters[lower].data, named[upper])).toBeLessThan(TOLERANCE);
      }
    }
    expect(
      deviation(
        up.inputs,
        whole.inputs.flat().map((d) => d * 7),
      ),
    ).toBeLessThan(TOLERANCE);
    const { inputs } = decoder.gradients(code, flat(targets));
    expect(
      deviation(
        down.inputs,
        inputs.map((d) => d * 7),
      ),
    ).toBeLessThan(TOLERANCE);
    encoder.dispose();
    decoder.dispose();
  });
});

const OPTIMIZERS = {
  sgd: sgd({ rate: 0.1 }),
  momentum: sgd({ rate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  adam: adam({ rate: 0.01, amsgrad: true }),
  adamW: adamW({ rate: cosine({ from: 0.02, steps: 10 }) }),
  rmsProp: rmsProp({ rate: 0.01, momentum: 0.5, centered: true }),
  adagrad: adagrad({ rate: 0.1 }),
};

describe('applyGradients', () => {
  it.each(Object.entries(OPTIMIZERS))(
    'makes the bits of trainBatch with the same gradient, by %s',
    async (_, optimizer) => {
      for (const clipNorm of [undefined, 0.05]) {
        const options = { optimizer, ...(clipNorm !== undefined && { clipNorm }) };
        const [given, trained] = [await make(options), await make(options)];
        // 40 steps: the weights are swept every 32nd
        for (let step = 0; step < 40; step++) {
          given.applyGradients(given.gradients(X, Y).parameters);
          trained.trainBatch(X, Y);
          expect(given.steps).toBe(trained.steps);
        }
        expect(given.getParameters()).toEqual(trained.getParameters());
        given.dispose();
        trained.dispose();
      }
    },
  );

  it('makes the bits of a loss of the user, by what backward gives', async () => {
    const [given, trained] = [await make(), await make()];
    const dA = new Float32Array(ROWS * 3);
    quadratic(given.predict(X), dA);
    given.applyGradients(given.backward(X, dA).parameters);
    trained.trainBatch(X, quadratic);
    expect(bitsOf(given)).toBe(bitsOf(trained));
    given.dispose();
    trained.dispose();
  });

  it('takes the mean of the gradients of parts as that of the whole', async () => {
    const [given, trained] = [await make(), await make()];
    const half = ROWS / 2;
    const parts = [0, 1].map((i) => {
      return given.gradients(
        X.subarray(i * half * 4, (i + 1) * half * 4),
        Y.subarray(i * half * 3, (i + 1) * half * 3),
      );
    });
    const mean = Object.fromEntries(
      Object.entries(parts[0].parameters).map(([name, { shape, data }]) => {
        const other = parts[1].parameters[name].data;
        return [name, { shape, data: data.map((value, i) => (value + other[i]) / 2) }];
      }),
    );
    given.applyGradients(mean);
    trained.trainBatch(X, Y);
    for (const [name, { data }] of Object.entries(trained.getParameters())) {
      expect(deviation(given.getParameters()[name].data, data)).toBeLessThan(1e-6);
    }
    given.dispose();
    trained.dispose();
  });

  it('refuses a step that would overflow, and makes the next after a training that did', async () => {
    const layers = [dense(9), dense(9), dense(3)];
    const net = await make({ layers });
    const before = bitsOf(net);
    const { parameters } = net.gradients(X, Y);
    const huge = Object.fromEntries(
      Object.entries(parameters).map(([name, { shape, data }]) => [name, { shape, data: data.map(() => 3e38) }]),
    );
    expect(() => net.applyGradients(huge)).toThrow(DivergenceError);
    expect(bitsOf(net)).toBe(before);
    expect(() =>
      net.trainBatch(
        X.map((value) => value * 3e38),
        Y,
      ),
    ).toThrow(DivergenceError);
    expect(bitsOf(net)).toBe(before);
    const twin = await make({ layers });
    net.applyGradients(parameters);
    twin.trainBatch(X, Y);
    expect(net.getParameters()).toEqual(twin.getParameters());
    net.dispose();
    twin.dispose();
  });

  it('and backward and losses of the user give the same bits with two threads', async () => {
    const wide = { layers: [dense(300, 'tanh'), dense(3, 'softmax')] } satisfies Partial<NetworkOptions>;
    const results = await Promise.all(
      [1, 2].map(async (threads) => {
        const net = await make({ ...wide, threads });
        const { parameters, inputs, norm } = net.backward(X, Y);
        net.applyGradients(parameters);
        net.trainBatch(X, quadratic);
        const outcome = { inputs, norm, bits: bitsOf(net) };
        net.dispose();
        return outcome;
      }),
    );
    expect(results[1]).toEqual(results[0]);
  });
});
