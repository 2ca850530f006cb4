import { turn } from '../support/event-loop.js';

/** The bytes of an array that is allocated, and the most such arrays. */
const BYTES = 0x2000000;
const MOST_TIMES = 64;

const canaries =
  typeof FinalizationRegistry === 'function' ? new FinalizationRegistry<() => void>((tell) => tell()) : undefined;

/**
 * Has the host collect its garbage and run finalizers. A collector does not see linear memory: to it a network of many
 * megabytes is one small object, which it may keep for ever. It does see the memory of arrays, which costs nothing
 * until something is written to it. So arrays are allocated, more and more, until the collector has found an object
 * that was dropped here. Where there are no finalizers, nothing happens.
 */
export async function collectGarbage(): Promise<void> {
  if (!canaries) return;
  // twice, since what is dropped while a collection is under way is found by the next
  for (let collections = 0; collections < 2; collections++) {
    const shown: ArrayBuffer[] = [];
    let found = false;
    canaries.register({}, () => (found = true));
    while (!found && shown.length < MOST_TIMES) {
      try {
        shown.push(new ArrayBuffer(BYTES));
      } catch {
        break; // there is no room left, and so the collector has run
      }
      await turn();
    }
  }
  // each registry has a task of its own, and that of the networks may come after this one
  for (let turns = 0; turns < 3; turns++) await turn();
}
