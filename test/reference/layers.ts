/**
 * Every kind of layers in float64, on whole batches: what it gives, and what ∂C/∂a means for its inputs and its
 * parameters. Written from the formulas, to be read; `layers` within layers are run by `runLayers` again.
 */
import type { Layer } from '../../src/layers/kind.js';
import { ACTIVATIONS, softmax, softmaxJacobianProduct, type ElementwiseName } from './activations.js';

export type Rows = number[][];
export type Tensors = Record<string, ArrayLike<number>>;

/** What some layers gave, and how to go back. */
export interface Run {
  readonly a: Rows;
  /** dA [rows, outputs] = ∂C/∂a. */
  backward(dA: Rows): { dX: Rows; gradients: Record<string, number[]> };
}

/** One kind. `tensors` are its own, by their short names. */
export type ReferenceKind = (layer: never, tensors: Tensors, x: Rows, name: string, all: Tensors) => Run;

interface DenseSpec {
  units: number;
  activation: { name: string; parameter: number };
}

const dense = ({ units, activation: { name, parameter } }: DenseSpec, { weight, bias }: Tensors, x: Rows): Run => {
  const inputs = x[0].length;
  const z = x.map((row) =>
    Array.from({ length: units }, (_, j) =>
      row.reduce((sum, value, k) => sum + weight[j * inputs + k] * value, bias ? bias[j] : 0),
    ),
  );
  const elementwise = ACTIVATIONS[name as ElementwiseName];
  const a = z.map((row) =>
    name === 'softmax' ? softmax(row) : row.map((value) => elementwise.value(value, parameter)),
  );
  return {
    a,
    backward: (dA) => {
      const delta = dA.map((row, i) =>
        name === 'softmax'
          ? softmaxJacobianProduct(a[i], row)
          : row.map((value, j) => value * elementwise.slope(z[i][j], parameter)),
      );
      const dW = Array.from({ length: units * inputs }, (_, at) =>
        delta.reduce((sum, row, i) => sum + row[Math.floor(at / inputs)] * x[i][at % inputs], 0),
      );
      const dX = delta.map((row) =>
        Array.from({ length: inputs }, (_, k) => row.reduce((sum, d, j) => sum + d * weight[j * inputs + k], 0)),
      );
      return { dX, gradients: { weight: dW, ...(bias && { bias: sumOfRows(delta) }) } };
    },
  };
};

const residual = ({ layers }: { layers: Layer[] }, _: Tensors, x: Rows, name: string, all: Tensors): Run => {
  const inner = runLayers(layers, `${name}.`, all, x);
  return {
    a: addRows(inner.a, x),
    backward: (dA) => {
      const { dX, gradients } = inner.backward(dA);
      // the sum over both ways
      return { dX: addRows(dX, dA), gradients };
    },
  };
};

const concat = ({ branches }: { branches: Layer[][] }, _: Tensors, x: Rows, name: string, all: Tensors): Run => {
  const runs = branches.map((layers, index) => runLayers(layers, `${name}.${index}.`, all, x));
  return {
    a: x.map((_row, i) => runs.flatMap(({ a }) => a[i])),
    backward: (dA) => {
      let dX = x.map((row) => row.map(() => 0));
      let from = 0;
      const gradients: Record<string, number[]> = {};
      for (const { a, backward } of runs) {
        const width = a[0].length;
        const own = backward(dA.map((row) => row.slice(from, from + width)));
        from += width;
        dX = addRows(dX, own.dX);
        Object.assign(gradients, own.gradients);
      }
      return { dX, gradients };
    },
  };
};

/** By kind: a test goes through the library's table, and finds each here. */
export const LAYERS: Record<string, ReferenceKind> = { dense, residual, concat };

/** Layers one after another. `tensors` go by their whole names without `layers.`, such as `0.weight`. */
export function runLayers(layers: readonly Layer[], prefix: string, tensors: Tensors, x: Rows): Run {
  let a = x;
  const runs = layers.map((layer, index) => {
    const name = `${prefix}${index}`;
    const own = Object.entries(tensors).filter(
      ([key]) => key.startsWith(`${name}.`) && !/\d/.test(key.slice(name.length)),
    );
    const short = Object.fromEntries(own.map(([key, data]) => [key.slice(name.length + 1), data]));
    const run = LAYERS[layer.kind](layer as never, short, a, name, tensors);
    a = run.a;
    return { name, run };
  });
  return {
    a,
    backward: (dA) => {
      const gradients: Record<string, number[]> = {};
      let d = dA;
      for (const { name, run } of runs.reverse()) {
        const found = run.backward(d);
        d = found.dX;
        for (const [key, data] of Object.entries(found.gradients))
          gradients[/\d/.test(key) ? key : `${name}.${key}`] = data;
      }
      return { dX: d, gradients };
    },
  };
}

export function addRows(a: Rows, b: Rows): Rows {
  return a.map((row, i) => row.map((value, j) => value + b[i][j]));
}

export function sumOfRows(rows: Rows): number[] {
  return rows.reduce((sums, row) => sums.map((sum, j) => sum + row[j]), new Array<number>(rows[0].length).fill(0));
}
