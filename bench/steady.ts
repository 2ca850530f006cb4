/** Measures again what the machine disturbed, and says so where it did not help. */
import type { Rate } from './measure.js';
import { count } from './table.js';

/** What is spread wider than this part of its median is unsteady. */
export const STEADY = 0.1;

/** The widest of some spreads. */
export function widest(rates: readonly Rate[]): number {
  return Math.max(...rates.map(({ spread }) => spread));
}

/** Measures, and once more where one of `ratesOf` is unsteady; what was steadier counts. `what` is said then. */
export async function untilSteady<T>(
  what: string,
  measure: () => Promise<T>,
  ratesOf: (found: T) => readonly Rate[],
): Promise<T> {
  const first = await measure();
  const spread = widest(ratesOf(first));
  if (spread <= STEADY) return first;
  console.error(`${what}: the middle half spreads over ${renderSpread(spread)}, so it is measured again`);
  const second = await measure();
  return widest(ratesOf(second)) < spread ? second : first;
}

/** The head of what `rateCells` gives. */
export const RATE_COLUMNS = ['samples/s', 'from – to', 'spread'];

/** The median, the slowest and the fastest, and the spread: `4 %`, or `23 %, unsteady`. */
export function rateCells({ min, median, max, spread }: Rate): string[] {
  const unsteady = spread > STEADY ? ', unsteady' : '';
  return [count(median), `${count(min)} – ${count(max)}`, `${renderSpread(spread)}${unsteady}`];
}

function renderSpread(spread: number): string {
  return `${(100 * spread).toFixed(spread < 0.01 ? 1 : 0)} %`;
}

/** What a report says of its columns. */
export const NOTE_ON_RATES = `Samples per second are medians, then from the slowest to the fastest call. The spread is that of the middle half of the calls; where it is above ${100 * STEADY} %, the machine was disturbed, and a second measurement was no steadier.`;
