import { Labels, type Examples } from './data.js';
import { seedWords, SHUFFLES, SHUFFLE_STREAM } from './init.js';
import { copyExamples, type Model, type Source } from './model.js';
import type { Slices } from './slices.js';

/** Examples that lie in the engine's memory, in blocks of their own, for as long as a fit lasts. */
export class Resident {
  readonly count: number;
  readonly #model: Model;
  readonly #blocks: number[] = [];
  #source: Source = { x: 0, inputScale: 0, inputSize: 0, y: 0, labels: 0, order: 0, hitRule: 0 };

  private constructor(model: Model, count: number) {
    this.#model = model;
    this.count = count;
  }

  /** Copies the examples in, piece by piece, and checks every value. */
  static async load(model: Model, examples: Examples, shuffled: boolean, slices: Slices): Promise<Resident> {
    const resident = new Resident(model, examples.count);
    try {
      await resident.#copy(examples, shuffled, slices);
      return resident;
    } catch (error) {
      resident.release();
      throw error;
    }
  }

  async #copy(examples: Examples, shuffled: boolean, slices: Slices): Promise<void> {
    const { engine, shape } = this.#model;
    const { count } = this;
    const targets = examples.y instanceof Labels ? 1 : shape.outputs;
    const allocate = (bytes: number, what: string): number => {
      const at = engine.allocate(bytes + 64, what);
      this.#blocks.push(at);
      return at;
    };
    const rowBytes = shape.inputs * examples.x.valueBytes;
    const x = allocate(count * rowBytes, `"x", with ${count} examples,`);
    const y = allocate(count * targets * 4, `"y", with ${count} examples,`);
    const order = shuffled ? allocate(count * 4, `the order of ${count} examples`) : 0;
    const piece = Math.max(1, Math.floor(0x40000 / shape.inputs));
    let inputSize = 0;
    let isOneHot = this.#model.asksForOneHot;
    let source = this.#source;
    for (let from = 0; from < count; from += piece) {
      const rows = Math.min(piece, count - from);
      source = copyExamples(engine, examples, from, rows, x + from * rowBytes, y + from * targets * 4);
      inputSize = Math.max(inputSize, source.inputSize);
      isOneHot &&= examples.y.isOneHot(from, rows);
      if (slices.due) await slices.pause();
    }
    const hitRule = this.#model.hitRuleOf(isOneHot);
    const places = { x, y: source.y && y, labels: source.labels && y, order };
    this.#source = { ...source, ...places, inputSize, hitRule };
  }

  get source(): Source {
    return this.#source;
  }

  /** Draws a new order, the network's next. */
  async shuffle(slices: Slices): Promise<void> {
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
      if (slices.due) await slices.pause();
    }
  }

  release(): void {
    for (const at of this.#blocks.splice(0)) this.#model.engine.release(at);
  }
}
