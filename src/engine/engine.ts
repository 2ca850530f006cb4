import { bytes as inBytes, quantity } from '../support/check.js';
import { turn } from '../support/event-loop.js';
import { collectGarbage } from './garbage.js';
import type { Kernels } from './kernels.js';
import type { Variant } from './variants.js';

/** What the allocator can give in one piece: see `assembly/abi/memory.ts`. */
const LARGEST_BLOCK = 0x3e000000;

/**
 * While networks take fewer bytes than this, garbage is left to the host; beyond, it is collected whenever they have
 * doubled.
 */
const LEAST_GARBAGE = 0x10000000;

/** Memory that one computation after another may use, and that keeps nothing between them. */
export interface Scratch {
  at: number;
  bytes: number;
  /** Changes whenever the scratch has moved. */
  version: number;
}

/**
 * One instance of the kernels and its linear memory, which all networks of this realm share: engines allow only
 * some hundred memories to a page, and a thousand small networks are as cheap as their weights.
 */
export class Engine {
  readonly kernels: Kernels;
  readonly variant: Variant['name'];
  /** What the kernels are an instance of. */
  readonly module: WebAssembly.Module;
  /** Rows of the pass at hand: inputs, activations, deltas. */
  readonly workspace: Scratch = { at: 0, bytes: 0, version: 0 };
  /** What a synchronous call copies in and out. */
  readonly transfer: Scratch = { at: 0, bytes: 0, version: 0 };
  /** Whose rows the workspace holds. */
  #owner: object | undefined;
  /** What completes the work that is under way in slices: see `hold`. */
  readonly #underWay = new Set<() => void>();
  /** Settles when the work that asked for a turn last is done. */
  #turns: Promise<unknown> = Promise.resolve();
  /** Bytes of networks made since the event loop last turned: see `settle`. */
  #unsettled = 0;
  /** The bytes of each network that is alive, by its address; their sum, and the sum at which to collect garbage. */
  readonly #networks = new Map<number, number>();
  #taken = 0;
  #collectAt = LEAST_GARBAGE;
  /** See `floatsTo`. */
  #floats = new Float32Array(0);

  constructor(kernels: Kernels, variant: Variant['name'], module: WebAssembly.Module) {
    this.kernels = kernels;
    this.variant = variant;
    this.module = module;
  }

  /** `bytes` of memory, as it was left, 16-byte aligned. Detaches views. Throws a RangeError where there is no more. */
  allocate(bytes: number, what: string): number {
    this.assertBlock(bytes, what);
    try {
      return this.kernels.allocate(bytes) >>> 0;
    } catch (cause) {
      const refusal = `${what} needs ${inBytes(bytes)} of memory: this machine gave no more`;
      throw new RangeError(refusal + this.#whatIsAlive(), { cause });
    }
  }

  /** Throws where `bytes` are more than can be had in one piece. */
  assertBlock(bytes: number, what: string): void {
    if (bytes <= LARGEST_BLOCK) return;
    throw new RangeError(`${what} needs ${inBytes(bytes)} of memory: at most ${inBytes(LARGEST_BLOCK)} can be had`);
  }

  /** As `allocate`, for the block of a network: it counts as alive until it is released. */
  allocateNetwork(bytes: number): number {
    const at = this.allocate(bytes, 'the network');
    this.#networks.set(at, bytes);
    this.#taken += bytes;
    return at;
  }

  #whatIsAlive(): string {
    const count = this.#networks.size;
    if (count === 0) return '';
    const networks = `${quantity(count, 'network')} ${count === 1 ? 'is' : 'are'} alive, taking ${inBytes(this.#taken)}`;
    return `. ${networks}: dispose of those that you no longer need`;
  }

  /**
   * Makes a network. Where memory is short, it is tried again once those that were dropped without `dispose` are freed.
   */
  async make<T>(network: () => T): Promise<T> {
    try {
      return network();
    } catch (error) {
      const short = error instanceof RangeError && error.cause instanceof WebAssembly.RuntimeError;
      if (!short) throw error;
    }
    await collectGarbage();
    return network();
  }

  /**
   * Takes note of a new network's bytes, and now and then lets the event loop turn: networks that were dropped without
   * `dispose` are freed in a task of their own, which a loop that only awaits promises never lets run. Where networks
   * take twice as much as they did, garbage is collected.
   */
  async settle(bytes: number): Promise<void> {
    this.#unsettled += bytes;
    if (this.#unsettled < 0x400000) return;
    this.#unsettled = 0;
    await turn();
    if (this.#taken < this.#collectAt) return;
    await collectGarbage();
    this.#collectAt = Math.max(LEAST_GARBAGE, 2 * this.#taken);
  }

  /**
   * Does a piece of work that gives way to the event loop, once all such work that was asked for before is done: there
   * is one workspace, and one leader. Calls that do not give way need no turn: they complete what is under way.
   */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turns.then(work);
    // a failure of this work is no concern of the next
    this.#turns = done.catch(() => undefined);
    return done;
  }

  release(at: number): void {
    this.kernels.release(at);
    this.#taken -= this.#networks.get(at) ?? 0;
    this.#networks.delete(at);
  }

  /**
   * Holds the workspace for work that gives way: `complete` is called before anything else may use it, what was held
   * last first. The function that comes back lets go, and says whether it was held until then.
   */
  hold(complete: () => void): () => boolean {
    this.#underWay.add(complete);
    return () => this.#underWay.delete(complete);
  }

  /** Completes what is under way in slices. */
  complete(): void {
    if (this.#underWay.size === 0) return;
    for (const complete of [...this.#underWay].reverse()) if (this.#underWay.delete(complete)) complete();
  }

  /** Gives the workspace to `owner`, once what is under way is complete. True where it has been another's since. */
  claim(owner: object): boolean {
    this.complete();
    if (this.#owner === owner) return false;
    this.#owner = owner;
    return true;
  }

  /** Forgets an owner that has been disposed of. */
  disown(owner: object): void {
    if (this.#owner === owner) this.#owner = undefined;
  }

  /** Makes a scratch at least `bytes` long. What it held is lost. */
  reserve(scratch: Scratch, bytes: number, what: string): number {
    if (bytes > scratch.bytes) {
      // released first, so that it may grow where it is
      if (scratch.at) this.release(scratch.at);
      scratch.at = scratch.bytes = 0;
      scratch.version++;
      scratch.at = this.allocate(bytes, what);
      scratch.bytes = bytes;
    }
    return scratch.at;
  }

  /**
   * All memory up to byte `end` and more, as floats, for calls that are too short to take a view of their own. It is kept:
   * once memory has grown it is detached, so its length is 0, or, of shared memory, too short.
   */
  floatsTo(end: number): Float32Array {
    if (this.#floats.length * 4 < end) this.#floats = new Float32Array(this.kernels.memory.buffer);
    return this.#floats;
  }

  u8(at: number, count: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.kernels.memory.buffer, at, count);
  }

  f32(at: number, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.kernels.memory.buffer, at, count);
  }

  i32(at: number, count: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.kernels.memory.buffer, at, count);
  }

  f64(at: number, count: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.kernels.memory.buffer, at, count);
  }
}
