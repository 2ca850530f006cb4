/** A CSV file as a table of named columns, each of numbers or of categories; and what is wrong with one that is none. */
import Papa from 'papaparse';

/** Why a file can't be used, in words for the person who chose it. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
}

/** A column whose every value is a number, or one of a few categories. */
export type Column =
  | { readonly kind: 'numbers'; readonly name: string; readonly values: readonly number[] }
  | {
      readonly kind: 'categories';
      readonly name: string;
      readonly values: readonly string[];
      /** In alphabetical order. */
      readonly categories: readonly string[];
    };

export interface CsvTable {
  readonly file: string;
  readonly rows: number;
  readonly columns: readonly Column[];
  /** Rows that were left out because a value was missing. */
  readonly skipped: number;
  /** Values that are no numbers in columns of numbers; their rows were left out. */
  readonly bad: readonly BadCell[];
  /** Some numbers are written with a comma, such as 1,5. */
  readonly hasCommas: boolean;
}

export interface BadCell {
  /** As a text editor counts lines, the first names the columns. */
  readonly row: number;
  readonly column: string;
  readonly text: string;
}

export const MOST_BYTES = 5_000_000;
const FEWEST_ROWS = 10;
const MOST_ROWS = 20_000;
const MOST_COLUMNS = 64;
const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', '?', '-']);

/** Reads a file that was dropped on the page, or chosen. */
export async function readCsvFile(file: File): Promise<CsvTable> {
  if (file.size > MOST_BYTES) {
    const size = (file.size / 1e6).toFixed(1);
    throw new CsvError(`${file.name} has ${size} MB: the page takes up to ${MOST_BYTES / 1e6} MB.`);
  }
  return parseCsv(await file.text(), file.name);
}

/** Parses the text of a file. Whole rows only: one with a missing value is left out, and counted. */
export function parseCsv(text: string, file: string): CsvTable {
  if (text.includes('\0')) throw new CsvError(`${file} is no text: expected a CSV file.`);
  const { data, errors, meta } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy' });
  const quotes = errors.find(({ type }) => type === 'Quotes');
  if (quotes) throw new CsvError(`${file}, row ${(quotes.row ?? 0) + 1}: a quotation mark is never closed.`);
  const [header = [], ...rows] = data.map((row) => row.map((cell) => cell.trim()));
  checkHeader(file, header, rows);
  const ragged = rows.findIndex((row) => row.length !== header.length);
  if (ragged >= 0) {
    const got = rows[ragged].length;
    throw new CsvError(
      `${file}, row ${ragged + 2} has ${got} values: expected ${header.length}, as the first row names.`,
    );
  }
  const kinds = header.map((_, at) =>
    kindOf(
      rows.map((row) => row[at]).filter((cell) => !isMissing(cell)),
      meta.delimiter,
    ),
  );
  const bad = badCells(header, rows, kinds);
  const lost = new Set(bad.map(({ row }) => row));
  const whole = rows.filter((row, at) => !row.some(isMissing) && !lost.has(at + 2));
  if (whole.length < FEWEST_ROWS) {
    throw new CsvError(
      `${file} has ${whole.length} rows without a missing value: expected at least ${FEWEST_ROWS}, to learn from.`,
    );
  }
  const columns = header.map((name, at) =>
    columnOf(
      name,
      whole.map((row) => row[at]),
      kinds[at],
    ),
  );
  const hasCommas = kinds.some((kind, at) => kind === readDecimalComma && rows.some((row) => row[at].includes(',')));
  const skipped = rows.filter((row) => row.some(isMissing)).length;
  return { file, rows: whole.length, columns, skipped, bad, hasCommas };
}

function checkHeader(file: string, header: readonly string[], rows: readonly string[][]): void {
  if (header.length < 2) {
    throw new CsvError(
      `${file} has ${header.length === 0 ? 'no columns' : 'one column'}: expected at least two, parted by commas, ` +
        'semicolons or tabs: what to learn from, and what to learn.',
    );
  }
  if (header.length > MOST_COLUMNS) {
    throw new CsvError(`${file} has ${header.length} columns: the page takes up to ${MOST_COLUMNS}.`);
  }
  if (rows.length > MOST_ROWS) {
    throw new CsvError(`${file} has ${rows.length} rows: the page takes up to ${MOST_ROWS}.`);
  }
  if (header.every((name) => isNumber(name))) {
    throw new CsvError(`The first row of ${file} holds numbers: expected the names of the columns.`);
  }
  const unnamed = header.findIndex((name) => name === '');
  if (unnamed >= 0) throw new CsvError(`Column ${unnamed + 1} of ${file} has no name in the first row.`);
  const twice = header.find((name, at) => header.indexOf(name) !== at);
  if (twice !== undefined) throw new CsvError(`${file} has two columns named "${twice}": expected a name for each.`);
}

function isMissing(cell: string): boolean {
  return MISSING.has(cell.toLowerCase());
}

function isNumber(cell: string): boolean {
  return !Number.isNaN(readPoint(cell));
}

/** How a column writes its numbers. Gives NaN for what is none. */
type Reader = (cell: string) => number;

const readPoint: Reader = (cell) => {
  const value = cell === '' ? NaN : Number(cell);
  return Number.isFinite(value) ? value : NaN;
};

/** 1,5 and 1.234,5, as much of Europe writes them. */
const readDecimalComma: Reader = (cell) =>
  /^[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d*)?(e[+-]?\d+)?$/i.test(cell)
    ? readPoint(cell.replaceAll('.', '').replace(',', '.'))
    : NaN;

/** 1,234 and 1,234.5. */
const readThousands: Reader = (cell) =>
  /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$|^[^,]*$/.test(cell) ? readPoint(cell.replaceAll(',', '')) : NaN;

/** Of the values of a column of numbers, the share that may be something else by mistake. */
const MOST_BAD = 0.05;

/** Undefined for a column of categories. */
function kindOf(cells: readonly string[], delimiter: string): Reader | undefined {
  // 1,234 is ambiguous: where commas part the columns they do not part decimals too, unless nothing else makes sense
  const commas = delimiter === ',' ? [readThousands, readDecimalComma] : [readDecimalComma, readThousands];
  const readers = [readPoint, ...commas];
  const misses = readers.map((read) => cells.filter((cell) => Number.isNaN(read(cell))).length);
  const best = misses.indexOf(Math.min(...misses));
  const isBad = misses[best] > Math.floor(cells.length * MOST_BAD);
  return isBad || cells.length === misses[best] ? undefined : readers[best];
}

function badCells(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  kinds: readonly (Reader | undefined)[],
): BadCell[] {
  return rows.flatMap((row, index) =>
    header.flatMap((column, at): BadCell[] => {
      const read = kinds[at];
      const isBad = read !== undefined && !isMissing(row[at]) && Number.isNaN(read(row[at]));
      return isBad ? [{ row: index + 2, column, text: row[at] }] : [];
    }),
  );
}

function columnOf(name: string, cells: readonly string[], read: Reader | undefined): Column {
  if (read) return { kind: 'numbers', name, values: cells.map(read) };
  return { kind: 'categories', name, values: cells, categories: [...new Set(cells)].sort() };
}
