/** Makes examples of a CSV table: columns are standardised by the training rows, categories become a column each. */
import type { CsvSetting, TargetKind } from '../setting/setting.js';
import type { Task } from '../setting/tasks.js';
import { CsvError, type Column, type CsvTable } from './csv.js';
import { planeOf, split, splitRows, type DataSet } from './data-set.js';
import { scaled, scaleOf, type Scale } from './scaling.js';

const MOST_CLASSES = 10;
const MOST_CATEGORIES = 12;

/** What the widest table makes of columns that are all usable, of 64 columns with 12 categories each. */
const MOST_INPUTS = 768;

/** One column of numbers for the network. */
interface Feature {
  readonly name: string;
  readonly values: Float64Array;
}

/** The column that is most likely meant to be learnt: the last if it has classes, or else the last of those that do. */
export function likelyTarget({ columns }: CsvTable): string {
  const last = columns[columns.length - 1];
  const few = (column: Column): boolean => classesOf(column).length > 1 && classesOf(column).length <= MOST_CLASSES;
  const categories = columns.filter((column) => column.kind === 'categories' && few(column));
  return (few(last) ? last : (categories.at(-1) ?? last)).name;
}

/** Columns that can't be inputs: text that is different in nearly every row, such as names. */
export function unusable({ columns }: CsvTable): string[] {
  return columns
    .filter((column) => column.kind === 'categories' && column.categories.length > MOST_CATEGORIES)
    .map(({ name }) => name);
}

/**
 * The classes of a column: its categories; of numbers, their values where they are taken for classes, as by themselves
 * two values are.
 */
function classesOf(column: Column, as?: TargetKind): readonly string[] {
  if (column.kind === 'categories') return column.categories;
  const values = [...new Set(column.values)].sort((a, b) => a - b);
  const areClasses = as === undefined ? values.length === 2 : as === 'classes';
  return areClasses ? values.map(String) : [];
}

/** Whether a person can say that a column of numbers means classes, or the other way round. */
export function canBeEither(table: CsvTable, target: string): boolean {
  const column = columnOf(table, target);
  if (column.kind === 'categories') return false;
  const different = new Set(column.values).size;
  return different >= 2 && different <= MOST_CLASSES;
}

/** What a column as a target asks of the network. */
export function taskOf(table: CsvTable, target: string, as?: TargetKind): Task {
  const classes = classesOf(columnOf(table, target), as).length;
  return classes === 0 ? 'regression' : classes === 2 ? 'binary' : 'classes';
}

function columnOf({ columns, file }: CsvTable, name: string): Column {
  const found = columns.find((column) => column.name === name);
  if (found === undefined) {
    throw new CsvError(`${file} has no column "${name}": it has ${columns.map((column) => column.name).join(', ')}.`);
  }
  return found;
}

/** The table as examples, for a target and without the columns that are ignored. */
export function makeCsvData(table: CsvTable, csv: CsvSetting, testShare: number, seed: number): DataSet {
  const target = columnOf(table, csv.target);
  const classes = classesOf(target, csv.as);
  if ((target.kind === 'categories' || csv.as === 'classes') && (classes.length > MOST_CLASSES || classes.length < 2)) {
    const count = classes.length === 1 ? 'one value only' : `${classes.length} different values`;
    throw new CsvError(`"${target.name}" has ${count}: expected 2 to ${MOST_CLASSES} classes, or numbers.`);
  }
  const used = inputColumns(table, csv);
  checkInputs(used);
  const features = used.flatMap(featuresOf);
  if (features.length === 0) throw new CsvError('No column is left to learn from: choose at least one.');
  const task = taskOf(table, target.name, csv.as);
  const targets = targetsOf(target, task, classes);
  const { train } = splitRows(table.rows, testShare, seed);
  const scalesOf = (some: readonly Feature[]): Scale[] => some.map(({ name, values }) => scaleOf(name, values, train));
  const scaling = { inputs: scalesOf(features), targets: task === 'regression' ? scalesOf(targets) : [] };
  const rows = { count: table.rows, inputs: features.length, outputs: targets.length };
  const x = interleave(features, scaling.inputs);
  const both = split({ ...rows, x, y: interleave(targets, scaling.targets) }, testShare, seed);
  const outputs = task === 'classes' ? classes : [target.name];
  // one input alone is shown against itself
  const plane = planeOf(x, features.length, [0, Math.min(1, features.length - 1)]);
  return { task, inputs: features.map(({ name }) => name), outputs, classes, ...both, plane, scaling };
}

/** The columns that the network sees. */
export function inputColumns({ columns }: CsvTable, csv: CsvSetting): Column[] {
  return columns.filter(({ name }) => name !== csv.target && !csv.ignored.includes(name));
}

/** A row of one's own as the network takes it: a number or a category for each of the columns. */
export function encodeRow(
  columns: readonly Column[],
  values: readonly string[],
  scales: readonly Scale[],
): Float32Array {
  const features = columns.flatMap((column, at) =>
    featuresOf(
      column.kind === 'numbers' ? { ...column, values: [Number(values[at])] } : { ...column, values: [values[at]] },
    ),
  );
  return interleave(features, scales);
}

/** Every category is an input of its own: a column of free text, ticked all the same, would fill the memory. */
function checkInputs(columns: readonly Column[]): void {
  const counts = columns.map((column) => (column.kind === 'numbers' ? 1 : column.categories.length));
  const inputs = counts.reduce((sum, count) => sum + count, 0);
  if (inputs <= MOST_INPUTS) return;
  const largest = columns[counts.indexOf(Math.max(...counts))];
  throw new CsvError(
    `The columns make ${inputs} inputs, and the page takes up to ${MOST_INPUTS}. ` +
      `"${largest.name}" alone has ${Math.max(...counts)} categories, an input each: leave it out.`,
  );
}

function featuresOf(column: Column): Feature[] {
  if (column.kind === 'numbers') return [{ name: column.name, values: Float64Array.from(column.values) }];
  const { categories, values, name } = column;
  // of two categories one column says all
  const told = categories.length === 2 ? categories.slice(1) : categories;
  return told.map((category) => ({
    name: `${name}=${category}`,
    values: Float64Array.from(values, (value) => Number(value === category)),
  }));
}

function targetsOf(target: Column, task: Task, classes: readonly string[]): Feature[] {
  if (task === 'regression') return featuresOf(target);
  const told = task === 'binary' ? classes.slice(1) : classes;
  return told.map((name) => ({
    name,
    values: Float64Array.from(target.values as (string | number)[], (value) => Number(String(value) === name)),
  }));
}

/** Row by row, standardised where there are scales. */
function interleave(features: readonly Feature[], scales: readonly Scale[]): Float32Array {
  const count = features[0].values.length;
  const rows = new Float32Array(count * features.length);
  features.forEach(({ values }, column) => {
    const scale = scales[column];
    values.forEach((value, row) => (rows[row * features.length + column] = scale ? scaled(scale, value) : value));
  });
  return rows;
}
