import { describe } from '../support/check.js';

/** What a cell of a table holds once it is read; `null` where it is missing. */
export type Cell = number | string | boolean | Date | null;

/** Texts that stand for a missing value, in any case. */
export const MISSING: readonly string[] = ['', 'na', 'n/a', 'nan', 'null', 'none', '?', '-', '#n/a'];

/** How a column writes its numbers: `1,234.5` or `1.234,5`. */
export type NumberFormat = 'point' | 'comma';

/** A number that a cell was read as, `null` for none, and what was odd about it. */
export interface NumberReading {
  readonly value: number | null;
  /** What was done, for the report; `undefined` where nothing was odd. */
  readonly odd: string | undefined;
}

const GROUP = "[\\u0020\\u00a0\\u202f'’_]";
const EXPONENT = '(?:[eE][+-]?\\d+)?';
const pattern = (mark: string, point: string): RegExp =>
  new RegExp(`^[+-]?(?:\\d+|\\d{1,3}(?:${mark}\\d{3})+|\\d{1,3}(?:${GROUP}\\d{3})+)?(?:${point}\\d*)?${EXPONENT}$`);
const PATTERNS: Readonly<Record<NumberFormat, RegExp>> = { point: pattern(',', '\\.'), comma: pattern('\\.', ',') };

/** Currencies and per cent, which are left away; a column that has them keeps its unit to itself. */
const UNITS = /^[$€£¥]\s*|\s*[$€£¥%]$/g;
/** Marks of footnotes after a number. */
const FOOTNOTE = /\s*[*†‡§]+$/;

/**
 * What a user's value is as a cell.
 *
 * @param where the row and column, for the message
 * @throws TypeError for what no cell can hold: an object, an array, a function, a symbol
 */
export function readCell(value: unknown, where: () => string): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isNaN(value) ? null : value;
  if (typeof value === 'string') {
    const text = value.trim();
    return MISSING.includes(text.toLowerCase()) ? null : text;
  }
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (Object.prototype.toString.call(value) === '[object Date]') {
    const time = Number(value);
    return Number.isNaN(time) ? null : new Date(time);
  }
  throw new TypeError(`${where()} holds ${describe(value)}: expected a number, text, a boolean, a date or nothing`);
}

/** A cell's number, by the column's format. What cannot be read is `null`, and says so. */
export function readNumber(cell: Cell, format: NumberFormat): NumberReading {
  if (cell === null) return sound(null);
  if (typeof cell === 'boolean') return sound(Number(cell));
  if (typeof cell === 'number') return finite(cell);
  if (typeof cell !== 'string') return sound(cell.getTime());
  const plain = cell.replace(UNITS, '');
  const value = parse(plain, format);
  if (value !== undefined) return finite(value);
  const marked = FOOTNOTE.test(plain) ? parse(plain.replace(FOOTNOTE, ''), format) : undefined;
  if (marked !== undefined) return { ...finite(marked), odd: `read as ${marked}, without its mark` };
  return { value: null, odd: 'is no number: taken as missing' };
}

const sound = (value: number | null): NumberReading => ({ value, odd: undefined });

function finite(value: number): NumberReading {
  return Number.isFinite(value)
    ? sound(value)
    : { value: null, odd: 'is beyond what a number holds: taken as missing' };
}

/** `undefined` for a text that is no number of this format. Infinity for one such as 1e400. */
function parse(text: string, format: NumberFormat): number | undefined {
  if (!/\d/.test(text) || !PATTERNS[format].test(text)) return undefined;
  const [mark, point] = format === 'point' ? [',', '.'] : ['.', ','];
  return Number(text.replaceAll(new RegExp(GROUP, 'g'), '').replaceAll(mark, '').replace(point, '.'));
}

/**
 * The format of a column: `comma` where more of its texts can be read only so. `1,234` and `1.234` can be either; alone they
 * are taken with a point, so that 1,234 is a thousand.
 */
export function formatOf(cells: Iterable<Cell>): NumberFormat {
  let lead = 0;
  for (const cell of cells) {
    if (typeof cell !== 'string') continue;
    const plain = cell.replace(UNITS, '').replace(FOOTNOTE, '');
    const [point, comma] = [parse(plain, 'point'), parse(plain, 'comma')];
    if (point === undefined && comma !== undefined) lead++;
    if (point !== undefined && comma === undefined) lead--;
  }
  return lead > 0 ? 'comma' : 'point';
}

const DATE =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * The milliseconds since 1970 of a date, or of a text such as `2024-01-31`, `2024/1/31` or `2024-01-31T12:30:00Z`; without a
 * zone it is in UTC. `null` for any other.
 */
export function readDate(cell: Cell): number | null {
  if (typeof cell !== 'string') return cell instanceof Date ? cell.getTime() : null;
  const found = DATE.exec(cell);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0));
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // 31 April, or 25 o'clock, would be another day
  if (time.getUTCMonth() !== month - 1 || time.getUTCDate() !== day || minute > 59 || second > 59) return null;
  return time.getTime() - zoneOf(found[7] ?? '');
}

/** How much a zone such as +01:30 is ahead, in milliseconds. */
function zoneOf(text: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(text) ?? [];
  return (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === '-' ? -60_000 : 60_000);
}

/** A cell as the name of a category: texts as they are, numbers as JavaScript writes them, dates as ISO 8601. */
export function categoryOf(cell: Exclude<Cell, null>): string {
  return cell instanceof Date ? cell.toISOString() : String(cell);
}
