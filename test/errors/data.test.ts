import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createNetwork, dense, type Network } from '../../src/index.js';
import {
  classifier,
  detached,
  expectRefusals,
  fingerprint,
  refusal,
  resizable,
  X,
  Y,
  type Loose,
  type Refusal,
} from './support.js';

/** Every method that takes x and y, called with the example given; those that take one example only are apart. */
const MANY = ['fit', 'epochs', 'trainBatch', 'evaluate', 'gradients', 'predict'] as const;
const METHODS = [...MANY, 'explain'] as const;

function calls(net: Network, method: (typeof METHODS)[number], x: unknown, y: unknown): unknown {
  const call = (net[method] as Loose).bind(net);
  if (method === 'predict') return call(x);
  // a generator does nothing until it is asked for its first epoch
  return method === 'epochs' ? (call(x, y) as AsyncGenerator).next() : call(x, y);
}

type Case = readonly [value: unknown, expected: string];

/** The case in the words of each method, for values of `"x"` or `"y"` that stand for one example. */
function refusals(
  net: Network,
  argument: 'x' | 'y',
  methods: readonly (typeof METHODS)[number][],
  cases: readonly Case[],
) {
  return methods
    .filter((method) => argument === 'x' || method !== 'predict')
    .flatMap((method) =>
      cases.map(([value, expected]): Refusal => {
        const [x, y] = argument === 'x' ? [value, [0]] : [[1, 2], value];
        return [`${method}: ${expected}`, () => calls(net, method, x, y), expected];
      }),
    );
}

/** An array that throws when its element is read. */
function brokenArray(length: number): unknown[] {
  return Object.defineProperty(new Array(length), 0, {
    get(): never {
      throw new SyntaxError('mine');
    },
  }) as unknown[];
}

function outOfBounds(): Float32Array {
  const buffer = resizable(16, 32);
  const array = new Float32Array(buffer, 0, 4);
  buffer.resize(8);
  return array;
}

class Ids extends BigInt64Array {}
class Bigram extends Float32Array {}

const rows = 'a typed array of numbers or an array of rows';

describe('x', () => {
  const cases: Case[] = [
    [undefined, `TypeError: "x" must be ${rows}: got undefined`],
    [null, `TypeError: "x" must be ${rows}: got null`],
    [5, `TypeError: "x" must be ${rows}: got 5`],
    ['1, 2', `TypeError: "x" must be ${rows}: got "1, 2"`],
    [{ 0: 1, 1: 2, length: 2 }, `TypeError: "x" must be ${rows}: got an object`],
    [new Set([1, 2]), `TypeError: "x" must be ${rows}: got a Set`],
    [() => [1, 2], `TypeError: "x" must be ${rows}: got a function`],
    [Promise.resolve([1, 2]), `TypeError: "x" must be ${rows}: got a Promise`],
    [new ArrayBuffer(8), `TypeError: "x" must be ${rows}: got an ArrayBuffer`],
    [new DataView(new ArrayBuffer(8)), `TypeError: "x" must be ${rows}: got a DataView`],
    [new BigInt64Array(2), `TypeError: "x" must be ${rows}: got a BigInt64Array of 2`],
    [new BigUint64Array(2), `TypeError: "x" must be ${rows}: got a BigUint64Array of 2`],
    [new Ids(2), `TypeError: "x" must be ${rows}: got a BigInt64Array of 2`],
    [new Proxy(new Float32Array(2), {}), `TypeError: "x" must be ${rows}: got an object`],
    [detached(2), 'TypeError: "x" is detached: its buffer was transferred elsewhere, or shrunk'],
    [outOfBounds(), 'TypeError: "x" is detached: its buffer was transferred elsewhere, or shrunk'],
    [[], 'RangeError: "x" is empty: expected at least one example of 2 (inputs)'],
    [new Float32Array(0), 'RangeError: "x" is empty: expected at least one example of 2 (inputs)'],
    [new Float32Array(3), 'RangeError: "x" has 3 values: expected a multiple of 2 (inputs)'],
    [[1], 'RangeError: "x" has 1 value: expected a multiple of 2 (inputs)'],
    [[1, 'a'], 'TypeError: "x[1]" must be a number: got "a"'],
    [[1, null], 'TypeError: "x[1]" must be a number: got null'],
    [[1, 2n], 'TypeError: "x[1]" must be a number: got a bigint'],
    [[1, [2]], 'TypeError: "x[1]" must be a number: got an array of 1'],
    [Object.assign([1], { length: 2 }), 'TypeError: "x[1]" must be a number: got undefined'],
    [Object.assign([1], { length: 2 ** 32 - 1 }), 'TypeError: "x[1]" must be a number: got undefined'],
    [['1', '2'], 'TypeError: "x[0]" must be a number or a row of 2 numbers (inputs): got "1"'],
    [new Array(2), 'TypeError: "x[0]" must be a number or a row of 2 numbers (inputs): got undefined'],
    [[{}], 'TypeError: "x[0]" must be a number or a row of 2 numbers (inputs): got an object'],
    [[detached(2)], 'RangeError: "x[0]" has 0 values: expected 2 (inputs)'],
    [
      [new BigInt64Array(2)],
      'TypeError: "x[0]" must be a number or a row of 2 numbers (inputs): got a BigInt64Array of 2',
    ],
    [[[]], 'RangeError: "x[0]" has 0 values: expected 2 (inputs)'],
    [[[1, 2, 3]], 'RangeError: "x[0]" has 3 values: expected 2 (inputs)'],
    [[[1, 2], [3]], 'RangeError: "x[1]" has 1 value: expected 2 (inputs)'],
    [[[1, 2], 3], 'TypeError: "x[1]" must be a row of 2 numbers (inputs): got 3'],
    [
      Object.assign([], { 0: [1, 2], 2: [3, 4] }),
      'TypeError: "x[1]" must be a row of 2 numbers (inputs): got undefined',
    ],
    [[[1, true]], 'TypeError: "x[0][1]" must be a number: got true'],
    [[[1, [2]]], 'TypeError: "x[0][1]" must be a number: got an array of 1'],
    [[Object.assign([], { 1: 1 })], 'TypeError: "x[0][0]" must be a number: got undefined'],
    [Float32Array.of(1, NaN), 'RangeError: "x" holds NaN at row 0, column 1: every value must be finite'],
    [[-Infinity, 1], 'RangeError: "x" holds -Infinity at row 0, column 0: every value must be finite'],
    [[[1, NaN]], 'RangeError: "x" holds NaN at row 0, column 1: every value must be finite'],
    [[1, 1e39], 'RangeError: "x" holds 1e+39 at row 0, column 1: which float32 cannot hold'],
    [Float64Array.of(-3.5e38, 1), 'RangeError: "x" holds -3.5e+38 at row 0, column 0: which float32 cannot hold'],
    [[Float64Array.of(1e300, 1)], 'RangeError: "x" holds 1e+300 at row 0, column 0: which float32 cannot hold'],
    [brokenArray(2), 'SyntaxError: mine'],
    [[brokenArray(2)], 'SyntaxError: mine'],
  ];

  it('is refused by every method in the same words', async () => {
    const net = await classifier();
    await expectRefusals(net, refusals(net, 'x', METHODS, cases));
  });

  it('names the row and the column, however far down', async () => {
    const net = await classifier();
    const x = new Float32Array(2000);
    x[1357] = NaN;
    const expected = 'RangeError: "x" holds NaN at row 678, column 1: every value must be finite';
    const y = new Uint8Array(1000);
    await expectRefusals(
      net,
      MANY.map((method): Refusal => [method, () => calls(net, method, x, y), expected]),
    );
  });

  it('is refused by explain if it is not one example', async () => {
    const net = await classifier();
    await expectRefusals(net, [
      ['three', () => net.explain(X, Y), 'RangeError: "x" has 3 examples: explain takes one, of 2 values (inputs)'],
    ]);
  });
});

describe('y', () => {
  const cases: Case[] = [
    [undefined, `TypeError: "y" must be ${rows}: got undefined`],
    [null, `TypeError: "y" must be ${rows}: got null`],
    ['cat', `TypeError: "y" must be ${rows}: got "cat"`],
    [detached(1), 'TypeError: "y" is detached: its buffer was transferred elsewhere, or shrunk'],
    [[], 'RangeError: "y" is empty: expected at least one example of 3 (outputs)'],
    [new Uint8Array(0), 'RangeError: "y" has 0 values: expected 1 class label or 3 (1 example of 3 outputs)'],
    [[0, 1], 'RangeError: "y" has 2 values: expected 1 class label or 3 (1 example of 3 outputs)'],
    [new Float32Array(6), 'RangeError: "y" has 6 values: expected 1 class label or 3 (1 example of 3 outputs)'],
    [
      ['cat'],
      'TypeError: "y[0]" must be a number: got "cat"; pass a number for each name, such as names.indexOf(name)',
    ],
    [[true], 'TypeError: "y[0]" must be a number: got true; pass 0 and 1, such as y.map(Number)'],
    [new BigInt64Array(1), `TypeError: "y" must be ${rows}: got a BigInt64Array of 1`],
    [[3], 'RangeError: "y" holds 3 at row 0: expected a class from 0 to 2'],
    [Int8Array.of(-1), 'RangeError: "y" holds -1 at row 0: expected a class from 0 to 2'],
    [[0.5], 'RangeError: "y" holds 0.5 at row 0: expected a class from 0 to 2'],
    [[NaN], 'RangeError: "y" holds NaN at row 0: expected a class from 0 to 2'],
    [[2 ** 32], 'RangeError: "y" holds 4294967296 at row 0: expected a class from 0 to 2'],
    [[[1, 0]], 'RangeError: "y[0]" has 2 values: expected 3 (outputs)'],
    [
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
      'RangeError: "y" has 2 rows: expected 1 row, one for each of "x"',
    ],
    [[0, 1, Infinity], 'RangeError: "y" holds Infinity at row 0, column 2: every value must be finite'],
    [[[0, 1e39, 0]], 'RangeError: "y" holds 1e+39 at row 0, column 1: which float32 cannot hold'],
  ];

  it('is refused by every method in the same words', async () => {
    const net = await classifier();
    await expectRefusals(net, refusals(net, 'y', METHODS, cases));
  });

  it('may be a number for explain alone, and is checked like a label', async () => {
    const net = await classifier();
    const expected = 'expected a class from 0 to 2';
    await expectRefusals(net, [
      ...[3, -1, 0.5, NaN, Infinity].map((y): Refusal => {
        return [`explain ${y}`, () => net.explain([1, 2], y), `RangeError: "y" holds ${y} at row 0: ${expected}`];
      }),
      ['trainBatch', () => (net.trainBatch as Loose).call(net, [1, 2], 0), `TypeError: "y" must be ${rows}: got 0`],
    ]);
    expect(net.explain([1, 2], 2).loss).toBe(net.evaluate([1, 2], [2]).loss);
  });

  it('names the row of a label that is out of range', async () => {
    const net = await classifier();
    const expected = 'RangeError: "y" holds 9 at row 2: expected a class from 0 to 2';
    await expectRefusals(net, [['evaluate', () => net.evaluate(X, [0, 2, 9]), expected]]);
  });

  it('has no labels where there is another loss', async () => {
    const net = await createNetwork({ inputs: 2, layers: [dense(3)], loss: 'mse' });
    const before = net.save();
    expect(await refusal(() => net.trainBatch(X, Y))).toBe(
      'RangeError: "y" has 3 values: expected 9 (3 examples of 3 outputs)',
    );
    expect(net.save()).toEqual(before);
  });
});

describe('what works', () => {
  const values = [1, 0, 3, 2];

  it('is every typed array and every way to write rows, with the same result', async () => {
    const net = await classifier();
    const expected = net.predict(values);
    const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array];
    const inputs: unknown[] = [
      ...[...kinds, Float32Array, Float64Array].map((kind) => kind.from(values)),
      Buffer.from(values),
      Bigram.from(values),
      Float32Array.from([9, ...values, 9]).subarray(1, 5),
      [
        [1, 0],
        [3, 2],
      ],
      [Float64Array.of(1, 0), [3, 2]],
      Object.freeze(values.slice()),
      new Proxy(values, {}),
      new Proxy([new Proxy([1, 0], {}), [3, 2]], {}),
      runInNewContext('new Float32Array([1, 0, 3, 2])'),
      runInNewContext('[[1, 0], [3, 2]]'),
    ];
    for (const x of inputs) expect((net.predict as Loose).call(net, x)).toEqual(expected);
  });

  it('is memory that is shared, or resizable, or grows while it is not looked at', async () => {
    const net = await classifier();
    const expected = net.predict(values);
    const shared = new Float32Array(new SharedArrayBuffer(16));
    const buffer = resizable(8, 64);
    const tracking = new Float32Array(buffer);
    buffer.resize(16);
    for (const x of [shared, tracking]) {
      x.set(values);
      expect(net.predict(x)).toEqual(expected);
    }
    buffer.resize(12);
    expect(await refusal(() => net.predict(tracking))).toBe(
      'RangeError: "x" has 3 values: expected a multiple of 2 (inputs)',
    );
    const labels = new Uint8Array(new SharedArrayBuffer(3));
    labels.set(Y);
    expect(net.evaluate(X, labels)).toEqual(net.evaluate(X, Y));
  });

  it('is a label of any number type, and a row for each', async () => {
    const net = await classifier();
    const expected = net.evaluate(X, Y);
    const oneHot = [
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
    ];
    for (const y of [[0, 2, 1], Float64Array.of(0, 2, 1), Int32Array.of(-0, 2, 1)]) {
      expect(net.evaluate(X, y)).toEqual(expected);
    }
    expect(net.evaluate(X, oneHot)).toEqual(expected);
    expect(net.evaluate(X, Float32Array.from(oneHot.flat()))).toEqual(expected);
  });

  it('is a proxy that gives each element once, and something else the second time', async () => {
    const net = await classifier();
    const seen = new Set<unknown>();
    const fickle = new Proxy([1, 0, 3, 2], {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof key !== 'string' || !/^[1-3]$/.test(key)) return value;
        if (seen.has(key)) return 'changed';
        seen.add(key);
        return value;
      },
    });
    expect(net.predict(fickle)).toEqual(net.predict(values));
  });
});

describe('more than memory can hold', () => {
  it('is refused with the bytes that it would take', async () => {
    const net = await createNetwork({ inputs: 1, layers: [dense(100000)], seed: 1 });
    const before = fingerprint(net);
    const many = new Uint8Array(2 ** 20);
    expect(await refusal(() => net.predict(many))).toBe(
      'RangeError: a prediction for 1048576 examples needs 390.6 GB (419430400000 bytes) of memory: this machine gave no more',
    );
    const narrow = await createNetwork({ inputs: 1, layers: [dense(1)], seed: 1 });
    const huge = new Uint8Array(2 ** 28);
    const most = /of memory: at most .+ \(1040187392 bytes\) can be had$/;
    for (const call of [
      () => narrow.trainBatch(huge, huge),
      () => narrow.gradients(huge, huge),
      () => narrow.fit(huge, huge),
    ]) {
      expect(await refusal(call)).toMatch(/^RangeError: .*268435456 examples,? needs \d\.\d GB \(\d+ bytes\) /);
      expect(await refusal(call)).toMatch(most);
    }
    expect(fingerprint(net) === before).toBe(true);
    expect(narrow.steps).toBe(0);
    expect(narrow.trainBatch([1], [1])).toBeGreaterThanOrEqual(0);
  });
});
