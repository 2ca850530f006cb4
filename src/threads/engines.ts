import type { Engine } from '../engine/engine.js';
import { getEngine } from '../engine/engines.js';
import { warnOnce } from '../engine/host.js';
import type { Numerics } from '../engine/variants.js';
import { type Crew, Solo } from './crew.js';
import type { SharedEngine } from './shared-engine.js';

/** What makes the crews of an engine's networks, where threads share its memory. */
const crews = new WeakMap<Engine, SharedEngine['crewOf']>();

/** The crew of the network at `at`, which asks for so many threads. */
export function crewOf(engine: Engine, at: number, threads: number): Crew {
  return crews.get(engine)?.(at, threads) ?? new Solo(engine, at, threads);
}

/**
 * This realm's engine for `numerics`, whose memory `threads` threads share, where that is more than 1 and the host
 * allows it. Threads that cannot be started are reported, and the others share the work.
 */
export async function getThreadedEngine(numerics: Numerics, threads: number): Promise<Engine> {
  if (threads === 1) return getEngine(numerics);
  // few networks have threads: what they take is loaded with the first that has
  const { sharedEngine } = await import('./shared-engine.js');
  const shared = await sharedEngine(numerics, threads);
  if (typeof shared === 'string') {
    warnOnce(`chainrule works on one thread, of the ${threads} that were asked for: ${shared}`);
    return getEngine(numerics);
  }
  crews.set(shared.engine, shared.crewOf);
  return shared.engine;
}
