import type { Metrics } from '../choices/metrics.js';
import { InputRows, type Inputs, type Numbers, readExamples } from '../data/numbers.js';
import { room } from '../data/room.js';
import { weighBy, type Weighting, WEIGHTING } from '../data/weighing.js';
import { weightOf } from '../data/weights.js';
import { getEngine } from '../engine/engines.js';
import { int8KernelsOf } from '../engine/int8.js';
import { saveQuantised, shapesOf } from '../files/quantised.js';
import { releaseNetwork } from '../model/average.js';
import type { Model } from '../model/model.js';
import { type Passes, runAtOnce } from '../model/passes.js';
import { planOf } from '../model/plan.js';
import { type Content, contentOf, makeModel, quantise, type QuantisedModel } from '../model/quantised.js';
import { evaluation, metricsFor, predictions } from '../model/readings.js';
import { summarise } from '../model/summary.js';
import type { Bytes, Floats } from '../support/arrays.js';
import { checkOptions } from '../support/check.js';
import { measure, type Measure } from '../training/report.js';

/** Frees the memory of networks that were dropped without `dispose`, in a host that can tell. */
const dropped =
  typeof FinalizationRegistry === 'function' ? new FinalizationRegistry<() => void>((free) => free()) : undefined;

/**
 * A network for predictions alone, made by `quantize` or `loadQuantized`: the weights of its dense layers are bytes, with a
 * float32 scale for each output. Everything else, biases, activations, and layers of other kinds, is float32 as it was.
 *
 * The inputs of a dense layer are quantised row by row as they come, to 7 bits, so that what a row gives depends on no
 * other. The sums of products are exact, and the rest is computed as by a `reproducible` network: the same bits in every
 * engine and on every machine.
 *
 * Arrays that come back are the caller's own. Every method throws an Error once the network is disposed, and a TypeError
 * or RangeError when it is given something that it cannot use.
 */
export class QuantizedNetwork {
  readonly #quantised: QuantisedModel;
  #disposed = false;

  /** @internal */
  constructor(quantised: QuantisedModel) {
    this.#quantised = quantised;
    const { model } = quantised;
    dropped?.register(this, () => releaseNetwork(model), this);
  }

  /** Values of one example. */
  get inputs(): number {
    return this.#quantised.model.shape.inputs;
  }

  /** Units of the last layer. */
  get outputs(): number {
    return this.#quantised.model.shape.outputs;
  }

  /**
   * The outputs for n rows of inputs: n rows of `outputs` values.
   *
   * @param options `into`, an array of just that length, is filled and returned in place of a new one. It may lie over the
   * memory of `x`.
   */
  predict(x: Inputs): Floats;
  predict(x: Inputs, options?: { into?: Float32Array }): Float32Array;
  predict(x: Inputs, options?: { into?: Float32Array }): Float32Array {
    const rows = new InputRows('x', x, this.#alive().shape);
    const { into } = checkOptions('predict', options, ['into']);
    const model = this.#settled();
    const outputs = room(rows.count, model.shape.outputs, into);
    this.#run(predictions(model, rows, outputs));
    return outputs;
  }

  /**
   * The mean loss on some examples, the accuracy where the network classifies, and other `metrics`, as `evaluate` of the
   * network gives them that this one was made of: what quantising has cost.
   */
  evaluate(x: Inputs, y: Numbers, options?: Weighting & { metrics?: Metrics }): Measure {
    const given = checkOptions('evaluate', options, [...WEIGHTING, 'metrics']);
    const examples = weighBy(readExamples(x, y, this.#alive().shape), given);
    const measuring = metricsFor(this.#alive(), given['metrics']);
    const model = this.#settled();
    return measure(model, this.#run(evaluation(model, examples, measuring)), weightOf(examples));
  }

  /** The layers, their shapes and sizes, as a table to print. */
  summary(): string {
    const { definition, bytes } = this.#alive();
    const lines = summarise({ definition, plan: planOf(definition), bytes }).split('\n');
    return [...lines.slice(0, -1), 'weights of dense layers int8, for predictions alone'].join('\n');
  }

  /** The whole network as a safetensors file, about a quarter as long as one of float32. `loadQuantized` reads it. */
  save(): Bytes {
    const { definition } = this.#settled();
    return saveQuantised(contentOf(this.#quantised), shapesOf(definition));
  }

  /** Frees the network's memory. Calling it again does nothing. */
  dispose(): void {
    if (this.#disposed) return;
    const { model } = this.#quantised;
    model.engine.complete();
    this.#disposed = true;
    dropped?.unregister(this);
    model.workspace.leave();
    releaseNetwork(model);
  }

  /** Throws: a network is more than JSON holds. */
  toJSON(): never {
    throw new TypeError(
      'a network cannot be written as JSON: use the bytes of save(), which loadQuantized(bytes) reads',
    );
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #run<T>(passes: Passes<T>): T {
    const { model, kernels } = this.#quantised;
    return runAtOnce(model, passes, kernels.runQuantised);
  }

  #alive(): Model {
    if (this.#disposed) throw new Error('the network has been disposed');
    return this.#quantised.model;
  }

  /** The model, and its engine at rest. */
  #settled(): Model {
    const model = this.#alive();
    model.engine.complete();
    return model;
  }
}

/** A network for predictions of what another predicts with now. */
export function quantizeModel(model: Model): Promise<QuantizedNetwork> {
  return makeQuantized(quantise(model));
}

/** A network of what has been quantised, or read from a file. */
export async function makeQuantized(content: Content): Promise<QuantizedNetwork> {
  const engine = await getEngine('reproducible');
  const kernels = await int8KernelsOf(engine);
  const model = await engine.make(() => makeModel(engine, kernels, content));
  await engine.settle(model.bytes);
  return new QuantizedNetwork({ model, kernels });
}
