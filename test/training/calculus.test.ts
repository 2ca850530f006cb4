/** The library's derivatives against the float64 reference, against the cost itself, and against each other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviation } from '../reference/compare.js';
import { oneHot } from '../reference/losses.js';
import { flatten, gradients, type ActivationSpec, type LossSpec } from '../reference/network.js';
import { clip, createOptimizer, type OptimizerConfig } from '../reference/optimizers.js';
import {
  ACTIVATION_SPECS,
  centralDifferences,
  LOSS_SPECS,
  lossSpecsOver,
  sampleData,
  sampleNetwork,
} from '../reference/samples.js';
import { flat, libraryNetwork, namedGradients, NUMERICS, parameterNames } from './support.js';

const TOLERANCE = 2e-5;

describe.each(NUMERICS)('%s', (numerics) => {
  describe.each(ACTIVATION_SPECS)('the gradients of $name $parameter', (activation) => {
    it.each(lossSpecsOver(activation))('under $name $parameter are the slopes of the cost', async (loss) => {
      // A softmax stands on the last layer only.
      const hidden = activation.name === 'softmax' ? ACTIVATION_SPECS[2] : activation;
      const activations = [hidden, hidden, activation];
      const network = sampleNetwork({ sizes: [3, 5, 4, 3], activations, loss, seed: 61, centred: true });
      const { x, targets } = sampleData(network, 5, 62);
      const net = await libraryNetwork(network, { numerics });
      const actual = net.gradients(flat(x), flat(targets));
      const analytic = gradients(network, x, targets);
      const numerical = centralDifferences(network, x, targets);

      expect(deviation([actual.loss], [analytic.loss])).toBeLessThan(4e-6);
      expect(deviation([actual.norm], [Math.hypot(...flatten(analytic.layers))])).toBeLessThan(TOLERANCE);
      const named = namedGradients(analytic);
      expect(Object.keys(actual.parameters).sort()).toEqual(Object.keys(named).sort());
      parameterNames(network).forEach((name, i) => {
        const { data } = actual.parameters[name];
        expect(deviation(data, named[name])).toBeLessThan(TOLERANCE);
        expect(deviation(data, numerical.parameters[i])).toBeLessThan(TOLERANCE);
      });
      expect(deviation(actual.inputs, analytic.inputs.flat())).toBeLessThan(TOLERANCE);
      expect(deviation(actual.inputs, numerical.inputs)).toBeLessThan(TOLERANCE);
      net.dispose();
    });
  });
});

describe('averaging', () => {
  const activations: ActivationSpec[] = [{ name: 'gelu' }, { name: 'softmax' }];
  const network = sampleNetwork({ sizes: [6, 9, 5], activations, loss: { name: 'crossEntropy' }, seed: 31 });
  const { x } = sampleData(network, 7, 32);
  const labels = Int32Array.of(0, 4, 2, 2, 1, 3, 0);
  const targets = Array.from(labels, (label) => oneHot(label, 5));

  it('makes the gradient of a batch the mean of the single ones', async () => {
    const net = await libraryNetwork(network);
    const batch = net.gradients(flat(x), labels);
    const each = net.gradients(flat(x), labels, { each: true });
    expect(each).toHaveLength(7);
    const mean = (values: ArrayLike<number>[]): number[] =>
      Array.from(values[0], (_, i) => values.reduce((sum, single) => sum + single[i], 0) / values.length);
    expect(deviation([batch.loss], mean(each.map(({ loss }) => [loss])))).toBeLessThan(1e-6);
    for (const name of parameterNames(network)) {
      const singles = each.map(({ parameters }) => parameters[name].data);
      expect(deviation(batch.parameters[name].data, mean(singles))).toBeLessThan(1e-6);
      expect(batch.parameters[name].shape).toEqual(each[0].parameters[name].shape);
    }
    const inputs = each.flatMap((single) => Array.from(single.inputs, (d) => d / 7));
    expect(deviation(batch.inputs, inputs)).toBeLessThan(1e-6);
    net.dispose();
  });

  it('gives each example the gradient that it has alone', async () => {
    const net = await libraryNetwork(network);
    net.gradients(flat(x), labels, { each: true }).forEach((single, i) => {
      const alone = gradients(network, [x[i]], [targets[i]]);
      const named = namedGradients(alone);
      expect(deviation([single.loss], [alone.loss])).toBeLessThan(4e-6);
      expect(deviation([single.norm], [Math.hypot(...flatten(alone.layers))])).toBeLessThan(TOLERANCE);
      for (const name of parameterNames(network)) {
        expect(deviation(single.parameters[name].data, named[name])).toBeLessThan(TOLERANCE);
      }
      expect(deviation(single.inputs, alone.inputs[0])).toBeLessThan(TOLERANCE);
    });
    net.dispose();
  });

  it('averages a short last batch over its own size', async () => {
    const optimizer: OptimizerConfig = { name: 'sgd', rate: 1 };
    const byHand = await libraryNetwork(network, { optimizer });
    byHand.trainBatch(flat(x.slice(0, 4)), labels.slice(0, 4));
    const before = byHand.getParameters();
    const rest = byHand.gradients(flat(x.slice(4)), labels.slice(4));
    const loss = byHand.trainBatch(flat(x.slice(4)), labels.slice(4));
    const after = byHand.getParameters();
    expect(loss).toBe(rest.loss);
    for (const name of parameterNames(network)) {
      // At rate 1 the step is the gradient itself.
      const step = before[name].data.map((value, i) => value - after[name].data[i]);
      expect(deviation(step, rest.parameters[name].data)).toBeLessThan(TOLERANCE);
    }

    const fitted = await libraryNetwork(network, { optimizer });
    await fitted.fit(flat(x), labels, { epochs: 1, batchSize: 4, shuffle: false });
    expect(fitted.getParameters()).toEqual(after);
    byHand.dispose();
    fitted.dispose();
  });

  it('measures without changing the network', async () => {
    const net = await libraryNetwork(network);
    const before = net.getParameters();
    net.gradients(flat(x), labels);
    net.gradients(flat(x), labels, { each: true });
    net.evaluate(flat(x), labels);
    net.explain(flat(x.slice(0, 1)), labels.slice(0, 1));
    net.predict(flat(x));
    expect(net.getParameters()).toEqual(before);
    net.dispose();
  });
});

describe('any network', () => {
  it('agrees with the reference on the loss, the gradients and one step', async () => {
    await fc.assert(fc.asyncProperty(anyNetwork, agreesWithReference), { seed: 20240607, numRuns: 60 });
  });
});

interface AnyNetwork {
  sizes: number[];
  activations: ActivationSpec[];
  loss: LossSpec;
  optimizer: OptimizerConfig;
  examples: number;
  seed: number;
  bias: boolean;
  clipNorm: number | undefined;
}

async function agreesWithReference({ optimizer, examples, clipNorm, ...shape }: AnyNetwork): Promise<void> {
  const network = { ...sampleNetwork(shape), ...(clipNorm !== undefined && { clipNorm }) };
  const { x, targets } = sampleData(network, examples, shape.seed + 1);
  const expected = gradients(network, x, targets);
  const net = await libraryNetwork(network, { optimizer });
  const actual = net.gradients(flat(x), flat(targets));
  const before = net.getParameters();
  const loss = net.trainBatch(flat(x), flat(targets));
  const after = net.getParameters();
  net.dispose();

  expectClose([actual.loss], [expected.loss], 4e-6);
  expect(loss).toBe(actual.loss);
  const named = namedGradients(expected);
  const names = parameterNames(network);
  for (const name of names) expectClose(actual.parameters[name].data, named[name], TOLERANCE);
  expectClose(actual.inputs, expected.inputs.flat(), TOLERANCE);

  // The step is judged from the library's own gradient: an optimizer that divides by |g| makes 1 of a g that ought
  // to be 0 and is 1e-9, and that would say nothing about its step.
  const parameters = flatten(network.layers);
  const gradient = names.flatMap((name) => Array.from(actual.parameters[name].data));
  expectClose([clip(gradient, clipNorm ?? Infinity)], [actual.norm], 1e-6);
  createOptimizer(optimizer).step(parameters, gradient);
  let next = 0;
  for (const name of names) {
    const { data } = after[name];
    const largestBefore = Math.max(...before[name].data.map(Math.abs));
    expectClose(data, parameters.slice(next, (next += data.length)), 4e-6, 4e-6 * largestBefore);
  }
}

/** |d| ≤ tolerance · max|ref| + floor; the numbers here are of the order of 1, and the floor is float32's rounding. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, floor = 1e-7): void {
  const largest = Math.max(...Array.from(expected, Math.abs));
  const difference = Math.max(...Array.from(expected, (value, i) => Math.abs(actual[i] - value)));
  expect(actual.length).toBe(expected.length);
  expect(difference).toBeLessThanOrEqual(tolerance * largest + floor);
}

const hiddenActivations = ACTIVATION_SPECS.filter(({ name }) => name !== 'softmax');
const share = fc.double({ min: 0.5, max: 0.999, noNaN: true });
const decay = fc.constantFrom(0, 0.01);
const rate = fc.constantFrom(0.5, 0.1, 0.003);

// Weight decay may cancel a gradient almost wholly. An ordinary epsilon would then magnify float32's rounding without
// bound; PyTorch's runs cover that one.
const epsilon = fc.constant(1e-3);

const anyOptimizer: fc.Arbitrary<OptimizerConfig> = fc.oneof(
  fc
    .record({ rate, momentum: fc.constantFrom(0, 0.5, 0.9), nesterov: fc.boolean(), weightDecay: decay })
    .map((options) => ({ name: 'sgd' as const, ...options, nesterov: options.nesterov && options.momentum > 0 })),
  fc.record({
    name: fc.constantFrom('adam' as const, 'adamW' as const),
    rate,
    beta1: share,
    beta2: share,
    epsilon,
    amsgrad: fc.boolean(),
    weightDecay: decay,
  }),
  fc.record({
    name: fc.constant('rmsProp' as const),
    rate,
    alpha: share,
    epsilon,
    centered: fc.boolean(),
    momentum: fc.constantFrom(0, 0.9),
    weightDecay: decay,
  }),
  fc.record({
    name: fc.constant('adagrad' as const),
    rate,
    rateDecay: decay,
    epsilon,
    initialAccumulator: fc.constantFrom(0, 0.1),
    weightDecay: decay,
  }),
);

const anyNetwork: fc.Arbitrary<AnyNetwork> = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 5 }),
    loss: fc.constantFrom(...LOSS_SPECS),
    optimizer: anyOptimizer,
    examples: fc.integer({ min: 1, max: 9 }),
    seed: fc.integer({ min: 0, max: 1e6 }),
    bias: fc.boolean(),
    clipNorm: fc.option(fc.constantFrom(0.05, 1, 100), { nil: undefined }),
  })
  .chain(({ sizes, loss, ...rest }) => {
    // One output of a cross-entropy would leave open whether its targets are rows or class indices.
    const widened = loss.name === 'crossEntropy' ? sizes.with(-1, sizes.at(-1) + 1) : sizes;
    const hidden = fc.array(fc.constantFrom(...hiddenActivations), {
      minLength: sizes.length - 2,
      maxLength: sizes.length - 2,
    });
    const last = fc.constantFrom(...ACTIVATION_SPECS.filter(({ name }) => suits(loss, name)));
    return fc
      .tuple(hidden, last)
      .map(([below, top]) => ({ ...rest, sizes: widened, loss, activations: [...below, top] }));
  });

/** The losses that take logarithms are steep beyond float32 where an output isn't well inside (0, 1). */
function suits({ name: loss }: LossSpec, last: ActivationSpec['name']): boolean {
  if (loss === 'binaryCrossEntropy') return last === 'sigmoid';
  if (loss === 'crossEntropy') return last === 'softmax' || last === 'sigmoid' || last === 'softplus';
  return true;
}
