/** The warning about data far from unit scale: where it comes, where it does not, and that it comes once. */
import { afterEach, beforeEach, describe, expect, it, vi, type Mock } from 'vitest';
import {
  concat,
  createNetwork,
  dense,
  embedding,
  normalize,
  scaled,
  type Inputs,
  type Layer,
  type LossName,
  type Network,
  type Numbers,
} from '../../src/index.js';
import { randomNumbers } from '../reference/samples.js';

const ROWS = 64;
const alive: Network[] = [];
let told: string[];
let restore: () => void;

beforeEach(() => {
  told = [];
  // a page has no process, and is told on its console
  const inNode = typeof process === 'object';
  const spy = inNode ? vi.spyOn(process, 'emitWarning') : vi.spyOn(console, 'warn');
  (spy as Mock).mockImplementation((message: string) => void told.push(message));
  restore = () => {
    spy.mockRestore();
  };
});

afterEach(() => {
  restore();
  for (const net of alive.splice(0)) net.dispose();
});

async function make(loss?: LossName): Promise<Network> {
  const last = loss === 'crossEntropy' ? dense(40, 'softmax') : dense(1);
  const net = await createNetwork({ inputs: 4, layers: [last], seed: 1, ...(loss && { loss }) });
  alive.push(net);
  return net;
}

/** Numbers of mean 0 and deviation 1, `columns` to a row, and what `change` makes of them. */
function standard(columns: number, change = (value: number, _column: number, _row: number) => value): Float32Array {
  const random = randomNumbers(3);
  return Float32Array.from({ length: ROWS * columns }, (_, i) =>
    change(random() * Math.sqrt(3), i % columns, Math.floor(i / columns)),
  );
}

const X = standard(4);
const Y = standard(1);
const BYTES = Uint8Array.from(X, (value) => 128 + 60 * value);
const ONE_HOT = Uint8Array.from(X, (_, i) => Number(i % 4 === Math.floor(i / 4) % 4));
const LABELS = Uint8Array.from({ length: ROWS }, (_, row) => row % 40);

describe('training with data far from unit scale', () => {
  it.each<[what: string, x: Inputs, y: Numbers, expected: RegExp]>([
    [
      'raw bytes',
      BYTES,
      Y,
      /^the inputs .* column \d has a mean of 1\d\d and .*; pass bytes as scaled\(x, 1 \/ 255\)$/,
    ],
    [
      'a column in thousands',
      standard(4, (v, column) => (column === 2 ? 5000 + 900 * v : v)),
      Y,
      /^the inputs .* column 2 has a mean of 5\d00 and a standard deviation of \d{3}; subtract/,
    ],
    ['tiny inputs', X.map((v) => v / 1000), Y, /^the inputs .* standard deviation of 0\.00\d+; subtract/],
    [
      'targets in thousands',
      X,
      Y.map((v) => 3000 + 1000 * v),
      /^the targets .* column 0 has a mean of [23]\d00 .*; train on \(y - mean\) \/ deviation/,
    ],
    [
      'targets far from 0',
      X,
      Y.map((v) => 20 + v),
      /^the targets .* mean of 20 and a standard deviation of (?:1|0\.9\d?); train/,
    ],
    ['tiny targets', X, Y.map((v) => v / 1000), /^the targets /],
  ])('warns of %s', async (_, x, y, expected) => {
    await (await make()).fit(x, y);
    expect(told).toEqual([expect.stringMatching(expected)]);
  });

  it.each<[what: string, x: Inputs, y: Numbers, loss?: LossName]>([
    ['standardised columns', X, Y],
    [
      'an outlier of 10 in them',
      standard(4, (v, column, row) => (column === 1 && row === 5 ? 10 : v)),
      Y.map((v, row) => (row === 9 ? -10 : v)),
    ],
    ['an outlier of 100 in one of them', standard(4, (v, column, row) => (column === 1 && row === 5 ? 100 : v)), Y],
    ['numbers from 0 to 1', X.map((v) => v / 4 + 0.5), Y.map((v) => v / 4 + 0.5)],
    ['one-hot bytes', ONE_HOT, Y],
    ['scaled bytes', scaled(BYTES, 1 / 255), Y],
    ['zeros', new Float32Array(X.length), new Float32Array(Y.length)],
    ['class numbers', X, LABELS, 'crossEntropy'],
    ['the shares of many classes', X, new Float32Array(ROWS * 40).fill(1 / 40), 'crossEntropy'],
    ['few examples, which happen to be small', [[1e-3, 0, 0, 0]], [1e-3]],
    ['few bytes, which happen to be 0', new Uint8Array(4), [1]],
  ])('does not warn of %s', async (_, x, y, loss) => {
    await (await make(loss)).fit(x, y);
    expect(told).toEqual([]);
  });

  it('warns once in the life of a network, whichever way it is trained first', async () => {
    const ways: ((net: Network) => unknown)[] = [
      (net) => net.fit(BYTES, Y),
      (net) => net.fitBatches([[BYTES, Y]]),
      (net) => net.trainBatch(BYTES, Y),
    ];
    for (const first of ways) {
      told = [];
      const net = await make();
      await first(net);
      expect(told).toHaveLength(1);
      for (const way of ways) await way(net);
      expect(told).toHaveLength(1);
    }
  });

  it('warns of inputs and of targets each, and not of what is refused, predicted or measured', async () => {
    const net = await make();
    const large = Y.map((v) => 1000 * v);
    net.predict(BYTES);
    net.evaluate(BYTES, large);
    expect(() => net.trainBatch(BYTES, large.subarray(1))).toThrow(RangeError);
    await expect(net.fit(BYTES, large.with(3, NaN))).rejects.toThrow(RangeError);
    expect(told).toEqual([]);
    await net.fit(BYTES, large);
    expect(told).toEqual([expect.stringMatching(/^the inputs/), expect.stringMatching(/^the targets/)]);
  });

  it('warns also where only the last of many examples are of unit scale', async () => {
    // examples are copied in pieces of 0x40000 inputs: the last piece has the last of them alone
    const count = 0x10000 + ROWS;
    const mixed = (columns: number): Float32Array =>
      Float32Array.from({ length: count * columns }, (_, i) => (i < 0x10000 * columns ? 1000 : 1) * Math.cos(i));
    await (await make()).fit(mixed(4), mixed(1), { batchSize: count });
    expect(told).toEqual([expect.stringMatching(/^the inputs/), expect.stringMatching(/^the targets/)]);
  });
});

describe('inputs with indices among them', () => {
  const INDICES = Uint16Array.from({ length: ROWS }, (_, row) => (row * 37) % 3000);
  const COLUMNS = { numbers: 4, city: 1 };

  async function tabular(ofNumbers: Layer[] = [], rows = ROWS): Promise<(numbers: Numbers) => number> {
    const net = await createNetwork({
      inputs: COLUMNS,
      layers: [concat({ numbers: ofNumbers, city: [embedding(3000, 2)] }), dense(1)],
      seed: 1,
    });
    alive.push(net);
    if (ofNumbers.length > 0) net.adapt({ numbers: standard(4, (v) => 5000 + 900 * v), city: INDICES });
    return (numbers) => net.trainBatch({ numbers, city: INDICES.subarray(ROWS - rows) }, Y.subarray(ROWS - rows));
  }

  it('are judged without them: an index has no scale', async () => {
    (await tabular())(X);
    const net = await createNetwork({ inputs: 1, layers: [embedding(256, 2), dense(1)], seed: 1 });
    alive.push(net);
    await net.fit(BYTES.subarray(0, ROWS), Y);
    await Promise.resolve();
    expect(told).toEqual([]);
  });

  it('are judged by their numbers', async () => {
    (await tabular())(standard(4, (v, column) => (column === 2 ? 5000 + 900 * v : v)));
    await Promise.resolve();
    expect(told).toEqual([expect.stringMatching(/^the inputs .* column 2 has a mean of 5\d00 and/)]);
  });

  it('are not small because few of them are, beside a large index', async () => {
    (await tabular([], 1))([1e-3, 0, 0, 0]);
    await Promise.resolve();
    expect(told).toEqual([]);
  });

  it('are judged by the numbers that nothing standardises', async () => {
    const net = await createNetwork({
      inputs: { a: 1, b: 2, city: 1 },
      layers: [concat({ a: [normalize()], b: [], city: [embedding(3000, 2)] }), dense(1)],
      seed: 1,
    });
    alive.push(net);
    const column = (scale: number, columns: number): Float32Array =>
      standard(4, (v) => scale * v).subarray(0, columns * ROWS);
    await net.fit({ a: column(9000, 1), b: column(50, 2), city: INDICES }, Y);
    expect(told).toEqual([expect.stringMatching(/^the inputs .* column [12] has a mean of/)]);
  });

  it('are no concern where the numbers are standardised', async () => {
    (await tabular([normalize()]))(standard(4, (v) => 5000 + 900 * v));
    await Promise.resolve();
    expect(told).toEqual([]);
  });
});
