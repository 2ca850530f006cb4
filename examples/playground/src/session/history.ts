/** The course of losses and accuracies, for the curves. */
import type { Snapshot } from '../training/protocol.js';

/** Beyond so many points every other one is dropped, and from then on only every other one is kept. */
const MOST_POINTS = 800;

export type Curve = 'loss' | 'accuracy';

type Values = (number | null)[];

/** The steps, then a value for each: on the training examples, on those of the test. Where one overflowed is a gap. */
export type Series = [steps: number[], train: Values, test: Values];

export class History {
  #series: Record<Curve, Series> = { loss: [[], [], []], accuracy: [[], [], []] };
  /** The fewest steps between two points. */
  #stride = 1;

  of(curve: Curve): Series {
    return this.#series[curve];
  }

  clear(): void {
    this.#series = { loss: [[], [], []], accuracy: [[], [], []] };
    this.#stride = 1;
  }

  add({ steps, train, test, activity }: Snapshot): void {
    const known = this.#series.loss[0];
    const last = known.at(-1) ?? -Infinity;
    // at rest the very step counts
    if (steps === last || (activity !== 'idle' && steps - last < this.#stride)) return;
    append(this.#series.loss, steps, train.loss, test.loss);
    append(this.#series.accuracy, steps, train.accuracy, test.accuracy);
    if (known.length > MOST_POINTS) this.#thin();
  }

  #thin(): void {
    for (const series of Object.values(this.#series)) {
      series.forEach((values: Values, at) => (series[at] = values.filter((_, index) => index % 2 === 0) as number[]));
    }
    const [steps] = this.#series.loss;
    this.#stride = Math.max(1, Math.floor((steps[steps.length - 1] - steps[0]) / MOST_POINTS) * 2);
  }
}

function append([at, ofTrain, ofTest]: Series, steps: number, train: number, test: number): void {
  at.push(steps);
  ofTrain.push(Number.isFinite(train) ? train : null);
  ofTest.push(Number.isFinite(test) ? test : null);
}
