/** How the tests measure that two arrays agree. */

/** max|d| / max|ref|: the largest difference, as a share of the largest number that was expected. */
export function deviation(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} numbers came, not ${expected.length}`);
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    // A NaN fails every comparison, so it must be carried, not compared.
    difference = Number.isNaN(actual[i]) ? NaN : Math.max(difference, Math.abs(actual[i] - expected[i]));
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return difference === 0 ? 0 : difference / largest;
}

/** The largest |d| / |ref| of numbers that stand for themselves, such as losses. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  return Math.max(...Array.from(expected, (value, i) => deviation([actual[i]], [value])));
}

/** The rows of a flat array. */
export function rowsOf(flat: ArrayLike<number>, columns: number): number[][] {
  const values = Array.from(flat);
  return Array.from({ length: values.length / columns }, (_, i) => values.slice(i * columns, (i + 1) * columns));
}
