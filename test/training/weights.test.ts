/** Weights of examples and classes: a mean is Σ w C / Σ w, so that a row of weight 2 counts as that row twice. */
import { describe, expect, it } from 'vitest';
import { createNetwork, dense, type Epoch, type Network, scaled, sgd } from '../../src/index.js';
import { deviation } from '../reference/compare.js';
import { oneHot } from '../reference/losses.js';
import { cost, flatten, gradients, trainStep } from '../reference/network.js';
import { createOptimizer } from '../reference/optimizers.js';
import { centralDifferences, LOSS_SPECS, sampleData, sampleNetwork } from '../reference/samples.js';
import { flat, libraryNetwork, namedGradients, NUMERICS, parameterNames } from './support.js';

const TOLERANCE = 2e-5;
const ROWS = 9;
const WEIGHTS = Float32Array.of(1, 0.25, 3, 0, 1.5, 2, 0.1, 7, 0.75);

describe.each(NUMERICS)('%s', (numerics) => {
  describe.each([3, 1])('with %i outputs', (outputs) => {
    const losses = LOSS_SPECS.filter(({ name }) => outputs > 1 || name !== 'crossEntropy');
    it.each(losses)('the weighted gradient under $name $parameter is the slope of the weighted cost', async (loss) => {
      for (const last of ['sigmoid', ...(outputs > 1 ? (['softmax'] as const) : [])] as const) {
        const activations = [{ name: 'tanh' as const }, { name: last }];
        const network = sampleNetwork({ sizes: [4, 6, outputs], activations, loss, seed: 71, centred: true });
        const { x, targets } = sampleData(network, ROWS, 72);
        const weights = Array.from(WEIGHTS);
        const net = await libraryNetwork(network, { numerics });
        const actual = net.gradients(flat(x), flat(targets), { sampleWeight: WEIGHTS });
        const expected = gradients(network, x, targets, weights);
        const numerical = centralDifferences(network, x, targets, weights);
        expect(deviation([actual.loss], [expected.loss])).toBeLessThan(4e-6);
        expect(deviation([actual.norm], [Math.hypot(...flatten(expected.layers))])).toBeLessThan(TOLERANCE);
        const named = namedGradients(expected);
        parameterNames(network).forEach((name, i) => {
          const { data } = actual.parameters[name];
          expect(deviation(data, named[name])).toBeLessThan(TOLERANCE);
          expect(deviation(data, numerical.parameters[i])).toBeLessThan(TOLERANCE);
        });
        expect(deviation(actual.inputs, expected.inputs.flat())).toBeLessThan(TOLERANCE);
        expect(net.evaluate(flat(x), flat(targets), { sampleWeight: weights }).loss).toBe(actual.loss);
        net.dispose();
      }
    });
  });

  it('trains as the reference does, batch by batch, the last of them short', async () => {
    const network = sampleNetwork({
      sizes: [5, 7, 4],
      activations: [{ name: 'gelu' }, { name: 'softmax' }],
      loss: { name: 'crossEntropy' },
      seed: 81,
    });
    const { x } = sampleData(network, ROWS, 82);
    const labels = Uint8Array.from(x, (_, i) => (i * 3) % 4);
    const targets = Array.from(labels, (label) => oneHot(label, 4));
    const optimizer = { name: 'sgd', rate: 0.3, momentum: 0.9 } as const;
    const net = await libraryNetwork(network, { numerics, optimizer });
    const told: number[] = [];
    const history = await net.fit(flat(x), labels, {
      epochs: 2,
      batchSize: 4,
      shuffle: false,
      sampleWeight: WEIGHTS,
      onBatch: ({ loss }) => told.push(loss),
    });

    const rule = createOptimizer(optimizer);
    const total = WEIGHTS.reduce((sum, weight) => sum + weight, 0);
    const expected: number[] = [];
    const epochs = [0, 1].map(() => {
      let sum = 0;
      for (let from = 0; from < ROWS; from += 4) {
        const [rows, wanted, weights] = [x, targets, Array.from(WEIGHTS)].map((all) => all.slice(from, from + 4)) as [
          number[][],
          number[][],
          number[],
        ];
        const { loss } = trainStep(network, rule, rows, wanted, undefined, weights);
        expected.push(loss);
        sum += loss * weights.reduce((all, weight) => all + weight, 0);
      }
      return sum / total;
    });
    expect(deviation(told, expected)).toBeLessThan(4e-6);
    expect(
      deviation(
        history.map(({ loss }) => loss),
        epochs,
      ),
    ).toBeLessThan(4e-6);
    const learnt = Object.values(net.getParameters()).flatMap(({ data }) => Array.from(data));
    expect(deviation(learnt, flatten(network.layers))).toBeLessThan(4e-6);
    expect(deviation([net.evaluate(flat(x), labels).loss], [cost(network, x, targets)])).toBeLessThan(4e-6);
    net.dispose();
  });
});

const make = (options: { seed?: number; threads?: number; units?: number } = {}): Promise<Network> =>
  createNetwork({
    inputs: 6,
    layers: [dense(options.units ?? 16, 'tanh'), dense(3, 'softmax')],
    optimizer: sgd({ rate: 0.5, momentum: 0.5 }),
    seed: options.seed ?? 5,
    threads: options.threads ?? 1,
  });

const COUNT = 700; // three passes
const X = Float32Array.from({ length: COUNT * 6 }, (_, i) => ((i * 37) % 101) / 50 - 1);
const Y = Uint8Array.from({ length: COUNT }, (_, i) => (i * i) % 3);
const W = Float32Array.from({ length: COUNT }, (_, i) => (i % 5) / 4);

const measuresOf = (history: Epoch[]): unknown[] =>
  history.map(({ loss, accuracy, validation }) => [loss, accuracy, validation]);

describe('a row of weight 2', () => {
  it('is that row twice, to the bit where the sums are the same', async () => {
    const [once, twice] = [await make(), await make()];
    const row = X.slice(0, 6);
    const loss = once.trainBatch(row, [1], { sampleWeight: [2] });
    expect(twice.trainBatch([row, row], [1, 1])).toBe(loss);
    expect(twice.getParameters()).toEqual(once.getParameters());
    once.dispose();
    twice.dispose();
  });

  it('is that row twice, to rounding, among others', async () => {
    const [once, twice] = [await make(), await make()];
    const rows = Array.from({ length: 5 }, (_, i) => X.slice(i * 6, i * 6 + 6));
    const weighted = once.gradients(rows, [0, 1, 2, 1, 0], { sampleWeight: [1, 2, 1, 3, 0] });
    const repeated = [0, 1, 1, 2, 3, 3, 3].map((i) => rows[i]);
    const doubled = twice.gradients(repeated, [0, 1, 1, 2, 1, 1, 1]);
    expect(deviation([weighted.loss], [doubled.loss])).toBeLessThan(1e-6);
    for (const [name, { data }] of Object.entries(doubled.parameters)) {
      expect(deviation(weighted.parameters[name].data, data)).toBeLessThan(1e-6);
    }
    const counted = once.evaluate(rows, [0, 1, 2, 1, 0], { sampleWeight: [1, 2, 1, 3, 0] });
    expect(counted.accuracy).toBeCloseTo(twice.evaluate(repeated, [0, 1, 1, 2, 1, 1, 1]).accuracy!, 12);
    once.dispose();
    twice.dispose();
  });
});

describe('weights', () => {
  it('of 1 leave every bit of the weights', async () => {
    const [plain, weighted] = [await make(), await make()];
    const ones = new Float32Array(COUNT).fill(1);
    await plain.fit(X, Y, { epochs: 2, validation: [X, Y] });
    await weighted.fit(X, Y, { epochs: 2, validation: [X, Y, ones], sampleWeight: ones });
    expect(weighted.getParameters()).toEqual(plain.getParameters());
    plain.dispose();
    weighted.dispose();
  });

  it('of any size give the same mean: only their shares count', async () => {
    const [one, other] = [await make(), await make()];
    for (const factor of [2 ** -60, 2 ** 100]) {
      const a = one.gradients(X, Y, { sampleWeight: W });
      const b = other.gradients(X, Y, { sampleWeight: W.map((weight) => weight * factor) });
      expect(b).toEqual(a);
    }
    one.dispose();
    other.dispose();
  });

  it('that are all 0 in a batch make no change of the gradient kind, and no NaN', async () => {
    const net = await make();
    const before = net.getParameters();
    const told: number[] = [];
    const sampleWeight = [0, 0, 0, 0, 1, 0];
    const few = X.slice(0, 36);
    const [epoch] = await net.fit(few, Y.slice(0, 6), {
      batchSize: 2,
      shuffle: false,
      sampleWeight,
      onBatch: ({ loss, step }) => {
        told.push(loss);
        if (step === 2) expect(net.getParameters()).toEqual(before);
      },
    });
    expect(told.slice(0, 2)).toEqual([0, 0]);
    expect(epoch.loss).toBe(told[2]);
    expect(epoch.loss).toBeGreaterThan(0);
    expect(net.steps).toBe(3);
    const nothing = await net.fitBatches([[few, Y.slice(0, 6), new Float32Array(6)]]);
    expect(nothing.loss).toBe(0);
    expect(net.getParameters()['layers.0.weight'].data.every(Number.isFinite)).toBe(true);
    net.dispose();
  });

  it('go with their rows when these are shuffled, whatever the engine does at once or in turns', async () => {
    const results = await Promise.all(
      [{}, { onBatch: () => undefined }].map(async (how) => {
        const net = await make({ units: 64 });
        const options = { epochs: 3, batchSize: 300, sampleWeight: W, validation: [X, Y, W] as const, ...how };
        const history = measuresOf(await net.fit(X, Y, options));
        const measured = await net.evaluateAsync(X, Y, { sampleWeight: W });
        expect(measured).toEqual(net.evaluate(X, Y, { sampleWeight: W }));
        expect(await net.gradientsAsync(X, Y, { sampleWeight: W })).toEqual(net.gradients(X, Y, { sampleWeight: W }));
        expect((history.at(-1) as unknown[])[2]).toEqual(measured);
        const parameters = net.getParameters();
        net.dispose();
        return { history, parameters };
      }),
    );
    expect(results[1]).toEqual(results[0]);
  });

  it('give the same bits with two threads', async () => {
    const results = await Promise.all(
      [1, 2].map(async (threads) => {
        const net = await make({ threads, units: 256 });
        const history = measuresOf(await net.fit(X, Y, { epochs: 2, batchSize: 300, sampleWeight: W }));
        const outcome = {
          history,
          parameters: net.getParameters(),
          gradients: net.gradients(X, Y, { sampleWeight: W }),
        };
        net.dispose();
        return outcome;
      }),
    );
    expect(results[1]).toEqual(results[0]);
  });

  it('of bytes and of batches that come are the same', async () => {
    const [fitted, streamed] = [await make(), await make()];
    const bytes = Uint8Array.from({ length: 60 }, (_, i) => (i * 41) % 256);
    const x = scaled(bytes, 1 / 255);
    const labels = Y.slice(0, 10);
    const sampleWeight = W.slice(1, 11);
    const classWeight = [1, 0.5, 2];
    const [epoch] = await fitted.fit(x, labels, { batchSize: 10, shuffle: false, sampleWeight, classWeight });
    const told = await streamed.fitBatches([[x, labels, sampleWeight]], { classWeight });
    expect(told.loss).toBe(epoch.loss);
    expect(told.accuracy).toBe(epoch.accuracy);
    expect(streamed.getParameters()).toEqual(fitted.getParameters());
    fitted.dispose();
    streamed.dispose();
  });
});

describe('classWeight', () => {
  const classWeight = [0.5, 1, 4];
  const labels = Y.slice(0, 20);
  const x = X.slice(0, 120);
  const bySample = Float32Array.from(labels, (label) => classWeight[label]);

  it.each([
    ['an array', classWeight],
    ['a typed array', Float64Array.from(classWeight)],
    ['an object, whose missing class counts 1', { 0: 0.5, 2: 4 }],
  ])('as %s weighs each row by its class, of labels and of one-hot rows', async (_, given) => {
    const net = await make();
    const expected = net.gradients(x, labels, { sampleWeight: bySample });
    expect(net.gradients(x, labels, { classWeight: given })).toEqual(expected);
    const rows = Array.from(labels, (label) => oneHot(label, 3));
    const hot = net.gradients(x, rows, { classWeight: given });
    expect(hot.loss).toBe(expected.loss);
    expect(net.evaluate(x, labels, { classWeight: given })).toEqual(
      net.evaluate(x, labels, { sampleWeight: bySample }),
    );
    net.dispose();
  });

  it('multiplies sampleWeight', async () => {
    const net = await make();
    const sampleWeight = W.slice(0, 20);
    const product = sampleWeight.map((weight, i) => weight * bySample[i]);
    expect(net.gradients(x, labels, { sampleWeight, classWeight })).toEqual(
      net.gradients(x, labels, { sampleWeight: product }),
    );
    net.dispose();
  });

  it('of one output is for its targets 0 and 1', async () => {
    const net = await createNetwork({ inputs: 6, layers: [dense(1, 'sigmoid')], seed: 3 });
    const y = labels.map((label) => Number(label === 1));
    const sampleWeight = Array.from(y, (target) => (target ? 3 : 1));
    expect(net.gradients(x, y, { classWeight: [1, 3] })).toEqual(net.gradients(x, y, { sampleWeight }));
    net.dispose();
  });

  it('is for the training, and not for what is validated on', async () => {
    const net = await make();
    const history = await net.fit(x, labels, { validation: [x, labels], classWeight });
    expect(history[0].validation).toEqual(net.evaluate(x, labels));
    net.dispose();
  });
});

describe('validationSplit', () => {
  it('trains on the first rows and measures the last, with their weights, and classes weigh where it trains alone', async () => {
    const [split, byHand] = [await make(), await make()];
    const options = { epochs: 3, batchSize: 64, earlyStopping: { patience: 2 }, classWeight: { 1: 3 } };
    const history = await split.fit(X, Y, { ...options, sampleWeight: W, validationSplit: 0.25 });
    const parts = [X.subarray(0, 525 * 6), Y.subarray(0, 525)] as const;
    const rest = [X.subarray(525 * 6), Y.subarray(525), W.subarray(525)] as const;
    const expected = await byHand.fit(...parts, { ...options, sampleWeight: W.subarray(0, 525), validation: rest });
    expect(measuresOf(history)).toEqual(measuresOf(expected));
    expect(split.getParameters()).toEqual(byHand.getParameters());
    split.dispose();
    byHand.dispose();
  });

  it.each([
    [100, 0.07, 7],
    [10, 0.9, 9],
    [3, 0.5, 2],
  ])('of %i rows and a share of %d measures %i', async (rows, validationSplit, held) => {
    const net = await make();
    const [epoch] = await net.fit(X.subarray(0, rows * 6), Y.subarray(0, rows), { validationSplit });
    const last = [X.subarray((rows - held) * 6, rows * 6), Y.subarray(rows - held, rows)] as const;
    expect(epoch.validation).toEqual(net.evaluate(...last));
    net.dispose();
  });
});
