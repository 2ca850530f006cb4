import type { Metrics } from '../choices/metrics.js';
import { InputRows, type Inputs, type Numbers, readExamples, readSlopes } from '../data/numbers.js';
import { room } from '../data/room.js';
import { weighBy, type Weighting, WEIGHTING } from '../data/weighing.js';
import { weightOf } from '../data/weights.js';
import { Blocks } from '../engine/blocks.js';
import { saveModel } from '../files/save.js';
import { releaseNetwork } from '../model/average.js';
import { adaptAtOnce } from '../model/adapt.js';
import { checkTargets, explainExample } from '../model/explain.js';
import type { ExplainOptions, Explanation } from '../model/explanation.js';
import type { BackwardGradients, EachOptions, Gradients, MeanOptions } from '../model/gradients.js';
import { backwardGradient, checkGradientOptions, GRADIENT_OPTIONS, gradientsOf } from '../model/gradients.js';
import type { Model } from '../model/model.js';
import type { Parameters, ParametersInput } from '../model/parameters.js';
import { checkGradients, checkParameters, readTensors, writeParameters } from '../model/parameters.js';
import { type Passes, runAtOnce } from '../model/passes.js';
import { evaluation, metricsFor, predictFew, predictions, predictRows } from '../model/readings.js';
import { summarise } from '../model/summary.js';
import type { Bytes, Floats } from '../support/arrays.js';
import { checkOptions } from '../support/check.js';
import type { AbortSignalLike } from '../support/platform.js';
import { readInTurns } from '../training/copies.js';
import { checkFit, type FitOptions, runEpochs } from '../training/fit.js';
import { checkSignal, type Life } from '../training/leave.js';
import { type Epoch, measure, type Measure } from '../training/report.js';
import { ask, type OwnLoss } from '../training/own-loss.js';
import { applyGradients, makeShortStep, makeStep } from '../training/step.js';
import type { Batches, StreamOptions } from '../training/stream.js';
import type { QuantizedNetwork } from './quantized.js';
import { abandoned, begin, end, type Lock, nextRate, whileFitting, whileLocked } from './lock.js';

/** Frees the memory of networks that were dropped without `dispose`, in a host that can tell. */
const dropped =
  typeof FinalizationRegistry === 'function' ? new FinalizationRegistry<() => void>((free) => free()) : undefined;

/**
 * A neural network, made by `createNetwork` or `loadNetwork`.
 *
 * Arrays that come back are the caller's own. Every method throws an Error once the network is disposed, and a
 * TypeError or RangeError, having changed nothing, when it is given something that it cannot use.
 *
 * What a method is given is read whole before the network is touched: reading may run code of the user's (a getter, a
 * proxy, a rate function), which may even dispose of the network. So the network is asked for again afterwards.
 */
export class Network {
  readonly #model: Model;
  #disposed = false;
  readonly #lock: Lock = { holder: undefined };
  readonly #life: Life = { assertAlive: () => void this.#alive(), onDispose: new Set() };

  /** @internal */
  constructor(model: Model) {
    this.#model = model;
    dropped?.register(this, () => releaseNetwork(model), this);
  }

  /** Values of one example. */
  get inputs(): number {
    return this.#model.shape.inputs;
  }

  /** Units of the last layer. */
  get outputs(): number {
    return this.#model.shape.outputs;
  }

  /** Where the weights and the orders of examples come from. */
  get seed(): number {
    return this.#model.definition.seed;
  }

  /** Steps made so far. One that is under way does not count. */
  get steps(): number {
    return this.#alive().wholeSteps;
  }

  /** How the kernels round here: `fused` only where it was asked for and the engine can. */
  get numerics(): 'reproducible' | 'fused' {
    return this.#model.engine.variant.startsWith('relaxed') ? 'fused' : 'reproducible';
  }

  /** The bits of the vectors that the products work with: 256 where `chainrule/wide` was imported first, and took. */
  get vectors(): 128 | 256 {
    return 'productTile5Wide' in this.#model.engine.kernels ? 256 : 128;
  }

  /** How many threads may share the work: fewer than were asked for where they could not be had, or were lost. */
  get threads(): number {
    return this.#model.crew.threads;
  }

  /**
   * Trains for some epochs and returns what each gave. It works on a copy of the examples, which is made first: those
   * of many megabytes should be left alone until the first batch is done.
   *
   * @param x n rows of `inputs` values
   * @param y n rows of `outputs` values, from 0 to 1 for crossEntropy and binaryCrossEntropy; for crossEntropy, n class
   * indices will do
   * @throws DivergenceError when values overflow; the signal's reason when it is aborted. Either way the network
   * stands at its last whole step, or with `earlyStopping` has the weights of its best epoch.
   */
  async fit(x: Inputs, y: Numbers, options?: FitOptions): Promise<Epoch[]> {
    const history: Epoch[] = [];
    for await (const epoch of this.epochs(x, y, options)) history.push(epoch);
    return history;
  }

  /**
   * Trains epoch by epoch, as they are asked for: `break` stops. Takes what `fit` takes, and throws what it throws.
   */
  epochs(x: Inputs, y: Numbers, options?: FitOptions): AsyncGenerator<Epoch, void, void> {
    const plan = checkFit(this.#idle(), x, y, options);
    const model = this.#idle();
    const training = { lock: this.#lock, blocks: new Blocks(model.engine) };
    const epochs = runEpochs(model, plan, this.#life, training.blocks);
    const guarded = whileFitting(training, () => this.#idle(), this.#life, epochs);
    abandoned?.register(guarded, training);
    return guarded;
  }

  /**
   * Makes one step with each batch that comes, and nothing but the batch at hand is in memory: for data that are larger
   * than memory, or made on the way. What it returns is what an epoch of `fit` gives, of all batches together; the time
   * that they took to come is not in it.
   *
   * @param batches an iterable, or async iterable, of pairs [x, y] or triples [x, y, sampleWeight]. Where it ends is up
   * to it: a generator that goes over the data twice makes two epochs
   * @throws what `fit` throws, and what the iterable throws; the network stands at its last whole step
   */
  async fitBatches(batches: Batches, options?: StreamOptions): Promise<Epoch> {
    const model = this.#idle();
    const training = begin(this.#lock, new Blocks(model.engine));
    try {
      const { trainStream } = await import('../training/stream.js');
      return await trainStream(model, batches, options, this.#life, training.blocks);
    } finally {
      end(training);
    }
  }

  /**
   * Makes one step on one mini-batch, and returns its mean loss before the step.
   *
   * @param y what `fit` takes; or, in place of targets and loss, a function that is given the outputs and fills
   * `dOutputs`, both [n, outputs], with dC_i/da of each example's own cost: the step goes down their mean, and what the
   * function returned, the cost or nothing, is returned. The network cannot be changed meanwhile
   * @param options `sampleWeight` and `classWeight`, by which the mean is taken; classes need targets
   * @throws DivergenceError when values overflow; no step is made then.
   */
  trainBatch(x: Inputs, y: Numbers, options?: Weighting): number;
  trainBatch(x: Inputs, dCost: OwnLoss<number>, options?: Pick<Weighting, 'sampleWeight'>): number;
  trainBatch(x: Inputs, dCost: OwnLoss<void>, options?: Pick<Weighting, 'sampleWeight'>): void;
  trainBatch(x: Inputs, y: Numbers | OwnLoss<unknown>, options?: Weighting): unknown {
    const cost = options === undefined ? makeShortStep(this.#idle(), x, y) : undefined;
    if (cost !== undefined) return cost;
    const given = checkOptions('trainBatch', options, WEIGHTING);
    if (typeof y !== 'function') {
      const examples = weighBy(readExamples(x, y, this.#idle().shape), given);
      const rate = nextRate(this.#lock, this.#idle());
      return makeStep(this.#idle(), examples, rate);
    }
    const rows = new InputRows('x', x, this.#idle().shape);
    const model = this.#idle();
    const said = whileLocked(this.#lock, model, () => ask(model, rows, y));
    const examples = weighBy(said.examples, given);
    const rate = nextRate(this.#lock, this.#idle());
    makeStep(this.#idle(), examples, rate);
    return said.cost;
  }

  /**
   * Makes the optimizer's step with a gradient that came from elsewhere, or was accumulated or averaged: the same as
   * `trainBatch` makes of its own, with clipping, the rate's schedule and the count of steps.
   *
   * @param parameters what `gradients` or `backward` return as `parameters`: every tensor, finite
   * @throws DivergenceError when weights would overflow; no step is made then.
   */
  applyGradients(parameters: ParametersInput): void {
    const gradients = checkGradients(this.#idle(), parameters);
    const rate = nextRate(this.#lock, this.#idle());
    applyGradients(this.#idle(), gradients, rate);
  }

  /**
   * The outputs for n rows of inputs: n rows of `outputs` values.
   *
   * @param options `into`, an array of just that length, is filled and returned in place of a new one: a loop of many
   * small predictions then leaves nothing to collect. It may lie over the memory of `x`.
   */
  predict(x: Inputs): Floats;
  predict(x: Inputs, options?: { into?: Float32Array }): Float32Array;
  predict(x: Inputs, options?: { into?: Float32Array }): Float32Array {
    const { into } = checkOptions('predict', options, ['into']);
    const few = predictFew(this.#settled(), x, into);
    if (few) return few;
    const rows = new InputRows('x', x, this.#alive().shape);
    return predictRows(this.#settled(), rows, into);
  }

  /**
   * `predict`, in turns with the event loop: for so many rows that it would hold it up. `x` has to be left alone until it
   * is done. What `predictAsync`, `evaluateAsync` and `gradientsAsync` answer, they answer for the network as it was
   * when they were called: it may be trained meanwhile. A call that returns at once, made meanwhile, first completes the
   * pass that is under way, of at most 256 rows.
   *
   * @param options `into`, as for `predict`; `signal`, which stops it, and makes it reject with the signal's reason
   * @throws what `predict` throws, and an Error when the network is disposed of before it is done
   */
  predictAsync(x: Inputs, options?: { signal?: AbortSignalLike }): Promise<Floats>;
  predictAsync(x: Inputs, options?: { into?: Float32Array; signal?: AbortSignalLike }): Promise<Float32Array>;
  async predictAsync(x: Inputs, options?: { into?: Float32Array; signal?: AbortSignalLike }): Promise<Float32Array> {
    const rows = new InputRows('x', x, this.#alive().shape);
    const { into, signal } = checkOptions('predictAsync', options, ['into', 'signal']);
    const outputs = room(rows.count, this.outputs, into);
    await this.#inTurns(checkSignal(signal), (copy) => predictions(copy, rows, outputs));
    return outputs;
  }

  /**
   * The mean loss on some examples, the accuracy where the network classifies, and other `metrics`: names such as 'f1',
   * `topK(3)`, and functions by names of their own. Changes nothing.
   *
   * @param options `metrics`; `sampleWeight` and `classWeight`, by which the loss, the accuracy and the metrics are taken
   */
  evaluate(x: Inputs, y: Numbers, options?: Weighting & { metrics?: Metrics }): Measure {
    const given = checkOptions('evaluate', options, [...WEIGHTING, 'metrics']);
    const examples = weighBy(readExamples(x, y, this.#alive().shape), given);
    const measuring = metricsFor(this.#alive(), given['metrics']);
    const model = this.#settled();
    return measure(model, runAtOnce(model, evaluation(model, examples, measuring)), weightOf(examples));
  }

  /**
   * `evaluate`, in turns with the event loop: see `predictAsync`.
   *
   * @param options those of `evaluate`; `signal` stops it, and makes it reject with the signal's reason
   */
  async evaluateAsync(
    x: Inputs,
    y: Numbers,
    options?: Weighting & { metrics?: Metrics; signal?: AbortSignalLike },
  ): Promise<Measure> {
    const given = checkOptions('evaluateAsync', options, [...WEIGHTING, 'metrics', 'signal']);
    const examples = weighBy(readExamples(x, y, this.#alive().shape), given);
    const measuring = metricsFor(this.#alive(), given['metrics']);
    const sums = await this.#inTurns(checkSignal(given['signal']), (copy) => evaluation(copy, examples, measuring));
    return measure(this.#model, sums, weightOf(examples));
  }

  /**
   * The gradient of the mean cost of some examples; with `{ each: true }`, one gradient for each. Changes nothing.
   *
   * @param options `sampleWeight` and `classWeight`, by which the mean is taken; `each`, which takes none of them;
   * `training`, with which layers that have two modes are in that of training, as in a step: default false
   * @throws DivergenceError when values overflow
   */
  gradients(x: Inputs, y: Numbers, options?: MeanOptions): Gradients;
  gradients(x: Inputs, y: Numbers, options: EachOptions): Gradients[];
  gradients(x: Inputs, y: Numbers, options?: MeanOptions | EachOptions): Gradients | Gradients[] {
    const given = checkOptions('gradients', options, GRADIENT_OPTIONS);
    const asked = checkGradientOptions(given);
    const examples = weighBy(readExamples(x, y, this.#alive().shape), given);
    const model = this.#settled();
    return runAtOnce(model, gradientsOf(model, examples, asked));
  }

  /**
   * `gradients`, in turns with the event loop: see `predictAsync`. All examples of an average are one pass, which a call
   * that returns at once completes first.
   *
   * @param options those of `gradients`; `signal` stops it, and makes it reject with the signal's reason
   * @throws DivergenceError when values overflow
   */
  gradientsAsync(x: Inputs, y: Numbers, options?: MeanOptions & { signal?: AbortSignalLike }): Promise<Gradients>;
  gradientsAsync(x: Inputs, y: Numbers, options: EachOptions & { signal?: AbortSignalLike }): Promise<Gradients[]>;
  async gradientsAsync(
    x: Inputs,
    y: Numbers,
    options?: (MeanOptions | EachOptions) & { signal?: AbortSignalLike },
  ): Promise<Gradients | Gradients[]> {
    const given = checkOptions('gradientsAsync', options, [...GRADIENT_OPTIONS, 'signal']);
    const asked = checkGradientOptions(given);
    const leave = checkSignal(given['signal']);
    const examples = weighBy(readExamples(x, y, this.#alive().shape), given);
    return this.#inTurns(leave, (copy) => gradientsOf(copy, examples, asked));
  }

  /**
   * The chain rule from the outputs down, for costs of one's own. Layers that have two modes, such as dropout, are in that
   * of `predict`. Changes nothing.
   *
   * @param dA n rows of `outputs` values: dC_i/da of each example's own cost, by any numbers, all finite
   * @returns the gradient averaged over the examples, its norm, and dC_i/dx of each example, which can be the `dA` of a
   * network whose outputs are x
   * @throws DivergenceError when values overflow
   */
  backward(x: Inputs, dA: Numbers): BackwardGradients {
    const examples = readSlopes(x, dA, this.#alive().shape);
    const model = this.#settled();
    return runAtOnce(model, backwardGradient(model, examples));
  }

  #inTurns<T>(signal: AbortSignalLike | undefined, passesOf: (copy: Model) => Passes<T>): Promise<T> {
    return readInTurns(this.#settled(), this.#life, signal, passesOf);
  }

  /** Every factor of the chain rule for one example, and if asked for, of one weight and one activation. */
  explain(x: Inputs, y: Numbers | number, options?: ExplainOptions): Explanation {
    const examples = readExamples(x, typeof y === 'number' ? [y] : y, this.#alive().shape);
    const targets = checkTargets(this.#alive(), examples, options);
    return explainExample(this.#alive(), examples, targets);
  }

  /** Copies of all weights and biases. */
  getParameters(): Parameters {
    const model = this.#settled();
    return readTensors(model, model.parameters);
  }

  /** Sets weights and biases; those that are not named stay, as does the optimizer's state. An average ends here. */
  setParameters(parameters: ParametersInput): void {
    const checked = checkParameters(this.#idle(), parameters);
    writeParameters(this.#idle(), checked);
  }

  /** Has the normalize layers learn the means and deviations of these rows now: the first `fit` would of its own data. */
  adapt(x: Inputs): void {
    adaptAtOnce(this.#idle(), new InputRows('x', x, this.#idle().shape));
  }

  /** A new network without the normalize layers: in float64 the dense layers behind them take over what they do. */
  async folded(): Promise<Network> {
    return new Network(await (await import('../model/fold.js')).foldedModel(this.#settled()));
  }

  /** A new network for predictions alone, with int8 weights: of a quarter of the bytes, and faster where it is wide. */
  async quantize(): Promise<QuantizedNetwork> {
    return (await import('./quantized.js')).quantizeModel(this.#settled());
  }

  /** The layers, their shapes and sizes, as a table to print. */
  summary(): string {
    return summarise(this.#alive());
  }

  /**
   * The whole network as a safetensors file: weights, architecture, optimizer state, step count and random stream.
   * A network loaded from it goes on with the same bits.
   * Only a learning rate that is a function of your own cannot be saved: `loadNetwork` then has to be given it again.
   */
  save(): Bytes {
    return saveModel(this.#settled());
  }

  /** Frees the network's memory. Calling it again does nothing. A fit that is running stops with an error. */
  dispose(): void {
    if (this.#disposed) return;
    const { engine } = this.#model;
    engine.complete();
    this.#disposed = true;
    dropped?.unregister(this);
    this.#model.workspace.leave();
    releaseNetwork(this.#model);
    // the examples of a fit, which may wait for something, or between two epochs, and never go on
    this.#lock.holder?.release();
    for (const hear of this.#life.onDispose) hear();
  }

  /** Throws: `{}` would be a silent loss, as it is by `structuredClone` and `postMessage`. */
  toJSON(): never {
    throw new TypeError(
      'a network cannot be written as JSON: use the bytes of save(), which loadNetwork(bytes) reads, or getParameters()',
    );
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #alive(): Model {
    if (this.#disposed) throw new Error('the network has been disposed');
    this.#model.crew.assertWhole();
    return this.#model;
  }

  /** The model at a whole step. */
  #settled(): Model {
    const model = this.#alive();
    model.engine.complete();
    return model;
  }

  /** The model, when no fit is changing it. */
  #idle(): Model {
    const model = this.#settled();
    if (this.#lock.holder) throw new Error('the network is being trained: wait until fit is done, or abort it');
    return model;
  }
}
