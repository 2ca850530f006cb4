import { describe, nearest, quantity } from '../support/check.js';
import { meanOf } from './arithmetic.js';
import { type Cell, categoryOf, formatOf, type NumberFormat, readNumber } from './cells.js';
import { readBoolean } from './kinds/boolean.js';
import type { Table } from './rows.js';

/** What is predicted: which of some classes, or numbers. */
export type Task = 'classes' | 'numbers';

/** The label of a class, as the table had it. */
export type Label = string | number | boolean;

/** Classes, in ascending order of their names, or of numbers. */
export interface ClassTarget {
  readonly task: 'classes';
  readonly name: string;
  readonly labels: readonly Label[];
}

/** Numbers: what was predicted times `deviation`, plus `mean`, is in the target's own units. */
export interface NumberTarget {
  readonly task: 'numbers';
  readonly names: readonly string[];
  readonly formats: readonly NumberFormat[];
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

export type Target = ClassTarget | NumberTarget;

/** Whole numbers of so few values are taken for classes, if each comes often enough. */
const FEW_VALUES = 10;
const OFTEN = 5;
const MOST_CLASSES = 1000;

/** The target's columns, which have to be there. */
export function targetCells(table: Table, names: readonly string[]): readonly (readonly Cell[])[] {
  return names.map((name) => {
    const cells = table.columns.get(name);
    if (cells) return cells;
    const near = nearest(name, [...table.columns.keys()]);
    throw new RangeError(
      `the table has no column ${describe(name)}` +
        (near === undefined ? `: it has ${list([...table.columns.keys()])}` : `: did you mean ${describe(near)}?`),
    );
  });
}

/** Some names, for a message. */
export function list(names: readonly string[], most = 12): string {
  const shown = names.slice(0, most).map((name) => describe(name));
  return shown.join(', ') + (names.length > most ? ` and ${names.length - most} more` : '') || 'none';
}

/** What the target looks like, and what of that is a choice which the user may want to make. */
export function inferTask(cells: readonly (readonly Cell[])[], name: string): { task: Task; note: string | undefined } {
  if (cells.length > 1) return { task: 'numbers', note: undefined };
  const present = cells[0].filter((cell) => cell !== null);
  const format = formatOf(present);
  const read = present.map((cell) => (typeof cell === 'boolean' ? null : readNumber(cell, format).value));
  const numbers = read.filter((value) => value !== null);
  if (numbers.length < 0.9 * present.length || present.some((cell) => cell instanceof Date))
    return { task: 'classes', note: undefined };
  const values = new Set(numbers);
  const whole = numbers.every((value) => Number.isInteger(value));
  if (!whole || values.size > 2 * FEW_VALUES) return { task: 'numbers', note: undefined };
  const classes = values.size <= FEW_VALUES && numbers.length >= OFTEN * values.size;
  const [is, other] = classes ? (['classes', 'numbers'] as const) : (['numbers', 'classes'] as const);
  const note =
    `${describe(name)} is a whole number of ${quantity(values.size, 'value')}: it was taken for ${is}; ` +
    `task: '${other}' takes it for ${other}`;
  return { task: is, note: values.size === 2 && classes ? undefined : note };
}

/** How classes are told apart: by the name of the label. */
export const labelKey = (cell: Exclude<Cell, null>): string => categoryOf(cell);

/**
 * The classes of some cells.
 *
 * @throws RangeError for fewer than two, and for so many that it cannot be meant
 */
export function classTarget(name: string, cells: readonly Cell[]): ClassTarget {
  const labels = new Map<string, Label>();
  for (const cell of cells) {
    if (cell === null) continue;
    const label = cell instanceof Date ? cell.toISOString() : cell;
    if (!labels.has(labelKey(cell))) labels.set(labelKey(cell), label);
  }
  if (labels.size < 2) {
    const found = labels.size === 0 ? 'no value' : `one class alone, ${list([...labels.keys()])}`;
    throw new RangeError(`the target ${describe(name)} has ${found}: there is nothing to tell apart`);
  }
  if (labels.size > MOST_CLASSES) {
    const classes = quantity(labels.size, 'class');
    throw new RangeError(
      `the target ${describe(name)} has ${classes}, more than ${MOST_CLASSES}: task: 'numbers' takes numbers`,
    );
  }
  const order = [...labels.values()].sort((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1,
  );
  return { task: 'classes', name, labels: order };
}

/**
 * The numbers of some cells: mean and deviation of each column.
 *
 * @throws RangeError where a column has no two different numbers
 */
export function numberTarget(names: readonly string[], cells: readonly (readonly Cell[])[]): NumberTarget {
  const formats = cells.map((column) => formatOf(column));
  const columns = cells.map((column, i) => {
    const values = column.map((cell) => readNumber(cell, formats[i]).value).filter((value) => value !== null);
    const mean = meanOf(values);
    const deviation = Math.sqrt(meanOf(values.map((value) => (value - mean) * (value - mean))));
    if (!(deviation > 0) || deviation === Infinity) {
      const found = values.length === 0 ? 'no number' : deviation > 0 ? 'numbers too large' : 'one value alone';
      throw new RangeError(`the target ${describe(names[i])} has ${found}: there is nothing to learn`);
    }
    return { mean, deviation };
  });
  return {
    task: 'numbers',
    names,
    formats,
    means: columns.map(({ mean }) => mean),
    deviations: columns.map(({ deviation }) => deviation),
  };
}

/** The class of each cell, by its place among the labels; -1 where it is missing, or none of them. */
export function classIndices({ labels }: ClassTarget, cells: readonly Cell[]): Int32Array {
  const places = new Map(labels.map((label, place) => [String(label), place]));
  const yes = labels.indexOf(true);
  return Int32Array.from(cells, (cell) => {
    if (cell === null) return -1;
    const place = places.get(labelKey(cell));
    if (place !== undefined || yes < 0) return place ?? -1;
    const said = readBoolean(cell); // labels that were booleans, and come as text
    return said === null ? -1 : labels.indexOf(said);
  });
}

/** The numbers in their own units, row by row; NaN where one is missing. */
export function targetNumbers({ formats }: NumberTarget, cells: readonly (readonly Cell[])[]): Float64Array {
  const numbers = new Float64Array(cells[0].length * cells.length);
  for (const [column, values] of cells.entries()) {
    for (const [row, cell] of values.entries()) {
      numbers[row * cells.length + column] = readNumber(cell, formats[column]).value ?? NaN;
    }
  }
  return numbers;
}

/** The columns of a target. */
export const targetNames = (target: Target): readonly string[] =>
  target.task === 'classes' ? [target.name] : target.names;
