import { describe, quantity } from '../support/check.js';
import type { OddCell, ReportedColumn } from './facts.js';
import { oddOf, type Taken, tellOf } from './kinds/kinds.js';
import { purposeOf } from './predictor.js';
import type { Table } from './rows.js';
import type { Target } from './target.js';

const MOST_CELLS = 20;
const SHOWN = 40;
/** A class of a smaller share is rare. */
const RARE = 0.2;

/** The columns as the report has them. */
export const reported = (columns: readonly Taken[]): ReportedColumn[] =>
  columns.map((column) => ({
    name: column.name,
    kind: column.kind,
    does: tellOf(column),
    note: column.note,
  }));

/** The cells of the used columns that could not be taken as they are: the first of them, by row, and their number. */
export function oddCells({ columns, count }: Table, taken: readonly Taken[]): { cells: OddCell[]; oddCells: number } {
  const found: OddCell[] = [];
  for (const column of taken) {
    const cells = columns.get(column.name)!;
    for (let row = 0; row < count; row++) {
      const done = oddOf(column, cells[row]);
      if (done === undefined) continue;
      const cell = cells[row];
      const text = cell instanceof Date ? cell.toISOString() : String(cell);
      found.push({ row: row + 1, column: column.name, cell: text.slice(0, SHOWN), done });
    }
  }
  const cells = found.sort((a, b) => a.row - b.row).slice(0, MOST_CELLS);
  return { cells, oddCells: found.length };
}

/** What is said of two classes of which one is rare: what is found of it by the larger probability, and by its own share. */
export function rareNote(
  target: Target,
  outputs: ArrayLike<number>,
  truth: ArrayLike<number>,
  balanced: boolean,
): string[] {
  if (target.task !== 'classes' || purposeOf(target).outputs !== 2 || balanced) return [];
  const counts = [0, 0];
  for (let row = 0; row < truth.length; row++) counts[truth[row]]++;
  const rare = counts[1] <= counts[0] ? 1 : 0;
  const share = counts[rare] / truth.length;
  if (counts[rare] === 0 || share >= RARE) return [];
  const found = (threshold: number): number => {
    let right = 0;
    for (let row = 0; row < truth.length; row++)
      if (truth[row] === rare && outputs[2 * row + rare] > threshold) right++;
    return right;
  };
  const name = describe(target.labels[rare]);
  return [
    `${name} is rare, ${percent(share)} of the rows: of ${quantity(counts[rare], 'held-out row')} of it ${found(0.5)} are found, and ` +
      `${found(share)} where a probability above its share counts. classWeight: 'balanced' has the classes count alike`,
  ];
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
