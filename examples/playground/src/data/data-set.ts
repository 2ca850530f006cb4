/** Examples to learn from and to be tested with, ready for a network. */
import type { Task } from '../setting/tasks.js';
import { Random } from './random.js';
import type { Scaling } from './scaling.js';

/** n rows of inputs and n rows of targets. */
export interface Examples {
  readonly count: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** The plane that heat maps show: two of the inputs, and how far it reaches in each. The others stand at 0. */
export interface Plane {
  readonly inputs: readonly [number, number];
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

export interface DataSet {
  readonly task: Task;
  readonly inputs: readonly string[];
  /** A name for each output: the classes, or the one number. */
  readonly outputs: readonly string[];
  /** The classes' names; for two classes by one output, both. Empty for a number. */
  readonly classes: readonly string[];
  readonly train: Examples;
  readonly test: Examples;
  /** Undefined where there is no plane to show: pictures. */
  readonly plane: Plane | undefined;
  /** Of columns that were standardised. */
  readonly scaling?: Scaling;
}

/** All examples, before they are split. */
export interface Table {
  readonly count: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Puts `testShare` per cent of the rows aside, by an order drawn from the seed; at least one goes each way. */
export function splitRows(count: number, testShare: number, seed: number): { train: Uint32Array; test: Uint32Array } {
  const order = new Random(seed).order(count);
  const held = Math.min(count - 1, Math.max(1, Math.round((count * testShare) / 100)));
  return { test: order.subarray(0, held), train: order.subarray(held) };
}

/** The examples of the rows that `splitRows` gives. */
export function split(table: Table, testShare: number, seed: number): { train: Examples; test: Examples } {
  const { train, test } = splitRows(table.count, testShare, seed);
  return { test: pick(table, test), train: pick(table, train) };
}

function pick({ x, y, inputs, outputs }: Table, rows: Uint32Array): Examples {
  const picked = {
    count: rows.length,
    x: new Float32Array(rows.length * inputs),
    y: new Float32Array(rows.length * outputs),
  };
  rows.forEach((row, i) => {
    picked.x.set(x.subarray(row * inputs, (row + 1) * inputs), i * inputs);
    picked.y.set(y.subarray(row * outputs, (row + 1) * outputs), i * outputs);
  });
  return picked;
}

/** The examples from one to before another. */
export function slice({ x, y, count }: Examples, from: number, to: number): Examples {
  const [inputs, outputs] = [x.length / count, y.length / count];
  return {
    count: to - from,
    x: x.slice(from * inputs, to * inputs),
    y: y.slice(from * outputs, to * outputs),
  };
}

/** The class that a row of targets, or of a network's outputs, stands for. */
export function classOf(task: Task, row: Float32Array): number {
  return task === 'binary' ? Number(row[0] > 0.5) : row.indexOf(Math.max(...row));
}

/** The plane of two inputs, far enough to show all examples with a margin. */
export function planeOf(x: Float32Array, inputs: number, axes: readonly [number, number]): Plane {
  const margin = 0.3;
  const reach = axes.map((axis) => {
    let [low, high] = [Infinity, -Infinity];
    for (let at = axis; at < x.length; at += inputs) {
      low = Math.min(low, x[at]);
      high = Math.max(high, x[at]);
    }
    return [low - margin, high + margin] as const;
  });
  return { inputs: axes, from: [reach[0][0], reach[1][0]], to: [reach[0][1], reach[1][1]] };
}
