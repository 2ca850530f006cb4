/** Losses of the user's own, slopes and gradients that cannot be used; and labels that are no numbers from 0. */
import { describe, expect, it } from 'vitest';
import { createNetwork, dense, type Network } from '../../src/index.js';
import {
  BUSY,
  classifier,
  DISPOSED,
  expectRefusals,
  expectUntroubled,
  fingerprint,
  refusal,
  synchronousRefusal,
} from './support.js';
import { detached, type Loose, type Refusal, X, Y } from './support.js';

type Fill = (outputs: Float32Array, dOutputs: Float32Array) => unknown;

describe('a loss of the user', () => {
  const cases: [name: string, loss: Fill, expected: string][] = [
    [
      'a NaN',
      (_, d) => void (d[5] = NaN),
      'RangeError: "dOutputs" holds NaN at row 1, column 2: every value must be finite',
    ],
    [
      'an infinity',
      (_, d) => void (d[0] = -Infinity),
      'RangeError: "dOutputs" holds -Infinity at row 0, column 0: every value must be finite',
    ],
    [
      'a cost that is no number',
      () => '1',
      'TypeError: "dCost" returned "1": expected the cost, a finite number, or nothing',
    ],
    [
      'a promise',
      () => Promise.resolve(1),
      'TypeError: "dCost" returned a Promise: expected the cost, a finite number, or nothing',
    ],
    ['NaN', () => NaN, 'RangeError: "dCost" returned NaN: expected the cost, a finite number, or nothing'],
    [
      'slopes whose memory went elsewhere',
      (_, d) => void structuredClone(d, { transfer: [d.buffer as ArrayBuffer] }),
      'TypeError: "dOutputs" is detached: its buffer was transferred elsewhere, or shrunk',
    ],
    [
      'an error',
      () => {
        throw new SyntaxError('mine');
      },
      'SyntaxError: mine',
    ],
  ];

  it('that gives what cannot be used changes nothing', async () => {
    const net = await classifier();
    const train = net.trainBatch.bind(net) as Loose;
    await expectRefusals(
      net,
      cases.map(([name, loss, expected]): Refusal => [name, () => train(X, loss), expected]),
    );
  });

  it('takes the weights of examples, and not of classes', async () => {
    const net = await classifier();
    const train = net.trainBatch.bind(net) as Loose;
    const loss: Fill = (_, d) => void d.fill(1);
    await expectRefusals(net, [
      [
        'classes',
        () => train(X, loss, { classWeight: [1, 2, 3] }),
        'TypeError: "classWeight" needs targets: a function that fills dC/da has none',
      ],
      [
        'too few',
        () => train(X, loss, { sampleWeight: [1] }),
        'RangeError: "sampleWeight" has 1 value: expected 3, one for each row',
      ],
    ]);
  });

  it('can use the network, and not change or end it', async () => {
    const net = await classifier();
    const before = fingerprint(net);
    const said: string[] = [];
    const stop = new Error('enough');
    const call = refusal(() =>
      net.trainBatch(X, () => {
        said.push(synchronousRefusal(() => net.trainBatch(X, Y)));
        said.push(synchronousRefusal(() => net.trainBatch(X, () => 1)));
        said.push(synchronousRefusal(() => net.setParameters({})));
        said.push(synchronousRefusal(() => net.applyGradients(net.gradients(X, Y).parameters)));
        net.evaluate(X, Y);
        throw stop;
      }),
    );
    expect(await call).toBe('Error: enough');
    expect(said).toEqual([BUSY, BUSY, BUSY, BUSY]);
    await expectUntroubled(net, before);
    const gone = await classifier();
    expect(await refusal(() => gone.trainBatch(X, () => gone.dispose()))).toBe(DISPOSED);
  });
});

describe('the slopes of backward', () => {
  const cases: [dA: unknown, expected: string][] = [
    [undefined, 'TypeError: "dA" must be a typed array of numbers or an array of rows: got undefined'],
    [() => 1, 'TypeError: "dA" must be a typed array of numbers or an array of rows: got a function'],
    [[1, 2], 'RangeError: "dA" has 2 values: expected a multiple of 3 (outputs)'],
    [[1, 2, 3], 'RangeError: "dA" has 1 row: expected 3 rows, one for each of "x"'],
    [
      [
        [1, 2, 3],
        [1, 2, 3],
        [1, NaN, 3],
      ],
      'RangeError: "dA" holds NaN at row 2, column 1: every value must be finite',
    ],
    [new Float64Array(9).fill(1e39), 'RangeError: "dA" holds 1e+39 at row 0, column 0: which float32 cannot hold'],
    [detached(9), 'TypeError: "dA" is detached: its buffer was transferred elsewhere, or shrunk'],
  ];

  it('are refused', async () => {
    const net = await classifier();
    const backward = net.backward.bind(net) as Loose;
    await expectRefusals(
      net,
      cases.map(([dA, expected]): Refusal => [expected, () => backward(X, dA), expected]),
    );
  });

  it('may make gradients that overflow', async () => {
    const net = await createNetwork({ inputs: 1, layers: [dense(1)], seed: 1 });
    const before = fingerprint(net);
    expect(await refusal(() => net.backward([3e38], [100]))).toMatch(/^DivergenceError: /);
    expect(fingerprint(net)).toBe(before);
    net.dispose();
  });
});

describe('the gradients of applyGradients', () => {
  it('are refused', async () => {
    const net = await classifier();
    const { parameters } = net.gradients(X, Y);
    const { 'layers.1.bias': bias, ...rest } = parameters;
    const apply = net.applyGradients.bind(net) as Loose;
    const cases: [gradients: unknown, expected: string][] = [
      [
        undefined,
        'TypeError: applyGradients expects tensors by name, such as { "layers.0.weight": { data } }: got undefined',
      ],
      [
        net.gradients(X, Y),
        'TypeError: applyGradients expects tensors by name: pass the "parameters" of what it was given',
      ],
      [rest, 'TypeError: applyGradients expects a gradient for every tensor: "layers.1.bias" is missing'],
      [
        { ...parameters, 'layers.2.bias': bias },
        'TypeError: applyGradients has no option "layers.2.bias": did you mean "layers.0.bias"?',
      ],
      [
        { ...parameters, 'layers.1.bias': { data: [1, 2] } },
        'RangeError: "layers.1.bias.data" has 2 values: expected 3, for the shape [3]',
      ],
      [
        { ...parameters, 'layers.1.bias': { shape: [1, 3], data: [1, 2, 3] } },
        'RangeError: "layers.1.bias" has the shape [1, 3]: expected [3]',
      ],
      [
        { ...parameters, 'layers.1.bias': { data: [1, 2, NaN] } },
        'RangeError: "layers.1.bias.data[2]" is NaN: expected a number that float32 can hold',
      ],
    ];
    await expectRefusals(
      net,
      cases.map(([gradients, expected]): Refusal => [expected, () => apply(gradients), expected]),
    );
  });
});

describe('labels', () => {
  const named = 'pass a number for each name, such as names.indexOf(name)';
  const truths = 'pass 0 and 1, such as y.map(Number)';

  async function expectAdvice(net: Network, cases: readonly [y: unknown, expected: string][], x: unknown = X) {
    for (const method of ['fit', 'trainBatch', 'evaluate', 'gradients'] as const) {
      const call = net[method].bind(net) as Loose;
      for (const [y, expected] of cases) expect(await refusal(() => call(x, y)), expected).toBe(expected);
    }
  }

  it('of a classifier are said to be class numbers from 0', async () => {
    const net = await classifier();
    const one = 'classes count from 0 to 2, and these from 1 to 3: pass y - 1, such as y.map((label) => label - 1)';
    await expectAdvice(net, [
      [['cat', 'dog', 'cow'], `TypeError: "y[0]" must be a number: got "cat"; ${named}`],
      [[0, 'dog', 1], `TypeError: "y[1]" must be a number: got "dog"; ${named}`],
      [[true, false, true], `TypeError: "y[0]" must be a number: got true; ${truths}`],
      [[[true, false, false]], `TypeError: "y[0][0]" must be a number: got true; ${truths}`],
      [[3, 1, 2], `RangeError: "y" holds 3 at row 0: ${one}`],
      [Uint8Array.of(2, 1, 3), `RangeError: "y" holds 3 at row 2: ${one}`],
      [[0, 1, 3], 'RangeError: "y" holds 3 at row 2: expected a class from 0 to 2'],
      [[2, 3, 4], 'RangeError: "y" holds 3 at row 1: expected a class from 0 to 2'],
      [[1, 1.5, 3], 'RangeError: "y" holds 1.5 at row 1: expected a class from 0 to 2'],
    ]);
    net.dispose();
  });

  it('of one output are said to be 0 and 1, and what is no label gets no such advice', async () => {
    const net = await createNetwork({ inputs: 2, layers: [dense(1, 'sigmoid')], seed: 1 });
    await expectAdvice(net, [
      [['yes', 'no', 'no'], `TypeError: "y[0]" must be a number: got "yes"; ${named}`],
      [[true, false, true], `TypeError: "y[0]" must be a number: got true; ${truths}`],
      [[1, undefined, 1], 'TypeError: "y[1]" must be a number: got undefined'],
    ]);
    await expectAdvice(net, [[[1], 'TypeError: "x[1]" must be a number: got "2"']], [1, '2']);
    net.dispose();
  });
});
