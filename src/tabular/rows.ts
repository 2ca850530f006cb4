import { describe, quantity } from '../support/check.js';
import { type Cell, readCell } from './cells.js';

/** A row: a value for each column by its name. A cell is a number, text, a boolean, a date, or nothing. */
export type Row = object;

/** What Apache Arrow's tables have; any object that has it will do. */
export interface ArrowLike {
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  getChild(name: string): Iterable<unknown> | null;
}

/** A table by columns, all equally long. */
export type Columns = Readonly<Record<string, Iterable<unknown>>>;

/** A table: rows, which may come one after another, or columns. */
export type Rows = Iterable<Row> | AsyncIterable<Row> | ArrowLike | Columns;

/** A table that was read. Names are keys of a map, so that `__proto__` is a name like any other. */
export interface Table {
  readonly columns: ReadonlyMap<string, readonly Cell[]>;
  readonly count: number;
}

const EXPECTED = 'rows (an array or iterable of objects) or columns (an object of arrays, or an Arrow table)';

/**
 * Reads a table whole.
 *
 * @throws TypeError for what is no table, a row that is no object, or a cell that can hold nothing of use; it names them
 */
export async function readTable(rows: unknown): Promise<Table> {
  if (isAsync(rows)) {
    const builder = new TableBuilder();
    for await (const row of rows) builder.add(row);
    return builder.table();
  }
  return readTableAtOnce(rows);
}

/** As `readTable`, for a table that is there. */
export function readTableAtOnce(rows: unknown): Table {
  if (typeof rows !== 'object' || rows === null) throw new TypeError(`expected ${EXPECTED}: got ${describe(rows)}`);
  if (isArrow(rows)) return readColumns(arrowColumns(rows));
  if (isIterable(rows)) {
    const builder = new TableBuilder();
    for (const row of rows) builder.add(row);
    return builder.table();
  }
  if (ArrayBuffer.isView(rows)) throw new TypeError(`expected ${EXPECTED}: got ${describe(rows)}`);
  return readColumns(Object.entries(rows));
}

/** One row as a table. */
export function readRow(row: unknown): Table {
  const builder = new TableBuilder();
  builder.add(row);
  return builder.table();
}

/** Whether a value is a table of several rows rather than one row. */
export function isTable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (isArrow(value) || isIterable(value));
}

/** Columns from rows: one that a row has for the first time is missing in those before. */
class TableBuilder {
  readonly #columns = new Map<string, Cell[]>();
  #count = 0;

  add(row: unknown): void {
    const number = this.#count + 1;
    if (typeof row !== 'object' || row === null || Array.isArray(row) || ArrayBuffer.isView(row)) {
      throw new TypeError(`row ${number} is ${describe(row)}: expected an object with a value for each column`);
    }
    for (const name of Object.keys(row)) {
      const cell = readCell((row as Record<string, unknown>)[name], () => `row ${number}, column ${describe(name)}`);
      let cells = this.#columns.get(name);
      if (!cells) this.#columns.set(name, (cells = []));
      for (let missing = this.#count - cells.length; missing > 0; missing--) cells.push(null);
      cells.push(cell);
    }
    this.#count = number;
  }

  table(): Table {
    for (const cells of this.#columns.values()) while (cells.length < this.#count) cells.push(null);
    return { columns: this.#columns, count: this.#count };
  }
}

function readColumns(given: Iterable<readonly [name: string, values: unknown]>): Table {
  const columns = new Map<string, Cell[]>();
  let [first, count] = ['', 0];
  for (const [name, values] of given) {
    if (columns.has(name)) throw new TypeError(`the table has two columns ${describe(name)}: rename one`);
    if (!isIterable(values)) {
      throw new TypeError(`column ${describe(name)} is ${describe(values)}: expected an array. ${hint(values)}`);
    }
    const cells = Array.from(values, (value, row) => readCell(value, () => `row ${row + 1}, column ${describe(name)}`));
    if (columns.size === 0) [first, count] = [name, cells.length];
    if (cells.length !== count) {
      throw new RangeError(
        `column ${describe(name)} has ${quantity(cells.length, 'value')} and column ${describe(first)} ${count}`,
      );
    }
    columns.set(name, cells);
  }
  return { columns, count };
}

const hint = (value: unknown): string =>
  typeof value === 'object' && value !== null ? '' : 'A single row goes into an array: [row]';

function* arrowColumns(table: ArrowLike): Generator<readonly [string, unknown]> {
  for (const { name } of table.schema.fields) yield [name, table.getChild(name)];
}

function isArrow(value: object): value is ArrowLike {
  const { schema, getChild } = value as Partial<ArrowLike>;
  return typeof getChild === 'function' && typeof schema === 'object' && Array.isArray(schema?.fields);
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, Symbol.iterator) === 'function';
}

function isAsync(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, Symbol.asyncIterator) === 'function';
}
