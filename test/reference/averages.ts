/** The averages of weights in float64: the specification of `assembly/optimizers/average.ts` and of who calls it. */

/** The mean of some rows, or where there is a decay, their moving average, which begins with the first. */
export function averageOf(rows: readonly (readonly number[])[], decay: number | null): number[] {
  const average = [...rows[0]];
  rows.slice(1).forEach((row, index) => {
    const share = decay === null ? 1 / (index + 2) : 1 - decay;
    row.forEach((value, i) => (average[i] += share * (value - average[i])));
  });
  return average;
}
