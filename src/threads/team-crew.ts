import type { Engine } from '../engine/engine.js';
import { now } from '../support/clock.js';
import { type Call, type Collect, type Crew, kernelOf, type Work } from './crew.js';
import { Pace } from './pace.js';
import type { Team } from './team.js';

/** Steps of fewer flops are not worth a second thread. */
const LEAST = 60_000;

/** A crew of an engine's team: as many of its threads as are fastest at the time. */
export class TeamCrew implements Crew {
  readonly #engine: Engine;
  readonly #team: Team;
  /** The network's record. */
  readonly #at: number;
  readonly wanted: number;
  readonly #pace: Pace;
  /** Why the network is of no use any more. */
  #damage: Error | undefined;

  constructor(engine: Engine, team: Team, at: number, threads: number) {
    this.#engine = engine;
    this.#team = team;
    this.#at = at;
    this.wanted = threads;
    this.#pace = new Pace(this.threads);
  }

  get threads(): number {
    return this.#team.count(this.wanted);
  }

  assertWhole(): void {
    if (this.#damage) throw this.#damage;
  }

  run(flops: number, call: () => number): number {
    const team = this.#team;
    for (;;) {
      const finish = this.#begin({ flops, step: team.isOwn ? flops : 0 });
      const result = call();
      if (finish(() => true) !== 'lost') return result;
      this.assertWhole();
    }
  }

  async lead(work: Work, call: Call, collect: Collect): Promise<number> {
    const [name, ...args] = call;
    const team = this.#team;
    const finish = this.#begin(work);
    let took = 0;
    const end = (result: number): void => {
      const time = finish((lost) => collect(result, lost));
      if (typeof time === 'number') took = time;
    };
    if (team.hasLeader) await this.#remotely(team.call(name, [this.#at, ...args]), end);
    else end(kernelOf(this.#engine, call)(this.#at, ...args));
    this.assertWhole();
    return took;
  }

  /** Waits for another thread's call, or has it collected as soon as somebody needs the workspace. */
  async #remotely(call: Promise<void>, end: (result: number) => void): Promise<void> {
    const settle = (): void => {
      const result = this.#team.settle();
      if (result === undefined) this.#damage = new Error(DAMAGED);
      else end(result);
    };
    const letGo = this.#engine.hold(settle);
    await call;
    if (letGo()) settle();
  }

  /**
   * Appoints the threads of the next call. The function that comes back ends it: it has the result collected, learns
   * from the call, and returns how long it took.
   */
  #begin({ flops, step }: Work): (collect: (lost: boolean) => boolean) => number | 'lost' {
    const team = this.#team;
    const shared = step >= LEAST && this.threads > 1;
    const threads = shared ? this.#pace.choose() : 1;
    team.appoint(this.#at, threads);
    const began = now();
    return (collect) => {
      const took = now() - began;
      const loss = team.recover(this.#at);
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
