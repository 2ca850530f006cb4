import { meanOf, quantile, sorted } from './arithmetic.js';
import { categoryOf, type Cell, readDate, readNumber } from './cells.js';
import type { Taken } from './kinds/kinds.js';
import type { NumberState } from './kinds/number.js';
import { truthOf } from './predictor.js';
import type { Table } from './rows.js';
import type { Target } from './target.js';

/** A column that predicts the target all by itself: most often one that was made from it. */
export interface Leak {
  readonly column: string;
  /** Balanced accuracy, or the share of variance explained, by that column alone. */
  readonly score: number;
}

const SUSPECT = 0.99;
const BINS = 50;
const LEAST_ROWS = 30;

/**
 * The columns by which alone the target is known. Each is cut into groups: its categories, or ranges of as many numbers. The
 * even rows say what a group means, and the odd ones whether that is so.
 */
export function leaksOf(table: Table, rows: readonly number[], columns: readonly Taken[], target: Target): Leak[] {
  if (rows.length < LEAST_ROWS) return [];
  const truth = truthOf(target, table, rows);
  return columns
    .filter(({ kind }) => kind !== 'ignore')
    .map((column) => {
      const cells = rows.map((row) => table.columns.get(column.name)![row]);
      const score =
        target.task === 'classes'
          ? classScore(groupsOf(column, cells), truth)
          : numberScore(column, cells, truth, target.names.length);
      return { column: column.name, score };
    })
    .filter(({ score }) => score >= SUSPECT);
}

function numbersOf({ kind, state }: Taken, cells: readonly Cell[]): (number | null)[] | undefined {
  if (kind === 'date') return cells.map(readDate);
  return kind === 'number' ? cells.map((cell) => readNumber(cell, (state as NumberState).format).value) : undefined;
}

/** Of each row its category, or which range its number is in. */
function groupsOf(column: Taken, cells: readonly Cell[]): string[] {
  const numbers = numbersOf(column, cells);
  if (!numbers) return cells.map((cell) => (cell === null ? '' : `=${categoryOf(cell)}`));
  const values = sorted(numbers.filter((value) => value !== null));
  const bounds = Array.from({ length: BINS - 1 }, (_, i) => quantile(values, (i + 1) / BINS));
  return numbers.map((value) => (value === null ? '' : String(bounds.filter((bound) => bound < value).length)));
}

function classScore(groups: readonly string[], truth: ArrayLike<number>): number {
  const counts = new Map<string, Map<number, number>>();
  for (let row = 0; row < groups.length; row += 2) {
    const group = counts.get(groups[row]) ?? new Map<number, number>();
    counts.set(groups[row], group.set(truth[row], (group.get(truth[row]) ?? 0) + 1));
  }
  const says = new Map([...counts].map(([group, of]) => [group, [...of].sort((a, b) => b[1] - a[1])[0][0]]));
  const rights = new Map<number, number[]>();
  for (let row = 1; row < groups.length; row += 2) {
    const right = rights.get(truth[row]) ?? [];
    rights.set(truth[row], right);
    right.push(Number(says.get(groups[row]) === truth[row]));
  }
  return rights.size < 2 ? 0 : meanOf([...rights.values()].map(meanOf));
}

/** The better of a straight line's and the groups' share of variance, of the target that it explains best. */
function numberScore(column: Taken, cells: readonly Cell[], truth: ArrayLike<number>, width: number): number {
  const groups = groupsOf(column, cells);
  const numbers = numbersOf(column, cells);
  let best = 0;
  for (let i = 0; i < width; i++) {
    const target = Float64Array.from(cells, (_, row) => truth[row * width + i]);
    best = Math.max(best, explained(groups, target), numbers ? correlation(numbers, target) : 0);
  }
  return best;
}

function explained(groups: readonly string[], target: Float64Array): number {
  const members = new Map<string, number[]>();
  for (let row = 0; row < groups.length; row += 2) {
    const group = members.get(groups[row]);
    if (group) group.push(target[row]);
    else members.set(groups[row], [target[row]]);
  }
  const means = new Map([...members].map(([group, values]) => [group, meanOf(values)]));
  const mean = meanOf(target);
  let [left, spread] = [0, 0];
  for (let row = 1; row < groups.length; row += 2) {
    const off = target[row] - (means.get(groups[row]) ?? mean);
    left += off * off;
    spread += (target[row] - mean) * (target[row] - mean);
  }
  return spread > 0 ? 1 - left / spread : 0;
}

/** The square of the correlation of what is present. */
function correlation(numbers: readonly (number | null)[], target: Float64Array): number {
  const rows = numbers.flatMap((value, row) => (value === null ? [] : [row]));
  const [a, b] = [rows.map((row) => numbers[row]!), rows.map((row) => target[row])];
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < rows.length; i++) {
    both += (a[i] - meanA) * (b[i] - meanB);
    squaresA += (a[i] - meanA) * (a[i] - meanA);
    squaresB += (b[i] - meanB) * (b[i] - meanB);
  }
  const all = squaresA * squaresB;
  return all > 0 && all < Infinity && rows.length > numbers.length / 2 ? (both / squaresA) * (both / squaresB) : 0;
}
