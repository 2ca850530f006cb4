import type { Engine } from '../engine/engine.js';
import { warn } from '../engine/host.js';
import type { SharedKernels } from '../engine/kernels.js';
import { MOST_THREADS } from './option.js';
import { after, Patience } from './patience.js';
import { type Message, startThread, type Thread } from './thread.js';

/** How long a worker may take to start, and a leader to answer, in seconds: far more than either takes. */
const START = 10;
const ANSWER = 5;

/** A cache line, and the one that is fetched with it. */
const LINE = 128;

/** A worker's place in the team. */
interface Seat {
  readonly thread: Thread;
  lost: boolean;
}

/**
 * The threads that share an engine's memory: see `assembly/step/team.ts` for how they share the work. The caller's own
 * thread leads where it may wait; in a page a worker leads, and the page hears of it by message.
 */
export class Team {
  /** The record in memory that the kernels know it by. */
  readonly at: number;
  /** Whether the caller's own thread leads. */
  readonly isOwn = canWait();
  readonly #kernels: SharedKernels;
  readonly #module: WebAssembly.Module;
  /** By place; place 0 is the leader's, and empty where that is the caller. */
  readonly #seats: (Seat | undefined)[] = [];
  /** Where the leader leaves the number of its latest call, and what it gave. */
  readonly #reply: number;
  #growing: Promise<void> = Promise.resolve();
  /** How many calls the leader has been sent. */
  #calls = 0;
  /** Ends the wait for the leader's call, in a page: it makes one at a time. */
  #answered: (() => void) | undefined;

  constructor(engine: Engine) {
    const kernels = (this.#kernels = engine.kernels as SharedKernels);
    this.#module = engine.module;
    const bytes = LINE + kernels.teamBytes(MOST_THREADS);
    const at = Math.ceil(kernels.allocate(bytes + LINE) / LINE) * LINE;
    kernels.clear(at, bytes);
    this.#reply = at;
    this.at = at + LINE;
    if (this.isOwn) this.#seats.push(undefined);
  }

  /** How many of the first `wanted` threads can work: 1 when only the caller can. */
  count(wanted: number): number {
    if (!this.isOwn && this.#seats[0]?.lost !== false) return 1;
    return 1 + this.#seats.slice(1, wanted).filter((seat) => seat?.lost === false).length;
  }

  /** Starts workers until the team has `threads`, as far as they can be had. */
  grow(threads: number): Promise<void> {
    return (this.#growing = this.#growing.then(async () => {
      const first = this.#seats.length;
      const starting = Array.from({ length: Math.max(0, threads - first) }, (_, i) => this.#start(first + i));
      const failures = (await Promise.all(starting)).filter((reason) => reason !== undefined);
      if (failures.length === 0) return;
      warn(`chainrule could not start ${failures.length} of ${starting.length} worker threads: ${failures[0]}`);
    }));
  }

  /** Starts the worker of a place. Resolves when it is ready, or with the reason why it never will be. */
  #start(index: number): Promise<string | undefined> {
    return new Promise((resolve) => {
      let started = false;
      const fail = (reason: string): void => {
        const seat = this.#seats[index];
        if (seat?.lost) return;
        stopWaiting();
        if (started) this.#lose(index, reason);
        else if (seat) {
          seat.lost = true;
          seat.thread.end();
        }
        resolve(reason);
      };
      const onMessage = ({ ready, error, id }: Message): void => {
        if (error !== undefined) fail(error);
        if (id === this.#calls) this.#answered?.();
        if (!ready) return;
        started = true;
        stopWaiting();
        this.#seats[index]?.thread.release();
        resolve(undefined);
      };
      const stopWaiting = after(START, () => fail(`no sign of life after ${START} seconds`));
      try {
        const thread = startThread({ onMessage, onEnd: fail });
        this.#seats[index] = { thread, lost: false };
        const { memory } = this.#kernels;
        thread.send({ module: this.#module, memory, team: this.at, index, reply: this.#reply });
      } catch (error) {
        stopWaiting();
        this.#seats[index] = undefined;
        resolve((error as Error).message);
      }
    });
  }

  #lose(index: number, reason: string): void {
    const seat = this.#seats[index];
    if (!seat || seat.lost) return;
    seat.lost = true;
    seat.thread.end();
    if (index === 0) this.#answered?.();
    warn(`a worker thread of chainrule was lost (${reason}): training goes on without it`);
  }

  /** Whether a worker leads: the caller's own thread may not wait, and the worker is alive. */
  get hasLeader(): boolean {
    return !this.isOwn && this.#seats[0]?.lost === false;
  }

  /** Has the first `threads` of the team do the work of a network from now on. */
  appoint(network: number, threads: number): void {
    this.#kernels.setCrew(network, this.at, threads);
  }

  /**
   * After a call that was cut short, ends the threads that have not come back, and says what was lost: nothing but
   * `time`, or `weights` that they were changing.
   */
  recover(network: number): 'time' | 'weights' | undefined {
    if (!this.#kernels.takeStall(this.at)) return undefined;
    this.#seats.forEach((_, index) => {
      if (index > 0 && this.#kernels.isBusy(this.at, index)) this.#lose(index, 'it did not come back');
    });
    return this.#kernels.isUpdating(network) ? 'weights' : 'time';
  }

  /**
   * Has the leader, a worker, call a kernel: after the last such call was settled, and what it resolved to was heard.
   * Resolves when `settle` has the result.
   */
  async call(name: string, args: readonly number[]): Promise<void> {
    const id = ++this.#calls;
    const done = new Promise<void>((resolve) => (this.#answered = resolve));
    this.#seats[0]?.thread.send({ id, name, args });
    // one that dies or hangs sends no message
    const stopWaiting = after(ANSWER, () => this.#lose(0, 'it did not answer'));
    await done;
    stopWaiting();
    this.#answered = undefined;
  }

  /** Waits for the call that the leader is making, and returns what it gave: nothing, if the leader is lost. */
  settle(): number | undefined {
    const words = new Int32Array(this.#kernels.memory.buffer, this.#reply, 2);
    const patience = new Patience(ANSWER * 1000);
    while (Atomics.load(words, 0) !== this.#calls) {
      if (this.hasLeader && !patience.isOver) continue;
      this.#lose(0, 'it did not answer');
      return undefined;
    }
    return words[1];
  }
}

/** Whether the caller's thread may wait: it may not where it would hold up a page. */
function canWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}
