import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clip, createOptimizer, type OptimizerConfig } from '../reference/optimizers.js';
import { deviation } from '../reference/compare.js';
import { loadKernels, VARIANTS, type Kernels } from './harness.js';

const STEPS = 25;
const COUNTS = [4, 8, 12, 16, 1000];
/**
 * Of the largest parameter. Measured: 4e-7 at most, but 1e-6 for adamW, whose factor 1 - rate * weightDecay is rounded
 * once (as PyTorch's is) and errs in the same direction at every step.
 */
const TOLERANCE = 2e-6;

const RATE = 0.01;
const flags = [false, true];
const decays = [0, 0.05];

/** Every combination of options that takes a different path or a different formula. */
const CONFIGS: OptimizerConfig[] = [
  ...decays.map((weightDecay) => ({ name: 'sgd' as const, rate: RATE, weightDecay })),
  ...decays.flatMap((weightDecay) =>
    flags.flatMap((nesterov) =>
      // PyTorch refuses dampening with nesterov
      (nesterov ? [0] : [0, 0.3]).map((dampening) => ({
        name: 'sgd' as const,
        rate: RATE,
        momentum: 0.9,
        dampening,
        nesterov,
        weightDecay,
      })),
    ),
  ),
  ...(['adam', 'adamW'] as const).flatMap((name) =>
    decays.flatMap((weightDecay) => flags.map((amsgrad) => ({ name, rate: RATE, weightDecay, amsgrad }))),
  ),
  { name: 'adam', rate: RATE, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 },
  ...decays.flatMap((weightDecay) =>
    flags.flatMap((centered) =>
      [0, 0.9].map((momentum) => ({
        name: 'rmsProp' as const,
        rate: RATE / 10,
        centered,
        momentum,
        weightDecay,
        // a centered variance near 0 magnifies every rounding: what is tested is the formula
        epsilon: centered ? 1e-3 : 1e-8,
      })),
    ),
  ),
  ...decays.flatMap((weightDecay) =>
    [0, 0.1].map((rateDecay) => ({
      name: 'adagrad' as const,
      rate: RATE,
      rateDecay,
      weightDecay,
      initialAccumulator: rateDecay,
    })),
  ),
];

/** Those that divide by the root of squares, with an epsilon that is nothing beside it. */
const DIVIDERS = [
  { name: 'adam', rate: RATE, epsilon: 1e-30 },
  { name: 'adam', rate: RATE, epsilon: 1e-37, beta1: 0.5, beta2: 0.9 },
  { name: 'adam', rate: RATE, epsilon: 1e-30, amsgrad: true },
  { name: 'adamW', rate: RATE, epsilon: 1e-30 },
  { name: 'rmsProp', rate: RATE / 10, epsilon: 1e-30 },
  { name: 'adagrad', rate: RATE, epsilon: 1e-30 },
] as const satisfies OptimizerConfig[];
const SMALLEST_NORMAL = 2 ** -126;

const describeConfig = (config: OptimizerConfig): string => JSON.stringify(config).replaceAll(/["{}]/g, '');

/** The state of an optimizer in the kernels' memory, and the factors that its caller computes in float64. */
class KernelOptimizer {
  readonly #kernels: Kernels;
  readonly #config: OptimizerConfig;
  readonly #count: number;
  readonly #states: number[];
  #t = 0;

  constructor(kernels: Kernels, config: OptimizerConfig, count: number, shift: number) {
    this.#kernels = kernels;
    this.#config = config;
    this.#count = count;
    const initial = config.name === 'adagrad' ? (config.initialAccumulator ?? 0) : 0;
    this.#states = [0, 1, 2].map(() => kernels.f32(count, { values: new Float32Array(count).fill(initial), shift }));
  }

  /** The averages or sums of squares, the largest of them by amsgrad too. */
  squares(): number[] {
    const { name } = this.#config;
    const [first, second, third] = this.#states;
    const arrays = name === 'rmsProp' || name === 'adagrad' ? [first] : [second];
    if (name === 'adam' && this.#config.amsgrad) arrays.push(third);
    return arrays.flatMap((at) => [...this.#kernels.readF32(at, this.#count)]);
  }

  step(p: number, g: number, gradientScale = 1): void {
    const t = ++this.#t;
    const config = this.#config;
    const count = this.#count;
    const [first, second, third] = this.#states;
    switch (config.name) {
      case 'sgd': {
        const { rate, momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = config;
        const buffer = momentum ? first : 0;
        const options = [rate, momentum, dampening, Number(nesterov), weightDecay, gradientScale, Number(t === 1)];
        this.#kernels.call('sgd', p, g, buffer, count, ...options);
        return;
      }
      case 'adam':
      case 'adamW': {
        const { name, rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, amsgrad = false } = config;
        const { weightDecay = name === 'adamW' ? 0.01 : 0 } = config;
        const l2 = name === 'adam' ? weightDecay : 0;
        const decay = name === 'adamW' ? 1 - rate * weightDecay : 1;
        const correction = Math.sqrt(1 - beta2 ** t);
        const stepSize = (rate * correction) / (1 - beta1 ** t);
        const options = [stepSize, beta1, 1 - beta1, beta2, 1 - beta2, epsilon * correction, l2, decay];
        this.#kernels.call('adam', p, g, first, second, amsgrad ? third : 0, count, ...options, gradientScale);
        return;
      }
      case 'rmsProp': {
        const { rate, alpha = 0.99, epsilon = 1e-8, momentum = 0, centered = false, weightDecay = 0 } = config;
        const options = [rate, alpha, 1 - alpha, epsilon, momentum, weightDecay, gradientScale];
        this.#kernels.call('rmsProp', p, g, first, centered ? second : 0, momentum ? third : 0, count, ...options);
        return;
      }
      case 'adagrad': {
        const { rate, rateDecay = 0, epsilon = 1e-10, weightDecay = 0 } = config;
        this.#kernels.call(
          'adagrad',
          p,
          g,
          first,
          count,
          rate / (1 + (t - 1) * rateDecay),
          epsilon,
          weightDecay,
          gradientScale,
        );
        return;
      }
    }
  }
}

/** Fixed float32 numbers, of both signs, whose sizes span `decades` powers of ten. */
function numbers(count: number, seed: number, decades: number): Float32Array {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Float32Array.from({ length: count }, () => (next() < 0.5 ? -1 : 1) * 10 ** (-decades * next()));
}

describe.each(VARIANTS)('optimizers (%s)', (variant) => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await loadKernels(variant);
  });
  beforeEach(() => kernels.reset());

  const write = (pointer: number, values: Float32Array): void =>
    new Float32Array(kernels.memory.buffer, pointer, values.length).set(values);

  describe.each(CONFIGS.map((config) => [describeConfig(config), config] as const))('%s', (_, config) => {
    test.each(COUNTS)('follows the float64 reference for 25 steps, %i parameters', (count) => {
      const start = numbers(count, 1, 1);
      const p = kernels.f32(count, { values: start, shift: 1 });
      const g = kernels.f32(count, { shift: 2 });
      const optimizer = new KernelOptimizer(kernels, config, count, 3);
      const reference = createOptimizer(config);
      const expected = Array.from(start);
      for (let t = 1; t <= STEPS; t++) {
        const gradients = numbers(count, 100 + t, 2);
        write(g, gradients);
        optimizer.step(p, g);
        reference.step(expected, Array.from(gradients));
        expect(kernels.readF32(g, count)).toEqual(gradients);
      }
      kernels.expectIntact();
      expect(deviation(kernels.readF32(p, count), expected)).toBeLessThan(TOLERANCE);
    });

    test('multiplies the gradient by the clipping factor', () => {
      const count = 16;
      const start = numbers(count, 1, 1);
      const p = kernels.f32(count, { values: start });
      const g = kernels.f32(count);
      const optimizer = new KernelOptimizer(kernels, config, count, 0);
      const reference = createOptimizer(config);
      const expected = Array.from(start);
      for (let t = 1; t <= STEPS; t++) {
        const gradients = numbers(count, 100 + t, 2);
        write(g, gradients);
        const clipped = Array.from(gradients);
        const norm = clip(clipped, 0.5);
        optimizer.step(p, g, Math.min(1, 0.5 / (norm + 1e-6)));
        reference.step(expected, clipped);
      }
      expect(deviation(kernels.readF32(p, count), expected)).toBeLessThan(TOLERANCE);
    });

    test('leaves an element at 0 whose parameter, gradient and state are 0', () => {
      const zeros = new Float32Array(8);
      const p = kernels.f32(8);
      const g = kernels.f32(8);
      const optimizer = new KernelOptimizer(kernels, { ...config, ...zeroStart(config) }, 8, 0);
      for (let t = 1; t <= STEPS; t++) optimizer.step(p, g);
      expect(kernels.readF32(p, 8).map(Math.abs)).toEqual(zeros);
    });

    test('carries a NaN gradient into its own parameter and no other', () => {
      const p = kernels.f32(8, { values: numbers(8, 1, 1) });
      const g = kernels.f32(8, { values: [1, NaN, 1, 1, 1, 1, 1, 1] });
      new KernelOptimizer(kernels, config, 8, 0).step(p, g);
      expect(Array.from(kernels.readF32(p, 8), Number.isNaN)).toEqual([false, true, ...Array<boolean>(6).fill(false)]);
    });
  });

  describe.each(DIVIDERS.map((config) => [describeConfig(config), config] as const))('%s', (_, config) => {
    test.each([1, 1e-6, 1e-13])('follows the float64 reference with gradients around %d', (size) => {
      const count = 64;
      const p = kernels.f32(count);
      const g = kernels.f32(count);
      const optimizer = new KernelOptimizer(kernels, config, count, 0);
      const reference = createOptimizer(config);
      const expected = Array<number>(count).fill(0);
      for (let t = 1; t <= STEPS; t++) {
        const gradients = numbers(count, 100 + t, 1).map((value) => value * size);
        write(g, gradients);
        optimizer.step(p, g);
        reference.step(expected, Array.from(gradients));
      }
      expect(deviation(kernels.readF32(p, count), expected)).toBeLessThan(TOLERANCE);
    });

    test('a gradient too small to be squared makes no step larger than the others, and no square that is subnormal', () => {
      const sizes = [0, 1e-45, 1e-38, 1e-30, 1e-20, 1e-19, 1e-18, 1e-17];
      const p = kernels.f32(8);
      const g = kernels.f32(8);
      const optimizer = new KernelOptimizer(kernels, config, 8, 0);
      for (let t = 1; t <= 40; t++) {
        // both signs, then silence, in which a first moment outlasts its gradient
        write(g, t > 20 ? new Float32Array(8) : Float32Array.from(sizes, (size) => (t % 3 ? size : -size)));
        const before = kernels.readF32(p, 8);
        optimizer.step(p, g);
        const steps = kernels.readF32(p, 8).map((value, i) => Math.abs(value - before[i]));
        expect(Math.max(...steps)).toBeLessThan(11 * config.rate);
        for (const square of optimizer.squares()) expect(square).toBeGreaterThanOrEqual(SMALLEST_NORMAL);
      }
      expect(kernels.readF32(p, 8)[0]).toBe(0);
    });
  });

  test('the first step with momentum takes the gradient itself, whatever the buffer held', () => {
    const p = kernels.f32(4, { values: [1, 2, 3, 4] });
    const g = kernels.f32(4, { values: [1, 1, 1, 1] });
    const buffer = kernels.f32(4, { values: [9, 9, 9, 9] });
    kernels.call('sgd', p, g, buffer, 4, 0.5, 0.9, 0.75, 0, 0, 1, 1);
    expect(Array.from(kernels.readF32(p, 4))).toEqual([0.5, 1.5, 2.5, 3.5]);
    expect(Array.from(kernels.readF32(buffer, 4))).toEqual([1, 1, 1, 1]);
  });

  test('a gradient that never changes makes no NaN of the centered variance', () => {
    const config: OptimizerConfig = { name: 'rmsProp', rate: 1e-6, alpha: 0.5, centered: true };
    const p = kernels.f32(4, { values: [1, 1, 1, 1] });
    const g = kernels.f32(4, { values: [0.1, 0.7, 1.3, 12.1] });
    const optimizer = new KernelOptimizer(kernels, config, 4, 0);
    for (let t = 1; t <= 200; t++) optimizer.step(p, g);
    expect(kernels.readF32(p, 4).every(Number.isFinite)).toBe(true);
  });

  test('a gradient scale of 1 and a weight decay of 0 leave the gradient bit for bit', () => {
    const values = numbers(16, 7, 30);
    const p = kernels.f32(16);
    const g = kernels.f32(16, { values });
    kernels.call('sgd', p, g, 0, 16, 1, 0, 0, 0, 0, 1, 0);
    expect(kernels.readF32(p, 16)).toEqual(values.map((value) => -value));
  });
});

/** Padding of the weights keeps its state at 0 in every optimizer but adagrad, whose accumulator may start above. */
function zeroStart(config: OptimizerConfig): Partial<OptimizerConfig> {
  return config.name === 'adagrad' ? { initialAccumulator: 0 } : {};
}
