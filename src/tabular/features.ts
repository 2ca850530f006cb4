import type { Inputs } from '../index.js';
import { describe } from '../support/check.js';
import type { Cell } from './cells.js';
import { encoderFor, type Taken } from './kinds/kinds.js';
import type { Encoder } from './kinds/kind.js';
import type { Table } from './rows.js';

/** Where a column's values lie among the inputs of a network. */
export interface Place {
  readonly name: string;
  readonly encoder: Encoder;
  /** Its first value. */
  readonly at: number;
  /** The name of the part that has its indices; `undefined` where it has no embedding. */
  readonly part: string | undefined;
}

/** Rows as the inputs of networks: `plain` row by row, and an array of indices for each embedding. */
export interface Encoded {
  readonly count: number;
  readonly plain: Float32Array;
  readonly indices: ReadonlyMap<string, Int32Array>;
}

/** What turns rows into inputs: the columns that are used, side by side. */
export class Features {
  readonly places: readonly Place[];
  /** Values of a row. */
  readonly width: number;

  constructor(columns: readonly Taken[]) {
    const places: Place[] = [];
    let [at, embeddings] = [0, 0];
    for (const column of columns) {
      const encoder = encoderFor(column);
      const part = encoder.categories > 0 ? `category${embeddings++}` : undefined;
      if (column.kind !== 'ignore') places.push({ name: column.name, encoder, at, part });
      at += encoder.width;
    }
    this.places = places;
    this.width = at;
  }

  /**
   * Some rows of a table. A column that it does not have counts as missing in each; one that is not used is passed over.
   *
   * @throws RangeError for a table with none of the columns: it is another one
   */
  encode({ columns, count }: Table, rows?: readonly number[]): Encoded {
    if (count > 0 && !this.places.some(({ name }) => columns.has(name))) {
      const names = this.places.slice(0, 8).map(({ name }) => describe(name));
      throw new RangeError(`there is none of the columns that the model knows: ${names.join(', ')}`);
    }
    const length = rows?.length ?? count;
    const plain = new Float32Array(length * this.width);
    const indices = new Map<string, Int32Array>();
    for (const { name, encoder, at, part } of this.places) {
      const cells: readonly Cell[] | undefined = columns.get(name);
      const own = part === undefined ? undefined : new Int32Array(length);
      if (part !== undefined && own) indices.set(part, own);
      for (let i = 0; i < length; i++) {
        const cell = cells?.[rows ? rows[i] : i] ?? null;
        encoder.write(cell, plain, i * this.width + at);
        if (own) own[i] = encoder.index(cell);
      }
    }
    return { count: length, plain, indices };
  }
}

/** What a network takes, by the names of its parts. */
export function inputsOf({ plain, indices, count }: Encoded): Inputs {
  const parts = new Map<string, Float32Array | Int32Array>();
  if (plain.length > 0 || count === 0) parts.set('plain', plain);
  for (const [part, own] of indices) parts.set(part, own);
  return Object.fromEntries(parts);
}

/** Some of the rows. */
export function rowsOf(encoded: Encoded, rows: ArrayLike<number>): Encoded {
  const { count } = encoded;
  return {
    count: rows.length,
    plain: gather(encoded.plain, count, rows),
    indices: new Map([...encoded.indices].map(([part, own]) => [part, gather(own, count, rows)])),
  };
}

/** Rows of a flat array that has `count` of them. */
export function gather<A extends Float32Array | Float64Array | Int32Array>(
  values: A,
  count: number,
  rows: ArrayLike<number>,
): A {
  const width = count === 0 ? 0 : values.length / count;
  const gathered = new (values.constructor as new (length: number) => A)(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    gathered.set(values.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  }
  return gathered;
}
