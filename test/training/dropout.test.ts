/** Dropout: what is dropped, when, and that everybody drops the same. */
import { afterEach, describe, expect, it } from 'vitest';
import { activation, createNetwork, dense, dropout, loadNetwork, sgd, type Network } from '../../src/index.js';
import { nodesOf } from '../../src/model/definition.js';
import { masksOf } from '../reference/masks.js';

const made: Network[] = [];
afterEach(() => made.splice(0).forEach((net) => net.dispose()));

const INPUTS = 37;
const SEED = 8;

interface Given {
  readonly rate: number;
  readonly threads?: number;
  readonly learningRate?: number;
}

/** x goes through dropout, then a sum with weights of 1: dC/dx of a row is its mask times one number. */
async function sums({ rate, threads = 1, learningRate = 0 }: Given): Promise<Network> {
  const net = await createNetwork({
    inputs: INPUTS,
    layers: [dropout(rate), dense(1)],
    optimizer: sgd({ rate: learningRate }),
    seed: SEED,
    threads,
  });
  made.push(net);
  net.setParameters({
    'layers.1.weight': { data: new Float32Array(INPUTS).fill(1) },
    'layers.1.bias': { data: [0] },
  });
  return net;
}

const dataOf = (rows: number) => ({ x: new Float32Array(rows * INPUTS).fill(1), y: new Float32Array(rows).fill(-100) });

/** The masks of the next step on some rows. */
function read(net: Network, rows: number): number[] {
  const { x, y } = dataOf(rows);
  const { inputs } = net.gradients(x, y, { training: true });
  const largest = Array.from({ length: rows }, (_, row) =>
    Math.max(...inputs.subarray(row * INPUTS, (row + 1) * INPUTS).map(Math.abs)),
  );
  return Array.from(inputs, (d, at) => Math.round(Math.abs(d) / (largest[Math.floor(at / INPUTS)] || 1)));
}

const expected = (rate: number, rows: number, steps: number): number[] => {
  const nodes = nodesOf({ inputs: INPUTS, layers: [dropout(rate), dense(1)] });
  return masksOf(nodes, rows, SEED, steps)['0.mask'].map((factor) => Math.sign(factor));
};

describe('the masks', () => {
  it('are those of the formula, in every step another', async () => {
    const net = await sums({ rate: 0.4 });
    const { x, y } = dataOf(20);
    for (let step = 0; step < 3; step++) {
      expect(read(net, 20)).toEqual(expected(0.4, 20, step));
      net.trainBatch(x, y);
    }
    expect(expected(0.4, 20, 0)).not.toEqual(expected(0.4, 20, 1));
  });

  it('are the same in batches of several passes, with threads, and when a network was loaded', async () => {
    const net = await sums({ rate: 0.3 });
    const { x, y } = dataOf(600);
    net.trainBatch(x, y);
    const masks = expected(0.3, 600, 1);
    expect(read(net, 600)).toEqual(masks);
    const loaded = await loadNetwork(net.save());
    made.push(loaded);
    expect(read(loaded, 600)).toEqual(masks);
    const threaded = await sums({ rate: 0.3, threads: 3 });
    threaded.trainBatch(x, y);
    expect(read(threaded, 600)).toEqual(masks);
  });

  it.each([0.1, 0.5, 0.9])('drop a share of %s', async (rate) => {
    const net = await sums({ rate });
    const masks = read(net, 2000);
    const share = 1 - masks.reduce((sum, one) => sum + one, 0) / masks.length;
    // five standard deviations of a mean of so many
    expect(Math.abs(share - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / masks.length));
  });

  it('drop nothing at a rate of 0, and only in training', async () => {
    const { x, y } = dataOf(9);
    const none = await sums({ rate: 0 });
    expect(read(none, 9)).toEqual(expected(0, 9, 0));
    expect(expected(0, 9, 0)).not.toContain(0);
    const net = await sums({ rate: 0.5 });
    expect([...net.predict(x)]).toEqual(new Array(9).fill(INPUTS));
    expect(net.evaluate(x, y).loss).toBe((INPUTS + 100) ** 2);
    expect(net.gradients(x, y).inputs).toEqual(new Float32Array(9 * INPUTS).fill((2 * (INPUTS + 100)) / 9));
    expect(net.gradients(x, y)).toEqual(net.gradients(x, y, { training: false }));
  });

  it('keep the mean', async () => {
    const net = await sums({ rate: 0.25 });
    const { x } = dataOf(2000);
    // of (a - 0)^2 with a = the sum of x times its mask: the variance of a, and the square of its mean
    const { loss } = net.gradients(x, new Float32Array(2000), { training: true });
    const factors = masksOf(nodesOf({ inputs: INPUTS, layers: [dropout(0.25), dense(1)] }), 2000, SEED, 0)['0.mask'];
    const rows = Array.from({ length: 2000 }, (_, row) =>
      factors.slice(row * INPUTS, (row + 1) * INPUTS).reduce((sum, factor) => sum + factor, 0),
    );
    expect(loss).toBeCloseTo(rows.reduce((sum, a) => sum + a * a, 0) / 2000, 2);
    expect(Math.abs(rows.reduce((sum, a) => sum + a, 0) / 2000 - INPUTS)).toBeLessThan(
      5 * Math.sqrt((INPUTS * (0.25 / 0.75)) / 2000),
    );
  });
});

describe('a step', () => {
  it('moves the weights by the gradient that training: true gives', async () => {
    const net = await sums({ rate: 0.5, learningRate: 0.001 });
    const { x, y } = dataOf(11);
    const before = net.getParameters()['layers.1.weight'].data;
    const gradient = net.gradients(x, y, { training: true }).parameters['layers.1.weight'].data;
    net.trainBatch(x, y);
    const after = net.getParameters()['layers.1.weight'].data;
    expect(after).toEqual(
      before.map((weight, k) => Math.fround(weight - Math.fround(Math.fround(0.001) * gradient[k]))),
    );
  });
});

describe('values that cannot be used', () => {
  it.each([
    [() => dropout(1), 'RangeError: "rate" must be a finite number from 0 and below 1: got 1'],
    [() => dropout(-0.1), 'RangeError: "rate" must be a finite number from 0 and below 1: got -0.1'],
    [() => dropout('0.5' as never), 'TypeError: "rate" must be a finite number from 0 and below 1: got "0.5"'],
    [
      () => activation('softmax'),
      'RangeError: "activation" is softmax, which takes whole rows: only the last dense layer can have it',
    ],
    [
      () => activation('reluu' as never),
      /^RangeError: "activation" must be one of linear, .*\(did you mean "relu"\?\)$/,
    ],
  ])('%s', (make, message) => {
    let said = 'made';
    try {
      make();
    } catch (error) {
      said = String(error);
    }
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });
});

it('summary names both', async () => {
  const net = await createNetwork({
    inputs: 3,
    layers: [dense(4), activation('relu'), dropout(0.5), dense(1)],
    seed: 1,
  });
  made.push(net);
  expect(net.summary()).toMatch(/^1 +activation 4 +relu +0$/m);
  expect(net.summary()).toMatch(/^2 +dropout 4 +rate 0.5 +0$/m);
});
