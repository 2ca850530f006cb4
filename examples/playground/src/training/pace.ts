/** Steps per second, over half a second at a time. */
const WINDOW_MS = 500;

export class Pace {
  #since = performance.now();
  #steps = 0;
  #pace = 0;

  /** The pace now, at so many steps; 0 at rest. */
  at(steps: number, moving: boolean): number {
    const now = performance.now();
    if (!moving || steps < this.#steps) this.#pace = 0;
    else if (now - this.#since < WINDOW_MS) return this.#pace;
    else this.#pace = ((steps - this.#steps) / (now - this.#since)) * 1000;
    this.#since = now;
    this.#steps = steps;
    return this.#pace;
  }
}
