import { describe, expect, it } from 'vitest';
import { loadNetwork, type Network } from '../../src/index.js';
import { classifier, detached, expectRefusals, fingerprint, X, Y, type Loose, type Refusal } from './support.js';

type Cases = readonly (readonly [value: unknown, expected: string])[];

const whole = 'a whole number from 1 to 2147483647';
const pair = [X, Y];

describe('the options of fit and epochs', () => {
  const cases: Cases = [
    [null, 'TypeError: fit expects an object of options: got null'],
    [10, 'TypeError: fit expects an object of options: got 10'],
    [[X, Y], 'TypeError: fit expects an object of options: got an array of 2'],
    [{ epoch: 3 }, 'TypeError: fit has no option "epoch": did you mean "epochs"?'],
    [{ batchsize: 3 }, 'TypeError: fit has no option "batchsize": did you mean "batchSize"?'],
    [{ batch_size: 3 }, 'TypeError: fit has no option "batch_size": did you mean "batchSize"?'],
    [{ validationData: pair }, 'TypeError: fit has no option "validationData": did you mean "validation"?'],
    [
      { verbose: true },
      'TypeError: fit has no option "verbose": it takes epochs, batchSize, shuffle, validation, validationSplit, metrics, average, earlyStopping, signal, checkpoint, onBatch, sampleWeight, classWeight',
    ],
    [{ epochs: 0 }, `RangeError: "epochs" must be ${whole}: got 0`],
    [{ epochs: -1 }, `RangeError: "epochs" must be ${whole}: got -1`],
    [{ epochs: 1.5 }, `RangeError: "epochs" must be ${whole}: got 1.5`],
    [{ epochs: Infinity }, `RangeError: "epochs" must be ${whole}: got Infinity`],
    [{ epochs: NaN }, `RangeError: "epochs" must be ${whole}: got NaN`],
    [{ epochs: '5' }, `TypeError: "epochs" must be ${whole}: got "5"`],
    [{ epochs: null }, `TypeError: "epochs" must be ${whole}: got null`],
    [{ batchSize: 0 }, `RangeError: "batchSize" must be ${whole}: got 0`],
    [{ batchSize: 2 ** 31 }, `RangeError: "batchSize" must be ${whole}: got 2147483648`],
    [{ batchSize: 3n }, `TypeError: "batchSize" must be ${whole}: got a bigint`],
    [{ shuffle: 1 }, 'TypeError: "shuffle" must be true or false: got 1'],
    [{ shuffle: 'batch' }, 'TypeError: "shuffle" must be true or false: got "batch"'],
    [{ onBatch: true }, 'TypeError: "onBatch" must be a function: got true'],
    [{ onBatch: null }, 'TypeError: "onBatch" must be a function: got null'],
    [{ signal: null }, 'TypeError: "signal" must be an AbortSignal: got null'],
    [{ signal: new AbortController() }, 'TypeError: "signal" must be an AbortSignal: got an AbortController'],
    [{ signal: { aborted: false } }, 'TypeError: "signal" must be an AbortSignal: got an object'],
    [{ validation: null }, 'TypeError: "validation" must be a pair [x, y] or [x, y, sampleWeight]: got null'],
    [{ validation: 0.2 }, 'TypeError: "validation" must be a pair [x, y] or [x, y, sampleWeight]: got 0.2'],
    [
      { validation: X },
      'TypeError: "validation" must be a pair [x, y] or [x, y, sampleWeight]: got a Float32Array of 6',
    ],
    [{ validation: [X] }, 'TypeError: "validation" must be a pair [x, y] or [x, y, sampleWeight]: got an array of 1'],
    [
      { validation: { x: X, y: Y } },
      'TypeError: "validation" must be a pair [x, y] or [x, y, sampleWeight]: got an object',
    ],
    [{ validation: [[1], Y] }, 'RangeError: "validation[0]" has 1 value: expected a multiple of 2 (inputs)'],
    [{ validation: [[], []] }, 'RangeError: "validation[0]" is empty: expected at least one example of 2 (inputs)'],
    [
      { validation: [detached(6), Y] },
      'TypeError: "validation[0]" is detached: its buffer was transferred elsewhere, or shrunk',
    ],
    [
      { validation: [X, [0]] },
      'RangeError: "validation[1]" has 1 value: expected 3 class labels or 9 (3 examples of 3 outputs)',
    ],
    [{ validation: [X, [0, 1, 3]] }, 'RangeError: "validation[1]" holds 3 at row 2: expected a class from 0 to 2'],
    [
      { validation: [X, [[1, 0, 0]]] },
      'RangeError: "validation[1]" has 1 row: expected 3 rows, one for each of "validation[0]"',
    ],
    [
      { validation: [[1, NaN], [0]] },
      'RangeError: "validation[0]" holds NaN at row 0, column 1: every value must be finite',
    ],
    [
      { earlyStopping: true },
      'TypeError: "earlyStopping" needs "validation" or "validationSplit": it watches the loss on data not trained on',
    ],
    [{ earlyStopping: 5, validation: pair }, 'TypeError: earlyStopping expects an object of options: got 5'],
    [{ earlyStopping: null, validation: pair }, 'TypeError: earlyStopping expects an object of options: got null'],
    [
      { earlyStopping: { patiance: 1 }, validation: pair },
      'TypeError: earlyStopping has no option "patiance": did you mean "patience"?',
    ],
    [{ earlyStopping: { patience: 0 }, validation: pair }, `RangeError: "patience" must be ${whole}: got 0`],
    [
      { earlyStopping: { minDelta: -1 }, validation: pair },
      'RangeError: "minDelta" must be a finite number of at least 0: got -1',
    ],
    [
      { earlyStopping: { minDelta: NaN }, validation: pair },
      'RangeError: "minDelta" must be a finite number of at least 0: got NaN',
    ],
    [{ earlyStopping: { restoreBest: 1 }, validation: pair }, 'TypeError: "restoreBest" must be true or false: got 1'],
  ];

  it('are refused, by both in the same words', async () => {
    const net = await classifier();
    const { fit, epochs } = net as unknown as Record<string, Loose>;
    await expectRefusals(
      net,
      cases.flatMap(([options, expected]): Refusal[] => [
        [`fit: ${expected}`, () => fit.call(net, X, Y, options), expected],
        [`epochs: ${expected}`, () => (epochs.call(net, X, Y, options) as AsyncGenerator).next(), expected],
      ]),
    );
  });

  it('may be undefined, as if they were not given', async () => {
    const [net, same] = [await classifier(), await classifier()];
    const names = ['epochs', 'batchSize', 'shuffle', 'validation', 'validationSplit', 'earlyStopping', 'signal'];
    names.push('onBatch', 'sampleWeight', 'classWeight');
    const options = Object.fromEntries(names.map((name) => [name, undefined]));
    await (net.fit as Loose).call(net, X, Y, options);
    await same.fit(X, Y);
    expect(fingerprint(net)).toBe(fingerprint(same));
  });

  it('may ask for a batch that is larger than all examples, and for early stopping without', async () => {
    const net = await classifier();
    const [epoch] = await net.fit(X, Y, { batchSize: 2 ** 31 - 1, earlyStopping: false, validation: [X, Y] });
    expect(epoch.steps).toBe(5);
  });
});

describe('the options of gradients and explain', () => {
  const gradientCases: Cases = [
    [null, 'TypeError: gradients expects an object of options: got null'],
    [true, 'TypeError: gradients expects an object of options: got true'],
    [{ Each: true }, 'TypeError: gradients has no option "Each": did you mean "each"?'],
    [{ each: 1 }, 'TypeError: "each" must be true or false: got 1'],
    [{ each: null }, 'TypeError: "each" must be true or false: got null'],
  ];
  const explainCases: Cases = [
    [null, 'TypeError: explain expects an object of options: got null'],
    [{ weights: {} }, 'TypeError: explain has no option "weights": did you mean "weight"?'],
    [{ weight: null }, 'TypeError: "weight" expects an object of options: got null'],
    [{ weight: [0, 0, 0] }, 'TypeError: "weight" expects an object of options: got an array of 3'],
    [{ weight: { layer: 0, i: 0, k: 0 } }, 'TypeError: "weight" has no option "i": it takes layer, j, k'],
    [{ weight: {} }, 'TypeError: "weight.layer" must be a whole number from 0 to 1: got undefined'],
    [{ weight: { layer: 2, j: 0, k: 0 } }, 'RangeError: "weight.layer" must be a whole number from 0 to 1: got 2'],
    [{ weight: { layer: -1, j: 0, k: 0 } }, 'RangeError: "weight.layer" must be a whole number from 0 to 1: got -1'],
    [{ weight: { layer: 0, j: 4, k: 0 } }, 'RangeError: "weight.j" must be a whole number from 0 to 3: got 4'],
    [{ weight: { layer: 0, j: 0, k: 2 } }, 'RangeError: "weight.k" must be a whole number from 0 to 1: got 2'],
    [{ weight: { layer: 1, j: 0.5, k: 0 } }, 'RangeError: "weight.j" must be a whole number from 0 to 2: got 0.5'],
    [{ activation: { layer: 1, k: 4 } }, 'RangeError: "activation.k" must be a whole number from 0 to 3: got 4'],
    [{ activation: { layer: 1, k: '0' } }, 'TypeError: "activation.k" must be a whole number from 0 to 3: got "0"'],
    [{ activation: { layer: 0, j: 0, k: 0 } }, 'TypeError: "activation" has no option "j": it takes layer, k'],
  ];

  it('are refused', async () => {
    const net = await classifier();
    const { gradients, explain } = net as unknown as Record<string, Loose>;
    await expectRefusals(net, [
      ...gradientCases.map(([options, expected]): Refusal => {
        return [expected, () => gradients.call(net, X, Y, options), expected];
      }),
      ...explainCases.map(([options, expected]): Refusal => {
        return [expected, () => explain.call(net, [1, 2], [0], options), expected];
      }),
    ]);
  });
});

describe('setParameters', () => {
  const name = '"layers.0.bias';
  const tensor = 'TypeError: setParameters expects tensors by name, such as { "layers.0.weight": { data } }: got';
  const bias = (data: unknown, shape?: unknown): unknown => ({ 'layers.0.bias': { data, shape } });
  const cases: Cases = [
    [undefined, `${tensor} undefined`],
    [null, `${tensor} null`],
    ['layers.0.bias', `${tensor} "layers.0.bias"`],
    [[1, 2, 3, 4], 'TypeError: setParameters expects an object of options: got an array of 4'],
    [new Map([['layers.0.bias', {}]]), 'TypeError: setParameters expects an object of options: got a Map'],
    [
      { 'layers.0.weights': {} },
      'TypeError: setParameters has no option "layers.0.weights": did you mean "layers.0.weight"?',
    ],
    [
      JSON.parse('{"__proto__":{"data":[1,2,3,4]}}'),
      'TypeError: setParameters has no option "__proto__": it takes layers.0.weight, layers.0.bias, layers.1.weight, layers.1.bias',
    ],
    [{ 'layers.0.bias': null }, `TypeError: ${name}" must be { shape: [4], data }: got null`],
    [{ 'layers.0.bias': [1, 2, 3, 4] }, `TypeError: ${name}" must be { shape: [4], data }: got an array of 4`],
    [{ 'layers.0.bias': { values: [] } }, `TypeError: ${name}" must be { shape: [4], data }: got an object`],
    [bias(undefined), `TypeError: ${name}.data" must be an array of numbers: got undefined`],
    [bias('1234'), `TypeError: ${name}.data" must be an array of numbers: got "1234"`],
    [bias(new DataView(new ArrayBuffer(4))), `TypeError: ${name}.data" must be an array of numbers: got a DataView`],
    [bias([1, 2, 3]), `RangeError: ${name}.data" has 3 values: expected 4, for the shape [4]`],
    [bias([1]), `RangeError: ${name}.data" has 1 value: expected 4, for the shape [4]`],
    [bias(detached(4)), `RangeError: ${name}.data" has 0 values: expected 4, for the shape [4]`],
    [bias(new Array(4)), `TypeError: ${name}.data[0]" must be a number: got undefined`],
    [bias([1, 2, 3, '4']), `TypeError: ${name}.data[3]" must be a number: got "4"`],
    [bias(new BigInt64Array(4)), `TypeError: ${name}.data[0]" must be a number: got a bigint`],
    [bias([[1], [2], [3], [4]]), `TypeError: ${name}.data[0]" must be a number: got an array of 1`],
    [bias([1, NaN, 3, 4]), `RangeError: ${name}.data[1]" is NaN: expected a number that float32 can hold`],
    [bias([1, 2, 1e39, 4]), `RangeError: ${name}.data[2]" is 1e+39: expected a number that float32 can hold`],
    [bias([1, 2, 3, 4], [2, 2]), `RangeError: ${name}" has the shape [2, 2]: expected [4]`],
    [bias([1, 2, 3, 4], 4), `RangeError: ${name}" has the shape 4: expected [4]`],
    [bias([1, 2, 3, 4], [Object.create(null)]), `RangeError: ${name}" has the shape [an object]: expected [4]`],
    [
      { 'layers.0.weight': { data: new Float32Array(8), shape: [2, 4] } },
      'RangeError: "layers.0.weight" has the shape [2, 4]: expected [4, 2]',
    ],
    [
      { 'layers.1.bias': { data: [1, 2, 3] }, 'layers.0.bias': { data: [NaN, 0, 0, 0] } },
      `RangeError: ${name}.data[0]" is NaN: expected a number that float32 can hold`,
    ],
    [
      { 'layers.0.weight': { data: new Float32Array(8) }, 'layers.1.bias': { data: [0, 0] } },
      'RangeError: "layers.1.bias.data" has 2 values: expected 3, for the shape [3]',
    ],
  ];

  function set(net: Network, parameters: unknown): unknown {
    return (net.setParameters as Loose).call(net, parameters);
  }

  it('sets all or nothing', async () => {
    const net = await classifier();
    await expectRefusals(
      net,
      cases.map(([parameters, expected]) => [expected, () => set(net, parameters), expected]),
    );
  });

  it('writes no more than the tensor, whatever the data say of themselves', async () => {
    const net = await classifier();
    const { 'layers.1.weight': untouched } = net.getParameters();
    const long = Object.assign([1, 2, 3, 4], { [Symbol.iterator]: () => new Array<number>(1000).fill(9).values() });
    set(net, bias(long));
    expect([...net.getParameters()['layers.0.bias'].data]).toEqual([1, 2, 3, 4]);
    expect(net.getParameters()['layers.1.weight']).toEqual(untouched);
  });

  it('takes any numbers, and what getParameters gave', async () => {
    const net = await classifier();
    const before = fingerprint(net);
    for (const data of [[1, 2, 3, 4], Uint8Array.of(1, 2, 3, 4), new Proxy([1, 2, 3, 4], {})]) {
      const { 'layers.0.bias': kept } = net.getParameters();
      set(net, bias(data, [4]));
      expect([...net.getParameters()['layers.0.bias'].data]).toEqual([1, 2, 3, 4]);
      set(net, { 'layers.0.bias': kept, 'layers.1.bias': undefined });
    }
    net.setParameters(net.getParameters());
    net.setParameters({});
    expect(fingerprint(net)).toBe(before);
  });
});

describe('loadNetwork', () => {
  it('refuses options that it cannot use', async () => {
    const net = await classifier();
    const file = net.save();
    const cases: Cases = [
      [null, 'TypeError: loadNetwork expects an object of options: got null'],
      [{ Rate: 1 }, 'TypeError: loadNetwork has no option "Rate": did you mean "rate"?'],
      [{ rate: -1 }, 'RangeError: "rate" must be a finite number from 0 and up to 3.4e+38: got -1'],
      [{ rate: '1' }, 'TypeError: "rate" must be a finite number from 0 and up to 3.4e+38: got "1"'],
      [{ numerics: 'fast' }, 'RangeError: "numerics" must be one of reproducible, fused: got "fast"'],
    ];
    const load = loadNetwork as Loose;
    await expectRefusals(
      net,
      cases.map(([options, expected]) => [expected, () => load(file, options), expected]),
    );
  });
});
