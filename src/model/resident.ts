import { type Examples, Labels } from '../data/numbers.js';
import { weightOf } from '../data/weights.js';
import type { Blocks } from '../engine/blocks.js';
import { seedWords, SHUFFLE_STREAM, SHUFFLES } from '../layers/init.js';
import type { Model } from './model.js';
import { copyExamples, NOTHING, type Source } from './source.js';

/** Examples that lie in the engine's memory, in blocks that are given back when the fit is over. */
export class Resident {
  readonly count: number;
  readonly #model: Model;
  /** What their means are divided by: the sum of their weights, their count where all weigh 1. */
  readonly weight: number;
  #source = NOTHING;

  private constructor(model: Model, examples: Examples) {
    this.#model = model;
    this.count = examples.count;
    this.weight = weightOf(examples);
  }

  /** Copies the examples into `blocks`, piece by piece, and checks every value. */
  static *copying(
    model: Model,
    blocks: Blocks,
    examples: Examples,
    shuffled: boolean,
  ): Generator<undefined, Resident, void> {
    const { engine, shape } = model;
    const { count, first } = examples;
    const resident = new Resident(model, examples);
    const targets = examples.y instanceof Labels ? 1 : shape.outputs;
    const rowBytes = shape.inputs * examples.x.valueBytes;
    const x = blocks.allocate(count * rowBytes, `"x", with ${count} examples,`);
    const y = blocks.allocate(count * targets * 4, `"y", with ${count} examples,`);
    const weights = examples.weights ? blocks.allocate(count * 4, `the weights of ${count} examples`) : 0;
    const order = shuffled ? blocks.allocate(count * 4, `the order of ${count} examples`) : 0;
    const piece = Math.max(1, Math.floor(0x40000 / shape.inputs));
    let [inputSize, targetSize] = [0, 0];
    let isOneHot = model.asksForOneHot;
    let source = resident.#source;
    for (let from = 0; from < count; from += piece) {
      const rows = Math.min(piece, count - from);
      const places = { x: x + from * rowBytes, y: y + from * targets * 4, weights: weights + from * 4 };
      source = copyExamples(engine, examples, from, rows, places);
      inputSize = Math.max(inputSize, source.inputSize);
      targetSize = Math.max(targetSize, source.targetSize);
      isOneHot &&= examples.y.isOneHot(first + from, rows);
      yield;
    }
    const hitRule = model.hitRuleOf(isOneHot);
    const places = { x, y: source.y && y, labels: source.labels && y, weights, order };
    resident.#source = { ...source, ...places, inputSize, targetSize, hitRule };
    return resident;
  }

  get source(): Source {
    return this.#source;
  }

  /** Draws a new order, the network's next, piece by piece. */
  *shuffling(): Generator<undefined, void, void> {
    const { order } = this.#source;
    if (!order) return;
    const model = this.#model;
    const { kernels } = model.engine;
    const [low, high] = seedWords(model.definition.seed);
    const stream = SHUFFLE_STREAM + model.shuffles;
    model.shuffles = (model.shuffles + 1) % SHUFFLES;
    kernels.identityOrder(order, this.count);
    const piece = 0x10000;
    for (let from = this.count - 1; from > 0; from -= piece) {
      kernels.shuffle(order, from, Math.max(0, from - piece + 1), low, high, stream, 0);
      yield;
    }
  }
}
