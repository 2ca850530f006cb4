/*
 * The host's clock, the one place that reads it. It says when others should have a turn, and what is reported: nothing
 * that is computed depends on it. A realm may have none, or one that throws or stands still.
 */

const CLOCKS = [() => performance.now(), () => Date.now()];

/** Milliseconds since some moment. */
export function now(): number {
  for (const clock of CLOCKS) {
    try {
      const time = clock();
      if (Number.isFinite(time)) return time;
    } catch {
      // the next may do better
    }
  }
  return 0;
}
