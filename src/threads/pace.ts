import { now } from '../support/clock.js';

/**
 * Another number of threads is tried once the loss of its last trial has been paid back so many times, and no sooner
 * than after so many milliseconds: trials cost a percent or two.
 */
const PAYBACK = 60;
const PAUSE = 50;

/** How fast one number of threads has been. */
interface Speed {
  readonly threads: number;
  /** Flops per millisecond of late; 0 before the first trial. */
  speed: number;
  /** When it may be tried again, if it is not the fastest. */
  due: number;
}

/**
 * Finds out, while a network works, with how many threads it is fastest: more are not always faster, least of all on a
 * busy machine. What is computed never depends on it.
 */
export class Pace {
  /** 1, 2, 4, ... and all. */
  readonly #speeds: readonly Speed[];
  #best: number;

  constructor(threads: number) {
    const counts: number[] = [];
    for (let count = 1; count < threads; count *= 2) counts.push(count);
    this.#speeds = [...counts, threads].map((each) => ({ threads: each, speed: 0, due: 0 }));
    this.#best = this.#speeds.length - 1;
  }

  /** How many threads should do the next call. */
  choose(): number {
    const time = now();
    const best = this.#speeds[this.#best];
    if (best.speed === 0) return best.threads;
    const trial = [this.#best - 1, this.#best + 1].find((index) => (this.#speeds[index]?.due ?? Infinity) <= time);
    return this.#speeds[trial ?? this.#best].threads;
  }

  /** Takes note of a call of `flops` that took some milliseconds with so many threads. */
  learn(threads: number, flops: number, took: number): void {
    const index = this.#speeds.findIndex((each) => each.threads === threads);
    const tried = this.#speeds[index];
    const best = this.#speeds[this.#best];
    if (!tried || !(took > 0)) return;
    const speed = flops / took;
    tried.speed = tried.speed === 0 ? speed : 0.7 * tried.speed + 0.3 * speed;
    if (tried !== best) {
      const lost = Math.max(0, took - flops / best.speed);
      tried.due = now() + Math.max(PAUSE, PAYBACK * lost);
    }
    this.#speeds.forEach((each, i) => {
      if (each.speed > this.#speeds[this.#best].speed) this.#best = i;
    });
  }
}
