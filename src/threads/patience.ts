import { now } from '../support/clock.js';

/*
 * How long is waited for a thread. Only networks with threads wait, so a page without them never loads this.
 */

/** What two looks are apart at most, and at least where the clock stands still, in milliseconds. */
const MOST_APART = 10;
const LEAST_APART = 5e-6;

/** Time that passes while somebody looks again and again: in that of a process that was stopped, nobody waited. */
export class Patience {
  #last = now();
  #left: number;

  constructor(milliseconds: number) {
    this.#left = milliseconds;
  }

  /** Looks. True when it has been waited for long enough. */
  get isOver(): boolean {
    const time = now();
    this.#left -= Math.min(Math.max(time - this.#last, LEAST_APART), MOST_APART);
    this.#last = time;
    return this.#left <= 0;
  }
}

/**
 * Calls `end` after some seconds, unless the function that comes back is called before. It counts seconds that it was
 * there for, so that a process that was stopped, or a machine that slept, is not late.
 */
export function after(seconds: number, end: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const tick = (left: number): void => {
    timer = setTimeout(() => (left > 1 ? tick(left - 1) : end()), 1000);
  };
  tick(seconds);
  return () => clearTimeout(timer);
}
