/* Time by the host's clock. It says when to let others have a turn, and what is reported; nothing computed depends on it. */

const { performance } = globalThis;

/** Milliseconds since some moment. A host without a clock of any kind stands still. */
export function now(): number {
  try {
    return performance ? performance.now() : Date.now();
  } catch {
    return 0;
  }
}
