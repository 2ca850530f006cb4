/** Targets that a loss cannot mean, and outputs that would always be right, are refused before anything changes. */
import { describe, expect, it } from 'vitest';
import {
  constant,
  cosine,
  createNetwork,
  dense,
  DivergenceError,
  FileFormatError,
  loadNetwork,
  sgd,
  stepDecay,
  warmUp,
  type ActivationName,
  type LossName,
  type Network,
} from '../../src/index.js';
import { fingerprint, refusal, type Loose } from './support.js';

const ROWS = 600;
const x = Float32Array.from({ length: 2 * ROWS }, (_, i) => Math.sin(i));

const create = (units: number, last: ActivationName, loss: LossName): Promise<Network> =>
  createNetwork({ inputs: 2, layers: [dense(3, 'tanh'), dense(units, last)], loss, seed: 2 });

/** Targets that are all right but for one, at `index`. */
function targets(outputs: number, index: number, value: number, kind: typeof Float32Array | typeof Float64Array) {
  const y = new kind(outputs * ROWS).fill(0.25);
  y[index] = value;
  return y;
}

const BELOW = '(of labels -1 and 1, make 0 and 1)';
const ABOVE = '(for class numbers, use crossEntropy with an output for each class; scale other targets down)';
const SHARES = '(one class number for each example, from 0, will do too)';

describe('targets out of range', () => {
  const cases: (readonly [LossName, ActivationName, outputs: number, value: number, advice: string])[] = [
    ['binaryCrossEntropy', 'sigmoid', 1, -1, BELOW],
    ['binaryCrossEntropy', 'sigmoid', 1, 2, ABOVE],
    ['binaryCrossEntropy', 'sigmoid', 3, 1.0001, ABOVE],
    ['binaryCrossEntropy', 'relu', 2, -1e-30, BELOW],
    ['crossEntropy', 'softmax', 3, -1, SHARES],
    ['crossEntropy', 'softmax', 3, 5, SHARES],
    ['crossEntropy', 'sigmoid', 2, -0.5, SHARES],
  ];
  for (const [loss, last, outputs, value, advice] of cases) {
    it(`${value}, of ${loss} over ${outputs} of ${last}, is refused by every method, and nothing has changed`, async () => {
      const net = await create(outputs, last, loss);
      const fine = new Float32Array(outputs * ROWS).fill(0.25);
      net.trainBatch(x, fine);
      const before = fingerprint(net);
      const row = ROWS - 2;
      const y = targets(outputs, row * outputs + outputs - 1, value, Float64Array);
      const what = (name: string, at = row): string =>
        `RangeError: "${name}" holds ${value} at row ${at}, column ${outputs - 1}: ${loss} takes targets from 0 to 1 ${advice}`;
      const calls: [call: () => unknown, expected: string][] = [
        [() => net.fit(x, y, { epochs: 2 }), what('y')],
        [() => net.fit(x, fine, { validation: [x, y] }), what('validation[1]')],
        [() => net.fitBatches([[x, y]]), what('batches[0][1]')],
        [() => net.trainBatch(x, y), what('y')],
        [() => net.evaluate(x, y), what('y')],
        [() => net.gradients(x, y), what('y')],
        [() => net.gradients(x, y, { each: true }), what('y')],
        [() => net.explain([1, 2], y.subarray(row * outputs, (row + 1) * outputs)), what('y', 0)],
      ];
      for (const [call, expected] of calls) {
        expect(await refusal(call)).toBe(expected);
        expect(fingerprint(net) === before).toBe(true);
      }
    });
  }

  it('are any numbers for the other losses; the ends of the range are in it, and rows may have any sum', async () => {
    for (const loss of ['quadratic', 'mse', 'mae', 'huber', 'smoothL1'] as const) {
      const net = await create(1, 'sigmoid', loss);
      expect(net.evaluate([1, 2], [-7]).loss).toBeGreaterThan(0);
    }
    const binary = await create(2, 'sigmoid', 'binaryCrossEntropy');
    expect(binary.evaluate([1, 2], [0, 1]).loss).toBeGreaterThan(0);
    const classes = await create(3, 'softmax', 'crossEntropy');
    for (const row of [
      [0, 0, 0],
      [1, 1, 0],
      [0.2, 0.3, 0.1],
    ]) {
      const [loss] = [classes.evaluate([1, 2], row).loss];
      const each = row.map((share, j) => share * classes.evaluate([1, 2], [j]).loss);
      expect(loss).toBeCloseTo(
        each.reduce((sum, part) => sum + part, 0),
        5,
      );
    }
  });
});

describe('one output that would always be right', () => {
  const advice = 'for two classes, use sigmoid with binaryCrossEntropy; for more, a unit for each';
  const softmax = `the last layer has 1 unit and the activation softmax, which makes it 1 always: ${advice}`;
  const crossEntropy = `the last layer has 1 unit and the loss crossEntropy, which is 0 of one class: ${advice}`;

  it('is refused, and sigmoid named', async () => {
    const attempt = (last: ActivationName, loss?: LossName) => () =>
      createNetwork({ inputs: 2, layers: [dense(1, last)], ...(loss && { loss }) });
    expect(await refusal(attempt('softmax'))).toBe(`RangeError: ${softmax}`);
    expect(await refusal(attempt('softmax', 'mse'))).toBe(`RangeError: ${softmax}`);
    expect(await refusal(attempt('sigmoid', 'crossEntropy'))).toBe(`RangeError: ${crossEntropy}`);
    expect(await refusal(attempt('linear', 'crossEntropy'))).toBe(`RangeError: ${crossEntropy}`);
    expect(await refusal(attempt('sigmoid'))).toBe('no refusal');
  });

  it('is refused in a file', async () => {
    const net = await createNetwork({ inputs: 2, layers: [dense(1, 'sigmoid')], loss: 'mse', seed: 1 });
    const text = Buffer.from(net.save()).toString('latin1');
    // a name of the same length, so that the header keeps its own
    const forged = text.replace('\\"name\\":\\"sigmoid\\"', '\\"name\\":\\"softmax\\"');
    expect(forged).not.toBe(text);
    const error: unknown = await loadNetwork(Buffer.from(forged, 'latin1')).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FileFormatError);
    expect((error as Error).message).toBe(`the file describes no valid network: ${softmax}`);
  });
});

describe('logits for a loss of probabilities', () => {
  const attempt =
    (last: ActivationName, loss: LossName, units = 3) =>
    () =>
      createNetwork({ inputs: 2, layers: [dense(4, 'tanh'), dense(units, last)], loss });

  it.each<[LossName, units: number, suits: string]>([
    ['crossEntropy', 3, 'softmax'],
    ['binaryCrossEntropy', 1, 'sigmoid'],
    ['binaryCrossEntropy', 3, 'sigmoid'],
  ])('are refused of %s with %i units, and %s named', async (loss, units, suits) => {
    expect(await refusal(attempt('linear', loss, units))).toBe(
      `RangeError: the last layer is linear, and ${loss} takes probabilities: use dense(${units}, "${suits}")`,
    );
    expect(await refusal(attempt(suits as ActivationName, loss, units))).toBe('no refusal');
  });

  it('are what an activation was asked for to make, or another loss takes', async () => {
    for (const loss of ['crossEntropy', 'binaryCrossEntropy'] as const) {
      for (const last of ['relu', 'softplus', 'sigmoid', 'softmax'] as const) {
        expect(await refusal(attempt(last, loss))).toBe('no refusal');
      }
    }
    for (const loss of ['quadratic', 'mse', 'mae', 'huber', 'smoothL1'] as const) {
      expect(await refusal(attempt('linear', loss))).toBe('no refusal');
    }
  });
});

describe('rates that float32 cannot hold', () => {
  const most = 'a finite number from 0 and up to 3.4e+38';

  it('are refused where they are given', async () => {
    const cases: [name: string, make: () => unknown][] = [
      ['rate', () => sgd({ rate: 1e39 })],
      ['rate', () => constant(1e39)],
      ['rate', () => stepDecay({ rate: 1e39, every: 1 })],
      ['from', () => cosine({ from: 1e39, steps: 1 })],
      ['to', () => cosine({ from: 1, to: 1e39, steps: 1 })],
      ['then', () => warmUp({ steps: 1, then: 1e39 })],
    ];
    for (const [name, make] of cases) {
      expect(await refusal(make)).toBe(`RangeError: "${name}" must be ${most}: got 1e+39`);
    }
  });

  it('are refused where a schedule gives them, before that step', async () => {
    for (const rate of [(step: number) => (step < 2 ? 0 : 1e39), stepDecay({ rate: 1e-30, every: 1, factor: 1e37 })]) {
      const net = await createNetwork({ inputs: 2, layers: [dense(1)], optimizer: sgd({ rate }), seed: 1 });
      // inputs and targets of 0, and so gradients of 0, which an infinite rate would make NaN
      const zeros = new Float32Array(2);
      const step = (): unknown => net.trainBatch(zeros, [0]);
      step();
      step();
      const before = fingerprint(net);
      expect(await refusal(step)).toMatch(
        /^RangeError: "rate" gave 1e\+(39|44) for step 2: expected a finite number from 0 to /,
      );
      expect(await refusal(() => net.fit(zeros, [0]))).toMatch(/^RangeError: "rate" gave/);
      expect(fingerprint(net) === before).toBe(true);
    }
  });
});

describe('gradients', () => {
  it('that are not finite are a DivergenceError, however finite the loss', async () => {
    const cases: (readonly [weight: number, x: number, y: number])[] = [
      [1e-20, 1e30, 1e19], // dC/dw overflows
      [1e30, 1e-30, 1e19], // dC/dx does
    ];
    for (const [weight, input, target] of cases) {
      for (const options of [undefined, { each: true }]) {
        const net = await createNetwork({ inputs: 1, layers: [dense(1, 'linear', { bias: false })], seed: 1 });
        net.setParameters({ 'layers.0.weight': { data: [weight] } });
        const { loss } = net.evaluate([input], [target]);
        expect(Number.isFinite(loss)).toBe(true);
        expect(() => (net.gradients as Loose).call(net, [input], [target], options)).toThrow(DivergenceError);
        expect(net.evaluate([input], [target]).loss).toBe(loss);
      }
    }
  });
});
