import { describe, expect, it } from 'vitest';
import {
  adagrad,
  adam,
  adamW,
  constant,
  cosine,
  crossEntropy,
  dense,
  elu,
  huber,
  leakyRelu,
  rmsProp,
  sgd,
  smoothL1,
  stepDecay,
  warmUp,
  type Optimizer,
} from '../../src/index.js';
import { classifier, expectRefusals, refusal, type Loose, type Refusal } from './support.js';

const layer = dense as Loose;
const units = 'a whole number from 1 to 2147483647';
const activations = 'linear, sigmoid, tanh, relu, leakyRelu, elu, silu, softplus, gelu, geluTanh, softmax';

describe('layers, losses and activations', () => {
  const slopes = 'a finite number from -3.4e+38 and up to 3.4e+38';
  const cases: Refusal[] = [
    ['dense()', () => layer(), `TypeError: "units" must be ${units}: got undefined`],
    ['units as text', () => layer('10'), `TypeError: "units" must be ${units}: got "10"`],
    ['0 units', () => layer(0), `RangeError: "units" must be ${units}: got 0`],
    ['half a unit', () => layer(0.5), `RangeError: "units" must be ${units}: got 0.5`],
    ['2^31 units', () => layer(2 ** 31), `RangeError: "units" must be ${units}: got 2147483648`],
    [
      'ReLU',
      () => layer(1, 'ReLU'),
      `RangeError: "activation" must be one of ${activations}: got "ReLU" (did you mean "relu"?)`,
    ],
    ['swish', () => layer(1, 'swish'), `RangeError: "activation" must be one of ${activations}: got "swish"`],
    ['toString', () => layer(1, 'toString'), `RangeError: "activation" must be one of ${activations}: got "toString"`],
    ['null', () => layer(1, null), `TypeError: "activation" must be one of ${activations}: got null`],
    ['a function', () => layer(1, Math.tanh), `TypeError: "activation" must be one of ${activations}: got a function`],
    [
      'options too early',
      () => layer(1, { bias: false }),
      'TypeError: "activation" has no option "bias": it takes name, parameter',
    ],
    ['no name', () => layer(1, {}), `TypeError: "activation.name" must be one of ${activations}: got undefined`],
    [
      'no slope',
      () => layer(1, { name: 'leakyRelu' }),
      `TypeError: "activation.parameter" must be ${slopes}: got undefined`,
    ],
    ['biass', () => layer(1, 'relu', { biass: false }), 'TypeError: dense has no option "biass": did you mean "bias"?'],
    ['null for options', () => layer(1, 'relu', null), 'TypeError: dense expects an object of options: got null'],
    ['bias 0', () => layer(1, 'relu', { bias: 0 }), 'TypeError: "bias" must be true or false: got 0'],
    [
      'init xavier',
      () => layer(1, 'relu', { init: 'xavier' }),
      'RangeError: "init" must be one of balanced, he, glorot, pytorch, zeros: got "xavier"',
    ],
    [
      'init 0',
      () => layer(1, 'relu', { init: 0 }),
      'TypeError: "init" must be one of balanced, he, glorot, pytorch, zeros: got 0',
    ],
    ['slope NaN', () => leakyRelu(NaN), `RangeError: "slope" must be ${slopes}: got NaN`],
    ['slope beyond float32', () => leakyRelu(1e300), `RangeError: "slope" must be ${slopes}: got 1e+300`],
    ['slope as text', () => (leakyRelu as Loose)('0.1'), `TypeError: "slope" must be ${slopes}: got "0.1"`],
    ['alpha infinite', () => elu(-Infinity), `RangeError: "alpha" must be ${slopes}: got -Infinity`],
    ['alpha as options', () => (elu as Loose)({ alpha: 1 }), `TypeError: "alpha" must be ${slopes}: got an object`],
    [
      'labelSmoothing 1',
      () => crossEntropy({ labelSmoothing: 1 }),
      'RangeError: "labelSmoothing" must be a finite number from 0 and below 1: got 1',
    ],
    [
      'labelSmoothing -1',
      () => crossEntropy({ labelSmoothing: -1 }),
      'RangeError: "labelSmoothing" must be a finite number from 0 and below 1: got -1',
    ],
    [
      'labelsmoothing',
      () => (crossEntropy as Loose)({ labelsmoothing: 0 }),
      'TypeError: crossEntropy has no option "labelsmoothing": did you mean "labelSmoothing"?',
    ],
    [
      'a bare number',
      () => (crossEntropy as Loose)(0.1),
      'TypeError: crossEntropy expects an object of options: got 0.1',
    ],
    [
      'delta 0',
      () => huber({ delta: 0 }),
      'RangeError: "delta" must be a finite number above 0 and up to 3.4e+38: got 0',
    ],
    [
      'beta beyond float32',
      () => smoothL1({ beta: 1e39 }),
      'RangeError: "beta" must be a finite number above 0 and up to 3.4e+38: got 1e+39',
    ],
    [
      'beta null',
      () => (smoothL1 as Loose)({ beta: null }),
      'TypeError: "beta" must be a finite number above 0 and up to 3.4e+38: got null',
    ],
  ];

  it('refuse what they cannot use', async () => expectRefusals(await classifier(), cases));
});

describe('optimizers', () => {
  const makers = { sgd, adam, adamW, rmsProp, adagrad } as Record<string, Loose<Optimizer>>;
  const share = 'a finite number from 0 and below 1';
  const positive = 'a finite number from 0 and up to 3.4e+38';
  const divisor = 'a finite number from 1e-37 and up to 3.4e+38';
  const options: Record<string, readonly [string, readonly string[]]> = {
    momentum: [share, ['sgd', 'rmsProp']],
    dampening: [share, ['sgd']],
    beta1: [share, ['adam', 'adamW']],
    beta2: [share, ['adam', 'adamW']],
    alpha: [share, ['rmsProp']],
    weightDecay: [positive, Object.keys(makers)],
    rateDecay: [positive, ['adagrad']],
    initialAccumulator: [positive, ['adagrad']],
    epsilon: [divisor, ['adam', 'adamW', 'rmsProp', 'adagrad']],
  };

  for (const [name, make] of Object.entries(makers)) {
    it(`${name}: every number out of its range, and of another type`, async () => {
      for (const [option, [range, owners]] of Object.entries(options)) {
        if (!owners.includes(name)) {
          expect(await refusal(() => make({ [option]: 0.5 }))).toMatch(
            `TypeError: ${name} has no option "${option}": `,
          );
          continue;
        }
        const outside = [NaN, Infinity, -1, range === share ? 1 : 3.5e38, ...(range === divisor ? [0, 1e-38] : [])];
        for (const value of outside) {
          expect(await refusal(() => make({ [option]: value }))).toBe(
            `RangeError: "${option}" must be ${range}: got ${value}`,
          );
        }
        for (const value of [null, '0.5', true]) {
          const came = typeof value === 'string' ? '"0.5"' : String(value);
          expect(await refusal(() => make({ [option]: value }))).toBe(
            `TypeError: "${option}" must be ${range}: got ${came}`,
          );
        }
        const smallest = range === divisor ? 1e-37 : 0;
        expect(make({ [option]: smallest }).settings[option]).toBe(smallest);
        expect(make({ [option]: undefined })).toEqual(make());
      }
      const rate = '"rate" must be a finite number from 0 and up to 3.4e+38';
      expect(await refusal(() => make({ rate: NaN }))).toBe(`RangeError: ${rate}: got NaN`);
      expect(await refusal(() => make({ rate: -0.1 }))).toBe(`RangeError: ${rate}: got -0.1`);
      expect(await refusal(() => make({ rate: Infinity }))).toBe(`RangeError: ${rate}: got Infinity`);
      expect(await refusal(() => make({ rate: '1e-3' }))).toBe(`TypeError: ${rate}: got "1e-3"`);
      expect(await refusal(() => make({ rate: null }))).toBe(`TypeError: ${rate}: got null`);
      expect(await refusal(() => make({ learningRate: 1 }))).toBe(
        `TypeError: ${name} has no option "learningRate": did you mean "rate"?`,
      );
      expect(await refusal(() => make(0.1))).toBe(`TypeError: ${name} expects an object of options: got 0.1`);
      expect(await refusal(() => make(null))).toBe(`TypeError: ${name} expects an object of options: got null`);
    });
  }

  it('switches, and nesterov without what it needs', async () => {
    const nesterov = 'RangeError: "nesterov" needs a "momentum" above 0 and a "dampening" of 0';
    const cases: Refusal[] = [
      ['amsgrad 1', () => makers['adam']({ amsgrad: 1 }), 'TypeError: "amsgrad" must be true or false: got 1'],
      [
        'centered "yes"',
        () => makers['rmsProp']({ centered: 'yes' }),
        'TypeError: "centered" must be true or false: got "yes"',
      ],
      [
        'nesterov null',
        () => makers['sgd']({ nesterov: null }),
        'TypeError: "nesterov" must be true or false: got null',
      ],
      ['nesterov alone', () => sgd({ nesterov: true }), nesterov],
      ['nesterov, momentum 0', () => sgd({ nesterov: true, momentum: 0 }), nesterov],
      ['nesterov, dampening', () => sgd({ nesterov: true, momentum: 0.9, dampening: 0.1 }), nesterov],
      [
        'centred',
        () => makers['rmsProp']({ centred: true }),
        'TypeError: rmsProp has no option "centred": did you mean "centered"?',
      ],
    ];
    await expectRefusals(await classifier(), cases);
  });
});

describe('schedules', () => {
  const rate = 'a finite number from 0 and up to 3.4e+38';
  const factor = 'a finite number of at least 0';
  const steps = 'a whole number from 1 to 9007199254740991';
  const cases: Refusal[] = [
    ['constant()', () => (constant as Loose)(), `TypeError: "rate" must be ${rate}: got undefined`],
    ['constant(-1)', () => constant(-1), `RangeError: "rate" must be ${rate}: got -1`],
    ['stepDecay()', () => (stepDecay as Loose)(), `TypeError: "rate" must be ${rate}: got undefined`],
    ['every 0', () => stepDecay({ rate: 1, every: 0 }), `RangeError: "every" must be ${steps}: got 0`],
    ['every 1.5', () => stepDecay({ rate: 1, every: 1.5 }), `RangeError: "every" must be ${steps}: got 1.5`],
    [
      'factor null',
      () => (stepDecay as Loose)({ rate: 1, every: 1, factor: null }),
      `TypeError: "factor" must be ${factor}: got null`,
    ],
    ['factor -1', () => stepDecay({ rate: 1, every: 1, factor: -1 }), `RangeError: "factor" must be ${factor}: got -1`],
    [
      'evry',
      () => (stepDecay as Loose)({ rate: 1, evry: 1 }),
      'TypeError: stepDecay has no option "evry": did you mean "every"?',
    ],
    ['cosine null', () => (cosine as Loose)(null), 'TypeError: cosine expects an object of options: got null'],
    ['from missing', () => (cosine as Loose)({ steps: 3 }), `TypeError: "from" must be ${rate}: got undefined`],
    ['to null', () => (cosine as Loose)({ from: 1, to: null, steps: 3 }), `TypeError: "to" must be ${rate}: got null`],
    ['steps 0', () => cosine({ from: 1, steps: 0 }), `RangeError: "steps" must be ${steps}: got 0`],
    ['warmUp steps', () => warmUp({ steps: -3, then: 1 }), `RangeError: "steps" must be ${steps}: got -3`],
    ['warmUp then missing', () => (warmUp as Loose)({ steps: 3 }), `TypeError: "then" must be ${rate}: got undefined`],
    ['warmUp then NaN', () => warmUp({ steps: 3, then: NaN }), `RangeError: "then" must be ${rate}: got NaN`],
  ];

  it('refuse what they cannot use', async () => expectRefusals(await classifier(), cases));
});
