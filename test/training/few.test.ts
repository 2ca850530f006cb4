/**
 * Calls with a few rows of float32 are not read in full. What they give is compared, bit by bit, with what the same numbers
 * give as float64, which are; and so is what they refuse.
 */
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { concat, createNetwork, dense, normalize, sgd, type Network, type NetworkOptions } from '../../src/index.js';
import { Model } from '../../src/model/model.js';
import { randomNumbers } from '../reference/samples.js';
import { NUMERICS } from './support.js';

const next = randomNumbers(5);
const floats = (count: number): Float32Array => Float32Array.from({ length: count }, next);
const shares = (count: number): Float32Array =>
  floats(count)
    .map(Math.abs)
    .map((value) => value % 1);

// what every other call copies its rows with
const transfer = vi.spyOn(Model.prototype, 'transfer');
beforeEach(() => void transfer.mockClear());
afterAll(() => transfer.mockRestore());

const small: NetworkOptions = { inputs: 2, layers: [dense(8, 'sigmoid'), dense(1, 'sigmoid')], loss: 'quadratic' };
const wide: NetworkOptions = { inputs: 5, layers: [dense(32, 'tanh'), dense(3)], loss: 'mse' };
const judge: NetworkOptions = {
  inputs: 3,
  layers: [dense(4, 'relu'), dense(2, 'sigmoid')],
  loss: 'binaryCrossEntropy',
};
const sorter: NetworkOptions = { inputs: 4, layers: [dense(6, 'relu'), dense(3, 'softmax')] };

const create = (options: NetworkOptions, more: Partial<NetworkOptions> = {}): Promise<Network> =>
  createNetwork({ optimizer: sgd({ rate: 0.1 }), seed: 7, ...options, ...more });

describe.each(NUMERICS)('%s', (numerics) => {
  it.each([
    ['one output', small, 1],
    ['three outputs', wide, 3],
    ['targets within a range', judge, 2],
    ['classes', sorter, 3],
  ])('a few rows give the bits of many: %s', async (_, options, outputs) => {
    const [net, other] = [await create(options, { numerics }), await create(options, { numerics })];
    for (const rows of [1, 2, 7]) {
      const x = floats(rows * net.inputs);
      x[0] = 1e-40;
      const y = shares(rows * outputs);
      expect(net.trainBatch(x, y)).toBe(other.trainBatch(Float64Array.from(x), Float64Array.from(y)));
      expect(net.predict(x)).toEqual(other.predict(Float64Array.from(x)));
      const into = new Float32Array(rows * outputs);
      expect(net.predict(x, { into })).toBe(into);
      expect(into).toEqual(net.predict(x));
    }
    expect(net.save()).toEqual(other.save());
    expect(transfer).toHaveBeenCalledTimes(2 * 3);
  });
});

it('what is refused is refused as it is of other arrays, and nothing has changed', async () => {
  const nets = [await create(judge), await create(judge)];
  const before = nets[0].save();
  const said = (run: () => unknown): string => {
    try {
      return `returned ${String(run())}`;
    } catch (error) {
      return String(error);
    }
  };
  const cases: [x: number[], y: number[]][] = [
    [
      [1, NaN, 3],
      [0, 1],
    ],
    [
      [1, -Infinity, 3],
      [0, 1],
    ],
    [
      [1, 2, 3],
      [0, 1.5],
    ],
    [
      [1, 2, 3],
      [-1, 1],
    ],
    [
      [1, 2, 3],
      [NaN, 1],
    ],
    [
      [1, 2],
      [0, 1],
    ],
    [[1, 2, 3], [0]],
    [[], [0]],
  ];
  for (const [x, y] of cases) {
    const [few, full] = [Float32Array, Float64Array].map((Kind, i) =>
      said(() => nets[i].trainBatch(Kind.from(x), Kind.from(y))),
    );
    expect(few).toMatch(/Error/);
    expect(few).toBe(full);
    const [one, all] = [Float32Array, Float64Array].map((Kind, i) => said(() => nets[i].predict(Kind.from(x))));
    expect(one).toBe(all);
  }
  expect(nets[0].save()).toEqual(before);
  nets[0].dispose();
  expect(() => nets[0].predict(new Float32Array(3))).toThrow(/disposed/);
  expect(() => nets[0].trainBatch(new Float32Array(3), new Float32Array(2))).toThrow(/disposed/);
});

it('what has to be learnt or asked first is not passed over', async () => {
  const unadapted = await createNetwork({ inputs: 2, layers: [normalize(), dense(1)] });
  expect(() => unadapted.trainBatch(new Float32Array(2), new Float32Array(1))).toThrow(/has learnt no means/);
  const named = await createNetwork({ inputs: { a: 1, b: 1 }, layers: [concat({ a: [], b: [] }), dense(1)] });
  expect(() => named.predict(new Float32Array(2))).toThrow(/an object with the parts a, b/);
  // a class index, which a target of one output looks like
  const single = await create({ inputs: 2, layers: [dense(1, 'sigmoid')], loss: 'binaryCrossEntropy' });
  expect(() => single.trainBatch(new Float32Array(2), new Float32Array(2))).toThrow(/"y" has 2 values: expected 1/);
  const asked: number[] = [];
  const scheduled = await create(small, { optimizer: sgd({ rate: (step) => (asked.push(step), 0.1) }) });
  scheduled.trainBatch(new Float32Array(2), new Float32Array(1));
  scheduled.trainBatch(new Float32Array(2), new Float32Array(1));
  expect(asked).toEqual([0, 1]);
});

it('memory that has grown, and calls of other networks between, change nothing', async () => {
  const net = await create(small);
  const x = floats(6);
  const expected = net.predict(x);
  // far more than the memory of a new engine
  const large = await createNetwork({ inputs: 4000, layers: [dense(1000)], seed: 1 });
  expect(net.predict(x)).toEqual(expected);
  large.predict(floats(4000));
  expect(net.predict(x)).toEqual(expected);
  large.dispose();
});

it('an option that takes x away leaves it to be refused', async () => {
  const net = await create(small);
  const x = new Float32Array(2);
  const options = {
    get into(): undefined {
      structuredClone(x.buffer, { transfer: [x.buffer] });
      return undefined;
    },
  };
  expect(() => net.predict(x, options as object)).toThrow(/"x" is detached/);
});
