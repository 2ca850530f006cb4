import type { Engine } from '../engine/engine.js';
import { engineOf, isProvided } from '../engine/engines.js';
import { chooseVariant, type Numerics } from '../engine/variants.js';
import type { Crew } from './crew.js';
import { TeamCrew } from './team-crew.js';
import { Team } from './team.js';
import { nodeThreads } from './thread.js';

const teams = new WeakMap<Engine, Team>();

/** The threads that share an engine's memory; `undefined` where it is one thread's alone. */
export function teamOf(engine: Engine): Team | undefined {
  return teams.get(engine);
}

/** An engine with threads, and what makes the crew of the network at `at`. */
export interface SharedEngine {
  readonly engine: Engine;
  readonly crewOf: (at: number, threads: number) => Crew;
}

/**
 * This realm's engine for `numerics` whose memory `threads` threads share, or why there is none. Provided kernels that
 * cannot be used are an error.
 */
export async function sharedEngine(numerics: Numerics, threads: number): Promise<SharedEngine | string> {
  const obstacle = unshareable();
  if (obstacle) return obstacle;
  const variant = chooseVariant(numerics, 'shared');
  if (!variant.name.endsWith('.shared')) return 'this engine has no threads for WebAssembly';
  try {
    const engine = await engineOf(variant, sharedImports);
    const team = teamOf(engine) ?? new Team(engine);
    teams.set(engine, team);
    await team.grow(threads);
    return { engine, crewOf: (at, wanted) => new TeamCrew(engine, team, at, wanted) };
  } catch (error) {
    if (isProvided(variant)) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

/** Why memory cannot be shared with threads here, and what helps; nothing where it can. */
function unshareable(): string | undefined {
  const { crossOriginIsolated: isolated } = globalThis as { crossOriginIsolated?: boolean };
  if (isolated === false && !nodeThreads) {
    return (
      'the page is not cross-origin isolated. Serve it with the headers "Cross-Origin-Opener-Policy: same-origin" and ' +
      '"Cross-Origin-Embedder-Policy: require-corp"'
    );
  }
  if (typeof SharedArrayBuffer !== 'function') return 'this host has no SharedArrayBuffer';
  if (typeof setTimeout !== 'function') return 'this host has no timers';
  return nodeThreads || isolated ? undefined : 'this host starts no threads';
}

/** The largest linear memory, in pages: 4 GiB. A memory that is shared has to say so. */
const MOST_PAGES = 65_536;

/** What kernels for shared memory import: see `assembly/step/barrier.ts`. Workers have the same, in `worker.ts`. */
function sharedImports(): { env: WebAssembly.ModuleImports } {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  const words = (): Int32Array => new Int32Array(memory.buffer);
  return {
    env: {
      memory,
      sleep: (bell: number, seen: number, milliseconds: number): void => {
        Atomics.wait(words(), bell >>> 2, seen, milliseconds);
      },
      wake: (bell: number): void => void Atomics.notify(words(), bell >>> 2, 1),
    },
  };
}
