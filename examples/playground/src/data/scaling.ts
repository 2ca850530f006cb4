/** How columns are standardised, by what the training rows alone say; and back to their own units. */

/** A value v of the column is (v - mean) / deviation for the network. */
export interface Scale {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
}

/** Of all inputs of the network; and of its targets, where they are numbers. */
export interface Scaling {
  readonly inputs: readonly Scale[];
  readonly targets: readonly Scale[];
}

/** Mean and deviation over some of the rows; a column that never changes there has the deviation 1. */
export function scaleOf(name: string, values: Float64Array, rows: Uint32Array): Scale {
  let sum = 0;
  for (const row of rows) sum += values[row];
  const mean = sum / rows.length;
  let squares = 0;
  for (const row of rows) squares += (values[row] - mean) * (values[row] - mean);
  return { name, mean, deviation: Math.sqrt(squares / rows.length) || 1 };
}

export function scaled({ mean, deviation }: Scale, value: number): number {
  return (value - mean) / deviation;
}

/** A target, or what a network says it is, in its own units. */
export function unscaled(scale: Scale | undefined, value: number): number {
  return scale ? value * scale.deviation + scale.mean : value;
}
