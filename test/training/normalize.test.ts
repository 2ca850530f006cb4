/** normalize: what it learns, when, and how it is folded into the layer behind it. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  concat,
  createNetwork,
  dense,
  loadNetwork,
  normalize,
  residual,
  scaled,
  type Layer,
  type Network,
  type NetworkOptions,
} from '../../src/index.js';
import { deviation } from '../reference/compare.js';
import { randomNumbers } from '../reference/samples.js';

const ROWS = 700;
const made: Network[] = [];
afterEach(() => made.splice(0).forEach((net) => net.dispose()));

async function networkWith(layers: readonly Layer[], options: Partial<NetworkOptions> = {}): Promise<Network> {
  const net = await createNetwork({ inputs: 4, layers, seed: 3, ...options });
  made.push(net);
  return net;
}

/** A column of unit scale, one far from 0, a large one, and a constant one. */
function dataOf(rows = ROWS): { x: Float32Array; y: Float32Array } {
  const next = randomNumbers(5);
  const row = (): number[] => [next(), 1e6 + Math.sign(next()), 3000 * next() - 500, 7.3];
  const x = Float32Array.from(Array.from({ length: rows }, row).flat());
  return { x, y: Float32Array.from({ length: rows }, next) };
}

/** The mean and variance of a column, in float64 and two passes. */
function momentsOf(x: ArrayLike<number>, column: number, columns = 4): [mean: number, variance: number] {
  const values = Array.from(x).filter((_, at) => at % columns === column);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
}

const LAYERS = [normalize(), dense(5, 'tanh'), dense(1)];
const tensor = (net: Network, name: string): number[] => [...net.getParameters()[`layers.${name}`].data];

describe('what it learns', () => {
  it('is the mean and variance of each column, whatever its offset, and of a constant one 0', async () => {
    const { x } = dataOf();
    const net = await networkWith(LAYERS);
    net.adapt(x);
    for (let column = 0; column < 4; column++) {
      const [mean, variance] = momentsOf(x, column);
      expect(tensor(net, '0.mean')[column]).toBe(Math.fround(mean));
      const found = tensor(net, '0.variance')[column];
      if (column === 3) expect(found).toBe(0);
      else expect(Math.abs(found / variance - 1)).toBeLessThan(1e-7);
    }
    expect(tensor(net, '0.count')).toEqual([ROWS]);
  });

  it('gives columns of mean 0 and deviation 1, and 0 for a constant one, even elsewhere', async () => {
    const { x } = dataOf();
    const net = await networkWith([normalize(), dense(4, 'linear', { init: 'zeros' })]);
    const identity = Float32Array.from({ length: 16 }, (_, at) => Number(at % 5 === 0));
    net.setParameters({ 'layers.1.weight': { data: identity } });
    expect(net.predict(x)).toEqual(x);
    net.adapt(x);
    const outputs = net.predict(x);
    for (let column = 0; column < 3; column++) {
      const [mean, variance] = momentsOf(outputs, column);
      // the mean of the offset column is known to float32's last digit, a sixteenth
      expect(Math.abs(mean)).toBeLessThan(column === 1 ? 0.04 : 1e-5);
      expect(Math.abs(variance - 1)).toBeLessThan(1e-5);
    }
    expect(momentsOf(outputs, 3)).toEqual([0, 0]);
    expect(net.predict([0, 0, 0, 900])[3]).toBe(0);
  });

  it('comes from bytes as well', async () => {
    const bytes = Uint8Array.from({ length: 400 }, (_, at) => (at * at) % 251);
    const [net, floats] = [await networkWith(LAYERS), await networkWith(LAYERS)];
    net.adapt(scaled(bytes, 1 / 255));
    floats.adapt(Float32Array.from(bytes, (byte) => byte * Math.fround(1 / 255)));
    expect(net.getParameters()).toEqual(floats.getParameters());
  });

  it('is what the layers below give once they have learnt', async () => {
    const { x } = dataOf();
    const net = await networkWith([normalize(), dense(3, 'tanh'), normalize(), dense(1)]);
    const below = await networkWith([normalize(), dense(3, 'tanh')], { loss: 'mse' });
    net.adapt(x);
    below.adapt(x);
    const { 'layers.1.weight': weight, 'layers.1.bias': bias } = net.getParameters();
    below.setParameters({ 'layers.1.weight': weight, 'layers.1.bias': bias });
    const hidden = below.predict(x);
    for (let column = 0; column < 3; column++) {
      const [mean, variance] = momentsOf(hidden, column, 3);
      expect(Math.abs(tensor(net, '2.mean')[column] - mean)).toBeLessThan(1e-7);
      expect(Math.abs(tensor(net, '2.variance')[column] / variance - 1)).toBeLessThan(1e-6);
    }
  });
});

describe('when it learns', () => {
  it('is at the first fit, from the training data, with the bits of adapt; and no later', async () => {
    const { x, y } = dataOf();
    const [fitted, adapted] = [await networkWith(LAYERS), await networkWith(LAYERS)];
    adapted.adapt(x.subarray(0, 4 * 560));
    for (const net of [fitted, adapted]) await net.fit(x, y, { epochs: 2, validationSplit: 0.2 });
    expect(fitted.getParameters()).toEqual(adapted.getParameters());
    const mean = tensor(fitted, '0.mean');
    await fitted.fit(
      x.map((value) => 2 * value),
      y,
    );
    expect(tensor(fitted, '0.mean')).toEqual(mean);
  });

  it('has the same bits with threads', async () => {
    const { x, y } = dataOf();
    const nets = await Promise.all([1, 3].map((threads) => networkWith(LAYERS, { threads })));
    for (const net of nets) await net.fit(x, y, { epochs: 2, batchSize: 100 });
    expect(nets[1].getParameters()).toEqual(nets[0].getParameters());
  });

  it('is before any step made one by one, which says so', async () => {
    const { x, y } = dataOf(8);
    const net = await networkWith(LAYERS);
    const before = net.save();
    const message = /^layer 0, a normalize, has learnt no means and deviations yet: call net\.adapt\(x\), .* or fit, /;
    expect(() => net.trainBatch(x, y)).toThrow(message);
    expect(() => net.trainBatch(x, () => undefined)).toThrow(message);
    expect(() => net.applyGradients(net.gradients(x, y).parameters)).toThrow(message);
    await expect(net.fitBatches([[x, y]])).rejects.toThrow(message);
    expect(net.save()).toEqual(before);
    net.adapt(x);
    net.trainBatch(x, y);
    await net.fitBatches([[x, y]]);
    expect(net.steps).toBe(2);
  });

  it('is kept when the network is saved', async () => {
    const { x, y } = dataOf(64);
    const net = await networkWith(LAYERS);
    net.adapt(x);
    const loaded = await loadNetwork(net.save());
    made.push(loaded);
    expect(loaded.predict(x)).toEqual(net.predict(x));
    for (const one of [net, loaded]) one.trainBatch(x, y);
    expect(loaded.save()).toEqual(net.save());
  });

  it('leaves all as it was when it is given up in its midst', async () => {
    const { x, y } = dataOf();
    const net = await networkWith([normalize(), dense(3), normalize(), dense(1)]);
    const before = net.save();
    const controller = new AbortController();
    const done = net.fit(x, y, { signal: controller.signal });
    controller.abort();
    await expect(done).rejects.toThrow();
    expect(net.save()).toEqual(before);
    // float32 holds these numbers, and not their variance
    expect(() => net.adapt([1e38, 0, 0, 0, -1e38, 0, 0, 0])).toThrow(
      new RangeError('what layer 0 is given is too large: float32 does not hold its mean and variance'),
    );
    expect(net.save()).toEqual(before);
  });

  it('needs a layer that can', async () => {
    const net = await networkWith([dense(1)]);
    expect(() => net.adapt(dataOf(3).x)).toThrow('the network has no normalize layer that could be adapted');
  });
});

describe('the warning about scale', () => {
  it.each<[string, readonly Layer[], boolean]>([
    ['is not for what normalize takes', LAYERS, false],
    ['is for what it does not', [dense(5, 'tanh'), normalize(), dense(1)], true],
    ['is for what another branch takes as it is', [concat([[normalize()], []]), dense(1)], true],
    ['is for what goes around it', [residual([normalize()]), dense(1)], true],
  ])('%s', async (_, layers, warns) => {
    const { x, y } = dataOf(64);
    const net = await networkWith(layers);
    const told: string[] = [];
    const hear = (message: unknown): void => void told.push(String(message));
    // pages have a console only
    const { process } = globalThis as { process?: Partial<NodeJS.Process> };
    const spy = process?.emitWarning
      ? vi.spyOn(process as NodeJS.Process, 'emitWarning').mockImplementation(hear)
      : vi.spyOn(console, 'warn').mockImplementation(hear);
    await net.fit(x, y);
    spy.mockRestore();
    expect(told.some((message) => message.includes('unit scale'))).toBe(warns);
  });
});

describe('folded', () => {
  it.each<[string, readonly Layer[]]>([
    ['in front', [normalize(), dense(6, 'tanh'), dense(2)]],
    ['of a layer without biases', [normalize(), dense(6, 'relu', { bias: false }), dense(2)]],
    ['of one output', [dense(6, 'relu'), normalize(), dense(1)]],
    [
      'within others',
      [
        dense(6, 'tanh'),
        residual([normalize(), dense(9, 'tanh'), dense(6)]),
        concat([[normalize(), dense(3, 'relu')], []]),
        dense(2),
      ],
    ],
  ])('%s, predicts the same without it', async (_, layers) => {
    const next = randomNumbers(4);
    const x = Float32Array.from({ length: 400 }, () => 3 * next() + 2);
    const net = await networkWith(layers);
    net.adapt(x);
    const folded = await net.folded();
    made.push(folded);
    expect(folded.summary()).not.toContain('normalize');
    expect(folded.steps).toBe(0);
    expect(deviation(folded.predict(x), net.predict(x))).toBeLessThan(2e-6);
    folded.trainBatch(x, new Float32Array(100 * folded.outputs));
  });

  it('is the network itself where there is nothing to fold', async () => {
    const net = await networkWith([dense(3, 'tanh'), dense(1)]);
    const folded = await net.folded();
    made.push(folded);
    expect(folded.getParameters()).toEqual(net.getParameters());
  });

  it.each<[string, readonly Layer[], string]>([
    ['concat', [concat([[normalize()], []]), dense(1)], '0.0.0'],
    ['residual', [normalize(), residual([dense(4)]), dense(1)], '0'],
    ['normalize', [normalize(), normalize(), dense(1)], '0'],
  ])('refuses one that a %s follows', async (_, layers, name) => {
    const net = await networkWith(layers);
    await expect(net.folded()).rejects.toThrow(
      new RangeError(`layer ${name}, a normalize, cannot be folded: it is not followed by a dense layer`),
    );
  });
});
