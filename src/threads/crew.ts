import type { Engine } from '../engine/engine.js';
import { now } from '../support/clock.js';

/** The flops of a call into the kernels, and of one step of it, which is what its threads share at a time. */
export interface Work {
  readonly flops: number;
  readonly step: number;
}

/** A call that a crew's leader can make: its name among the kernels, and its arguments behind the network. */
export type Call = readonly [name: 'advance' | 'trainBatches', ...args: number[]];

/** Any of the kernels that the host calls by name. */
type Kernel = (...args: readonly number[]) => number;

/** The kernel that a call names. */
export function kernelOf({ kernels }: Engine, [name]: Call): Kernel {
  return (kernels as unknown as Record<string, Kernel>)[name];
}

/**
 * Takes what a call gave. `lost` says that a thread was lost, and the call ended too soon. Returns true when the call
 * did all its work, so that the time it took tells how fast it was.
 */
export type Collect = (result: number, lost: boolean) => boolean;

/** The threads that work for one network. */
export interface Crew {
  /** How many threads were asked for. */
  readonly wanted: number;
  /** How many threads may share the work. */
  readonly threads: number;
  /** Throws when a thread was lost while it changed the weights. */
  assertWhole(): void;
  /** Makes a call of about `flops` that the caller's thread leads, again where a thread was lost in its midst. */
  run(flops: number, call: () => number): number;
  /**
   * Has the crew's leader make a call, and `collect` take what it gave; the caller has its turn at the engine. Where
   * another thread leads, a call that needs the engine's workspace meanwhile waits for the leader, and has the result
   * collected first. Resolves with the milliseconds of a call that did all its work, and 0 otherwise.
   */
  lead(work: Work, call: Call, collect: Collect): Promise<number>;
}

/** The caller's thread alone. */
export class Solo implements Crew {
  readonly threads = 1;
  readonly wanted: number;
  readonly #engine: Engine;
  /** The network's record. */
  readonly #at: number;

  constructor(engine: Engine, at: number, wanted: number) {
    this.#engine = engine;
    this.#at = at;
    this.wanted = wanted;
  }

  assertWhole(): void {
    // there is nobody who could be lost
  }

  run(_flops: number, call: () => number): number {
    return call();
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is a rejection, as of every crew
  async lead(_work: Work, call: Call, collect: Collect): Promise<number> {
    const began = now();
    const result = kernelOf(this.#engine, call)(this.#at, ...(call.slice(1) as number[]));
    const took = now() - began;
    return collect(result, false) ? took : 0;
  }
}
