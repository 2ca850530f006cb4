/** Weights that cannot be used, by every method that takes them, and shares to validate on. */
import { describe, expect, it } from 'vitest';
import { createNetwork, dense } from '../../src/index.js';
import { classifier, expectRefusals, type Loose, type Refusal, X, Y } from './support.js';

const METHODS = ['fit', 'trainBatch', 'evaluate', 'evaluateAsync', 'gradients', 'gradientsAsync'] as const;

const CASES: [options: Record<string, unknown>, expected: string][] = [
  [{ sampleWeight: 2 }, 'TypeError: "sampleWeight" must be an array of a number for each row: got 2'],
  [{ sampleWeight: null }, 'TypeError: "sampleWeight" must be an array of a number for each row: got null'],
  [
    { sampleWeight: ['1', 1, 1] },
    'TypeError: "sampleWeight" must be an array of a number for each row: got an array of 3',
  ],
  [{ sampleWeight: [1, '1', 1] }, 'TypeError: "sampleWeight[1]" must be a number: got "1"'],
  [{ sampleWeight: [1, 1] }, 'RangeError: "sampleWeight" has 2 values: expected 3, one for each row'],
  [
    { sampleWeight: [1, -1, 1] },
    'RangeError: "sampleWeight" holds -1 at row 1: expected a finite number of at least 0',
  ],
  [
    { sampleWeight: [1, 1, NaN] },
    'RangeError: "sampleWeight" holds NaN at row 2: expected a finite number of at least 0',
  ],
  [
    { sampleWeight: [Infinity, 1, 1] },
    'RangeError: "sampleWeight" holds Infinity at row 0: expected a finite number of at least 0',
  ],
  [
    { sampleWeight: new Float32Array(3) },
    'RangeError: "sampleWeight" lets every example weigh 0: expected at least one of a weight above 0',
  ],
  [
    { classWeight: [0, 0, 0] },
    'RangeError: "classWeight" lets every example weigh 0: expected at least one of a weight above 0',
  ],
  [{ classWeight: [1, 2] }, 'RangeError: "classWeight" has 2 values: expected 3, one for each class'],
  [
    { classWeight: [1, 2, -3] },
    'RangeError: "classWeight[2]" must be a finite number from 0 and up to 3.4e+38: got -3',
  ],
  [{ classWeight: { 3: 1 } }, 'TypeError: "classWeight" has no option "3": it takes 0, 1, 2'],
  [
    { classWeight: { 1: '2' } },
    'TypeError: "classWeight[1]" must be a finite number from 0 and up to 3.4e+38: got "2"',
  ],
  [
    { classWeight: 'balanced' },
    'TypeError: "classWeight" must be a number for each class, such as [1, 3]: got "balanced"',
  ],
  [
    { sampleWeight: [1e38, 1, 1], classWeight: [10, 1, 1] },
    'RangeError: "classWeight" lets row 0 weigh 1e+39: float32 cannot hold it',
  ],
];

describe('weights', () => {
  it.each(METHODS)('are refused by %s', async (method) => {
    const net = await classifier();
    const call = net[method] as Loose;
    await expectRefusals(
      net,
      CASES.map(([options, expected]): Refusal => [expected, () => call.call(net, X, Y, options), expected]),
    );
  });

  it('are refused where every example has a gradient of its own', async () => {
    const net = await classifier();
    const expected =
      'TypeError: "each" takes no weights: they are for a mean, and there is one gradient for each example';
    const gradients = net.gradients.bind(net) as Loose;
    await expectRefusals(net, [
      ['sampleWeight', () => gradients(X, Y, { each: true, sampleWeight: [1, 1, 1] }), expected],
      ['classWeight', () => gradients(X, Y, { each: true, classWeight: [1, 1, 1] }), expected],
    ]);
  });

  it('are refused among the examples to validate on, and in batches', async () => {
    const net = await classifier();
    const fit = net.fit.bind(net) as Loose;
    const stream = net.fitBatches.bind(net) as Loose;
    await expectRefusals(net, [
      [
        'validation',
        () => fit(X, Y, { validation: [X, Y, [1, 1]] }),
        'RangeError: "validation[2]" has 2 values: expected 3, one for each row',
      ],
      [
        'validation of nothing',
        () => fit(X, Y, { validation: [X, Y, [0, 0, 0]] }),
        'RangeError: "validation[2]" lets every example weigh 0: expected at least one of a weight above 0',
      ],
      [
        'batches',
        () => stream([[X, Y, [1, 1, -2]]]),
        'RangeError: "batches[0][2]" holds -2 at row 2: expected a finite number of at least 0',
      ],
      [
        'classes of batches',
        () => stream([[X, Y]], { classWeight: [1] }),
        'RangeError: "classWeight" has 1 value: expected 3, one for each class',
      ],
    ]);
  });

  it('by class need targets that are classes', async () => {
    const classes = await classifier();
    const shares = [
      [1, 0, 0],
      [0.5, 0.5, 0],
      [0, 0, 1],
    ];
    await expectRefusals(classes, [
      [
        'shares',
        () => classes.trainBatch(X, shares, { classWeight: [1, 2, 3] }),
        'RangeError: "classWeight" needs classes: row 1 of "y" is not a one-hot row, a single 1 among zeros',
      ],
    ]);
    const single = await createNetwork({ inputs: 2, layers: [dense(1, 'sigmoid')], seed: 1 });
    expect(() => single.evaluate(X, [0, 1, 0.5], { classWeight: [1, 2] })).toThrow(
      new RangeError('"classWeight" needs classes: row 2 of "y" is not a target of 0 or 1'),
    );
    single.dispose();
  });
});

describe('validationSplit', () => {
  const share = 'a finite number above 0 and below 1';
  const sides = 'expected at least one of each';
  const cases: [options: Record<string, unknown>, expected: string][] = [
    [{ validationSplit: 0 }, `RangeError: "validationSplit" must be ${share}: got 0`],
    [{ validationSplit: 1 }, `RangeError: "validationSplit" must be ${share}: got 1`],
    [{ validationSplit: NaN }, `RangeError: "validationSplit" must be ${share}: got NaN`],
    [{ validationSplit: '0.2' }, `TypeError: "validationSplit" must be ${share}: got "0.2"`],
    [
      { validationSplit: 0.2, validation: [X, Y] },
      'TypeError: "validation" and "validationSplit" exclude each other: give one of them',
    ],
    [
      { validationSplit: 0.7 },
      `RangeError: "validationSplit" is 0.7, which leaves 0 of 3 examples to train on and 3 to measure: ${sides}`,
    ],
    [
      { validationSplit: 1e-12 },
      `RangeError: "validationSplit" is 1e-12, which leaves 3 of 3 examples to train on and 0 to measure: ${sides}`,
    ],
    [
      { validationSplit: 0.5, sampleWeight: [1, 0, 0] },
      'RangeError: "sampleWeight" lets every example weigh 0: expected at least one of a weight above 0',
    ],
  ];

  it('is refused where it leaves nothing on one side', async () => {
    const net = await classifier();
    const fit = net.fit.bind(net) as Loose;
    await expectRefusals(
      net,
      cases.map(([options, expected]): Refusal => [expected, () => fit(X, Y, options), expected]),
    );
  });
});
