import { describe, quantity } from './check.js';
import type { Engine } from './engine/engine.js';

/** A flat array of numbers in rows, or, for toy data, an array of rows. */
export type Numbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | readonly number[]
  | readonly (readonly number[] | Float32Array)[];

type Flat = Exclude<Numbers, readonly (readonly number[] | Float32Array)[]>;

/** Rows of float32 numbers that the user passed, checked in shape; the values are checked as they are copied. */
export class Rows {
  readonly name: string;
  readonly columns: number;
  readonly count: number;
  readonly #source: Flat;
  readonly #length: number;

  /** `unit` says what the columns are, in messages: inputs or outputs. */
  constructor(name: string, value: unknown, columns: number, unit: string) {
    this.name = name;
    this.columns = columns;
    this.#source = flatten(name, value, columns, unit);
    this.#length = this.#source.length;
    this.count = this.#length / columns;
    if (this.#length === 0) {
      throw new RangeError(`"${name}" is empty: expected at least one example of ${columns} (${unit})`);
    }
    if (!Number.isInteger(this.count)) {
      const values = quantity(this.#length, 'value');
      throw new RangeError(`"${name}" has ${values}: expected a multiple of ${columns} (${unit})`);
    }
  }

  /**
   * Copies rows `from` to `from + rows` to `at` in the engine's memory, as float32, and returns their largest
   * magnitude. Throws a RangeError that names the first value that is not finite.
   */
  copy(engine: Engine, at: number, from: number, rows: number): number {
    const source = this.#source;
    // the buffer may have been transferred or resized since the shape was checked
    if (source.length !== this.#length) throw new TypeError(`"${this.name}" changed its length while it was read`);
    const start = from * this.columns;
    const count = rows * this.columns;
    const target = engine.f32(at, count);
    const part = start === 0 && count === this.#length ? source : sliceOf(source, start, start + count);
    target.set(part);
    const size = engine.kernels.largest(at, count);
    if (!(size < Infinity)) this.#refuse(target, start);
    return size;
  }

  #refuse(copied: Float32Array, start: number): never {
    const index = copied.findIndex((value) => !Number.isFinite(value));
    const value = this.#source[start + index] as number;
    const row = Math.floor((start + index) / this.columns);
    const column = (start + index) % this.columns;
    const why = Number.isFinite(value) ? 'which float32 cannot hold' : 'every value must be finite';
    throw new RangeError(`"${this.name}" holds ${value} at row ${row}, column ${column}: ${why}`);
  }
}

/** Class indices that the user passed, checked. */
export class Labels {
  readonly name: string;
  readonly count: number;
  readonly #labels: Int32Array;

  constructor(name: string, value: Flat, classes: number) {
    this.name = name;
    this.count = value.length;
    this.#labels = new Int32Array(value.length);
    for (let i = 0; i < value.length; i++) {
      const label = value[i] as number;
      if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
        const got = describe(label);
        throw new RangeError(`"${name}" holds ${got} at row ${i}: expected a class from 0 to ${classes - 1}`);
      }
      this.#labels[i] = label;
    }
  }

  copy(engine: Engine, at: number, from: number, rows: number): void {
    engine.i32(at, rows).set(this.#labels.subarray(from, from + rows));
  }
}

/** Targets: rows of outputs, or class indices. */
export type Targets = Rows | Labels;

/** What a network is taught with or measured on. */
export interface Examples {
  readonly count: number;
  readonly x: Rows;
  readonly y: Targets;
}

/** What the targets have to fit. */
export interface TargetShape {
  readonly inputs: number;
  readonly outputs: number;
  /** Whether class indices will do: for crossEntropy over two outputs or more. */
  readonly takesLabels: boolean;
}

/** Checks the shapes of x and y against each other and the network. */
export function readExamples(x: unknown, y: unknown, shape: TargetShape, names = ['x', 'y']): Examples {
  const [xName = 'x', yName = 'y'] = names;
  const rows = new Rows(xName, x, shape.inputs, 'inputs');
  return { count: rows.count, x: rows, y: readTargets(yName, y, rows.count, shape) };
}

function readTargets(name: string, value: unknown, count: number, { outputs, takesLabels }: TargetShape): Targets {
  if (takesLabels && isFlat(value) && value.length === count && count > 0) return new Labels(name, value, outputs);
  const expected = `${count * outputs} (${quantity(count, 'example')} of ${quantity(outputs, 'output')})`;
  const either = takesLabels ? `${count} class labels or ${expected}` : expected;
  if (isFlat(value) && value.length !== count * outputs) {
    throw new RangeError(`"${name}" has ${quantity(value.length, 'value')}: expected ${either}`);
  }
  const rows = new Rows(name, value, outputs, 'outputs');
  if (rows.count !== count) {
    throw new RangeError(`"${name}" has ${quantity(rows.count, 'row')}: expected ${quantity(count, 'row')}, one for each of "x"`);
  }
  return rows;
}

function isFlat(value: unknown): value is Flat {
  return isTyped(value) || (Array.isArray(value) && typeof value[0] === 'number');
}

function isTyped(value: unknown): value is Exclude<Flat, readonly number[]> {
  return ArrayBuffer.isView(value) && 'length' in value && !/^Big/.test(value.constructor.name);
}

function flatten(name: string, value: unknown, columns: number, unit: string): Flat {
  if (isTyped(value)) {
    if (value.length === 0 && isDetached(value.buffer)) {
      throw new TypeError(`"${name}" is detached: its buffer was transferred elsewhere`);
    }
    return value;
  }
  if (!Array.isArray(value)) {
    throw new TypeError(`"${name}" must be a typed array or an array of rows: got ${describe(value)}`);
  }
  const rows: readonly unknown[] = value;
  if (rows.every((row) => typeof row === 'number')) return rows as readonly number[];
  return Float64Array.from(
    rows.flatMap((row, index) => {
      if (!Array.isArray(row) && !isTyped(row)) {
        throw new TypeError(`"${name}[${index}]" must be a row of ${columns} numbers (${unit}): got ${describe(row)}`);
      }
      return [...checkRow(`${name}[${index}]`, row, columns, unit)];
    }),
  );
}

function checkRow(name: string, row: ArrayLike<unknown>, columns: number, unit: string): number[] {
  if (row.length !== columns) {
    throw new RangeError(`"${name}" has ${quantity(row.length, 'value')}: expected ${columns} (${unit})`);
  }
  return Array.from(row, (value, column) => {
    if (typeof value !== 'number') {
      throw new TypeError(`"${name}[${column}]" must be a number: got ${describe(value)}`);
    }
    return value;
  });
}

function isDetached(buffer: ArrayBufferLike): boolean {
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

function sliceOf(source: Flat, from: number, to: number): ArrayLike<number> {
  return 'subarray' in source ? source.subarray(from, to) : source.slice(from, to);
}
