import { lengthOf, tagOf } from './arrays.js';

export { FileFormatError } from './file-format-error.js';

/** About the largest number that float32 holds: the bound of options that the kernels take as float32. */
export const MOST_FLOAT32 = 3.4e38;

/** The range of `checkNumber`: `min` and `max` belong to it, `above` and `below` do not. */
export interface NumberBounds {
  readonly min?: number;
  readonly above?: number;
  readonly max?: number;
  readonly below?: number;
}

const UNBOUNDED = { min: -Infinity, above: -Infinity, max: Infinity, below: Infinity };

/** What came, in a few words for the end of a message: `"abc"`, `0.5`, `an array of 3`. Never throws. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40)) + (value.length > 40 ? '...' : '');
  if (typeof value === 'object' && value !== null) {
    try {
      return describeObject(value);
    } catch {
      return 'an object'; // a getter or a proxy of the user's threw
    }
  }
  return ['symbol', 'bigint', 'function'].includes(typeof value) ? `a ${typeof value}` : String(value);
}

function describeObject(value: object): string {
  // the engine's own name for its kind: that of its constructor may have been minified
  const typed = tagOf(value);
  const tag = typed ?? Object.prototype.toString.call(value).slice(8, -1).slice(0, 40);
  const kind = tag === 'Object' || tag === 'Array' ? tag.toLowerCase() : tag;
  const length = typed ? lengthOf(value) : Array.isArray(value) ? value.length : undefined;
  return `${/^[aeio]/i.test(kind) ? 'an' : 'a'} ${kind}${length === undefined ? '' : ` of ${length}`}`;
}

/** The candidate that `word` was probably meant to be: a slip or two away, or a part of it, or it a part of that. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  let found: string | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    const name = candidate.toLowerCase();
    const [shorter, longer] = typed.length < name.length ? [typed, name] : [name, typed];
    let far = edits(typed, name, 2);
    if (far > 2 || far * 2 >= longer.length) {
      far = shorter.length > 2 && longer.includes(shorter) ? longer.length : Infinity;
    }
    if (far < least) [found, least] = [candidate, far];
  }
  return found;
}

/** The fewest insertions, deletions, replacements and swaps of neighbours from `a` to `b`, if at most `most`. */
function edits(a: string, b: string, most: number): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  a = a.slice(same);
  b = b.slice(same);
  if (!a || !b || !most) return a.length + b.length;
  const rest = (skipA: number, skipB: number): number => 1 + edits(a.slice(skipA), b.slice(skipB), most - 1);
  const swapped = b.startsWith(a.charAt(1) + a.charAt(0)) ? rest(2, 2) : Infinity;
  return Math.min(swapped, rest(0, 1), rest(1, 0), rest(1, 1));
}

/**
 * The options that a function was given, each read once, without a prototype.
 *
 * @param owner the function, as the user calls it
 * @throws TypeError for what is not a plain object, or has an option that is not in `allowed`
 */
export function checkOptions(owner: string, options: unknown, allowed: readonly string[]): Record<string, unknown> {
  const checked = Object.create(null) as Record<string, unknown>;
  if (options === undefined) return checked;
  if (!isPlainObject(options)) throw new TypeError(`${owner} expects an object of options: got ${describe(options)}`);
  for (const option of Object.keys(options)) {
    if (!allowed.includes(option)) {
      const near = nearest(option, allowed);
      const hint = near ? `did you mean "${near}"?` : `it takes ${allowed.join(', ') || 'none'}`;
      throw new TypeError(`${owner} has no option ${describe(option)}: ${hint}`);
    }
    checked[option] = options[option];
  }
  return checked;
}

/**
 * An object with names of the user's own, each read once.
 *
 * @throws TypeError for what is no plain object with at least one name; `or` is what else would do
 */
export function checkParts(owner: string, value: unknown, or: string): Record<string, unknown> {
  const names = isPlainObject(value) ? Object.keys(value) : [];
  if (names.length === 0) throw new TypeError(`${owner} must be ${or}: got ${describe(value)}`);
  return checkOptions(owner, value, names);
}

/**
 * A table, and the objects in it, without a prototype: what an entry leaves out is then not there, whatever somebody has
 * put on `Object.prototype`.
 */
export function bare<Table extends object>(table: Table): Table {
  for (const entry of Object.values(table)) if (isPlainObject(entry)) bare(entry);
  return Object.setPrototypeOf(table, null) as Table;
}

/** True for `{...}` of any realm: neither an array, a Map nor an instance of a class. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * A whole number from `min` to `max`.
 *
 * @param meaning where the range comes from, if the name doesn't say it
 * @throws TypeError for what is no number, RangeError for one out of range
 */
export function checkInteger(name: string, value: unknown, min: number, max: number, meaning?: string): number {
  const expected = `a whole number from ${min} to ${max}` + (meaning ? ` (${meaning})` : '');
  return checkNumeric(name, value, expected, (number) => Number.isInteger(number) && number >= min && number <= max);
}

/**
 * A finite number within `bounds`.
 *
 * @throws TypeError for what is no number, RangeError for one out of range
 */
export function checkNumber(name: string, value: unknown, bounds: NumberBounds): number {
  const { min, above, max, below } = { ...UNBOUNDED, ...bounds };
  const upper = below < Infinity ? `below ${below}` : max < Infinity ? `up to ${max}` : '';
  const from = upper ? 'from' : 'of at least';
  const lower = above > min ? `above ${above}` : min > -Infinity ? `${from} ${min}` : '';
  const range = [lower, upper].filter(Boolean).join(' and ');
  return checkNumeric(
    name,
    value,
    `a finite number ${range}`.trim(),
    (number) => Number.isFinite(number) && number >= min && number > above && number <= max && number < below,
  );
}

function checkNumeric(name: string, value: unknown, expected: string, fits: (value: number) => boolean): number {
  if (typeof value !== 'number') throw wrongType(name, expected, value);
  if (!fits(value)) throw new RangeError(refusal(name, expected, value));
  return value + 0; // -0 is 0
}

function refusal(name: string, expected: string, value: unknown): string {
  return `"${name}" must be ${expected}: got ${describe(value)}`;
}

/** What to throw where the argument `name` is nothing of the kind that was expected. */
export function wrongType(name: string, expected: string, value: unknown): TypeError {
  return new TypeError(refusal(name, expected, value));
}

/**
 * `true` or `false`.
 *
 * @throws TypeError for anything else
 */
export function checkBoolean(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw wrongType(name, 'true or false', value);
  return value;
}

/**
 * A function; what it takes and returns is for its caller to know.
 *
 * @throws TypeError for anything else
 */
export function checkFunction(name: string, value: unknown): (...args: never[]) => unknown {
  if (typeof value !== 'function') throw wrongType(name, 'a function', value);
  return value as (...args: never[]) => unknown;
}

/**
 * One of `names`.
 *
 * @throws TypeError for what is no string, RangeError for an unknown name
 */
export function checkOneOf(name: string, value: unknown, names: readonly string[]): string {
  const expected = `one of ${names.join(', ')}`;
  if (typeof value !== 'string') throw wrongType(name, expected, value);
  if (names.includes(value)) return value;
  const near = nearest(value, names);
  throw new RangeError(refusal(name, expected, value) + (near ? ` (did you mean "${near}"?)` : ''));
}

/** `1 value`, `1500 values`, `2 classes`. */
export function quantity(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? '' : /(s|x|ch|sh)$/.test(unit) ? 'es' : 's'}`;
}

/** An amount of memory, rounded for people, then exact: `12.4 GB (13316800000 bytes)`. A kB is 1024 bytes here. */
export function bytes(n: number): string {
  const exact = quantity(n, 'byte');
  if (n < 1024) return exact;
  let scaled = n / 1024;
  let unit = 0;
  for (; scaled >= 1024 && unit < 3; unit++) scaled /= 1024;
  return `${scaled.toFixed(1)} ${'kMGT'[unit]}B (${exact})`;
}
