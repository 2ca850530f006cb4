import type { Engine } from '../engine/engine.js';
import { now } from '../support/clock.js';
import { teamOf } from './engines.js';
import { Pace } from './pace.js';
import type { Team } from './team.js';

/** What a call into the kernels comes to, in flops, and one step of it: what its threads share at a time. */
export interface Work {
  readonly flops: number;
  readonly step: number;
}

/** A call that a crew's leader can make: its name among the kernels, and its arguments behind the network. */
export type Call = readonly [name: 'advance' | 'trainBatches', ...args: number[]];

/** Any of the kernels that the host calls by name. */
type Kernel = (...args: readonly number[]) => number;

/**
 * Takes what a call gave; `lost` where a thread was lost in its midst, and it ended too soon. Returns true when the
 * call did all its work, so that the time it took tells how fast it was.
 */
export type Collect = (result: number, lost: boolean) => boolean;

/** Steps of fewer flops are not worth a second thread. */
const LEAST = 60_000;

/** The threads that work for one network: of its engine's team, as many as are fastest at the time. */
export class Crew {
  readonly #engine: Engine;
  readonly #team: Team | undefined;
  /** The network's record. */
  readonly #at: number;
  /** How many threads were asked for. */
  readonly wanted: number;
  readonly #pace: Pace;
  /** Why the network is of no use any more. */
  #damage: Error | undefined;

  constructor(engine: Engine, at: number, threads: number) {
    this.#engine = engine;
    this.#team = teamOf(engine);
    this.#at = at;
    this.wanted = threads;
    this.#pace = new Pace(this.threads);
  }

  /** How many threads may share the work. */
  get threads(): number {
    return this.#team?.count(this.wanted) ?? 1;
  }

  /** Throws when a thread was lost while it changed the weights. */
  assertWhole(): void {
    if (this.#damage) throw this.#damage;
  }

  /** Makes a call of about `flops` that the caller's thread leads, again where a thread was lost in its midst. */
  run(flops: number, call: () => number): number {
    const team = this.#team;
    if (!team) return call();
    for (;;) {
      const finish = this.#begin({ flops, step: team.isOwn ? flops : 0 });
      const result = call();
      if (finish(() => true) !== 'lost') return result;
      this.assertWhole();
    }
  }

  /**
   * In its turn at the engine, has the crew's leader make a call, and `collect` take what it gave. Where another thread leads, whoever needs the
   * engine's workspace meanwhile waits for it, and has it collected first. Resolves with the milliseconds of a call
   * that did all its work, and 0 otherwise.
   */
  async lead(work: Work, [name, ...args]: Call, collect: Collect): Promise<number> {
    const { kernels } = this.#engine;
    const team = this.#team;
    const finish = this.#begin(work);
    let took = 0;
    const end = (result: number): void => {
      const time = finish((lost) => collect(result, lost));
      if (typeof time === 'number') took = time;
    };
    if (team?.hasLeader) await this.#remotely(team.call(name, [this.#at, ...args]), end);
    else end((kernels as unknown as Record<string, Kernel>)[name](this.#at, ...args));
    this.assertWhole();
    return took;
  }

  /** Waits for another thread's call, or has it collected as soon as somebody needs the workspace. */
  async #remotely(call: Promise<void>, end: (result: number) => void): Promise<void> {
    const engine = this.#engine;
    const outer = engine.unfinished;
    let collected = false;
    const settle = (): void => {
      if (collected) return;
      collected = true;
      engine.unfinished = outer;
      const result = this.#team?.settle();
      if (result === undefined) this.#damage = new Error(DAMAGED);
      else end(result);
    };
    engine.unfinished = () => {
      settle();
      outer?.();
    };
    await call;
    settle();
  }

  /**
   * Appoints the threads of the next call. The function that comes back ends it: it has the result collected, learns
   * from the call, and returns how long it took.
   */
  #begin({ flops, step }: Work): (collect: (lost: boolean) => boolean) => number | 'lost' {
    const team = this.#team;
    const shared = step >= LEAST && this.threads > 1;
    const threads = shared ? this.#pace.choose() : 1;
    team?.appoint(this.#at, threads);
    const began = now();
    return (collect) => {
      const took = now() - began;
      const loss = team?.recover(this.#at);
      if (loss === 'weights') this.#damage = new Error(DAMAGED);
      const whole = collect(loss !== undefined);
      if (loss) return 'lost';
      if (shared && whole) this.#pace.learn(threads, flops, took);
      return whole ? took : 0;
    };
  }
}

const DAMAGED =
  'a worker thread was lost while it changed the weights: the network cannot be used any more. ' +
  'Make it anew, or load one that was saved';
