import { describe, expect, it } from 'vitest';
import { adam, createNetwork, dense, huber, loadNetwork, sgd } from '../../src/index.js';
import { getEngine } from '../../src/engine/engines.js';
import {
  classifier,
  expectRefusals,
  expectUntroubled,
  fingerprint,
  refusal,
  type Loose,
  type Refusal,
} from './support.js';

const create = createNetwork as Loose<ReturnType<typeof createNetwork>>;

const valid = { inputs: 2, layers: [dense(3, 'relu'), dense(2)], seed: 1 };

/** Cases of createNetwork with one option replaced; the message begins with its class. */
function createCases(cases: readonly (readonly [options: object, expected: string])[]): Refusal[] {
  return cases.map(([options, expected]) => [expected, () => create({ ...valid, ...options }), expected]);
}

/** An object whose every option is good, were it not for a getter that throws. */
function withBrokenGetter(option: string): object {
  return Object.defineProperty({ ...valid }, option, {
    enumerable: true,
    get(): never {
      throw new SyntaxError('mine');
    },
  });
}

const units = 'a whole number from 1 to 2147483647';
const activations = 'linear, sigmoid, tanh, relu, leakyRelu, elu, silu, softplus, gelu, geluTanh, softmax';
const losses = 'quadratic, mse, mae, huber, smoothL1, crossEntropy, binaryCrossEntropy';

/** Networks that memory cannot hold, and the floats that they need at least: parameters, gradients, optimizer state. */
const tooLarge: readonly (readonly [options: object, floats: number])[] = [
  [{ inputs: 2 ** 31 - 1, layers: [dense(2 ** 31 - 1)] }, 4 * 2 ** 62],
  [{ inputs: 1e9, layers: [dense(1)] }, 4e9],
  [{ inputs: 1, layers: [dense(1e8)] }, 8e8],
  [{ inputs: 20000, layers: [dense(20000)], optimizer: sgd() }, 8e8],
  [{ inputs: 100, layers: [dense(1e6), dense(100), dense(1)], optimizer: adam({ amsgrad: true }) }, 1e9],
];

describe('createNetwork', () => {
  const cases: Refusal[] = [
    ['nothing', () => create(), `TypeError: "inputs" must be ${units}: got undefined`],
    ['null', () => create(null), 'TypeError: createNetwork expects an object of options: got null'],
    ['a number', () => create(784), 'TypeError: createNetwork expects an object of options: got 784'],
    [
      'layers alone',
      () => create(valid.layers),
      'TypeError: createNetwork expects an object of options: got an array of 2',
    ],
    ['a getter that throws', () => create(withBrokenGetter('layers')), 'SyntaxError: mine'],
    ...createCases([
      [{ layer: [] }, 'TypeError: createNetwork has no option "layer": did you mean "layers"?'],
      [{ optimiser: adam() }, 'TypeError: createNetwork has no option "optimiser": did you mean "optimizer"?'],
      [{ clipnorm: 1 }, 'TypeError: createNetwork has no option "clipnorm": did you mean "clipNorm"?'],
      [
        { rate: 0.1 },
        'TypeError: createNetwork has no option "rate": it takes inputs, layers, loss, optimizer, clipNorm, seed, numerics, threads',
      ],
      [{ inputs: undefined }, `TypeError: "inputs" must be ${units}: got undefined`],
      [{ inputs: '784' }, `TypeError: "inputs" must be ${units}: got "784"`],
      [{ inputs: 784n }, `TypeError: "inputs" must be ${units}: got a bigint`],
      [{ inputs: 0 }, `RangeError: "inputs" must be ${units}: got 0`],
      [{ inputs: -1 }, `RangeError: "inputs" must be ${units}: got -1`],
      [{ inputs: 2.5 }, `RangeError: "inputs" must be ${units}: got 2.5`],
      [{ inputs: NaN }, `RangeError: "inputs" must be ${units}: got NaN`],
      [{ inputs: 2 ** 31 }, `RangeError: "inputs" must be ${units}: got 2147483648`],
      [
        { layers: undefined },
        'TypeError: "layers" must be an array of layers, such as [dense(10, "relu")]: got undefined',
      ],
      [
        { layers: dense(3) },
        'TypeError: "layers" must be an array of layers, such as [dense(10, "relu")]: got an object',
      ],
      [{ layers: [] }, 'RangeError: "layers" must hold at least one layer, such as dense(1)'],
      [{ layers: [10] }, 'TypeError: "layers[0]" must be a layer, such as dense(10, "relu"): got 10'],
      [{ layers: [dense(1), null] }, 'TypeError: "layers[1]" must be a layer, such as dense(10, "relu"): got null'],
      [{ layers: [dense] }, 'TypeError: "layers[0]" must be a layer, such as dense(10, "relu"): got a function'],
      [
        { layers: Object.assign([], { 1: dense(1) }) },
        'TypeError: "layers[0]" must be a layer, such as dense(10, "relu"): got undefined',
      ],
      [{ layers: new Array(2 ** 32 - 1) }, 'RangeError: "layers" has 4294967295 layers: at most 1000 can be had'],
      [
        { layers: new Array(200_000).fill(dense(1)) },
        'RangeError: "layers" has 200000 layers: at most 1000 can be had',
      ],
      [{ layers: [dense(1), [dense(1)]] }, 'TypeError: "layers[1]" expects an object of options: got an array of 1'],
      [{ layers: [{ units: 3 }] }, `TypeError: "layers[0].activation" must be one of ${activations}: got undefined`],
      [{ layers: [{ ...dense(3), units: 0 }] }, `RangeError: "layers[0].units" must be ${units}: got 0`],
      [
        { layers: [{ ...dense(3), biass: false }] },
        'TypeError: "layers[0]" has no option "biass": did you mean "bias"?',
      ],
      [
        { layers: [dense(2, 'softmax'), dense(2)] },
        'RangeError: "layers[0]" has the activation softmax: only the last layer can',
      ],
      [
        { loss: 'crossEntrpy' },
        `RangeError: "loss" must be one of ${losses}: got "crossEntrpy" (did you mean "crossEntropy"?)`,
      ],
      [{ loss: 'hinge' }, `RangeError: "loss" must be one of ${losses}: got "hinge"`],
      [{ loss: '__proto__' }, `RangeError: "loss" must be one of ${losses}: got "__proto__"`],
      [{ loss: null }, `TypeError: "loss" must be one of ${losses}: got null`],
      [{ loss: huber }, `TypeError: "loss" must be one of ${losses}: got a function`],
      [{ loss: {} }, `TypeError: "loss.name" must be one of ${losses}: got undefined`],
      [{ loss: { name: 'huber', delta: 2 } }, 'TypeError: "loss" has no option "delta": it takes name, parameter'],
      [
        { loss: { name: 'huber', parameter: 0 } },
        'RangeError: "delta" must be a finite number above 0 and up to 3.4e+38: got 0',
      ],
      [{ optimizer: 'adam' }, 'TypeError: "optimizer" must be an optimizer, such as adam({ rate: 1e-3 }): got "adam"'],
      [
        { optimizer: adam },
        'TypeError: "optimizer" must be an optimizer, such as adam({ rate: 1e-3 }): got a function',
      ],
      [{ optimizer: null }, 'TypeError: "optimizer" must be an optimizer, such as adam({ rate: 1e-3 }): got null'],
      [
        { optimizer: { rate: 0.1 } },
        'TypeError: "optimizer.name" must be one of sgd, adam, adamW, rmsProp, adagrad: got undefined',
      ],
      [
        { optimizer: { ...adam(), name: 'Adam' } },
        'RangeError: "optimizer.name" must be one of sgd, adam, adamW, rmsProp, adagrad: got "Adam" (did you mean "adam"?)',
      ],
      [
        { optimizer: { ...adam(), momentum: 0.9 } },
        'TypeError: "optimizer" has no option "momentum": it takes name, rate, settings',
      ],
      [
        { optimizer: { ...sgd(), settings: { momentun: 0.9 } } },
        'TypeError: "optimizer.settings" has no option "momentun": did you mean "momentum"?',
      ],
      [
        { optimizer: { ...sgd(), rate: NaN } },
        'RangeError: "rate" must be a finite number from 0 and up to 3.4e+38: got NaN',
      ],
      [{ clipNorm: 0 }, 'RangeError: "clipNorm" must be a finite number above 0: got 0'],
      [{ clipNorm: -1 }, 'RangeError: "clipNorm" must be a finite number above 0: got -1'],
      [{ clipNorm: Infinity }, 'RangeError: "clipNorm" must be a finite number above 0: got Infinity'],
      [{ clipNorm: '1' }, 'TypeError: "clipNorm" must be a finite number above 0: got "1"'],
      [{ seed: -1 }, 'RangeError: "seed" must be a whole number from 0 to 9007199254740991: got -1'],
      [{ seed: 0.5 }, 'RangeError: "seed" must be a whole number from 0 to 9007199254740991: got 0.5'],
      [{ seed: 2 ** 53 }, 'RangeError: "seed" must be a whole number from 0 to 9007199254740991: got 9007199254740992'],
      [{ seed: null }, 'TypeError: "seed" must be a whole number from 0 to 9007199254740991: got null'],
      [{ seed: 'lucky' }, 'TypeError: "seed" must be a whole number from 0 to 9007199254740991: got "lucky"'],
      [{ numerics: 'fast' }, 'RangeError: "numerics" must be one of reproducible, fused: got "fast"'],
      [
        { numerics: 'fussed' },
        'RangeError: "numerics" must be one of reproducible, fused: got "fussed" (did you mean "fused"?)',
      ],
      [{ numerics: true }, 'TypeError: "numerics" must be one of reproducible, fused: got true'],
    ]),
  ];

  it('refuses every option that it cannot use', async () => expectRefusals(await classifier(), cases));

  it('says how much memory a network would need, and takes none', async () => {
    const { kernels } = await getEngine('reproducible');
    const net = await classifier();
    const [before, size] = [fingerprint(net), kernels.memory.buffer.byteLength];
    for (const [options, floats] of tooLarge) {
      const message = await refusal(() => create({ ...valid, ...options }));
      const pattern = /^RangeError: the network needs [\d.]+ [GT]B \((\d+) bytes\) of memory: at most .+ can be had$/;
      expect(message).toMatch(pattern);
      const needed = Number(pattern.exec(message)?.[1]);
      expect(needed).toBeGreaterThanOrEqual(floats * 4);
    }
    expect(kernels.memory.buffer.byteLength).toBe(size);
    await expectUntroubled(net, before);
  });

  it('takes an option that is undefined for one that is not given', async () => {
    const net = await create({
      ...valid,
      loss: undefined,
      optimizer: undefined,
      clipNorm: undefined,
      numerics: undefined,
    });
    const same = await create(valid);
    expect(net.save()).toEqual(same.save());
    expect((await create({ ...valid, seed: undefined })).seed).toBeGreaterThanOrEqual(0);
  });

  it('takes the ends of every range', async () => {
    for (const seed of [0, -0, 2 ** 53 - 1]) expect((await create({ ...valid, seed })).seed).toBe(seed + 0);
    const smallest = await create({ inputs: 1, layers: [dense(1)], clipNorm: Number.MIN_VALUE });
    expect(smallest.predict([1])).toHaveLength(1);
  });

  it('gives a layer that was changed after `dense` no more room than its options have', async () => {
    const given: { units: number } = { ...dense(3, 'relu') };
    const net = await create({ inputs: 2, layers: [given, dense(2)] });
    given.units = 1000;
    expect(net.predict([1, 2])).toHaveLength(2);
  });
});

describe('a network of as many layers as there may be', () => {
  it('does everything that a network does', async () => {
    const layers = Array.from({ length: 1000 }, () => dense(1, 'tanh'));
    const net = await createNetwork({ inputs: 1, layers, optimizer: adam({ amsgrad: true }), seed: 1 });
    await net.fit([[1]], [[1]]);
    net.setParameters(net.getParameters());
    const loaded = await loadNetwork(net.save());
    expect(loaded.gradients([[1]], [[1]])).toEqual(net.gradients([[1]], [[1]]));
    expect(loaded.explain([1], [1]).layers).toHaveLength(1000);
    expect(loaded.summary().split('\n').length).toBeGreaterThan(1000);
    for (const each of [net, loaded]) each.dispose();
  });
});
