import type { Engine } from '../engine/engine.js';
import { engineOf, getEngine, isProvided } from '../engine/engines.js';
import { unshareable, warnOnce } from '../engine/host.js';
import { chooseVariant, type Numerics } from '../engine/variants.js';
import type { Team } from './team.js';

const teams = new WeakMap<Engine, Team>();

/** The threads that share an engine's memory; `undefined` where it is one thread's alone. */
export function teamOf(engine: Engine): Team | undefined {
  return teams.get(engine);
}

/**
 * This realm's engine for `numerics`, whose memory `threads` threads share, where that is more than 1 and the host allows
 * it. Threads that cannot be started are reported, and done without.
 */
export async function getThreadedEngine(numerics: Numerics, threads: number): Promise<Engine> {
  if (threads === 1) return getEngine(numerics);
  const { engine, why } = await sharedEngine(numerics, threads);
  if (engine) return engine;
  warnOnce(`chainrule works on one thread, of the ${threads} that were asked for: ${why}`);
  return getEngine(numerics);
}

/** An engine with threads, or why there is none. Kernels that were provided for it, and are of no use, are an error. */
async function sharedEngine(numerics: Numerics, threads: number): Promise<{ engine?: Engine; why?: string }> {
  const obstacle = unshareable();
  if (obstacle) return { why: obstacle };
  const variant = chooseVariant(numerics, 'shared');
  if (!variant.name.endsWith('.shared')) return { why: 'this engine has no threads for WebAssembly' };
  try {
    const engine = await engineOf(variant);
    // few networks have threads: what they take is loaded with the first that has
    const { Team } = await import('./team.js');
    const team = teams.get(engine) ?? new Team(engine);
    teams.set(engine, team);
    await team.grow(threads);
    return { engine };
  } catch (error) {
    if (isProvided(variant)) throw error;
    return { why: error instanceof Error ? error.message : String(error) };
  }
}
