import { expect, it } from 'vitest';
import { readAddress, writeAddress } from '../../examples/playground/src/setting/address.js';
import { defaultSetting } from '../../examples/playground/src/setting/defaults.js';
import { DATA_NAMES, type Setting } from '../../examples/playground/src/setting/setting.js';

const view = { focus: { example: 12, layer: 1, j: 2, k: 3 }, scope: 'batch', shows: 'change' } as const;

it.each(DATA_NAMES)('the default of %s comes back from its address', (data) => {
  const address = { setting: defaultSetting(data), steps: 1234, stages: [], ...view };
  expect(readAddress(`#${writeAddress(address)}`)).toEqual({ ...address, problems: [] });
});

it('a setting with everything changed comes back', () => {
  const setting: Setting = {
    ...defaultSetting('csv', 'classes'),
    csv: { file: 'a & b=c#.csv', target: 'Größe, %', ignored: ['one', 'two+three'] },
    noise: 0.5,
    testShare: 85,
    dataSeed: 4294967295,
    layers: [
      { units: 32, activation: 'geluTanh' },
      { units: 1, activation: 'leakyRelu' },
    ],
    output: 'linear',
    loss: 'smoothL1',
    optimizer: 'rmsProp',
    init: 'zeros',
    rate: 1e-7,
    options: { alpha: 0.5, momentum: 0.25, centered: true },
    batchSize: 2500,
    weightDecay: 0.1,
    clipNorm: 3,
    seed: 0,
  };
  // what tells the task is the loss or the output; here neither does
  const told = { ...setting, output: 'softmax', loss: 'mae' } as const;
  const address = { setting: told, steps: 0, stages: [], ...view };
  expect(readAddress(writeAddress(address))).toEqual({ ...address, problems: [] });
});

it('the stages of a training come back', () => {
  const stages = [
    { until: 10, rate: 0.1, weightDecay: 0, clipNorm: 0 },
    { until: 30, rate: 1e-7, weightDecay: 0.001, clipNorm: 1 },
  ];
  const address = { setting: defaultSetting('moons'), steps: 30, stages, ...view };
  expect(readAddress(writeAddress(address))).toEqual({ ...address, problems: [] });
});

it('an address without an example and a weight leaves them to the page', () => {
  expect(readAddress('data=moons')).toMatchObject({ focus: undefined, scope: 'example', shows: 'weights' });
});

it('a network without hidden layers comes back', () => {
  const setting = { ...defaultSetting('gauss'), layers: [] };
  expect(readAddress(writeAddress({ setting, steps: 0, stages: [], ...view })).setting.layers).toEqual([]);
});

it.each([
  ['data=chess', 'data=chess: expected one of circle, xor'],
  ['rate=', 'rate=: expected a number from 0'],
  ['batchSize=1.5', 'batchSize=1.5: expected a whole number from 1 to 2500'],
  ['seed=-1', 'seed=-1: expected a whole number'],
  ['layers=33-tanh', 'layers=33-tanh: expected up to 6 layers of up to 32 neurons'],
  ['layers=4-softmax', 'layers=4-softmax'],
  ['loss=crossEntropy', 'loss=crossEntropy: expected one of binaryCrossEntropy'],
  ['optimizer=sgd&momentum=1', 'momentum=1: expected a number from 0'],
  ['steps=9&past=12_1_0_0', 'past=12_1_0_0: expected steps, rate, weight decay and clipping'],
  ['steps=9&past=3_1_0_0&past=3_2_0_0', 'past=3_1_0_0, 3_2_0_0: expected steps'],
  ['steps=9&past=3_1_0', 'past=3_1_0: expected'],
  ['steps=9&past=3_-1_0_0', 'past=3_-1_0_0: expected'],
  ['scope=half', 'scope=half: expected one of example, batch, all'],
  ['shows=all', 'shows=all: expected one of weights, gradients, change'],
  ['steps=1e9', 'steps=1e9: expected a whole number from 0 to 5000000'],
])('%s is refused by name', (hash, problem) => {
  const { problems, setting } = readAddress(hash);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(problem);
  expect(setting.data).toBe('circle');
});
