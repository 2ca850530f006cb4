import type { Engine } from '../engine/engine.js';

/** What each of some rows counts in a mean. */
export class Weights {
  readonly #values: Float32Array;

  constructor(values: Float32Array) {
    this.#values = values;
  }

  of(row: number): number {
    return this.#values[row];
  }

  /** Copies those of rows `from` to `from + rows` to `at` in the engine's memory. */
  copy(engine: Engine, at: number, from: number, rows: number): void {
    engine.f32(at, rows).set(this.#values.subarray(from, from + rows));
  }

  /** The sum of those of rows `from` to `from + rows`, in their order, as the kernels take it. */
  sum(from: number, rows: number): number {
    let sum = 0;
    for (let row = from; row < from + rows; row++) sum += this.#values[row];
    return sum;
  }
}

/** Rows of examples, and what they weigh; without weights each counts 1. */
interface Weighted {
  readonly first: number;
  readonly count: number;
  readonly weights: Weights | undefined;
}

/** What the means over examples are divided by. */
export function weightOf({ first, count, weights }: Weighted): number {
  return weights?.sum(first, count) ?? count;
}

/** The mean that a sum over examples of so much weight makes; 0 of examples that count nothing. */
export function mean(sum: number, weight: number): number {
  return weight > 0 ? sum / weight : 0;
}
