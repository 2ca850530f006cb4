import type { Floats } from './arrays.js';
import type { Examples } from './data.js';
import { LEAST_NORMAL } from './engine/kernels.js';
import { DivergenceError } from './errors.js';
import { TRAIN, type Model } from './model.js';
import { readTensors, type Parameters } from './parameters.js';

/** The gradient of the cost of some examples, averaged over them. */
export interface Gradients {
  /** C, the mean cost. */
  readonly loss: number;
  /** The length of the gradient of all weights and biases as one vector, before any clipping. */
  readonly norm: number;
  /** dC/dw and dC/db, named and shaped like the parameters. */
  readonly parameters: Parameters;
  /** dC/dx, one row of `inputs` values for each example. */
  readonly inputs: Floats;
}

/** The gradient averaged over all examples. */
export function averageGradient(model: Model, examples: Examples): Gradients {
  return gradientOf(model, examples, 0, examples.count);
}

/** One gradient for each example. */
export function eachGradient(model: Model, examples: Examples): Gradients[] {
  return Array.from({ length: examples.count }, (_, index) => gradientOf(model, examples, index, 1));
}

function gradientOf(model: Model, examples: Examples, from: number, count: number): Gradients {
  const { engine } = model;
  const { kernels } = engine;
  const { inputs } = model.shape;
  const stride = model.layout.layers[0].lda;
  engine.unfinished?.();
  const source = model.transfer(examples, from, count, count * stride * 4 + 64);
  const inputGradient = engine.transfer.at;
  model.prepare(count, source, inputGradient);
  const whole = model.crew.run(count * model.trainFlops, () => {
    kernels.beginBatch(model.at, 0, count, TRAIN);
    return kernels.runBatch(model.at);
  });
  const { layers, count: parameters } = model.layout;
  if (!whole) {
    const layer = kernels.batchOverflow(model.at);
    throw new DivergenceError(0, 0, layer < layers.length ? layer : undefined);
  }
  kernels.settle(inputGradient, count * stride, LEAST_NORMAL);
  const rows = new Float32Array(count * inputs);
  const padded = engine.f32(inputGradient, count * stride);
  for (let row = 0; row < count; row++) {
    rows.set(padded.subarray(row * stride, row * stride + inputs), row * inputs);
  }
  // of finite values and a finite loss, products can still overflow
  if (!(kernels.settle(model.gradientsAt, parameters, LEAST_NORMAL) < Infinity && rows.every(Number.isFinite))) {
    throw new DivergenceError(0, 0, undefined);
  }
  return {
    loss: kernels.batchLoss(model.at) / count,
    norm: Math.sqrt(kernels.sumOfSquares(model.gradientsAt, parameters)),
    parameters: readTensors(model, model.gradientsAt),
    inputs: rows,
  };
}
