import { bytes as inBytes, checkOneOf, describe, quantity } from '../check.js';
import { turn } from '../slices.js';
import { collectGarbage } from './garbage.js';
import { unshareable, warnOnce } from './host.js';
import { instantiate } from './instantiate.js';
import type { Kernels, SharedKernels } from './kernels.js';
import { compileProvided } from './provided.js';
import { compileKernels, isKernelSource, type KernelSource } from './source.js';
import type { Team } from './team.js';
import { chooseVariant, type Numerics, type Sharing, type Variant } from './variants.js';

/** What the allocator can give in one piece: see `assembly/memory.ts`. */
const LARGEST_BLOCK = 0x3e000000;

/** Bytes of networks below which garbage is left to the host; above, it is collected whenever they have doubled. */
const LEAST_GARBAGE = 0x10000000;

/** Memory that one computation after another may use, and that keeps nothing between them. */
export interface Scratch {
  at: number;
  bytes: number;
  /** Changes whenever the scratch has moved. */
  version: number;
}

const engines = new Map<string, Promise<Engine>>();
const sources = new Map<string, KernelSource>();

/**
 * One instance of the kernels and its linear memory, which all networks of this realm share: engines allow only
 * some hundred memories to a page, and a thousand small networks are as cheap as their weights.
 */
export class Engine {
  readonly kernels: Kernels;
  readonly variant: Variant['name'];
  /** The threads that share its memory; of a local variant there is none. */
  readonly team: Team | undefined;
  /** Rows of the pass at hand: inputs, activations, deltas. */
  readonly workspace: Scratch = { at: 0, bytes: 0, version: 0 };
  /** What a synchronous call copies in and out. */
  readonly transfer: Scratch = { at: 0, bytes: 0, version: 0 };
  /** Whose rows the workspace holds. */
  #owner: object | undefined;
  /** Completes the step that is under way in slices; called before anything else may use the workspace. */
  unfinished: (() => void) | undefined;
  /** Settles when the work of the last who asked for a turn is done. */
  #turns: Promise<unknown> = Promise.resolve();
  /** Bytes of networks made since the event loop last turned: see `settle`. */
  #unsettled = 0;
  /** The bytes of each network that is alive, by its address; their sum, and the sum at which to collect garbage. */
  readonly #networks = new Map<number, number>();
  #taken = 0;
  #collectAt = LEAST_GARBAGE;

  constructor(kernels: Kernels, variant: Variant['name'], team?: Team) {
    this.kernels = kernels;
    this.variant = variant;
    this.team = team;
  }

  /** `bytes` of memory, as it was left, 16-byte aligned. Detaches views. Throws a RangeError where there is no more. */
  allocate(bytes: number, what: string): number {
    if (bytes > LARGEST_BLOCK) {
      throw new RangeError(`${what} needs ${inBytes(bytes)} of memory: at most ${inBytes(LARGEST_BLOCK)} can be had`);
    }
    try {
      return this.kernels.allocate(bytes) >>> 0;
    } catch (cause) {
      const refusal = `${what} needs ${inBytes(bytes)} of memory: this machine gave no more`;
      throw new RangeError(refusal + this.#whatIsAlive(), { cause });
    }
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
    // whoever comes next has nothing to do with how this one ends
    this.#turns = done.catch(() => undefined);
    return done;
  }

  release(at: number): void {
    this.kernels.release(at);
    this.#taken -= this.#networks.get(at) ?? 0;
    this.#networks.delete(at);
  }

  /** Gives the workspace to `owner`, once what is under way is complete. True where it has been another's since. */
  claim(owner: object): boolean {
    this.unfinished?.();
    if (this.#owner === owner) return false;
    this.#owner = owner;
    return true;
  }

  /** Forgets an owner that is no more. */
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

/**
 * This realm's engine for `numerics`, compiled on first use; one whose memory `threads` threads share, where that is
 * more than 1 and the host allows it. Those that cannot be started are reported, and done without.
 */
export async function getEngine(numerics: Numerics, threads = 1): Promise<Engine> {
  const local = chooseVariant(numerics, 'local');
  if (threads === 1) return engineOf(local);
  const { engine, why } = await sharedEngine(numerics, threads);
  if (engine) return engine;
  warnOnce(`chainrule works on one thread, of the ${threads} that were asked for: ${why}`);
  return engineOf(local);
}

/** An engine with threads, or why there is none. Kernels that were provided for it, and are of no use, are an error. */
async function sharedEngine(numerics: Numerics, threads: number): Promise<{ engine?: Engine; why?: string }> {
  const obstacle = unshareable();
  if (obstacle) return { why: obstacle };
  const variant = chooseVariant(numerics, 'shared');
  if (!variant.name.endsWith('.shared')) return { why: 'this engine has no threads for WebAssembly' };
  try {
    const engine = await engineOf(variant);
    await engine.team?.grow(threads);
    return { engine };
  } catch (error) {
    if (sources.has(variant.name)) throw error;
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

function engineOf(variant: Variant): Promise<Engine> {
  let starting = engines.get(variant.name);
  if (!starting) {
    starting = start(variant, sources.get(variant.name));
    engines.set(variant.name, starting);
    // a source that failed may be mended: the next call tries again
    starting.catch(() => engines.delete(variant.name));
  }
  return starting;
}

/**
 * Takes the kernels from elsewhere than the package's own inlined bytes: a compiled module (for hosts that forbid
 * compiling from bytes), or the bytes or address of a file of the package. `chainrule/kernels.wasm` is that for
 * `numerics: 'reproducible'`, `chainrule/kernels.relaxed.wasm` for `'fused'`; networks with threads take, and `sharing:
 * 'shared'` provides, `chainrule/kernels.shared.wasm` and `chainrule/kernels.relaxed.shared.wasm`. Call it before the
 * first network is created.
 *
 * Another file than that is refused, by a TypeError of `createNetwork` and `loadNetwork` that names the one expected.
 *
 * @throws TypeError for anything else; Error when the kernels are already in use
 */
export function provideKernels(
  source: KernelSource,
  numerics: Numerics = 'reproducible',
  sharing: Sharing = 'local',
): void {
  const { name } = chooseVariant(
    checkOneOf('numerics', numerics, ['reproducible', 'fused']) as Numerics,
    checkOneOf('sharing', sharing, ['local', 'shared']) as Sharing,
  );
  if (!isKernelSource(source)) {
    throw new TypeError(`"source" must be a WebAssembly module, its bytes or its address: got ${describe(source)}`);
  }
  if (engines.has(name)) {
    throw new Error('provideKernels comes too late: the kernels are in use. Call it before the first createNetwork');
  }
  sources.set(name, source);
}

/** The largest linear memory, in pages: 4 GiB. A memory that is shared has to say so. */
const MOST_PAGES = 65_536;

async function start({ name, bytes }: Variant, source: KernelSource | undefined): Promise<Engine> {
  const module = await (source === undefined ? compileKernels(await bytes(), name) : compileProvided(source, name));
  if (!name.endsWith('.shared')) {
    return new Engine((await instantiate(module)) as unknown as Kernels, name);
  }
  const { sharedImports, Team } = await import('./team.js');
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  const kernels = (await instantiate(module, sharedImports(memory))) as unknown as SharedKernels;
  return new Engine(kernels, name, new Team(kernels, module));
}
