import { log, meanOf } from './arithmetic.js';

/** How well classes were predicted, each row alike. All are of the held-out rows, in float64. */
export interface ClassScores {
  readonly rows: number;
  /** The share of rows whose most probable class is theirs. */
  readonly accuracy: number;
  /** The mean of the classes' recalls, of those classes that the rows have. */
  readonly balancedAccuracy: number;
  /** The mean of -log p of the row's class, p clipped to 1e-15 from 0; in nats. */
  readonly logLoss: number;
  /** Area under the ROC curve: of the second of two classes, else the mean of each against the rest. `undefined` where rows have one class. */
  readonly rocAuc: number | undefined;
  /** The mean of the classes' F1 scores, of those that are true or predicted of any row. */
  readonly macroF1: number;
  /** Rows by their class (first index) and the predicted one (second). */
  readonly confusion: readonly (readonly number[])[];
  /** Of each class: how many rows have it, and what share of them, and of the rows predicted to be it, is right. */
  readonly classes: readonly { readonly rows: number; readonly recall: number; readonly precision: number }[];
}

/** How well a number was predicted, in its own units. */
export interface NumberScores {
  readonly rows: number;
  /** The share of the variance that is explained; `undefined` where the rows have one value. */
  readonly r2: number | undefined;
  readonly rmse: number;
  readonly mae: number;
}

/** A range of predictions, and what became of them. */
export interface CalibrationBin {
  readonly rows: number;
  /** The mean of what was said: the probability of the predicted class, or the number. */
  readonly predicted: number;
  /** What was true: the share that was right, or the mean of the true numbers. */
  readonly observed: number;
}

const BINS = 10;
const LEAST_PROBABILITY = 1e-15;

/** Probabilities [n, classes] against the class of each row. */
export function classScores(probabilities: ArrayLike<number>, truth: ArrayLike<number>, classes: number): ClassScores {
  const rows = truth.length;
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    confusion[truth[row]][largest(probabilities, row * classes, classes)]++;
    loss -= log(Math.max(LEAST_PROBABILITY, Math.min(1, probabilities[row * classes + truth[row]]))) / rows;
  }
  const each = confusion.map((line, label) => {
    const own = sum(line);
    const said = sum(confusion.map((other) => other[label]));
    const right = line[label];
    return {
      rows: own,
      said,
      recall: ratio(right, own),
      precision: ratio(right, said),
      f1: ratio(2 * right, own + said),
    };
  });
  const areas = areasUnder(probabilities, truth, classes);
  return {
    rows,
    accuracy: sum(confusion.map((line, label) => line[label])) / rows,
    balancedAccuracy: meanOf(each.filter((label) => label.rows > 0).map(({ recall }) => recall)),
    logLoss: loss,
    rocAuc: areas.length > 0 ? meanOf(areas) : undefined,
    macroF1: meanOf(each.filter((label) => label.rows + label.said > 0).map(({ f1 }) => f1)),
    confusion,
    classes: each.map(({ rows: own, recall, precision }) => ({ rows: own, recall, precision })),
  };
}

function areasUnder(probabilities: ArrayLike<number>, truth: ArrayLike<number>, classes: number): number[] {
  const areas: number[] = [];
  for (let label = classes === 2 ? 1 : 0; label < classes; label++) {
    const scores = Float64Array.from(truth, (_, row) => probabilities[row * classes + label]);
    const area = areaUnderCurve(scores, (row) => truth[row] === label);
    if (area !== undefined) areas.push(area);
  }
  return areas;
}

/** The share of pairs of a positive and a negative that the scores put right, where a tie counts half. */
export function areaUnderCurve(scores: ArrayLike<number>, isPositive: (row: number) => boolean): number | undefined {
  const order = Array.from(scores, (_, row) => row).sort((a, b) => scores[a] - scores[b]);
  let [positives, negatives, area] = [0, 0, 0];
  for (let from = 0; from < order.length;) {
    let [to, above, below] = [from, 0, 0];
    for (; to < order.length && scores[order[to]] === scores[order[from]]; to++) {
      if (isPositive(order[to])) above++;
      else below++;
    }
    area += above * (negatives + below / 2);
    positives += above;
    negatives += below;
    from = to;
  }
  return positives > 0 && negatives > 0 ? area / (positives * negatives) : undefined;
}

/** Numbers against the true ones. */
export function numberScores(predicted: ArrayLike<number>, truth: ArrayLike<number>): NumberScores {
  const rows = truth.length;
  const mean = meanOf(truth);
  let [squares, distances, spread] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const off = predicted[row] - truth[row];
    squares += (off * off) / rows;
    distances += Math.abs(off) / rows;
    spread += ((truth[row] - mean) * (truth[row] - mean)) / rows;
  }
  return { rows, r2: spread > 0 ? 1 - squares / spread : undefined, rmse: Math.sqrt(squares), mae: distances };
}

/** Ten ranges of the probability of the predicted class, from 0 to 1; those that have rows. */
export function classCalibration(
  probabilities: ArrayLike<number>,
  truth: ArrayLike<number>,
  classes: number,
): CalibrationBin[] {
  const said = Array.from(truth, (_, row) => {
    const label = largest(probabilities, row * classes, classes);
    return { said: probabilities[row * classes + label], was: Number(label === truth[row]) };
  });
  return bins(said, ({ said: share }) => Math.min(BINS - 1, Math.floor(share * BINS)));
}

/** Ten ranges of the predictions, as many rows in each. */
export function numberCalibration(predicted: ArrayLike<number>, truth: ArrayLike<number>): CalibrationBin[] {
  const rows = Array.from(truth, (was, row) => ({ said: predicted[row], was }));
  rows.sort((a, b) => a.said - b.said);
  return bins(rows, (_, place) => Math.floor((place * BINS) / rows.length));
}

function bins<T extends { said: number; was: number }>(
  rows: readonly T[],
  binOf: (row: T, place: number) => number,
): CalibrationBin[] {
  const parts: T[][] = Array.from({ length: BINS }, () => []);
  for (const [place, row] of rows.entries()) parts[binOf(row, place)].push(row);
  return parts
    .filter((part) => part.length > 0)
    .map((part) => ({
      rows: part.length,
      predicted: meanOf(part.map(({ said }) => said)),
      observed: meanOf(part.map(({ was }) => was)),
    }));
}

/** The place of the largest of `count` values from `at` on, the first of equal ones. */
export function largest(values: ArrayLike<number>, at: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[at + i] > values[at + best]) best = i;
  return best;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
