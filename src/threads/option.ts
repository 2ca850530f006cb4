import { cores } from '../engine/host.js';
import { checkInteger } from '../support/check.js';

/** How many threads may share a network's work: a number, or as many as the machine has processors. */
export type Threads = number | 'auto';

/** The most threads that can be asked for. */
export const MOST_THREADS = 64;

/** Beyond these, `auto` has nothing to gain for networks of the sizes that this library is for. */
const MOST_AUTO = 16;

/** The number of threads that an option asks for. */
export function checkThreads(value: unknown): number {
  if (value === undefined) return 1;
  if (value === 'auto') return Math.min(cores(), MOST_AUTO);
  return checkInteger('threads', value, 1, MOST_THREADS, 'or "auto"');
}
