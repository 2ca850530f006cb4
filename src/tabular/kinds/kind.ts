import type { Cell, NumberFormat } from '../cells.js';

/** What a column can be taken for. `ignore` leaves it out. */
export type KindName = 'number' | 'boolean' | 'date' | 'category' | 'ignore';

/** What the training rows of a column are like: all that its kind is recognised by. */
export interface Profile {
  readonly name: string;
  /** The cells of the training rows, in their order. */
  readonly cells: readonly Cell[];
  /** Cells that are not missing. */
  readonly present: number;
  /** How often each value comes, by its name as a category. */
  readonly counts: ReadonlyMap<string, number>;
  /** Cells that can be read as a number by `format`, those with marks of footnotes among them. */
  readonly numbers: number;
  readonly format: NumberFormat;
  /** Cells that can be read as a date. */
  readonly dates: number;
  /** Cells that are text. */
  readonly texts: number;
}

/**
 * What a column is turned into: values, or an index that goes to an embedding.
 */
export interface Encoder {
  readonly width: number;
  /** Rows of the embedding that takes the column's index; 0 for none. */
  readonly categories: number;
  /** Writes the values of a cell at `at` of `into`, where there are zeros. */
  write(cell: Cell, into: Float32Array, at: number): void;
  /** Which row of the embedding a cell has. */
  index(cell: Cell): number;
}

/** A way to take a column: what is learnt of its training rows is plain data, which a file holds as JSON. */
export interface Kind<State> {
  readonly name: KindName;
  /** One line for documents and messages. */
  readonly does: string;
  /**
   * What is learnt.
   *
   * @throws RangeError where nothing can be: the user has named a kind that the column cannot be taken for
   */
  learn(profile: Profile): State;
  /** What a file says was learnt, checked. Throws a TypeError or RangeError where it cannot have been. */
  check(state: unknown): State;
  encoder(state: State): Encoder;
  /** What was done, for the report. */
  tell(state: State): string;
  /** What is odd about a cell and what was done with it; `undefined` where nothing is. */
  odd(cell: Cell, state: State): string | undefined;
}

const NOTHING = (): void => undefined;

/** An encoder without what is not given. */
export function encoderOf(given: Partial<Encoder>): Encoder {
  return { width: 0, categories: 0, write: NOTHING, index: () => 0, ...given };
}
