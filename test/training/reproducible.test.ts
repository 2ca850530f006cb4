/** That the same seed gives the same bits: recorded ones, and however the work is divided or interrupted. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  adam,
  createNetwork,
  dense,
  rmsProp,
  sgd,
  type Epoch,
  type FitOptions,
  type NetworkOptions,
  type DenseLayer,
} from '../../src/index.js';
import * as library from '../../src/index.js';
import { randomNumbers } from '../reference/samples.js';
import { trainNetworks } from '../runtimes/program/networks.js';
import { sha256 } from '../sha256.js';
import type { LibraryNetwork } from './support.js';

const alive: LibraryNetwork[] = [];

afterEach(() => {
  for (const net of alive.splice(0)) net.dispose();
});

async function make(options: NetworkOptions): Promise<LibraryNetwork> {
  const net = await createNetwork({ seed: 7, ...options });
  alive.push(net);
  return net;
}

/** Every bit of a network: weights, optimizer state, steps, shuffles. */
function bits(net: LibraryNetwork): string {
  return sha256(net.save());
}

function numbers(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, randomNumbers(seed));
}

/** Inputs, and targets that suit any loss: rows of numbers from 0 whose sum is 1 at most. */
function dataOf({ inputs, layers }: NetworkOptions, n: number, seed = 1): [x: Float32Array, y: Float32Array] {
  const outputs = (layers.at(-1) as DenseLayer).units;
  return [numbers(n * Number(inputs), seed), numbers(n * outputs, seed + 1).map((value) => Math.abs(value) / outputs)];
}

/** What a person reads of a history. */
function reported(history: Epoch[]): unknown[] {
  return history.map(({ loss, accuracy, validation }) => [loss, accuracy, validation]);
}

describe('300 steps from a seed', () => {
  it('give the recorded bits (where arithmetic changes on purpose, --update records them anew)', async () => {
    const trained = Object.entries(await trainNetworks(library));
    for (const [, { steps, firstLoss, lastLoss }] of trained) {
      expect(steps).toBe(300);
      // a network that learnt nothing would say little
      expect(lastLoss).toBeLessThan(firstLoss);
    }
    const hashes = Object.fromEntries(trained.map(([name, { sha256 }]) => [name, sha256]));
    await expect(`${JSON.stringify(hashes, null, 2)}\n`).toMatchFileSnapshot('../runtimes/hashes.json');
  });
});

const CLASSIFIER: NetworkOptions = { inputs: 6, layers: [dense(9, 'tanh'), dense(3, 'softmax')] };

/** A call of `predict`, `evaluate`, `gradients` or `save`, each in its turn, with batches of all sizes. */
function ask(net: LibraryNetwork, turn: number, x: Float32Array, y: Float32Array): void {
  const rows = 1 + ((turn * 37) % 300);
  const [some, few] = [x.subarray(0, rows * net.inputs), y.subarray(0, rows * net.outputs)];
  switch (turn % 4) {
    case 0:
      return void net.predict(some);
    case 1:
      return void net.evaluate(some, few);
    case 2:
      return void net.gradients(some, few);
    case 3:
      return void net.save();
  }
}

describe('the same seed gives the same bits', () => {
  const options: NetworkOptions = { inputs: 64, layers: [dense(64, 'gelu'), dense(10, 'softmax')], clipNorm: 1 };
  const [x, y] = dataOf(options, 1500);
  const plan: FitOptions = { epochs: 4, batchSize: 300, validation: [x, y] };

  it('with a callback, and in several fits', async () => {
    const [net, watched, again] = [await make(options), await make(options), await make(options)];
    const expected = reported(await net.fit(x, y, plan));
    expect(reported(await watched.fit(x, y, { ...plan, onBatch: () => undefined }))).toEqual(expected);
    const pieces: unknown[] = [];
    for (let i = 0; i < 4; i++) pieces.push(...reported(await again.fit(x, y, { ...plan, epochs: 1 })));
    expect(pieces).toEqual(expected);
    expect([watched, again].map(bits)).toEqual([net, net].map(bits));
  });

  it('whatever else the network is asked while it trains', async () => {
    const [net, asked] = [await make(options), await make(options)];
    const longer = { ...plan, epochs: 16 };
    const expected = reported(await net.fit(x, y, longer));
    let turn = 0;
    const timer = setInterval(() => ask(asked, turn++, x, y));
    expect(reported(await asked.fit(x, y, longer))).toEqual(expected);
    clearInterval(timer);
    expect(turn).toBeGreaterThan(1);
    expect(bits(asked)).toBe(bits(net));
  });

  it.each([
    ['small', CLASSIFIER, 50, 8],
    ['of several passes', CLASSIFIER, 1500, 700],
  ])('in fit and batch by batch, with batches that are %s', async (_, own, n, batchSize) => {
    const [fitted, stepped] = [await make(own), await make(own)];
    const [inputs, targets] = dataOf(own, n);
    await fitted.fit(inputs, targets, { epochs: 2, batchSize, shuffle: false });
    for (let step = 0; step < 2 * Math.ceil(n / batchSize); step++) {
      const from = (step % Math.ceil(n / batchSize)) * batchSize;
      stepped.trainBatch(
        inputs.subarray(from * 6, (from + batchSize) * 6),
        targets.subarray(from * 3, (from + batchSize) * 3),
      );
    }
    expect(bits(fitted)).toBe(bits(stepped));
  });

  it('from data that are overwritten once training is under way', async () => {
    const fit = async (overwrite: boolean): Promise<unknown> => {
      const data = [...dataOf(CLASSIFIER, 50), ...dataOf(CLASSIFIER, 20, 3)] as const;
      const onBatch = (): void => {
        if (overwrite) for (const array of data) array.fill(0);
      };
      const net = await make(CLASSIFIER);
      const validation = [data[2], data[3]] as const;
      const history = await net.fit(data[0], data[1], { epochs: 2, batchSize: 8, validation, onBatch });
      return [reported(history), bits(net)];
    };
    expect(await fit(true)).toEqual(await fit(false));
  });
});

describe('a step that is taken in slices gives the same bits', () => {
  const options: NetworkOptions = {
    inputs: 1024,
    layers: [dense(2048, 'relu'), dense(2048, 'relu'), dense(1024)],
    optimizer: sgd({ rate: 0.01, momentum: 0.9 }),
    clipNorm: 0.5,
  };
  const BATCH = 64;

  it('as one that is not, and is whole to whoever asks in its midst', async () => {
    const [x, y] = dataOf(options, 2 * BATCH);
    const whole = await make(options);
    const batches = [0, 1].map((batch) =>
      [x, y].map((data) => data.subarray(batch * BATCH * 1024, (batch + 1) * BATCH * 1024)),
    );
    const losses = batches.map(([inputs, targets]) => whole.trainBatch(inputs, targets));
    const expected = bits(whole);
    whole.dispose();

    const sliced = await make(options);
    const stranger = await make(CLASSIFIER);
    const seen: number[] = [];
    let turns = 0;
    const timer = setInterval(() => {
      // now and then, so that most of the slices are the clock's
      if (turns++ % 8 === 4) ask(turns % 16 < 8 ? sliced : stranger, 0, numbers(300 * 1024, 5), y);
    });
    await sliced.fit(x, y, { batchSize: BATCH, shuffle: false, onBatch: ({ loss }) => void seen.push(loss) });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(4);
    expect(seen).toEqual(losses);
    expect(bits(sliced)).toBe(expected);
  });
});

describe('networks that train in turn give the bits that each gives alone', () => {
  /** Their rows differ in length, padding and gaps, and they share one memory. */
  const SHAPES: NetworkOptions[] = [
    { inputs: 256, layers: [dense(512, 'relu'), dense(128, 'softmax')], optimizer: adam() },
    { inputs: 3, layers: [dense(512, 'gelu'), dense(1, 'sigmoid')], optimizer: sgd({ rate: 0.1, momentum: 0.9 }) },
    { inputs: 1, layers: [dense(1, 'tanh'), dense(1)], optimizer: sgd({ rate: 0.1 }) },
    { inputs: 1, layers: [dense(1, 'softplus'), dense(1, 'elu')], optimizer: adam(), loss: 'huber' },
    { inputs: 7, layers: [dense(128, 'silu'), dense(512)], optimizer: rmsProp(), loss: 'mae' },
    { inputs: 128, layers: [dense(1, 'relu'), dense(128, 'softplus')], optimizer: adam(), loss: 'quadratic' },
    { inputs: 17, layers: [dense(33, 'softplus'), dense(9, 'sigmoid')], optimizer: adam(), clipNorm: 0.1 },
  ];
  const plan: FitOptions = { epochs: 4, batchSize: 64 };
  const data = SHAPES.map((options) => dataOf(options, 200));
  let solo: unknown[];

  beforeAll(async () => {
    solo = [];
    for (const [i, options] of SHAPES.entries()) {
      const net = await make(options);
      solo.push([reported(await net.fit(...data[i], plan)), bits(net)]);
    }
  });

  it('epoch by epoch, also after one that overflowed', async () => {
    const overflowing = await make({ inputs: 100, layers: [dense(600), dense(600)] });
    const nets = await Promise.all(SHAPES.map(make));
    const running = nets.map((net, i) => net.epochs(...data[i], plan));
    const histories = nets.map((): Epoch[] => []);
    for (let number = 1; number <= 4; number++) {
      for (const [i, epochs] of running.entries()) {
        // leaves infinities and NaN where the next one's rows will lie
        expect(overflowing.predict(new Float32Array(100 * 256).fill(3e38)).every(Number.isFinite)).toBe(false);
        histories[i].push((await epochs.next()).value as Epoch);
      }
    }
    expect(nets.map((net, i) => [reported(histories[i]), bits(net)])).toEqual(solo);
  });

  it('slice by slice', async () => {
    const nets = await Promise.all(SHAPES.map(make));
    const histories = await Promise.all(nets.map((net, i) => net.fit(...data[i], plan)));
    expect(nets.map((net, i) => [reported(histories[i]), bits(net)])).toEqual(solo);
  });

  it('step by step', async () => {
    const [alone, nets] = [await Promise.all(SHAPES.map(make)), await Promise.all(SHAPES.map(make))];
    const losses = alone.map((net, i) => [1, 2, 3].map(() => net.trainBatch(...data[i])));
    const inTurn = nets.map((): number[] => []);
    for (let step = 0; step < 3; step++) nets.forEach((net, i) => inTurn[i].push(net.trainBatch(...data[i])));
    expect(inTurn).toEqual(losses);
    expect(nets.map(bits)).toEqual(alone.map(bits));
  });
});
