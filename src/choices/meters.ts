import { describe } from '../support/check.js';

/** Some rows of a measurement, as a meter is shown them. */
export interface MeasuredRows {
  readonly count: number;
  readonly columns: number;
  /** Rows of `columns` outputs, `stride` floats apart. */
  readonly outputs: Float32Array;
  readonly stride: number;
  /** Rows of `columns` targets, or one class index for each row. */
  readonly targets: Float32Array | Int32Array;
  /** How a right answer is known: 1 by the largest output, 2 by each output's side of 1/2. See `HitRules`. */
  readonly rule: number;
}

/** What a metric makes of all rows, which come in their order. */
export interface Meter {
  add(rows: MeasuredRows): void;
  /** At the end; where that takes a while, with pauses. */
  value(): number | Generator<undefined, number, void>;
}

/** The whole of what will be measured. */
export interface Extent {
  readonly count: number;
  readonly columns: number;
}

/** The target of an output: of a class index, 1 at its place and 0 elsewhere. */
function targetAt({ targets, columns }: MeasuredRows, row: number, column: number): number {
  return targets instanceof Int32Array ? Number(targets[row] === column) : targets[row * columns + column];
}

/** The class of a row: its index, or that of the largest target, the first of equals. */
function classAt({ targets, columns }: MeasuredRows, row: number): number {
  return targets instanceof Int32Array ? targets[row] : indexOfLargest(targets, row * columns, columns);
}

function indexOfLargest(values: Float32Array, from: number, count: number): number {
  let best = 0;
  for (let j = 1; j < count; j++) if (values[from + j] > values[from + best]) best = j;
  return best;
}

/** part / whole, 0 where there is no whole. */
export function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

/** Of one class: how often it was said and true, how often it was said, and how often it was true. */
interface ClassCounts {
  right: number;
  said: number;
  true: number;
}

/** Counts, for each class or for each output with a side of 1/2, what was said and what was true. */
type Summary = (classes: readonly ClassCounts[], rows: number, rule: number) => number;

export function classCounts(summary: Summary): Meter {
  const classes: ClassCounts[] = [];
  let [count, by] = [0, 1];
  const see = (index: number, said: boolean, isTrue: boolean): void => {
    const counted = (classes[index] ??= { right: 0, said: 0, true: 0 });
    counted.right += Number(said && isTrue);
    counted.said += Number(said);
    counted.true += Number(isTrue);
  };
  return {
    add(rows) {
      const { columns, outputs, stride, rule } = rows;
      count += rows.count;
      by = rule;
      for (let row = 0; row < rows.count; row++) {
        const largest = rule === 1 ? indexOfLargest(outputs, row * stride, columns) : 0;
        const truth = rule === 1 ? classAt(rows, row) : 0;
        for (let j = 0; j < columns; j++) {
          if (rule === 1) see(j, j === largest, j === truth);
          else see(j, outputs[row * stride + j] > 0.5, targetAt(rows, row, j) > 0.5);
        }
      }
    },
    value: () => summary(classes, count, by),
  };
}

/** The share of right rows, or of right outputs where each has a side of 1/2. */
export const accuracyOf: Summary = (classes, rows, rule) => {
  const right = classes.map((counted) =>
    rule === 1 ? counted.right : rows - counted.said - counted.true + 2 * counted.right,
  );
  return right.reduce((sum, value) => sum + value, 0) / (rule === 1 ? rows : rows * classes.length);
};

/** A score of each class, averaged over those that were said or true, or over all outputs with a side of 1/2. */
export function macro(score: (counted: ClassCounts) => number): Summary {
  return (classes, _, rule) => {
    const scored = rule === 1 ? classes.filter((counted) => counted.said + counted.true > 0) : classes;
    return scored.reduce((sum, counted) => sum + score(counted), 0) / scored.length;
  };
}

/** The share of rows whose class is among the `k` largest outputs, the first of equals. */
export function amongLargest(k: number): Meter {
  let [hits, count] = [0, 0];
  return {
    add(rows) {
      const { columns, outputs, stride } = rows;
      for (let row = 0; row < rows.count; row++) {
        const truth = classAt(rows, row);
        const own = outputs[row * stride + truth];
        let before = 0;
        for (let j = 0; j < columns; j++) {
          const other = outputs[row * stride + j];
          if (other > own || (other === own && j < truth)) before++;
        }
        hits += Number(before < k);
      }
      count += rows.count;
    },
    value: () => hits / count,
  };
}

/** What is known of an output: sums over rows of (a - y)^2 and |a - y|, the mean of y, and the sum of (y - mean)^2. */
interface Differences {
  squares: number;
  sizes: number;
  mean: number;
  spread: number;
}

/** A score of each output, averaged over the outputs. */
export function differences(score: (column: Differences, count: number) => number): Meter {
  const columns: Differences[] = [];
  let count = 0;
  return {
    add(rows) {
      for (let row = 0; row < rows.count; row++) {
        count++;
        for (let j = 0; j < rows.columns; j++) {
          const column = (columns[j] ??= { squares: 0, sizes: 0, mean: 0, spread: 0 });
          const target = targetAt(rows, row, j);
          const difference = rows.outputs[row * rows.stride + j] - target;
          column.squares += difference * difference;
          column.sizes += Math.abs(difference);
          // Welford 1962: the mean and the spread in one pass, with no difference of large sums
          const beside = target - column.mean;
          column.mean += beside / count;
          column.spread += beside * (target - column.mean);
        }
      }
    },
    value: () => columns.reduce((sum, column) => sum + score(column, count), 0) / columns.length,
  };
}

/** The coefficient of determination, with scikit-learn's answers where targets do not vary, or are but one. */
export function determination({ squares, spread }: Differences, count: number): number {
  if (count < 2) return NaN;
  return spread > 0 ? 1 - squares / spread : Number(squares === 0);
}

/** Scores that are sorted at a time, and negatives that are compared between two pauses. */
const PIECE = 0x4000;

/** How often a positive's score is above a negative's, ties counted half. */
export function areaUnderCurve(): Meter {
  const positives: number[] = [];
  const negatives: number[] = [];
  return {
    add(rows) {
      const { columns, outputs, stride } = rows;
      for (let row = 0; row < rows.count; row++) {
        const isPositive = rows.rule === 1 ? classAt(rows, row) === 1 : targetAt(rows, row, 0) > 0.5;
        (isPositive ? positives : negatives).push(outputs[row * stride + columns - 1]);
      }
    },
    value: () => area(positives, negatives),
  };
}

function* area(positives: readonly number[], negatives: readonly number[]): Generator<undefined, number, void> {
  // sorted piece by piece, so that the event loop may have its turns; counts are whole numbers or halves, and exact
  const pieces: Float32Array[] = [];
  for (let from = 0; from < positives.length; from += PIECE) {
    pieces.push(Float32Array.from(positives.slice(from, from + PIECE)).sort());
    yield;
  }
  let above = 0;
  for (const [index, score] of negatives.entries()) {
    for (const piece of pieces) {
      above += piece.length - (placeOf(piece, score, false) + placeOf(piece, score, true)) / 2;
    }
    if (index % PIECE === PIECE - 1) yield;
  }
  return above / (positives.length * negatives.length);
}

/** How many of the sorted values are below `value`, or up to it. */
function placeOf(sorted: Float32Array, value: number, upTo: boolean): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle] < value || (upTo && sorted[middle] === value)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Keeps all outputs and targets for a function of the user's. */
export function collector(
  name: string,
  measure: (outputs: Float32Array, targets: Float32Array | Int32Array) => number,
  { count, columns }: Extent,
): Meter {
  const outputs = new Float32Array(count * columns);
  let targets: Float32Array | Int32Array | undefined;
  let done = 0;
  return {
    add(rows) {
      const { stride } = rows;
      const isLabels = rows.targets instanceof Int32Array;
      targets ??= isLabels ? new Int32Array(count) : new Float32Array(count * columns);
      targets.set(rows.targets, isLabels ? done : done * columns);
      for (let row = 0; row < rows.count; row++) {
        outputs.set(rows.outputs.subarray(row * stride, row * stride + columns), (done + row) * columns);
      }
      done += rows.count;
    },
    value() {
      const value: unknown = measure(outputs, targets ?? new Float32Array(0));
      if (typeof value !== 'number')
        throw new TypeError(`the metric "${name}" gave ${describe(value)}: expected a number`);
      return value;
    },
  };
}
