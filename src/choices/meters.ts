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
  /** What each row counts; where they are not there, 1. */
  readonly weights: Float32Array | undefined;
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

/** What a row counts. */
function weightAt({ weights }: MeasuredRows, row: number): number {
  return weights ? weights[row] : 1;
}

/** part / whole, 0 where there is no whole. */
export function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

/** Of one class, the weight of the rows where it was said and true, where it was said, and where it was true. */
interface ClassCounts {
  right: number;
  said: number;
  true: number;
}

/** Counts, for each class or for each output with a side of 1/2, what was said and what was true. */
type Summary = (classes: readonly ClassCounts[], weight: number, rule: number) => number;

export function classCounts(summary: Summary): Meter {
  const classes: ClassCounts[] = [];
  let [total, by] = [0, 1];
  const see = (index: number, said: boolean, isTrue: boolean, weight: number): void => {
    const counted = (classes[index] ??= { right: 0, said: 0, true: 0 });
    if (said && isTrue) counted.right += weight;
    if (said) counted.said += weight;
    if (isTrue) counted.true += weight;
  };
  return {
    add(rows) {
      const { columns, outputs, stride, rule } = rows;
      by = rule;
      for (let row = 0; row < rows.count; row++) {
        const weight = weightAt(rows, row);
        total += weight;
        const largest = rule === 1 ? indexOfLargest(outputs, row * stride, columns) : 0;
        const truth = rule === 1 ? classAt(rows, row) : 0;
        for (let j = 0; j < columns; j++) {
          if (rule === 1) see(j, j === largest, j === truth, weight);
          else see(j, outputs[row * stride + j] > 0.5, targetAt(rows, row, j) > 0.5, weight);
        }
      }
    },
    value: () => summary(classes, total, by),
  };
}

/** The share of right rows, or of right outputs where each has a side of 1/2. */
export const accuracyOf: Summary = (classes, weight, rule) => {
  const right = classes.map((counted) =>
    rule === 1 ? counted.right : weight - counted.said - counted.true + 2 * counted.right,
  );
  return right.reduce((sum, value) => sum + value, 0) / (rule === 1 ? weight : weight * classes.length);
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
  let [hits, total] = [0, 0];
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
        const weight = weightAt(rows, row);
        total += weight;
        if (before < k) hits += weight;
      }
    },
    value: () => hits / total,
  };
}

/** Of an output, over rows times their weights: sums of (a - y)^2 and |a - y|, the mean of y, the sum of (y - mean)^2. */
interface Differences {
  squares: number;
  sizes: number;
  mean: number;
  spread: number;
}

/** A score of each output, averaged over the outputs. */
export function differences(score: (column: Differences, weight: number, count: number) => number): Meter {
  const columns: Differences[] = [];
  let [total, count] = [0, 0];
  return {
    add(rows) {
      count += rows.count;
      for (let row = 0; row < rows.count; row++) {
        const weight = weightAt(rows, row);
        if (weight === 0) continue;
        total += weight;
        for (let j = 0; j < rows.columns; j++) {
          const column = (columns[j] ??= { squares: 0, sizes: 0, mean: 0, spread: 0 });
          const target = targetAt(rows, row, j);
          const difference = rows.outputs[row * rows.stride + j] - target;
          column.squares += weight * difference * difference;
          column.sizes += weight * Math.abs(difference);
          // Welford 1962, West 1979: the mean and the spread in one pass, with no difference of large sums
          const beside = target - column.mean;
          column.mean += (weight / total) * beside;
          column.spread += weight * beside * (target - column.mean);
        }
      }
    },
    value: () => columns.reduce((sum, column) => sum + score(column, total, count), 0) / columns.length,
  };
}

/** The coefficient of determination, with scikit-learn's answers where targets do not vary, or are but one. */
export function determination({ squares, spread }: Differences, _: number, count: number): number {
  if (count < 2) return NaN;
  return spread > 0 ? 1 - squares / spread : Number(squares === 0);
}

/** Scores that are sorted at a time, and negatives that are compared between two pauses. */
const PIECE = 0x2000;

/** The scores of positives, or of negatives, and what each counts. */
interface Scores {
  readonly scores: number[];
  readonly weights: number[];
}

/** How often a positive's score is above a negative's, ties counted half. */
export function areaUnderCurve(): Meter {
  const positives: Scores = { scores: [], weights: [] };
  const negatives: Scores = { scores: [], weights: [] };
  return {
    add(rows) {
      const { columns, outputs, stride } = rows;
      for (let row = 0; row < rows.count; row++) {
        const isPositive = rows.rule === 1 ? classAt(rows, row) === 1 : targetAt(rows, row, 0) > 0.5;
        const { scores, weights } = isPositive ? positives : negatives;
        scores.push(outputs[row * stride + columns - 1]);
        weights.push(weightAt(rows, row));
      }
    },
    value: () => area(positives, negatives),
  };
}

/** Some scores in order, and the weight of all before each, and of all. */
interface Piece {
  readonly sorted: Float32Array;
  readonly before: Float64Array;
}

function pieceOf({ scores, weights }: Scores, from: number): Piece {
  const count = Math.min(PIECE, scores.length - from);
  const order = Uint32Array.from({ length: count }, (_, i) => from + i).sort((i, j) => scores[i] - scores[j]);
  const before = new Float64Array(count + 1);
  order.forEach((index, i) => (before[i + 1] = before[i] + weights[index]));
  return { sorted: Float32Array.from(order, (index) => scores[index]), before };
}

function* area(positives: Scores, negatives: Scores): Generator<undefined, number, void> {
  // sorted piece by piece, so that the event loop may have its turns; without weights the sums are halves, and exact
  const pieces: Piece[] = [];
  for (let from = 0; from < positives.scores.length; from += PIECE) {
    pieces.push(pieceOf(positives, from));
    yield;
  }
  let [above, weight] = [0, 0];
  for (const [index, score] of negatives.scores.entries()) {
    const own = negatives.weights[index];
    weight += own;
    for (const { sorted, before } of pieces) {
      const beaten = before[placeOf(sorted, score, false)] + before[placeOf(sorted, score, true)];
      above += own * (before[sorted.length] - beaten / 2);
    }
    if (index % PIECE === PIECE - 1) yield;
  }
  return above / (pieces.reduce((sum, { sorted, before }) => sum + before[sorted.length], 0) * weight);
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

/** Keeps all outputs, targets and weights for a function of the user's. */
export function collector(
  name: string,
  measure: (outputs: Float32Array, targets: Float32Array | Int32Array, weights?: Float32Array) => number,
  { count, columns }: Extent,
): Meter {
  const outputs = new Float32Array(count * columns);
  let targets: Float32Array | Int32Array = new Float32Array(0);
  let weights: Float32Array | undefined;
  let done = 0;
  return {
    add(rows) {
      const { stride } = rows;
      const isLabels = rows.targets instanceof Int32Array;
      if (done === 0) targets = isLabels ? new Int32Array(count) : new Float32Array(count * columns);
      targets.set(rows.targets, isLabels ? done : done * columns);
      if (rows.weights) (weights ??= new Float32Array(count)).set(rows.weights, done);
      for (let row = 0; row < rows.count; row++) {
        outputs.set(rows.outputs.subarray(row * stride, row * stride + columns), (done + row) * columns);
      }
      done += rows.count;
    },
    value() {
      const value: unknown = measure(outputs, targets, weights);
      if (typeof value !== 'number')
        throw new TypeError(`the metric "${name}" gave ${describe(value)}: expected a number`);
      return value;
    },
  };
}
