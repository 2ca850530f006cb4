import { hitRules, type HitRules, lossEntry } from '../choices/losses.js';
import { type StateRow, stateOf } from '../choices/optimizers.js';
import { copyFew, FEW_BYTES, fewRows } from '../data/few.js';
import type { TargetShape } from '../data/numbers.js';
import type { Engine } from '../engine/engine.js';
import { Offsets } from '../engine/layout.js';
import { NETWORK } from '../engine/records.generated.js';
import { writeRecord } from '../engine/records.js';
import type { LayerNode } from '../layers/graph.js';
import { drawing } from '../layers/init.js';
import { describe, MOST_FLOAT32 } from '../support/check.js';
import type { Crew } from '../threads/crew.js';
import { crewOf } from '../threads/engines.js';
import { Average } from './average.js';
import { type Definition, lastLayer, partsOf } from './definition.js';
import { type Plan, type PlannedNode, planOf, roleOf } from './plan.js';
import { OPTIMIZER_BYTES, progressOf, recordBytes, writeRecords } from './records.js';
import { type Copied, copyExamples, NOTHING, type Source } from './source.js';
import { Workspace } from './workspace.js';

/** What a batch is for: the codes of `assembly/abi/network.ts`. */
export const PREDICT = 0;
export const EVALUATE = 1;
export const TRAIN = 2;

/**
 * A network in linear memory: one block with its records, parameters, gradients and optimizer state, and its share in
 * the engine's workspace. It knows pointers; `api/network.ts` knows the user.
 */
export class Model {
  readonly engine: Engine;
  readonly definition: Definition;
  readonly plan: Plan;
  readonly shape: TargetShape;
  /** The block, which begins with the network's record. */
  readonly at: number;
  readonly bytes: number;
  readonly optimizerAt: number;
  readonly parametersAt: number;
  readonly gradientsAt: number;
  /** What each node keeps beside its tensors; 0 where that is nothing. */
  readonly memoryAt: readonly number[];
  /** The optimizer's arrays, and their addresses. */
  readonly state: readonly (StateRow & { at: number })[];
  /** The average of the weights, where one is asked for. */
  readonly average = new Average(this);
  /** The rows of a pass. */
  readonly workspace: Workspace;
  /** The threads that work for it. */
  readonly crew: Crew;
  /** Multiply-adds of one example, times two: forward, and with the gradients. */
  readonly forwardFlops: number;
  readonly trainFlops: number;
  readonly #hitRules: HitRules;
  /** Shuffles drawn so far: the counter of their random stream. */
  shuffles = 0;
  /** Whether it has been trained with anything yet: see `scale.ts`. */
  scaleWatched = false;
  /** Steps made before the call that is under way, if one is. */
  stepsBefore: number | undefined;

  /** `nodes` as `planOf` takes them. */
  constructor(engine: Engine, definition: Definition, threads = 1, nodes?: readonly LayerNode[]) {
    this.engine = engine;
    this.definition = definition;
    const plan = (this.plan = planOf(definition, nodes));
    const { name: lossName } = definition.loss;
    const { units: outputs, activation: last } = lastLayer(definition);
    this.shape = {
      inputs: definition.inputs,
      parts: partsOf(definition),
      outputs,
      loss: lossName,
      range: lossEntry(lossName).targets,
      takesLabels: lossEntry(lossName).takesLabels ?? false,
    };
    this.#hitRules = hitRules(lossName, last.name, outputs);
    this.forwardFlops = flopsOf(plan.nodes);
    this.trainFlops =
      this.forwardFlops +
      flopsOf(plan.nodes.filter(({ trains }) => trains)) +
      flopsOf(plan.nodes.filter(({ passes }) => passes));

    const offsets = new Offsets();
    offsets.take(recordBytes(plan.nodes.length));
    const optimizer = offsets.take(OPTIMIZER_BYTES);
    const parameters = offsets.floats(plan.total);
    const gradients = offsets.floats(plan.count);
    const state = stateOf(definition.optimizer).map((row) => ({ ...row, at: offsets.floats(plan.count) }));
    const memory = plan.nodes.map(({ kind, layer }) => {
      const bytes = kind.memory?.(layer) ?? 0;
      return bytes && offsets.take(bytes);
    });
    this.bytes = offsets.bytes;
    this.at = engine.allocateNetwork(this.bytes);
    engine.kernels.clear(this.at, this.bytes);
    this.optimizerAt = this.at + optimizer;
    this.parametersAt = this.at + parameters;
    this.gradientsAt = this.at + gradients;
    this.state = state.map((row) => ({ ...row, at: this.at + row.at }));
    this.memoryAt = memory.map((offset) => offset && this.at + offset);
    this.workspace = new Workspace(engine, plan, this.at, threads);
    this.crew = crewOf(engine, this.at, threads);
    writeRecords(this);
  }

  /** Draws the first weights from the seed, and fills the optimizer's first state. */
  initialise(): void {
    const { engine, definition, parametersAt, plan } = this;
    plan.nodes.forEach((node, index) => {
      const draw = drawing(engine, definition.seed, index);
      for (const tensor of node.tensors) {
        const { exists, packing, at } = tensor;
        const values = exists ? tensor.initial(draw, roleOf(plan.nodes, index)) : undefined;
        if (values) packing.pack(values, engine.f32(parametersAt + at * 4, packing.floats));
      }
    });
    for (const { at, initial } of this.state) if (initial) engine.f32(at, plan.count).fill(initial);
  }

  /**
   * Makes everything ready for passes of up to `rows` rows of `source`, and for the gradient of its inputs where that
   * is to go somewhere: see `Workspace.prepare`.
   */
  prepare(rows: number, source: Source, inputGradient = 0): void {
    this.workspace.prepare(rows, inputGradient);
    this.engine.kernels.setSource(
      this.at,
      source.x,
      source.inputScale,
      source.inputSize,
      source.y,
      source.labels,
      source.weights,
      source.order,
      source.hitRule,
      Number(source.given),
    );
  }

  /**
   * Begins a batch; where `training`, layers that have two modes are in that of a step, which has `done` rows behind
   * it: what dropout drops depends on a row's place in its batch.
   */
  beginBatch(first: number, rows: number, purpose: number, training: boolean, done = 0): void {
    this.engine.kernels.beginBatch(this.at, training ? first - done : first, rows, purpose);
    if (training) writeRecord(this.engine, NETWORK, this.at, { training: 1, done });
  }

  /** All of its parameters, those that are not trained behind those that are. Detached when memory grows. */
  get parameters(): Float32Array {
    return this.engine.f32(this.parametersAt, this.plan.total);
  }

  /** Copies rows `from` to `from + rows` of the examples into the engine's transfer space, behind `ahead` bytes. */
  transfer(examples: Copied, from: number, rows: number, ahead = 0): Source {
    const { engine } = this;
    const { inputs, outputs } = this.shape;
    const offsets = new Offsets();
    offsets.take(ahead);
    const x = offsets.take(rows * inputs * examples.x.valueBytes);
    const y = offsets.floats(rows * outputs);
    const weights = offsets.take(examples.weights ? rows * 4 : 0);
    const base = engine.reserve(engine.transfer, offsets.bytes, `a batch of ${rows} examples`);
    return copyExamples(engine, examples, from, rows, { x: base + x, y: base + y, weights: base + weights });
  }

  /** How many rows `x` holds, where they are few enough for `transferFew`; else 0. */
  countFew(x: unknown): number {
    const { inputs, parts } = this.shape;
    return parts[0].name === '' && parts[0].categories === 0 ? fewRows(x, inputs) : 0;
  }

  /**
   * `transfer` of so few rows that to read them in full would take longer than the kernels do; `undefined` where that
   * has to be done, since something may have to be refused.
   */
  transferFew(rows: number, x: Float32Array, y?: unknown): Source | undefined {
    const { engine, shape } = this;
    const taught = y !== undefined;
    // of one output, class indices look like rows
    if (taught && (fewRows(y, shape.outputs) !== rows || (shape.takesLabels && shape.outputs === 1))) return undefined;
    const at = engine.reserve(engine.transfer, 2 * FEW_BYTES, 'a batch of a few examples');
    const inputSize = copyFew(engine, x, rows * shape.inputs, at);
    const targetSize = taught
      ? copyFew(engine, y as Float32Array, rows * shape.outputs, at + FEW_BYTES, shape.range)
      : 0;
    if (!(inputSize + targetSize < Infinity)) return undefined;
    return { ...NOTHING, x: at, inputSize, targetSize, y: taught ? at + FEW_BYTES : 0 };
  }

  /** Whether an example can be right or wrong. */
  get classifies(): boolean {
    return this.#hitRules.other > 0;
  }

  /** How hits on some rows of targets, all that are counted together, are counted. */
  hitRuleOf(isOneHot: boolean): number {
    return isOneHot ? this.#hitRules.oneHot : this.#hitRules.other;
  }

  /** Whether that depends on the rows. */
  get asksForOneHot(): boolean {
    return this.#hitRules.oneHot !== this.#hitRules.other;
  }

  /** The rate of step `step`, from the optimizer's number or schedule. */
  rateAt(step: number): number {
    const { rate } = this.definition.optimizer;
    if (typeof rate === 'number') return rate;
    const value = rate(step);
    if (typeof value !== 'number' || !(value >= 0 && value <= MOST_FLOAT32)) {
      throw new RangeError(
        `"rate" gave ${describe(value)} for step ${step}: expected a finite number from 0 to ${MOST_FLOAT32}`,
      );
    }
    return value;
  }

  /** The place of the first layer with a value that was not finite in the last batch; `undefined` where none had. */
  get overflowed(): string | undefined {
    const first = this.engine.kernels.batchOverflow(this.at);
    return this.plan.nodes.find((_, index) => index === first)?.name;
  }

  /** Steps made so far, while none is under way. */
  get steps(): number {
    return progressOf(this).steps;
  }

  /** Steps made so far, at any time: those of a call that is under way count when it is done. */
  get wholeSteps(): number {
    return this.stepsBefore ?? this.steps;
  }
}

const flopsOf = (nodes: readonly PlannedNode[]): number =>
  nodes.reduce((sum, { kind, layer, inputs }) => sum + kind.flops(layer, inputs), 0);
