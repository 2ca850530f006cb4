/** layerNorm and batchNorm against PyTorch, and what batchNorm asks of its batches. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  adam,
  batchNorm,
  createNetwork,
  dense,
  DivergenceError,
  dropout,
  layerNorm,
  loadNetwork,
  sgd,
  type Layer,
  type Network,
  type NetworkOptions,
  type Parameters,
} from '../../src/index.js';
import { readBytes } from '../files.js';
import { deviation, relativeError } from '../reference/compare.js';
import { randomNumbers } from '../reference/samples.js';

type Arrays = Record<string, number[]>;

/** What `fixtures/training/norms.json` holds. */
interface Norms {
  epochs: number;
  batchSize: number;
  x: number[];
  y: number[];
  runs: {
    kind: 'layerNorm' | 'batchNorm';
    options: { epsilon: number; momentum?: number };
    optimizer: 'sgd' | 'adam';
    settings: { rate: number };
    first: Arrays;
    training: { loss: number; parameters: Arrays };
    inference: { loss: number; parameters: Arrays };
    final: Arrays;
    outputs: number[];
  }[];
  averaged: { decay: number | null; first: Arrays; final: Arrays; outputs: number[] }[];
}

const norms = JSON.parse(new TextDecoder().decode(await readBytes('test/fixtures/training/norms.json'))) as Norms;
const MAKE = { layerNorm, batchNorm };
const OPTIMIZERS = { sgd, adam };

const made: Network[] = [];
afterEach(() => made.splice(0).forEach((net) => net.dispose()));

async function networkWith(layers: readonly Layer[], options: Partial<NetworkOptions> = {}): Promise<Network> {
  const net = await createNetwork({ inputs: 4, layers, seed: 3, optimizer: sgd({ rate: 0.1 }), ...options });
  made.push(net);
  return net;
}

const valuesOf = (parameters: Parameters, arrays: Arrays): number[] =>
  Object.keys(arrays).flatMap((name) => [...parameters[name].data]);

describe.each(['reproducible', 'fused'] as const)('PyTorch, %s', (numerics) => {
  it.each(norms.runs)('$kind $options, by $optimizer', async ({ kind, options, optimizer, settings, ...run }) => {
    const layers = [dense(6, 'linear', { bias: false }), MAKE[kind](options), dense(5, 'tanh'), dense(2)];
    const net = await networkWith(layers, { optimizer: OPTIMIZERS[optimizer](settings), numerics });
    net.setParameters(Object.fromEntries(Object.entries(run.first).map(([name, data]) => [name, { data }])));
    for (const training of [true, false]) {
      const { loss, parameters } = net.gradients(norms.x, norms.y, { training });
      const theirs = training ? run.training : run.inference;
      expect(relativeError([loss], [theirs.loss])).toBeLessThan(2e-6);
      expect(deviation(valuesOf(parameters, theirs.parameters), Object.values(theirs.parameters).flat())).toBeLessThan(
        5e-6,
      );
    }
    await net.fit(norms.x, norms.y, { epochs: norms.epochs, batchSize: norms.batchSize, shuffle: false });
    expect(deviation(valuesOf(net.getParameters(), run.final), Object.values(run.final).flat())).toBeLessThan(2e-5);
    expect(deviation(net.predict(norms.x), run.outputs)).toBeLessThan(2e-5);
  });

  it.each(norms.averaged)('an average with decay $decay, beside the statistics that were trained', async (run) => {
    const layers = [dense(6, 'linear', { bias: false }), batchNorm(), dense(5, 'tanh'), dense(2)];
    const net = await networkWith(layers, { optimizer: sgd({ rate: 0.05, momentum: 0.9 }), numerics });
    net.setParameters(Object.fromEntries(Object.entries(run.first).map(([name, data]) => [name, { data }])));
    const { epochs, batchSize } = norms;
    const average = { from: 2, ...(run.decay !== null && { decay: run.decay }) };
    await net.fit(norms.x, norms.y, { epochs, batchSize, shuffle: false, average });
    for (const [name, values] of Object.entries(run.final)) {
      expect(deviation(net.getParameters()[name].data, values), name).toBeLessThan(2e-5);
    }
    expect(deviation(net.predict(norms.x), run.outputs)).toBeLessThan(2e-5);
  });
});

const LAYERS = [dense(6, 'tanh'), batchNorm(), dense(2)];

function dataOf(rows: number): { x: Float32Array; y: Float32Array } {
  const next = randomNumbers(8);
  return {
    x: Float32Array.from({ length: rows * 4 }, next),
    y: Float32Array.from({ length: rows * 2 }, next),
  };
}

describe('batchNorm', () => {
  it('takes a batch of more rows than a pass as a whole', async () => {
    const { x, y } = dataOf(600);
    const net = await networkWith(LAYERS);
    const twice = await networkWith(LAYERS);
    // the same rows twice have the same mean and variance, and so the same gradient
    const doubled = [...x, ...x];
    const { parameters } = net.gradients(x, y, { training: true });
    const found = twice.gradients(doubled, [...y, ...y], { training: true });
    for (const name of ['layers.0.weight', 'layers.1.weight', 'layers.2.weight']) {
      expect(deviation(found.parameters[name].data, parameters[name].data), name).toBeLessThan(1e-4);
    }
    expect(await net.gradientsAsync(x, y, { training: true })).toEqual(net.gradients(x, y, { training: true }));
    const half = net.gradients(x.subarray(0, 1200), y.subarray(0, 600), { training: true });
    expect(deviation(half.parameters['layers.0.weight'].data, parameters['layers.0.weight'].data)).toBeGreaterThan(
      1e-2,
    );
  });

  it('has the same gradients out of training, whatever passes came before', async () => {
    const { x, y } = dataOf(600);
    const net = await networkWith(LAYERS);
    const before = net.gradients(x, y);
    net.evaluate(x, y);
    await net.fit(x, y, { batchSize: 600 });
    net.setParameters((await networkWith(LAYERS)).getParameters());
    expect(net.gradients(x, y)).toEqual(before);
  });

  it('moves its running statistics by each step that is made, and by nothing else', async () => {
    const { x, y } = dataOf(12);
    const net = await networkWith(LAYERS);
    const running = (): Float32Array => net.getParameters()['layers.1.runningMean'].data;
    expect([...running()]).toEqual([0, 0, 0, 0, 0, 0]);
    net.gradients(x, y, { training: true });
    net.evaluate(x, y);
    net.predict(x);
    net.applyGradients(net.gradients(x, y).parameters);
    net.applyGradients(net.gradients(x, y, { training: true }).parameters);
    expect([...running()]).toEqual([0, 0, 0, 0, 0, 0]);
    const { parameters } = net.gradients(x, y);
    net.trainBatch(x, y);
    const moved = running();
    expect([...moved].every((value) => value !== 0)).toBe(true);
    net.applyGradients(parameters);
    expect(running()).toEqual(moved);
    // too large for float32 once they are squared
    expect(() =>
      net.trainBatch(
        x,
        y.map(() => 3e38),
      ),
    ).toThrow(DivergenceError);
    expect(running()).toEqual(moved);
  });

  it('does not move when it is not trained, and then takes batches of any size', async () => {
    const { x, y } = dataOf(9);
    const net = await networkWith([dense(6, 'tanh'), batchNorm({ trainable: false }), dense(2)]);
    const before = net.getParameters();
    await net.fit(x, y, { batchSize: 4 });
    net.trainBatch(x.subarray(0, 4), y.subarray(0, 2));
    expect(net.gradients(x, y, { each: true })).toHaveLength(9);
    for (const name of ['weight', 'bias', 'runningMean', 'runningVariance']) {
      expect(net.getParameters()[`layers.1.${name}`], name).toEqual(before[`layers.1.${name}`]);
    }
  });

  it('notices a variance that float32 does not hold', async () => {
    const net = await networkWith([batchNorm(), dense(2)]);
    const { y } = dataOf(4);
    const before = net.save();
    expect(() => net.trainBatch([1e20, 1, 2, 3, -1e20, 4, 5, 6, 0, 1, 1, 3, 1, 1, 3, 5], y)).toThrow(DivergenceError);
    expect(net.save()).toEqual(before);
  });

  it('has the statistics of an average from steps that move nothing else', async () => {
    const { x, y } = dataOf(60);
    const net = await networkWith(LAYERS);
    await net.fit(x, y, { epochs: 5, batchSize: 20, average: true });
    const averaged = net.getParameters();
    const below = await networkWith([dense(6, 'tanh')]);
    below.setParameters({ 'layers.0.weight': averaged['layers.0.weight'], 'layers.0.bias': averaged['layers.0.bias'] });
    const hidden = below.predict(x);
    const means = Array.from(
      { length: 6 },
      (_, j) => hidden.filter((_, at) => at % 6 === j).reduce((a, b) => a + b) / 60,
    );
    const still = await networkWith(LAYERS, { optimizer: sgd({ rate: 0 }) });
    still.setParameters(averaged);
    for (let step = 0; step < 200; step++) still.trainBatch(x, y);
    const { 'layers.1.runningMean': mean, ...others } = still.getParameters();
    expect(deviation(averaged['layers.1.runningMean'].data, means)).toBeGreaterThan(1e-2);
    expect(deviation(mean.data, means)).toBeLessThan(1e-5);
    for (const name of Object.keys(others).filter((key) => !key.includes('running'))) {
      expect(others[name], name).toEqual(averaged[name]);
    }
  });

  it.each<[string, readonly Layer[]]>([
    ['batchNorm', LAYERS],
    ['dropout', [dense(6, 'tanh'), dropout(0.5), dense(2)]],
  ])('as %s does, has a loss of one’s own take the outputs of the step', async (_, layers) => {
    // more rows than a pass has
    const { x, y } = dataOf(300);
    const [own, named] = [await networkWith(layers), await networkWith(layers)];
    own.trainBatch(x, (outputs, slopes) => outputs.forEach((a, j) => (slopes[j] = a - y[j])));
    named.trainBatch(x, y);
    const [ours, theirs] = [own, named].map((net) => net.getParameters());
    for (const name of Object.keys(theirs))
      expect(deviation(ours[name].data, theirs[name].data), name).toBeLessThan(1e-6);
  });

  const REASON =
    'RangeError: layer 1, a batchNorm, standardises by the mean and the variance of each batch of training, which takes 2 ' +
    'examples or more: ';

  it.each<[string, (net: Network, x: Float32Array, y: Float32Array) => unknown, string]>([
    ['a batch of one', (net, x, y) => net.trainBatch(x.subarray(0, 4), y.subarray(0, 2)), `${REASON}got 1`],
    [
      'a batch of one for a loss of one’s own',
      (net, x) => net.trainBatch(x.subarray(0, 4), () => undefined),
      `${REASON}got 1`,
    ],
    [
      'a last batch of one',
      (net, x, y) => net.fit(x, y, { batchSize: 4 }),
      `${REASON}9 examples in batches of 4 leave a batch of 1`,
    ],
    [
      'batches of one',
      (net, x, y) => net.fit(x, y, { batchSize: 1 }),
      `${REASON}9 examples in batches of 1 leave a batch of 1`,
    ],
    ['a stream of one', (net, x, y) => net.fitBatches([[x.subarray(0, 4), y.subarray(0, 2)]]), `${REASON}got 1`],
    [
      'the gradient of one in training',
      (net, x, y) => net.gradients(x.subarray(0, 4), y.subarray(0, 2), { training: true }),
      `${REASON}got 1`,
    ],
    [
      'gradients one by one',
      (net, x, y) => net.gradients(x, y, { each: true }),
      'RangeError: "each" cannot be had with layer 1, a batchNorm: in training what it gives for an example depends on the ' +
        "others of its batch, and so does the example's gradient",
    ],
  ])('refuses %s', async (_, call, message) => {
    const net = await networkWith(LAYERS);
    const { x, y } = dataOf(9);
    const before = net.save();
    const told = await Promise.resolve()
      .then(() => call(net, x, y))
      .then(
        () => 'done',
        (error: unknown) => String(error),
      );
    expect(told).toBe(message);
    expect(net.save()).toEqual(before);
  });

  it('refuses a batch that no memory holds, and names the sizes', async () => {
    const net = await networkWith([dense(500), batchNorm(), dense(2)]);
    const { x, y } = dataOf(300_000);
    await expect(net.fit(x, y, { batchSize: 300_000 })).rejects.toThrow(
      /^a pass of 300000 examples, which layer 1 takes statistics of as a whole, needs .* of memory: at most .* can be had$/,
    );
    // what is only read goes through in passes
    expect(net.evaluate(x, y).loss).toBeGreaterThan(0);
  });

  it('refuses a running variance below 0', async () => {
    const net = await networkWith(LAYERS);
    const data = [1, 1, 1, -0.5, 1, 1];
    expect(() => net.setParameters({ 'layers.1.runningVariance': { data } })).toThrow(
      new RangeError('"layers.1.runningVariance.data[3]" is -0.5: expected 0 at the least'),
    );
  });
});

describe('weight decay', () => {
  it.each(['layerNorm', 'batchNorm'] as const)('spares the scales of %s where it spares biases', async (kind) => {
    const { x, y } = dataOf(8);
    const layers = [dense(9, 'tanh'), MAKE[kind](), dense(2)];
    const nets = await Promise.all(
      (['weights', 'all'] as const).map((decay) =>
        networkWith(layers, { optimizer: sgd({ rate: 0.1, weightDecay: 0.5, decay }) }),
      ),
    );
    const plain = await networkWith(layers);
    for (const net of [...nets, plain]) net.trainBatch(x, y);
    const [spared, decayed, without] = [...nets, plain].map((net) => net.getParameters());
    for (const name of ['layers.1.weight', 'layers.1.bias']) expect(spared[name], name).toEqual(without[name]);
    expect(decayed['layers.1.weight']).not.toEqual(without['layers.1.weight']);
    expect(spared['layers.0.weight']).toEqual(decayed['layers.0.weight']);
  });
});

it('summary names the norms and counts what they hold', async () => {
  const net = await networkWith([layerNorm(), dense(3), batchNorm(), dense(2)]);
  expect(net.summary()).toContain('layerNorm 4');
  expect(net.summary()).toMatch(/batchNorm 3 +12\n/);
  const loaded = await loadNetwork(net.save());
  made.push(loaded);
  expect(loaded.summary()).toBe(net.summary());
});
