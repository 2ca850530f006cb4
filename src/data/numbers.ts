import type { LossName, TargetRange } from '../choices/losses.js';
import type { Engine } from '../engine/engine.js';
import { LEAST_NORMAL } from '../engine/kernels.js';
import { isDetached, isTyped, lengthOf, mayOverlap, part, type TypedArray } from '../support/arrays.js';
import { bare, describe, quantity, wrongType } from '../support/check.js';
import { type InputPart, type InputShape, joinParts, partAt } from './parts.js';
import { largestInput, readBytes, type ScaledBytes } from './scaled.js';
import type { Weights } from './weights.js';

/** A flat array of numbers in rows, or, for toy data, an array of rows. */
export type Numbers = TypedArray | readonly number[] | readonly (readonly number[] | TypedArray)[];

/** What methods take as `x`: numbers, or bytes that `scaled` gave a scale; or those of each part, where inputs have names. */
export type Inputs = Numbers | ScaledBytes | Readonly<Record<string, Numbers | ScaledBytes>>;

/** Rows of float32 numbers that the user passed, checked in shape; the values are checked as they are copied. */
export class Rows {
  readonly name: string;
  readonly columns: number;
  readonly count: number;
  /** What lay in plain arrays has been copied to a typed one. */
  readonly #source: TypedArray;
  readonly #length: number;

  /** `unit` says what the columns are, in messages: inputs or outputs. */
  constructor(name: string, value: unknown, columns: number, unit: string) {
    this.name = name;
    this.columns = columns;
    this.#source = readFlat(name, value, unit) ?? joinRows(name, value, columns, unit);
    this.#length = lengthOf(this.#source);
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
   * Copies rows `from` to `from + rows` to `at` in the engine's memory, as float32 with 0 for subnormal numbers, and
   * returns their largest magnitude. Throws a RangeError that names the first value that is not finite.
   */
  copy(engine: Engine, at: number, from: number, rows: number): number {
    const count = rows * this.columns;
    const target = engine.f32(at, count);
    target.set(this.values(from, rows));
    const size = engine.kernels.settle(at, count, LEAST_NORMAL);
    if (!(size < Infinity)) {
      const index = target.findIndex((value) => !Number.isFinite(value));
      const { value, place } = this.locate(from * this.columns + index);
      const why = Number.isFinite(value) ? 'which float32 cannot hold' : 'every value must be finite';
      throw new RangeError(`${place}: ${why}`);
    }
    return size;
  }

  /** The source's values of rows `from` to `from + rows`. */
  protected values(from: number, rows: number): TypedArray {
    const source = this.#source;
    // the buffer may have been transferred or resized since the shape was checked
    if (lengthOf(source) !== this.#length) throw new TypeError(`"${this.name}" changed its length while it was read`);
    const count = rows * this.columns;
    return count === this.#length ? source : part(source, from * this.columns, count);
  }

  /** Writes its columns into rows of `stride` values, from column `at` on, times `scale`. */
  protected spreadScaled(into: Float32Array, stride: number, at: number, scale: number): void {
    const values = this.values(0, this.count);
    for (let i = 0; i < values.length; i++) {
      into[Math.floor(i / this.columns) * stride + at + (i % this.columns)] = values[i] * scale;
    }
  }

  /** Whether to write to `array` may be to change these rows. */
  mayOverlap(array: TypedArray): boolean {
    return mayOverlap(this.#source, array);
  }

  /** The value of the source at `index`, and the beginning of a message about it. */
  protected locate(index: number): { value: number; place: string } {
    const value = this.#source[index];
    const row = Math.floor(index / this.columns);
    return { value, place: `"${this.name}" holds ${value} at row ${row}, column ${index % this.columns}` };
  }
}

/** The rows of targets that the user passed; those outside of the loss's range are refused as they are copied. */
export class TargetRows extends Rows {
  readonly #loss: LossName;
  readonly #range: TargetRange | undefined;

  constructor(name: string, value: unknown, { outputs, loss, range }: TargetShape) {
    super(name, value, outputs, 'outputs');
    this.#loss = loss;
    this.#range = range;
  }

  override copy(engine: Engine, at: number, from: number, rows: number): number {
    const size = super.copy(engine, at, from, rows);
    if (this.#range) this.#check(engine.f32(at, rows * this.columns), from * this.columns, this.#range);
    return size;
  }

  /** True where each of some rows has a single 1 among zeros. */
  isOneHot(from: number, rows: number): boolean {
    const values = this.values(from, rows);
    for (let row = 0; row < rows; row++) {
      let ones = 0;
      for (let at = row * this.columns; at < (row + 1) * this.columns; at++) {
        if (values[at] === 1) ones++;
        else if (values[at] !== 0) return false;
      }
      if (ones !== 1) return false;
    }
    return true;
  }

  /** @throws RangeError for a row that is of no class */
  classOf(row: number): number {
    const values = this.values(row, 1);
    if (this.columns === 1 && (values[0] === 0 || values[0] === 1)) return values[0];
    if (this.columns > 1 && this.isOneHot(row, 1)) return values.indexOf(1);
    const expected = this.columns > 1 ? 'a one-hot row, a single 1 among zeros' : 'a target of 0 or 1';
    throw new RangeError(`"classWeight" needs classes: row ${row} of "${this.name}" is not ${expected}`);
  }

  #check(copied: Float32Array, start: number, { min, max, below, above }: TargetRange): void {
    // a plain loop: this is on the way of every batch
    for (let i = 0; i < copied.length; i++) {
      if (copied[i] >= min && copied[i] <= max) continue;
      const advice = copied[i] < min ? below : above;
      throw new RangeError(
        `${this.locate(start + i).place}: ${this.#loss} takes targets from ${min} to ${max} (${advice})`,
      );
    }
  }
}

/** The inputs that the user passed: float32 rows, or bytes that stay bytes in memory. */
export class InputRows extends Rows {
  /** What the bytes are multiplied by; 0 where the values are float32. */
  readonly scale: number;
  /** Bytes that a value takes in the engine's memory. */
  readonly valueBytes: number;
  readonly #bytes: ScaledBytes | undefined;
  readonly #parts: readonly InputPart[];

  constructor(name: string, value: unknown, shape: InputShape) {
    const isNamed = shape.parts[0].name !== '';
    const scaled = isNamed ? undefined : readBytes(value);
    super(name, isNamed ? joinParts(name, value, shape, partRows) : (scaled?.data ?? value), shape.inputs, 'inputs');
    this.#parts = shape.parts;
    this.#bytes = scaled;
    this.scale = scaled?.scale ?? 0;
    this.valueBytes = scaled ? 1 : 4;
  }

  override copy(engine: Engine, at: number, from: number, rows: number): number {
    if (this.#parts.some(({ categories }) => categories > 0)) this.#checkIndices(from, rows);
    if (!this.#bytes) return super.copy(engine, at, from, rows);
    engine.u8(at, rows * this.columns).set(this.values(from, rows));
    return largestInput(this.#bytes);
  }

  /** Refuses what is no index, in the parts that are looked up in tables. */
  #checkIndices(from: number, rows: number): void {
    const values = this.values(from, rows);
    let first = 0;
    for (const { columns, categories } of this.#parts) {
      for (let at = first; categories > 0 && at < values.length; at += this.columns) {
        for (let i = at; i < at + columns; i++) {
          const index = values[i] * (this.scale || 1);
          if (Number.isInteger(index) && index >= 0 && index < categories) continue;
          const { place } = this.locate(from * this.columns + i);
          throw new RangeError(`${place}: expected a whole number from 0 to ${categories - 1}`);
        }
      }
      first += columns;
    }
  }

  protected override locate(index: number): { value: number; place: string } {
    const { value, place } = super.locate(index);
    const column = index % this.columns;
    const { part, from } = partAt(this.#parts, column);
    if (part.name === '') return { value, place };
    const row = Math.floor(index / this.columns);
    return { value, place: `"${this.name}.${part.name}" holds ${value} at row ${row}, column ${column - from}` };
  }

  spread(into: Float32Array, stride: number, at: number): void {
    this.spreadScaled(into, stride, at, this.scale || 1);
  }
}

/** One named part, by itself. */
function partRows(name: string, value: unknown, columns: number): InputRows {
  return new InputRows(name, value, { inputs: columns, parts: [{ name: '', columns, categories: 0 }] });
}

/** Class indices that the user passed, checked. */
export class Labels {
  readonly name: string;
  /** Those of the rows that they stand for: one for each class. */
  readonly columns: number;
  readonly count: number;
  readonly #labels: Int32Array;

  constructor(name: string, value: TypedArray, classes: number) {
    this.name = name;
    this.columns = classes;
    this.count = lengthOf(value);
    this.#labels = new Int32Array(this.count);
    for (let i = 0; i < this.count; i++) {
      const label = value[i];
      if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
        const expected = countsFromOne(value, classes)
          ? `classes count from 0 to ${classes - 1}, and these from 1 to ${classes}: pass ${name} - 1, such as ` +
            `${name}.map((label) => label - 1)`
          : `expected a class from 0 to ${classes - 1}`;
        throw new RangeError(`"${name}" holds ${describe(label)} at row ${i}: ${expected}`);
      }
      this.#labels[i] = label;
    }
  }

  /** Copies rows as the other targets do; what indices reach is no size. */
  copy(engine: Engine, at: number, from: number, rows: number): 0 {
    engine.i32(at, rows).set(this.#labels.subarray(from, from + rows));
    return 0;
  }

  isOneHot(): boolean {
    return true;
  }

  classOf(row: number): number {
    return this.#labels[row];
  }
}

/** dC/da of each example, in place of its targets: a loss of the user's own has given it. */
export class Slopes extends Rows {
  constructor(name: string, value: unknown, outputs: number) {
    super(name, value, outputs, 'outputs');
  }

  isOneHot(): boolean {
    return false;
  }
}

/** Whether the least label is 1, and the largest the number of classes. */
function countsFromOne(labels: TypedArray, classes: number): boolean {
  let [least, most, whole] = [Infinity, -Infinity, true];
  for (let i = 0; i < lengthOf(labels); i++) {
    least = Math.min(least, labels[i]);
    most = Math.max(most, labels[i]);
    whole &&= Number.isInteger(labels[i]);
  }
  return whole && least === 1 && most === classes;
}

/** Targets: rows of outputs, class indices, or what a loss gave. */
export type Targets = TargetRows | Labels | Slopes;

/** What a network is taught with or measured on. */
export interface Examples {
  readonly count: number;
  /** The first of them among the rows of x, y and the weights. */
  readonly first: number;
  readonly x: InputRows;
  readonly y: Targets;
  /** What each example counts in a mean; `undefined` where all count the same. */
  readonly weights: Weights | undefined;
}

/** What the targets have to fit. */
export interface TargetShape extends InputShape {
  readonly outputs: number;
  readonly loss: LossName;
  /** What the loss allows. */
  readonly range: TargetRange | undefined;
  /** Whether class indices will do: for crossEntropy. */
  readonly takesLabels: boolean;
}

/** Checks the shapes of x and y against each other and the network. */
export function readExamples(x: unknown, y: unknown, shape: TargetShape, names = ['x', 'y']): Examples {
  const [xName = 'x', yName = 'y'] = names;
  const rows = new InputRows(xName, x, shape);
  return beside(rows, readTargets(yName, y, rows.count, shape));
}

/** Checks the shapes of x and dC/da against each other and the network. */
export function readSlopes(x: unknown, dA: unknown, shape: TargetShape): Examples {
  return beside(new InputRows('x', x, shape), new Slopes('dA', dA, shape.outputs));
}

/** Targets, or what stands for them, beside the rows that they belong to. */
export function beside(x: InputRows, y: Targets): Examples {
  if (y.count !== x.count) {
    const [got, expected] = [y.count, x.count].map((count) => quantity(count, 'row'));
    throw new RangeError(`"${y.name}" has ${got}: expected ${expected}, one for each of "${x.name}"`);
  }
  return { count: x.count, first: 0, x, y, weights: undefined };
}

/** Rows `from` to `to` of the examples, which keep their numbers. */
export function partOf(examples: Examples, from: number, to: number): Examples {
  return { ...examples, first: examples.first + from, count: to - from };
}

function readTargets(name: string, value: unknown, count: number, shape: TargetShape): Targets {
  const { outputs, takesLabels } = shape;
  const flat = readFlat(name, value, 'outputs');
  if (takesLabels && flat && lengthOf(flat) === count) return new Labels(name, flat, outputs);
  if (flat && lengthOf(flat) !== count * outputs) {
    const expected = `${count * outputs} (${quantity(count, 'example')} of ${quantity(outputs, 'output')})`;
    const either = takesLabels ? `${quantity(count, 'class label')} or ${expected}` : expected;
    throw new RangeError(`"${name}" has ${quantity(lengthOf(flat), 'value')}: expected ${either}`);
  }
  return new TargetRows(name, flat ?? value, shape);
}

/** The numbers of a flat array; `undefined` for anything else. `unit` is that of its values, in messages. */
export function readFlat(name: string, value: unknown, unit = ''): TypedArray | undefined {
  if (isTyped(value)) {
    if (lengthOf(value) === 0 && isDetached(value)) {
      throw new TypeError(`"${name}" is detached: its buffer was transferred elsewhere, or shrunk`);
    }
    return value;
  }
  if (!Array.isArray(value) || typeof value[0] !== 'number') return undefined;
  // each is read once, and kept: a proxy or a getter could give something else the next time
  const numbers: number[] = [];
  for (let i = 0; i < value.length; i++) {
    const number: unknown = value[i];
    if (typeof number !== 'number') throw noNumber(`${name}[${i}]`, number, unit);
    numbers.push(number);
  }
  return Float64Array.from(numbers);
}

/** The numbers of an array of rows, one row after another. */
function joinRows(name: string, value: unknown, columns: number, unit: string): TypedArray {
  if (!Array.isArray(value)) {
    throw wrongType(name, 'a typed array of numbers or an array of rows', value);
  }
  const rows: ArrayLike<unknown>[] = [];
  // not forEach, which would skip what a sparse array lacks
  for (let i = 0; i < value.length; i++) {
    const row: unknown = value[i];
    if (isLabel(row, unit)) throw noNumber(`${name}[${i}]`, row, unit);
    rows.push(checkRow(`${name}[${i}]`, row, i ? '' : 'a number or ', columns, unit));
  }
  const numbers = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    for (let j = 0; j < columns; j++) {
      const number = row[j];
      if (typeof number !== 'number') throw noNumber(`${name}[${i}][${j}]`, number, unit);
      numbers[i * columns + j] = number;
    }
  });
  return numbers;
}

function checkRow(name: string, row: unknown, or: string, columns: number, unit: string): ArrayLike<unknown> {
  if (!Array.isArray(row) && !isTyped(row)) {
    throw wrongType(name, `${or}a row of ${quantity(columns, 'number')} (${unit})`, row);
  }
  const length = isTyped(row) ? lengthOf(row) : row.length;
  if (length !== columns) {
    throw new RangeError(`"${name}" has ${quantity(length, 'value')}: expected ${columns} (${unit})`);
  }
  return row;
}

/** What to pass in place of labels that are no numbers. */
const LABEL_ADVICE: Readonly<Record<string, string>> = bare({
  string: '; pass a number for each name, such as names.indexOf(name)',
  boolean: '; pass 0 and 1, such as y.map(Number)',
});

/** Whether an element of an array of `unit` is a label, which a row cannot be meant by. */
function isLabel(value: unknown, unit: string): boolean {
  return unit === 'outputs' && LABEL_ADVICE[typeof value] !== undefined;
}

function noNumber(name: string, value: unknown, unit: string): TypeError {
  const advice = isLabel(value, unit) ? LABEL_ADVICE[typeof value] : '';
  return new TypeError(`"${name}" must be a number: got ${describe(value)}${advice}`);
}
