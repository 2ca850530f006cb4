import { LEAST_NORMAL } from '../engine/kernels.js';
import { copyInto, lengthOf } from '../support/arrays.js';
import { checkNumber, checkOptions, MOST_FLOAT32, quantity, wrongType } from '../support/check.js';
import {
  type Examples,
  type Inputs,
  type Numbers,
  readExamples,
  readFlat,
  Slopes,
  type Targets,
  type TargetShape,
} from './numbers.js';
import { weightOf, Weights } from './weights.js';

/** What weighs examples, beside a method's other options. */
export interface Weighting {
  /**
   * What each example counts: a finite number of at least 0 for each row, not all 0. A mean is then the sum of w times
   * what is averaged, divided by the sum of w, so that a row of weight 2 counts as that row twice. Default: all count 1.
   */
  sampleWeight?: ArrayLike<number>;
  /**
   * What an example of each class counts, times its `sampleWeight`: an array of a number for each class, or an object by
   * class number, in which a class that is left out counts 1. Of one output the classes are its targets 0 and 1;
   * otherwise the targets are class indices or one-hot rows.
   */
  classWeight?: ArrayLike<number> | Readonly<Record<number, number>>;
}

/** The names of these options. */
export const WEIGHTING: readonly string[] = ['sampleWeight', 'classWeight'] satisfies (keyof Weighting)[];

/** `weigh` by a method's options, as `checkOptions` gives them, for examples of which at least one has to count. */
export function weighBy(examples: Examples, options: Readonly<Record<string, unknown>>): Examples {
  const { sampleWeight, classWeight } = options;
  const named = sampleWeight === undefined ? 'classWeight' : 'sampleWeight';
  return assertWeight(weigh(examples, sampleWeight, classWeight), named);
}

/** @throws RangeError where what `name` was given leaves nothing to take a mean of */
export function assertWeight(examples: Examples, name: string): Examples {
  if (weightOf(examples) > 0) return examples;
  throw new RangeError(`"${name}" lets every example weigh 0: expected at least one of a weight above 0`);
}

/**
 * The examples with their weights, times those that they have. They may all be 0, as those of a batch among others may.
 *
 * @param name of `sampleWeight`, in messages
 * @throws TypeError, RangeError for weights that cannot be used
 */
export function weigh(
  examples: Examples,
  sampleWeight: unknown,
  classWeight: unknown,
  name = 'sampleWeight',
): Examples {
  if (sampleWeight === undefined && classWeight === undefined) return examples;
  const { x, y, first, count, weights } = examples;
  const own = sampleWeight === undefined ? undefined : readRowWeights(name, sampleWeight, x.count);
  const classes = classWeight === undefined ? undefined : readClassWeights(classWeight, y);
  const values = new Float32Array(x.count);
  for (let row = first; row < first + count; row++) {
    const weight = (weights?.of(row) ?? 1) * (own?.[row] ?? 1) * (classes?.(row) ?? 1);
    if (weight > MOST_FLOAT32)
      throw new RangeError(`"classWeight" lets row ${row} weigh ${weight}: float32 cannot hold it`);
    values[row] = weight < LEAST_NORMAL ? 0 : weight;
  }
  return { ...examples, weights: new Weights(values) };
}

/** Examples as one value: x, what belongs to it, and a weight for each row if they have weights. */
export type WeightedExamples = readonly [x: Inputs, y: Numbers, sampleWeight?: ArrayLike<number>];

/** Reads such a value, whose weights may all be 0. */
export function readTuple(name: string, value: unknown, shape: TargetShape): Examples {
  if (!Array.isArray(value) || value.length < 2 || value.length > 3) {
    throw wrongType(name, 'a pair [x, y] or [x, y, sampleWeight]', value);
  }
  const [x, y, sampleWeight] = value as unknown[];
  return weigh(readExamples(x, y, shape, [`${name}[0]`, `${name}[1]`]), sampleWeight, undefined, `${name}[2]`);
}

function readRowWeights(name: string, value: unknown, count: number): Float64Array {
  const weights = readFlatCopy(name, value, count, 'row');
  if (!weights) throw wrongType(name, 'an array of a number for each row', value);
  weights.forEach((weight, row) => {
    if (weight >= 0 && weight <= MOST_FLOAT32) return;
    throw new RangeError(`"${name}" holds ${weight} at row ${row}: expected a finite number of at least 0`);
  });
  return weights;
}

/** The weight of a row by its class. */
function readClassWeights(value: unknown, y: Targets): (row: number) => number {
  if (y instanceof Slopes) throw new TypeError('"classWeight" needs targets: a function that fills dC/da has none');
  const weights = checkClassWeight(value, y.columns);
  return (row) => weights[y.classOf(row)];
}

/** A weight for each class of so many outputs: one tells two classes apart. */
export function checkClassWeight(value: unknown, outputs: number): Float64Array {
  const classes = Math.max(2, outputs);
  const numbers = readFlatCopy('classWeight', value, classes, 'class') ?? readRecord(value, classes);
  return Float64Array.from(numbers, (weight, index) => {
    return checkNumber(`classWeight[${index}]`, weight, { min: 0, max: MOST_FLOAT32 });
  });
}

function readRecord(value: unknown, classes: number): unknown[] {
  if (typeof value !== 'object') throw wrongType('classWeight', 'a number for each class, such as [1, 3]', value);
  const names = Array.from({ length: classes }, (_, index) => String(index));
  const given = checkOptions('"classWeight"', value, names);
  return names.map((name) => given[name] ?? 1);
}

/** The numbers of a flat array, one for each `unit`; `undefined` for anything else. */
function readFlatCopy(name: string, value: unknown, count: number, unit: string): Float64Array | undefined {
  const flat = readFlat(name, value);
  if (!flat) return undefined;
  const length = lengthOf(flat);
  if (length !== count) {
    throw new RangeError(`"${name}" has ${quantity(length, 'value')}: expected ${count}, one for each ${unit}`);
  }
  const copy = new Float64Array(count);
  copyInto(copy, flat, 0);
  return copy;
}
