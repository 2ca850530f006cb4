import { turn } from '../support/event-loop.js';

/** What the collector is shown at a time, and how often at most. */
const BYTES = 0x2000000;
const MOST_TIMES = 64;

const canaries =
  typeof FinalizationRegistry === 'function' ? new FinalizationRegistry<() => void>((tell) => tell()) : undefined;

/**
 * Has the host collect its garbage and run finalizers. A collector does not see linear memory, so a network of many
 * megabytes is to it one small object, which it may leave for ever. It does see the memory of arrays, which costs
 * nothing as long as nothing is written to it: it is shown more and more, until an object that was dropped here has
 * been found. Nothing happens where there are no finalizers.
 */
export async function collectGarbage(): Promise<void> {
  if (!canaries) return;
  // twice: what was dropped while a collection was under way is found by the next
  for (let collections = 0; collections < 2; collections++) {
    const shown: ArrayBuffer[] = [];
    let found = false;
    canaries.register({}, () => (found = true));
    while (!found && shown.length < MOST_TIMES) {
      try {
        shown.push(new ArrayBuffer(BYTES));
      } catch {
        break; // there is no room for it, of which the collector knows
      }
      await turn();
    }
  }
  // every registry has a task of its own, and that of the networks may come after this one's
  for (let turns = 0; turns < 3; turns++) await turn();
}
