/** The float64 reference is the specification, so it is held to PyTorch's float64 numbers, and to the cost itself. */
import { describe, expect, it } from 'vitest';
import { batchRange, loadGoldenCases, networkOf, outputsOf, type GoldenCase } from '../golden.js';
import { ACTIVATIONS, softmax, softmaxJacobianProduct } from './activations.js';
import { deviation, relativeError, rowsOf } from './compare.js';
import { erf } from './erf.js';
import { oneHot } from './losses.js';
import { cost, forward, gradients, predict, trainStep, type DenseLayer } from './network.js';
import { clip, createOptimizer } from './optimizers.js';
import { ACTIVATION_SPECS, arraysOf, centralDifferences, LOSS_SPECS, sampleData, sampleNetwork } from './samples.js';

const TOLERANCE = 1e-10;

describe.each(await loadGoldenCases())('PyTorch in float64: $id', (golden) => {
  const { x, targets } = dataOf(golden);
  const firstBatch = batchRange(golden, 0);

  it('agrees on z and a of every layer', () => {
    const network = networkOf(golden);
    const examples = x.slice(...firstBatch).map((row) => forward(network, row));
    network.layers.forEach((_, l) => {
      const z = examples.flatMap((layers) => layers[l].z);
      const a = examples.flatMap((layers) => layers[l].a);
      const last = l === network.layers.length - 1;
      expect(deviation(z, golden.array(`z${l + 1}_f64`))).toBeLessThan(TOLERANCE);
      const expected = golden.array(`a${l + 1}_f64`);
      expect(deviation(a, last ? outputsOf(golden, expected) : expected)).toBeLessThan(TOLERANCE);
    });
  });

  it('agrees on the first gradients', () => {
    const { layers, inputs } = gradients(networkOf(golden), x.slice(...firstBatch), targets.slice(...firstBatch));
    expectParameters(layers, (name) => golden.array(`g${name}_f64`));
    expect(deviation(inputs.flat(), golden.array('gX_f64'))).toBeLessThan(TOLERANCE);
  });

  it('agrees on every step of the training', () => {
    const network = networkOf(golden);
    const optimizer = createOptimizer(golden.optimizer);
    expect(relativeError([cost(network, x, targets)], [golden.lossInitial])).toBeLessThan(TOLERANCE);
    const steps = Array.from({ length: golden.steps }, (_, t) => {
      const batch = batchRange(golden, t);
      const rate = golden.rates?.[t];
      const before = trainStep(network, optimizer, x.slice(...batch), targets.slice(...batch), rate);
      if (t === 0) expectParameters(network.layers, (name) => golden.array(`${name}_after1_f64`));
      return { ...before, lossAfter: cost(network, x, targets) };
    });
    const seriesOf = (key: 'loss' | 'norm' | 'lossAfter'): number[] => steps.map((step) => step[key]);
    expect(relativeError(seriesOf('loss'), golden.array('loss_batch_f64'))).toBeLessThan(TOLERANCE);
    expect(relativeError(seriesOf('norm'), golden.array('grad_norm_f64'))).toBeLessThan(TOLERANCE);
    expect(relativeError(seriesOf('lossAfter'), golden.array('loss_full_after_f64'))).toBeLessThan(TOLERANCE);
    expectParameters(network.layers, (name) => golden.array(`${name}_final_f64`));
    const outputs = x.flatMap((row) => predict(network, row));
    expect(deviation(outputs, outputsOf(golden, golden.array('pred_final_f64')))).toBeLessThan(TOLERANCE);
  });
});

describe.each(ACTIVATION_SPECS)('the gradients of $name $parameter', (activation) => {
  it.each(LOSS_SPECS)('under $name $parameter are the slopes of the cost', (loss) => {
    // A softmax stands on the last layer only.
    const hidden = activation.name === 'softmax' ? ACTIVATION_SPECS[2] : activation;
    const activations = [hidden, hidden, activation];
    const network = sampleNetwork({ sizes: [3, 5, 4, 3], activations, loss, seed: 11, centred: true });
    const { x, targets } = sampleData(network, 5, 12);
    const { layers, inputs } = gradients(network, x, targets);
    const expected = centralDifferences(network, x, targets);
    arraysOf(layers).forEach((values, i) => expect(deviation(values, expected.parameters[i])).toBeLessThan(1e-7));
    expect(deviation(inputs.flat(), expected.inputs)).toBeLessThan(1e-7);
  });
});

describe('the pieces', () => {
  it.each([
    [1e-300, 1.1283791670955126e-300],
    [0.1, 0.1124629160182849],
    [1, 0.8427007929497149],
    [2.9, 0.9999589021219005],
    [3.1, 0.9999883513426328],
    [7, 1],
  ])('erf(%d) is %d', (x, expected) => {
    expect(Math.abs(erf(x) / expected - 1)).toBeLessThan(1e-15);
    expect(erf(-x)).toBe(-erf(x));
  });

  it('takes the slope at a kink from the left, as PyTorch does', () => {
    expect(ACTIVATIONS.relu.slope(0)).toBe(0);
    expect(ACTIVATIONS.leakyRelu.slope(0, 0.1)).toBe(0.1);
    expect(ACTIVATIONS.elu.slope(0, 1.3)).toBe(1.3);
  });

  it('keeps every activation finite far out', () => {
    for (const { value, slope } of Object.values(ACTIVATIONS)) {
      for (const z of [-1e4, 1e4]) {
        expect(Number.isFinite(value(z, 0.5))).toBe(true);
        expect(Number.isFinite(slope(z, 0.5))).toBe(true);
      }
    }
    expect(softmax([1e4, 0, -1e4])).toEqual([1, 0, 0]);
  });

  it("multiplies by softmax's whole Jacobian", () => {
    const z = [0.3, -1.2, 2.1, 0];
    const dA = [0.7, -0.4, 1.5, 0.2];
    const a = softmax(z);
    const jacobian = a.map((ai, i) => a.map((aj, j) => ai * ((i === j ? 1 : 0) - aj)));
    const expected = z.map((_, j) => dA.reduce((sum, d, i) => sum + d * jacobian[i][j], 0));
    expect(deviation(softmaxJacobianProduct(a, dA), expected)).toBeLessThan(1e-15);
  });

  it('clips to the norm and returns the one before', () => {
    const values = [3, 4];
    expect(clip(values, 1)).toBe(5);
    expect(Math.hypot(...values)).toBeCloseTo(1, 6);
    expect(clip(values, 10)).toBeCloseTo(1, 6);
    expect(Math.hypot(...values)).toBeCloseTo(1, 6);
  });
});

function dataOf({ sizes, x, y }: GoldenCase): { x: number[][]; targets: number[][] } {
  const outputs = sizes.at(-1);
  const targets = y instanceof Int32Array ? Array.from(y, (label) => oneHot(label, outputs)) : rowsOf(y, outputs);
  return { x: rowsOf(x, sizes[0]), targets };
}

/** Holds the weights and biases of every layer against the arrays that `expected` finds for `W1`, `b1`, … */
function expectParameters(
  layers: Pick<DenseLayer, 'weights' | 'biases'>[],
  expected: (name: string) => ArrayLike<number>,
): void {
  layers.forEach(({ weights, biases }, l) => {
    expect(deviation(weights.flat(), expected(`W${l + 1}`))).toBeLessThan(TOLERANCE);
    if (biases) expect(deviation(biases, expected(`b${l + 1}`))).toBeLessThan(TOLERANCE);
  });
}
