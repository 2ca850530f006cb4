import type { Engine } from './engine.js';

/** Blocks of the engine's memory that are given back together. */
export class Blocks {
  readonly #engine: Engine;
  readonly #addresses: number[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** As the engine's own `allocate`, with room for the whole vector that a kernel may read behind the last value. */
  allocate(bytes: number, what: string): number {
    const at = this.#engine.allocate(bytes + 64, what);
    this.#addresses.push(at);
    return at;
  }

  /** How many there are. */
  get count(): number {
    return this.#addresses.length;
  }

  /** Gives back all but the first `kept`. Those that come after are kept again. */
  release(kept = 0): void {
    for (const at of this.#addresses.splice(kept)) this.#engine.release(at);
  }
}
