import type { Random } from './arithmetic.js';
import { type Encoded, gather } from './features.js';
import { errorOf, outputsOf, type Predictor, scoresOf } from './predictor.js';

/** How much a column is needed. */
export interface Importance {
  readonly column: string;
  /** By how much the error of held-out rows rises where the column is mixed among them: log loss, or share of variance left. */
  readonly rise: number;
}

/** More rows tell hardly more. */
const MOST_ROWS = 2000;

/** Permutation importance (Breiman 2001), each column mixed once; the most important first. */
export async function importances(
  predictor: Predictor,
  encoded: Encoded,
  truth: Float64Array | Int32Array,
  random: Random,
): Promise<Importance[]> {
  const { features, target } = predictor;
  const error = async (rows: Encoded): Promise<number> =>
    errorOf(scoresOf(target, await outputsOf(predictor, rows), truth));
  const as = await error(encoded);
  const rises: Importance[] = [];
  for (const { name, encoder, at, part } of features.places) {
    const order = random.shuffle(Int32Array.from({ length: encoded.count }, (_, row) => row));
    const indices = new Map(encoded.indices);
    if (part !== undefined) indices.set(part, gather(indices.get(part)!, encoded.count, order));
    const mixed = {
      count: encoded.count,
      plain: mix(encoded.plain, order, { width: features.width, at, count: encoder.width }),
      indices,
    };
    rises.push({ column: name, rise: (await error(mixed)) - as });
  }
  return rises.sort((a, b) => b.rise - a.rise);
}

/** At most so many rows, evenly spread. */
export function someRows(count: number): Int32Array {
  const length = Math.min(count, MOST_ROWS);
  return Int32Array.from({ length }, (_, i) => Math.floor((i * count) / length));
}

function mix(
  values: Float32Array,
  order: Int32Array,
  { width, at, count }: { width: number; at: number; count: number },
): Float32Array {
  if (count === 0) return values;
  const mixed = values.slice();
  for (const [row, from] of order.entries()) {
    mixed.set(values.subarray(from * width + at, from * width + at + count), row * width + at);
  }
  return mixed;
}
