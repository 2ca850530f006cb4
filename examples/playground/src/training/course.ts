/**
 * The course of losses and accuracies, for the curves: measured at fixed steps and not when a frame happens to be
 * drawn, so that a link shows the same curves.
 */
import type { Configuration, Course, Measured } from './protocol.js';

/** Beyond so many points every other one is dropped, and from then on only every other one is measured. */
const MOST_POINTS = 512;
/** The first points lie so far apart that measuring takes about as long as training. */
const SHARE = 4;

export interface Point {
  readonly train: Measured;
  readonly test: Measured;
  readonly deltas: readonly number[];
}

export class CourseKeeper {
  /** A power of two: the steps between two points. */
  #stride: number;
  #points: (Point & { readonly steps: number })[] = [];

  constructor({ train, test, setting }: Pick<Configuration, 'train' | 'test' | 'setting'>) {
    const apart = (train.count + test.count) / setting.batchSize / SHARE;
    this.#stride = 2 ** Math.max(0, Math.floor(Math.log2(apart)));
  }

  /** Called after each step, in order; for one that was noted already nothing happens. */
  note(steps: number, measure: () => Point): void {
    if (steps % this.#stride !== 0 || steps === this.#points.at(-1)?.steps) return;
    this.#points.push({ steps, ...measure() });
    if (this.#points.length <= MOST_POINTS) return;
    this.#stride *= 2;
    this.#points = this.#points.filter((point) => point.steps % this.#stride === 0);
  }

  get course(): Course {
    return {
      steps: this.#points.map(({ steps }) => steps),
      loss: this.#points.map(({ train, test }) => [train.loss, test.loss]),
      deltas: this.#points.map(({ deltas }) => deltas),
      accuracy: this.#points.map(({ train, test }) => [train.accuracy, test.accuracy]),
    };
  }
}
