/** The data sets in `data/`, cut into the folds that their files name, and standardised by the rows trained on. */
import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';

export interface DataSet {
  readonly name: string;
  readonly inputs: number;
  /** How many classes; 0 where the target is a number. */
  readonly classes: number;
  readonly folds: readonly Fold[];
}

/** Rows to train on and rows held out. Numeric targets are standardised too. */
export interface Fold {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly heldOutX: Float32Array;
  readonly heldOutY: Float32Array;
}

const FOLDS = 5;

export async function readDataSet(name: string): Promise<DataSet> {
  const text = await readFile(new URL(`data/${name}.csv`, import.meta.url), 'utf8');
  const [header, ...rows] = Papa.parse<string[]>(text, { skipEmptyLines: true }).data;
  const numbers = rows.map((row) => row.map(Number));
  const classes = header[1] === 'class' ? 1 + Math.max(...numbers.map(([, target]) => target)) : 0;
  const folds = Array.from({ length: FOLDS }, (_, fold) => cut(numbers, fold, classes > 0));
  return { name, inputs: header.length - 2, classes, folds };
}

function cut(rows: readonly number[][], fold: number, classes: boolean): Fold {
  const training = rows.filter(([number]) => number !== fold);
  const heldOut = rows.filter(([number]) => number === fold);
  const columns = rows[0].map((_, column) => column).slice(2);
  const scales = new Map((classes ? columns : [1, ...columns]).map((column) => [column, scaleOf(training, column)]));
  const take = (from: readonly number[][], which: readonly number[]): Float32Array =>
    Float32Array.from(
      from.flatMap((row) =>
        which.map((column) => {
          const { mean, deviation } = scales.get(column) ?? { mean: 0, deviation: 1 };
          return (row[column] - mean) / deviation;
        }),
      ),
    );
  return {
    x: take(training, columns),
    y: take(training, [1]),
    heldOutX: take(heldOut, columns),
    heldOutY: take(heldOut, [1]),
  };
}

/** A column's mean and standard deviation; one that never varies is only moved to 0. */
function scaleOf(rows: readonly number[][], column: number): { mean: number; deviation: number } {
  const mean = rows.reduce((sum, row) => sum + row[column], 0) / rows.length;
  const variance = rows.reduce((sum, row) => sum + (row[column] - mean) ** 2, 0) / rows.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}
