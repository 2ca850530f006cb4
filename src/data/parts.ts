import { describe, quantity, wrongType } from '../support/check.js';

/** A named part of the inputs, or all of them where there are no names. */
export interface InputPart {
  /** Empty where there are no names. */
  readonly name: string;
  readonly columns: number;
  /** Where its values are indices: how many there are of them, from 0 on. 0 for numbers. */
  readonly categories: number;
}

/** How the rows of a network's inputs are made up. */
export interface InputShape {
  readonly inputs: number;
  readonly parts: readonly InputPart[];
}

/** What of a part is put into the rows of all. */
export interface PartRows {
  readonly name: string;
  readonly count: number;
  /** Writes its columns into rows of `stride` values, from column `at` on. */
  spread(into: Float32Array, stride: number, at: number): void;
}

/** The parts of `value`, each read by `read`, side by side in rows. */
export function joinParts(
  name: string,
  value: unknown,
  { inputs, parts }: InputShape,
  read: (name: string, value: unknown, columns: number) => PartRows,
): Float32Array {
  const given = value as Record<string, unknown>;
  const expected = `an object with the parts ${parts.map((part) => part.name).join(', ')}`;
  if (typeof value !== 'object' || value === null) throw wrongType(name, expected, value);
  const missing = parts.find((part) => !Object.hasOwn(value, part.name));
  if (missing) throw new TypeError(`"${name}" has no part ${describe(missing.name)}: it must be ${expected}`);
  const stranger = Object.keys(given).find((own) => !parts.some((part) => part.name === own));
  if (stranger !== undefined) throw new TypeError(`"${name}" has a part ${describe(stranger)}, which "inputs" has not`);
  const rows = parts.map((part) => read(`${name}.${part.name}`, given[part.name], part.columns));
  const [{ count, name: first }] = rows;
  const odd = rows.find((each) => each.count !== count);
  if (odd) {
    const [got, expected] = [odd.count, count].map((each) => quantity(each, 'row'));
    throw new RangeError(`"${odd.name}" has ${got}: expected ${expected}, one for each of "${first}"`);
  }
  const joined = new Float32Array(count * inputs);
  let at = 0;
  rows.forEach((each, index) => {
    each.spread(joined, inputs, at);
    at += parts[index].columns;
  });
  return joined;
}

/** The part to which a column of all belongs, and its first column. */
export function partAt(parts: readonly InputPart[], column: number): { part: InputPart; from: number } {
  let from = 0;
  for (const part of parts) {
    if (column < from + part.columns) return { part, from };
    from += part.columns;
  }
  throw new RangeError(`there is no column ${column}`);
}
