import type { Examples } from '../data/numbers.js';
import { type Weighting, WEIGHTING } from '../data/weighing.js';
import { mean } from '../data/weights.js';
import { Blocks } from '../engine/blocks.js';
import { LEAST_NORMAL } from '../engine/kernels.js';
import type { Floats } from '../support/arrays.js';
import { checkBoolean } from '../support/check.js';
import { DivergenceError } from '../support/errors.js';
import type { Model } from './model.js';
import { TRAIN } from './model.js';
import { type Parameters, readTensors } from './parameters.js';
import type { Passes } from './passes.js';
import { Resident } from './resident.js';
import type { Source } from './source.js';
import { assertBatches, assertSeparate } from './whole-batches.js';

/** The gradient of the mean cost C of some examples, averaged by their weights where they have any. */
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

/** Rows of gradients that are read out at a time. */
const PIECE = 1024;

/** Options of `gradients` for the mean. */
export interface MeanOptions extends Weighting {
  each?: false;
  /** Whether layers that have two modes, such as dropout, are in that of training, as in a step. Default false. */
  training?: boolean;
}

/** Options of `gradients` for one gradient for each example: there is no mean that weights could be for. */
export interface EachOptions extends Pick<MeanOptions, 'training'> {
  each: true;
}

export const GRADIENT_OPTIONS = [...WEIGHTING, 'each', 'training'];

/** Those that are not about weights, checked. */
interface Asked {
  readonly each: boolean;
  readonly training: boolean;
}

export function checkGradientOptions(given: Record<string, unknown>): Asked {
  const { each: separate = false, training = false, sampleWeight, classWeight } = given;
  const each = checkBoolean('each', separate);
  if (each && (sampleWeight ?? classWeight) !== undefined) {
    throw new TypeError('"each" takes no weights: they are for a mean, and there is one gradient for each example');
  }
  return { each, training: checkBoolean('training', training) };
}

/** What `backward` gives for costs whose slopes it was given. */
export interface BackwardGradients extends Omit<Gradients, 'loss'> {
  /**
   * dC_i/dx, one row of `inputs` values for each example: of its own cost, as dA is, so that it can be the dA of a
   * network whose outputs were x. In what `gradients` returns, a row is that of the mean cost, a share of 1 / n of
   * this.
   */
  readonly inputs: Floats;
}

/** The gradient averaged over examples beside which their dC/da lie. */
export function* backwardGradient(model: Model, examples: Examples): Passes<BackwardGradients> {
  const [{ norm, parameters, inputs }] = yield* inBatches(model, examples, examples.count, false);
  return { norm, parameters, inputs: inputs.map((d) => d * examples.count) };
}

/** The gradient averaged over all examples, or one for each of them. */
export function* gradientsOf(
  model: Model,
  examples: Examples,
  { each, training }: Asked,
): Passes<Gradients | Gradients[]> {
  if (each) assertSeparate(model);
  else if (training) assertBatches(model, examples.count, examples.count);
  const found = yield* inBatches(model, examples, each ? 1 : examples.count, training);
  return each ? found : found[0];
}

/** A gradient for every so many examples. */
function* inBatches(model: Model, examples: Examples, rows: number, training: boolean): Passes<Gradients[]> {
  const blocks = new Blocks(model.engine);
  try {
    const { source } = yield* Resident.copying(model, blocks, examples, false);
    const bytes = rows * model.plan.lda * 4;
    const inputGradient = blocks.allocate(bytes, `the gradient of ${rows} examples' inputs`);
    const found: Gradients[] = [];
    for (let from = 0; from < examples.count; from += rows) {
      found.push(yield* gradientOf(model, source, from, rows, inputGradient, training));
    }
    return found;
  } finally {
    blocks.release();
  }
}

function* gradientOf(
  model: Model,
  source: Source,
  from: number,
  rows: number,
  inputGradient: number,
  training: boolean,
): Passes<Gradients> {
  const { engine } = model;
  const { kernels } = engine;
  const { count } = model.plan;
  let averages: Omit<Gradients, 'inputs'> | undefined;
  model.prepare(rows, source, inputGradient);
  yield {
    flops: rows * model.trainFlops,
    begin: () => model.beginBatch(from, rows, TRAIN, training),
    end: () => {
      if (kernels.batchOverflow(model.at) >= 0) throw new DivergenceError(0, 0, model.overflowed);
      assertFinite(kernels.settle(model.gradientsAt, count, LEAST_NORMAL));
      averages = {
        loss: mean(kernels.batchLoss(model.at), kernels.batchWeight(model.at)),
        norm: Math.sqrt(kernels.sumOfSquares(model.gradientsAt, count)),
        parameters: readTensors(model, engine.f32(model.gradientsAt, count)),
      };
    },
  };
  return { ...averages!, inputs: yield* readInputs(model, inputGradient, rows) };
}

/** The rows without their padding. */
function* readInputs(model: Model, at: number, count: number): Passes<Floats> {
  const { engine, shape, plan } = model;
  const stride = plan.lda;
  const rows = new Float32Array(count * shape.inputs);
  for (let row = 0; row < count; row++) {
    const from = at + row * stride * 4;
    assertFinite(engine.kernels.settle(from, shape.inputs, LEAST_NORMAL));
    rows.set(engine.f32(from, shape.inputs), row * shape.inputs);
    if (row % PIECE === PIECE - 1) yield;
  }
  return rows;
}

/** Of finite values and a finite loss, products can still overflow. */
function assertFinite(largest: number): void {
  if (!(largest < Infinity)) throw new DivergenceError(0, 0, undefined);
}
