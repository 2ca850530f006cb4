/** Makes examples of a CSV table: inputs are standardised, categories become a column each. */
import type { CsvSetting } from '../setting/setting.js';
import type { Task } from '../setting/tasks.js';
import { CsvError, type Column, type CsvTable } from './csv.js';
import { planeOf, split, type DataSet } from './data-set.js';

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

/** The classes of a column: its categories; of numbers, the two values where there are just two. */
function classesOf(column: Column): readonly string[] {
  if (column.kind === 'categories') return column.categories;
  const values = [...new Set(column.values)].sort((a, b) => a - b);
  return values.length === 2 ? values.map(String) : [];
}

/** What a column as a target asks of the network. */
export function taskOf(table: CsvTable, target: string): Task {
  const classes = classesOf(columnOf(table, target)).length;
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
  const classes = classesOf(target);
  if (target.kind === 'categories' && (classes.length > MOST_CLASSES || classes.length < 2)) {
    const count = classes.length === 1 ? 'one value only' : `${classes.length} different values`;
    throw new CsvError(`"${target.name}" has ${count}: expected 2 to ${MOST_CLASSES} classes, or numbers.`);
  }
  const used = table.columns.filter(({ name }) => name !== target.name && !csv.ignored.includes(name));
  checkInputs(used);
  const features = used.flatMap(featuresOf).map(standardise);
  if (features.length === 0) throw new CsvError('No column is left to learn from: choose at least one.');
  const task = taskOf(table, target.name);
  const targets = targetsOf(target, task, classes);
  const rows = { count: table.rows, inputs: features.length, outputs: targets.length };
  const x = interleave(features);
  const both = split({ ...rows, x, y: interleave(targets) }, testShare, seed);
  const outputs = task === 'classes' ? classes : [target.name];
  // one input alone is shown against itself
  const plane = planeOf(x, features.length, [0, Math.min(1, features.length - 1)]);
  return { task, inputs: features.map(({ name }) => name), outputs, classes, ...both, plane };
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
  if (task === 'regression') return featuresOf(target).map(standardise);
  const told = task === 'binary' ? classes.slice(1) : classes;
  return told.map((name) => ({
    name,
    values: Float64Array.from(target.values as (string | number)[], (value) => Number(String(value) === name)),
  }));
}

/** Mean 0 and deviation 1; a column that never changes becomes 0. */
function standardise({ name, values }: Feature): Feature {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length;
  const deviation = Math.sqrt(variance) || 1;
  return { name, values: values.map((value) => (value - mean) / deviation) };
}

function interleave(features: readonly Feature[]): Float32Array {
  const count = features[0].values.length;
  const rows = new Float32Array(count * features.length);
  features.forEach(({ values }, column) => {
    values.forEach((value, row) => (rows[row * features.length + column] = value));
  });
  return rows;
}
