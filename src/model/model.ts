import { ACTIVATIONS } from '../choices/activations.js';
import { hitRules, type HitRules, lossCode, targetRange } from '../choices/losses.js';
import { OPTIMIZERS, stateNames } from '../choices/optimizers.js';
import type { TargetShape } from '../data/numbers.js';
import type { Engine } from '../engine/engine.js';
import { gapOf, layOut, type NetworkLayout, Offsets } from '../engine/layout.js';
import { initialise } from '../layers/init.js';
import { describe, MOST_FLOAT32 } from '../support/check.js';
import { Crew } from '../threads/crew.js';
import { type Definition, lastLayer, roleOf, shapesOf } from './definition.js';
import { type Copied, copyExamples, type Source } from './source.js';

/** What a batch is for: the codes of `assembly/abi/records.ts`. */
export const PREDICT = 0;
export const EVALUATE = 1;
export const TRAIN = 2;

/** Most rows of one pass, and the most bytes that its rows may take; more rows than that go in several passes. */
const MOST_ROWS = 256;
const MOST_ROW_BYTES = 0x8000000;

/** Most steps of one call into the kernels. */
export const MOST_STEPS = 1024;

/**
 * A network in linear memory: one block with its records, parameters, gradients and optimizer state, and the
 * engine's workspace for the rows of a pass. It knows pointers; `network.ts` knows the user.
 */
export class Model {
  readonly engine: Engine;
  readonly definition: Definition;
  readonly layout: NetworkLayout;
  readonly shape: TargetShape;
  /** The block, which begins with the network's record. */
  readonly at: number;
  /** The threads that work for it. */
  readonly crew: Crew;
  readonly optimizerAt: number;
  readonly parametersAt: number;
  readonly gradientsAt: number;
  /** The optimizer's arrays: name, and address. */
  readonly state: readonly { name: string; at: number }[];
  readonly bytes: number;
  /** Rows of one pass. The reported losses are summed by passes, so this may depend on nothing but the network. */
  readonly mostRows: number;
  /** Multiply-adds of one example, times two: forward, and with the gradients. */
  readonly forwardFlops: number;
  readonly trainFlops: number;
  readonly #hitRules: HitRules;
  /** Shuffles drawn so far: the counter of their random stream. */
  shuffles = 0;
  /** Whether it has been taught with anything yet: `scale.ts`. */
  scaleWatched = false;
  rates = 0;
  totals = 0;
  /** Steps made before the call that is under way, if one is. */
  stepsBefore: number | undefined;
  #boundRows = 0;
  #boundVersion = -1;
  /** Rows of the workspace whose gaps are 0. */
  #cleanRows = 0;

  constructor(engine: Engine, definition: Definition, threads = 1) {
    this.engine = engine;
    this.definition = definition;
    const shapes = shapesOf(definition);
    const layout = (this.layout = layOut(shapes));
    const { name: lossName } = definition.loss;
    const { units: outputs, activation: last } = lastLayer(definition);
    this.shape = {
      inputs: definition.inputs,
      outputs,
      loss: lossName,
      range: targetRange(lossName),
      takesLabels: lossName === 'crossEntropy',
    };
    this.#hitRules = hitRules(lossName, last.name, outputs);
    const weights = shapes.map(({ inputs, outputs: units }) => inputs * units);
    this.forwardFlops = weights.reduce((sum, count) => sum + 2 * count, 0);
    this.trainFlops = 3 * this.forwardFlops - 2 * weights[0];
    const rowBytes = (this.#workspace(MOST_ROWS).bytes - this.#workspace(0).bytes) / MOST_ROWS;
    this.mostRows = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_ROW_BYTES / rowBytes)));

    const { kernels } = engine;
    const offsets = new Offsets();
    offsets.take(kernels.recordBytes(shapes.length));
    const optimizer = offsets.take(kernels.optimizerBytes());
    const parameters = offsets.floats(layout.count);
    const gradients = offsets.floats(layout.count);
    const state = stateNames(definition.optimizer).map((name) => ({
      name,
      at: name ? offsets.floats(layout.count) : 0,
    }));
    this.bytes = offsets.bytes;
    this.at = engine.allocateNetwork(this.bytes);
    kernels.clear(this.at, this.bytes);
    this.crew = new Crew(engine, this.at, threads);
    this.optimizerAt = this.at + optimizer;
    this.parametersAt = this.at + parameters;
    this.gradientsAt = this.at + gradients;
    this.state = state.map(({ name, at }) => ({ name, at: name ? this.at + at : 0 }));
    this.#writeRecords();
  }

  /** Draws the first weights from the seed, and fills the optimizer's first state. */
  initialise(): void {
    const { engine, definition, parametersAt } = this;
    const { optimizer } = definition;
    this.layout.layers.forEach((layer, index) => {
      const how = { ...definition.layers[index], role: roleOf(definition, index) };
      initialise(engine, parametersAt, layer, index, definition.seed, how);
    });
    const accumulator = optimizer.settings['initialAccumulator'];
    const squareSum = this.state[1]?.at;
    if (typeof accumulator === 'number' && squareSum) this.engine.f32(squareSum, this.layout.count).fill(accumulator);
  }

  #writeRecords(): void {
    const { kernels } = this.engine;
    const { definition, layout, at } = this;
    const { name: lossName, parameter } = definition.loss;
    const { activation } = lastLayer(definition);
    const { settings, name } = definition.optimizer;
    const setting = (option: string): number => Number(settings[option] ?? 0);
    kernels.setNetwork(
      at,
      layout.layers.length,
      lossCode(lossName, activation.name),
      parameter,
      this.optimizerAt,
      this.parametersAt,
      this.gradientsAt,
      layout.count,
    );
    kernels.setOptimizer(
      this.optimizerAt,
      OPTIMIZERS[name].code,
      setting('nesterov'),
      ...([0, 1, 2].map((index) => this.state[index]?.at ?? 0) as [number, number, number]),
      setting('momentum'),
      setting('dampening'),
      setting('weightDecay'),
      setting('beta1'),
      name === 'rmsProp' ? setting('alpha') : setting('beta2'),
      setting('epsilon'),
      setting('rateDecay'),
      definition.clipNorm,
    );
    const scales = definition.layers.map(({ rateScale }) => rateScale);
    const sparesBiases = settings['decay'] === 'weights';
    const bySpans = sparesBiases || scales.some((scale) => scale !== 1);
    kernels.setGroups(this.optimizerAt, Number(bySpans), Number(sparesBiases), Math.max(...scales));
    layout.layers.forEach((layer, index) => {
      const { activation: own, bias, rateScale } = definition.layers[index];
      const { inputs, outputs, lda, ld, panels, panelStride, weightOffset, biasOffset } = layer;
      const place = (offset: number): [number, number] => [
        this.parametersAt + offset * 4,
        this.gradientsAt + offset * 4,
      ];
      const [weight, weightGradient] = place(weightOffset);
      const [biases, biasGradient] = place(biasOffset);
      kernels.setLayer(
        at,
        index,
        inputs,
        outputs,
        lda,
        ld,
        panels,
        panelStride,
        ACTIVATIONS[own.name].code,
        own.parameter,
        Number(bias),
        weight,
        biases,
        weightGradient,
        biasGradient,
      );
      kernels.setRateScale(at, index, rateScale);
    });
  }

  /** The workspace for passes of `rows`: its size, and what lies where. */
  #workspace(rows: number): Workspace {
    const offsets = new Offsets();
    const first = this.layout.layers[0];
    const last = this.layout.layers[this.layout.layers.length - 1];
    const rates = offsets.take(MOST_STEPS * 8);
    const totals = offsets.take(16);
    const x = offsets.floats(rows * first.lda);
    const target = offsets.floats(rows * last.ld);
    const labels = offsets.take(rows * 4);
    const weights = offsets.take(rows * 4);
    const scratches = this.layout.layers.map(({ inputs, outputs, lda, ld, panels }) => {
      return this.engine.kernels.scratchFloats(rows, inputs, outputs, lda, ld, panels);
    });
    const scratch = offsets.floats(Math.max(...scratches));
    const layers = this.layout.layers.map(({ ld }, index) => {
      const z = offsets.floats(rows * ld);
      const linear = this.definition.layers[index]?.activation.name === 'linear';
      return { z, a: linear ? z : offsets.floats(rows * ld), d: offsets.floats(rows * ld) };
    });
    return { bytes: offsets.bytes, rates, totals, x, target, labels, weights, scratch, layers };
  }

  /**
   * Makes the workspace ready for passes of up to `rows` rows of `source`. Whatever was under way in slices is
   * completed first. Call it before anything is begun: another network, or another call, may have come between.
   */
  prepare(rows: number, source: Source, inputGradient = 0): void {
    const { engine, at } = this;
    const { workspace, kernels } = engine;
    const pass = Math.min(rows, this.mostRows);
    if (engine.claim(this)) this.#cleanRows = 0;
    if (pass > this.#boundRows || this.#boundVersion !== workspace.version) this.#bind(Math.max(rows, this.#boundRows));
    if (pass > this.#cleanRows) this.#clearGaps(pass);
    if (this.#inputGradient !== inputGradient) this.#stage(inputGradient);
    kernels.setSource(
      at,
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

  #staging = { rows: 0, target: 0, labels: 0, weights: 0, scratch: 0 };
  #inputGradient = 0;

  #stage(inputGradient: number): void {
    const { rows, target, labels, weights, scratch } = this.#staging;
    this.#inputGradient = inputGradient;
    this.engine.kernels.setStaging(this.at, rows, target, labels, weights, scratch, inputGradient);
  }

  #bind(rows: number): void {
    const { engine, at } = this;
    // few sizes, so that batches of changing length do not move everything each time
    let capacity = 1;
    while (capacity < rows) capacity *= 2;
    capacity = Math.min(capacity, this.mostRows);
    const { bytes, ...offsets } = this.#workspace(capacity);
    const base = engine.reserve(engine.workspace, bytes, `a pass of ${capacity} examples`);
    this.rates = base + offsets.rates;
    this.totals = base + offsets.totals;
    this.#staging = {
      rows: capacity,
      target: base + offsets.target,
      labels: base + offsets.labels,
      weights: base + offsets.weights,
      scratch: base + offsets.scratch,
    };
    this.#stage(0);
    this.#layerBuffers = offsets.layers.map(({ z, a, d }, index) => {
      const x = index ? (offsets.layers[index - 1]?.a ?? 0) : offsets.x;
      return { x: base + x, z: base + z, a: base + a, d: base + d };
    });
    this.#layerBuffers.forEach(({ x, z, a, d }, index) => engine.kernels.setLayerBuffers(at, index, x, z, a, d));
    this.#boundRows = capacity;
    this.#boundVersion = engine.workspace.version;
    this.#cleanRows = 0;
  }

  /** Sets to 0 what kernels read of the gaps in `rows` rows: another's numbers lie there, which need not be finite. */
  #clearGaps(rows: number): void {
    this.layout.layers.forEach((layer, index) => {
      const gap = gapOf(layer);
      if (gap === 0) return;
      const { z, a, d } = this.buffersOf(index);
      for (const array of new Set([z, a, d])) {
        for (let row = this.#cleanRows; row < rows; row++) {
          this.engine.kernels.clear(array + ((row + 1) * layer.ld - gap) * 4, gap * 4);
        }
      }
    });
    this.#cleanRows = rows;
  }

  #layerBuffers: readonly LayerBuffers[] = [];

  /** Where the rows of layer `index` are, after `prepare`. */
  buffersOf(index: number): LayerBuffers {
    return this.#layerBuffers[index];
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

  /** Steps made so far, while none is under way. */
  get steps(): number {
    return this.engine.kernels.optimizerSteps(this.optimizerAt);
  }

  /** Steps made so far, at any time: those of a call that is under way count when it is done. */
  get wholeSteps(): number {
    return this.stepsBefore ?? this.steps;
  }
}

interface LayerBuffers {
  /** The layer's input rows: the activations of the layer below. */
  readonly x: number;
  readonly z: number;
  readonly a: number;
  readonly d: number;
}

interface Workspace {
  readonly bytes: number;
  readonly rates: number;
  readonly totals: number;
  readonly x: number;
  readonly target: number;
  readonly labels: number;
  readonly weights: number;
  readonly scratch: number;
  readonly layers: readonly Omit<LayerBuffers, 'x'>[];
}
