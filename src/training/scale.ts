import { warn } from '../engine/host.js';
import { adaptsPart } from '../model/adapt.js';
import { partAt } from '../data/parts.js';
import type { Model } from '../model/model.js';
import type { Source } from '../model/source.js';

/**
 * Beyond these a network learns badly with the default settings, on every data set tried: a column of inputs whose
 * root mean square is above 30, or targets above 10; inputs that are all below 0.01, or targets below 0.05.
 */
const INPUTS = { what: 'inputs', large: 30, small: 0.01 };
const TARGETS = { what: 'targets', large: 10, small: 0.05 };

/** Fewer examples that are small do not show that others are small too. */
const ENOUGH = 32;

/** Rows that are looked at closely, spread over all of them. */
const SAMPLE = 1000;

const CURES = {
  bytes: 'pass bytes as scaled(x, 1 / 255)',
  inputs: "subtract each column's mean and divide by its standard deviation, as normalize() does as the first layer",
  targets: 'train on (y - mean) / deviation, and take prediction * deviation + mean',
};

/**
 * Warns, once in a network's life, where the examples that it is first taught with are far from the scale at which
 * networks learn. What was found while they were copied clears nearly all; only the others are looked at.
 */
export function watchScale(model: Model, source: Source, rows: number): void {
  if (model.scaleWatched) return;
  model.scaleWatched = true;
  const { inputs, outputs, parts } = model.shape;
  // an index has no scale, and what is standardised gets one
  const isExempt = (column: number): boolean => {
    const { part, from } = partAt(parts, column);
    return part.categories > 0 || adaptsPart(model, from);
  };
  const { x, inputScale, y } = source;
  const { engine } = model;
  if (isSuspect(INPUTS, source.inputSize, rows)) {
    const values = inputScale ? engine.u8(x, rows * inputs) : engine.f32(x, rows * inputs);
    report(INPUTS, values, inputScale || 1, rows, inputScale ? CURES.bytes : CURES.inputs, isExempt);
  }
  // targets that are held within a range, such as shares and classes, are of unit scale
  if (y && !source.given && !model.shape.range && isSuspect(TARGETS, source.targetSize, rows)) {
    report(TARGETS, engine.f32(y, rows * outputs), 1, rows, CURES.targets);
  }
}

type Kind = typeof INPUTS;

/** `largest` is the largest magnitude, or a bound on it. */
function isSuspect({ large, small }: Kind, largest: number, rows: number): boolean {
  return largest > large || (largest > 0 && largest < small && rows >= ENOUGH);
}

function report(
  kind: Kind,
  values: Float32Array | Uint8Array,
  scale: number,
  rows: number,
  cure: string,
  isExempt = (_column: number): boolean => false,
): void {
  const columns = values.length / rows;
  const worst = largestColumn(values, scale, rows, columns, isExempt);
  const size = Math.sqrt(worst.mean * worst.mean + worst.deviation * worst.deviation);
  if (!isSuspect(kind, size, rows)) return;
  const [mean, deviation] = [worst.mean, worst.deviation].map((value) => Number(value.toPrecision(2)));
  const message =
    `the ${kind.what} that a network is trained with are far from unit scale, and it will learn badly: column ` +
    `${worst.column} has a mean of ${mean} and a standard deviation of ${deviation}; ${cure}`;
  // once what is under way has come to its end: a page's console may be code of the user's
  void Promise.resolve().then(() => warn(message));
}

/** The column with the largest root mean square among the rows looked at, of those that are not exempt. */
function largestColumn(
  values: Float32Array | Uint8Array,
  scale: number,
  rows: number,
  columns: number,
  isExempt: (column: number) => boolean,
) {
  const step = Math.max(1, Math.floor(rows / SAMPLE));
  let worst = { column: 0, mean: 0, deviation: 0, square: -1 };
  for (let column = 0; column < columns; column++) {
    if (isExempt(column)) continue;
    let [count, sum, squares] = [0, 0, 0];
    for (let row = 0; row < rows; row += step) {
      const value = values[row * columns + column] * scale;
      sum += value;
      squares += value * value;
      count++;
    }
    const [mean, square] = [sum / count, squares / count];
    if (square > worst.square) {
      worst = { column, mean, deviation: Math.sqrt(Math.max(0, square - mean * mean)), square };
    }
  }
  return worst;
}
