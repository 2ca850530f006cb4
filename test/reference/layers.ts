/**
 * Every kind of layers in float64, on whole batches: what it gives, and what ∂C/∂a means for its inputs and its
 * parameters. Written from the formulas, to be read; `layers` within layers are run by `runLayers` again.
 */
import type { EmbeddingLayer } from '../../src/index.js';
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

/** Where a layer stands: its name, the tensors of all by their whole names, and whether it is trained just now. */
interface Place {
  readonly name: string;
  readonly all: Tensors;
  readonly training: boolean;
}

/** One kind. `tensors` are its own, by their short names. */
export type ReferenceKind = (layer: never, tensors: Tensors, x: Rows, place: Place) => Run;

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

const residual = ({ layers }: { layers: Layer[] }, _: Tensors, x: Rows, { name, all, training }: Place): Run => {
  const inner = runLayers(layers, `${name}.`, all, x, training);
  return {
    a: addRows(inner.a, x),
    backward: (dA) => {
      const { dX, gradients } = inner.backward(dA);
      // the sum over both ways
      return { dX: addRows(dX, dA), gradients };
    },
  };
};

/** `columns` holds how many each named part has, where branches have names. */
const concat = (
  { branches }: { branches: Layer[][] | Record<string, Layer[]> },
  { columns }: Tensors,
  x: Rows,
  { name, all, training }: Place,
): Run => {
  let at = 0;
  const spans = Object.values(branches).map((_layers, index): [number, number] => {
    const span: [number, number] = columns ? [at, at + columns[index]] : [0, x[0].length];
    at = span[1];
    return span;
  });
  const runs = Object.values(branches).map((layers, index) => {
    const own = x.map((row) => row.slice(...spans[index]));
    return runLayers(layers, `${name}.${index}.`, all, own, training);
  });
  return {
    a: x.map((_row, i) => runs.flatMap(({ a }) => a[i])),
    backward: (dA) => {
      let dX = x.map((row) => row.map(() => 0));
      let from = 0;
      const gradients: Record<string, number[]> = {};
      for (const [index, { a, backward }] of runs.entries()) {
        const width = a[0].length;
        const own = backward(dA.map((row) => row.slice(from, from + width)));
        from += width;
        const [first, end] = spans[index];
        dX = dX.map((row, i) => row.map((d, k) => (k >= first && k < end ? d + own.dX[i][k - first] : d)));
        Object.assign(gradients, own.gradients);
      }
      return { dX, gradients };
    },
  };
};

/** Values that are standardised together: (x - mean) / sqrt(variance + epsilon), and dC/dx of dC/dz. */
function standardised(x: number[], epsilon: number): { z: number[]; back: (dZ: number[]) => number[] } {
  const mean = meanOf(x);
  const deviation = Math.sqrt(meanOf(x.map((value) => (value - mean) ** 2)) + epsilon);
  const z = x.map((value) => (value - mean) / deviation);
  return {
    z,
    back: (dZ) => {
      const [mean0, mean1] = [meanOf(dZ), meanOf(dZ.map((d, k) => d * z[k]))];
      return dZ.map((d, k) => (d - mean0 - z[k] * mean1) / deviation);
    },
  };
}

/** a = weight z + bias, of columns, and what dC/da means for z and both. */
function scale(z: Rows, { weight, bias }: Tensors, back: (dZ: Rows) => Rows): Run {
  return {
    a: z.map((row) => row.map((value, j) => weight[j] * value + bias[j])),
    backward: (dA) => ({
      dX: back(dA.map((row) => row.map((d, j) => d * weight[j]))),
      gradients: {
        weight: sumOfRows(dA.map((row, i) => row.map((d, j) => d * z[i][j]))),
        bias: sumOfRows(dA),
      },
    }),
  };
}

function layerNorm({ epsilon }: { epsilon: number }, tensors: Tensors, x: Rows): Run {
  const rows = x.map((row) => standardised(row, epsilon));
  return scale(
    rows.map(({ z }) => z),
    tensors,
    (dZ) => rows.map(({ back }, i) => back(dZ[i])),
  );
}

interface BatchNormSpec {
  epsilon: number;
  trainable: boolean;
}

function batchNorm({ epsilon, trainable }: BatchNormSpec, tensors: Tensors, x: Rows, { training }: Place): Run {
  const { runningMean, runningVariance } = tensors;
  if (training && trainable) {
    const columns = turned(x).map((column) => standardised(column, epsilon));
    const back = (dZ: Rows): Rows => turned(turned(dZ).map((column, j) => columns[j].back(column)));
    return scale(turned(columns.map(({ z }) => z)), tensors, back);
  }
  const deviations = Array.from(runningVariance, (variance) => Math.sqrt(variance + epsilon));
  return scale(
    x.map((row) => row.map((value, j) => (value - runningMean[j]) / deviations[j])),
    tensors,
    (dZ) => dZ.map((row) => row.map((d, j) => d / deviations[j])),
  );
}

function normalize(_: object, { mean, variance }: Tensors, x: Rows): Run {
  const factors = Array.from(variance, (value) => (value === 0 ? 0 : 1 / Math.sqrt(value)));
  return {
    a: x.map((row) => row.map((value, j) => (value - mean[j]) * factors[j])),
    backward: (dA) => ({ dX: dA.map((row) => row.map((d, j) => d * factors[j])), gradients: {} }),
  };
}

const meanOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Rows as columns. */
const turned = (rows: Rows): Rows => rows[0].map((_, j) => rows.map((row) => row[j]));

/** Elementwise. */
const activation = ({ activation: { name, parameter } }: Pick<DenseSpec, 'activation'>, _: Tensors, x: Rows): Run => {
  const { value, slope } = ACTIVATIONS[name as ElementwiseName];
  return {
    a: x.map((row) => row.map((z) => value(z, parameter))),
    backward: (dA) => ({
      dX: dA.map((row, i) => row.map((d, j) => d * slope(x[i][j], parameter))),
      gradients: {},
    }),
  };
};

/** `mask` holds what every value is multiplied by, row by row; there is none outside of training. */
const dropout = (_layer: never, { mask }: Tensors, x: Rows): Run => {
  const masked = (rows: Rows): Rows =>
    mask ? rows.map((row, i) => row.map((value, j) => value * mask[i * row.length + j])) : rows;
  return { a: masked(x), backward: (dA) => ({ dX: masked(dA), gradients: {} }) };
};

/** x holds indices; each gives a row of the table. */
const embedding = ({ categories, size }: EmbeddingLayer, { weight }: Tensors, x: Rows): Run => ({
  a: x.map((row) => row.flatMap((index) => Array.from({ length: size }, (_, j) => weight[index * size + j]))),
  backward: (dA) => {
    const table = new Array<number>(categories * size).fill(0);
    x.forEach((row, i) =>
      row.forEach((index, k) => {
        for (let j = 0; j < size; j++) table[index * size + j] += dA[i][k * size + j];
      }),
    );
    return { dX: x.map((row) => row.map(() => 0)), gradients: { weight: table } };
  },
});

/** By kind: a test goes through the library's table, and finds each here. */
export const LAYERS: Record<string, ReferenceKind> = {
  dense,
  residual,
  concat,
  layerNorm,
  batchNorm,
  normalize,
  activation,
  dropout,
  embedding,
};

/** Layers one after another. `tensors` go by their whole names without `layers.`, such as `0.weight`. */
export function runLayers(layers: readonly Layer[], prefix: string, tensors: Tensors, x: Rows, training = false): Run {
  let a = x;
  const runs = layers.map((layer, index) => {
    const name = `${prefix}${index}`;
    const own = Object.entries(tensors).filter(
      ([key]) => key.startsWith(`${name}.`) && !/\d/.test(key.slice(name.length)),
    );
    const short = Object.fromEntries(own.map(([key, data]) => [key.slice(name.length + 1), data]));
    const run = LAYERS[layer.kind](layer as never, short, a, { name, all: tensors, training });
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
