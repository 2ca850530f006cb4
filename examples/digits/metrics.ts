/** What a classifier gets right and wrong: the confusion matrix, and the mistakes it is surest of. */
import { percent } from './format.js';

/** `matrix[truth][guess]`: how many examples of one class were taken for another. */
export type ConfusionMatrix = readonly (readonly number[])[];

export interface Mistake {
  /** Position in the data set, from 0. */
  readonly index: number;
  readonly truth: number;
  readonly guess: number;
  /** The probabilities that the network gave to its guess and to the truth. */
  readonly guessProbability: number;
  readonly truthProbability: number;
}

/** One pair of classes that the network mixed up, `count` times. */
export interface Confusion {
  readonly truth: number;
  readonly guess: number;
  readonly count: number;
}

/** The most probable class of each row; of equals, the first. */
export function guesses(probabilities: Float32Array, classes: number): Uint8Array {
  const result = new Uint8Array(probabilities.length / classes);
  for (let i = 0; i < result.length; i++) {
    const row = i * classes;
    let best = 0;
    for (let j = 1; j < classes; j++) if (probabilities[row + j] > probabilities[row + best]) best = j;
    result[i] = best;
  }
  return result;
}

export function confusionMatrix(truth: Uint8Array, guess: Uint8Array, classes: number): ConfusionMatrix {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  truth.forEach((label, i) => matrix[label][guess[i]]++);
  return matrix;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** How many examples lie on the diagonal. */
export function rightAnswers(matrix: ConfusionMatrix): number {
  return sum(matrix.map((row, i) => row[i]));
}

/** Of the examples of each class, the share that was recognised; NaN where there were none. */
export function recall(matrix: ConfusionMatrix): number[] {
  return matrix.map((row, i) => row[i] / sum(row));
}

/** Of the guesses of each class, the share that was right; NaN where there were none. */
export function precision(matrix: ConfusionMatrix): number[] {
  return matrix.map((row, i) => row[i] / sum(matrix.map((other) => other[i])));
}

/** The pairs that were mixed up most often, the most frequent first. */
export function frequentConfusions(matrix: ConfusionMatrix, count: number): Confusion[] {
  return matrix
    .flatMap((row, truth) => row.map((cell, guess) => ({ truth, guess, count: cell })))
    .filter((pair) => pair.truth !== pair.guess && pair.count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, count);
}

/**
 * The wrong guesses with the highest loss, the worst first. Cross-entropy is −log of the truth's probability, so
 * the order is that of the probability itself; where that is equal (0, say), the surer guess is the worse one.
 */
export function worstMistakes(
  probabilities: Float32Array,
  truth: Uint8Array,
  classes: number,
  count: number,
): Mistake[] {
  const mistakes: Mistake[] = [];
  guesses(probabilities, classes).forEach((guess, index) => {
    const label = truth[index];
    if (guess === label) return;
    mistakes.push({
      index,
      truth: label,
      guess,
      guessProbability: probabilities[index * classes + guess],
      truthProbability: probabilities[index * classes + label],
    });
  });
  mistakes.sort(
    (a, b) => a.truthProbability - b.truthProbability || b.guessProbability - a.guessProbability || a.index - b.index,
  );
  return mistakes.slice(0, count);
}

/** The confusion matrix as text for a terminal of 80 columns. */
export function matrixText(matrix: ConfusionMatrix): string {
  const cell = (value: string | number): string => String(value).padStart(6);
  const share = (value: number): string => percent(value, 1).replace(' %', '').padStart(6);
  const recalls = recall(matrix);
  const digits = matrix.map((_, i) => cell(i)).join('');
  const rows = matrix.map((row, i) => `${cell(i)}     ${row.map(cell).join('')}   ${share(recalls[i])}`);
  return [
    `truth ↓ guess →${digits.slice(4)} recall %`,
    ...rows,
    `precision %${precision(matrix).map(share).join('')}`,
  ].join('\n');
}
