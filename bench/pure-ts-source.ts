/**
 * The source of the pure trainer's functions, as text for `new Function`.
 *
 * V8 puts the address and the length of a typed array into the machine code when the function that uses it is the
 * only closure of its source, so the trainer is written out for one network: each product has a function of its own,
 * with its strides as constants. Measured in V8, that is 1.4 times as fast as functions that are given their arrays.
 *
 * Two more things decide the speed. A tile of 2 × 3 sums is what V8 keeps in registers: with 3 × 4 or 4 × 4 it spills
 * accumulators, and each addition then waits for a store and a load (5.5 GFLOP/s instead of 9). And a tile is one
 * function with one loop: nested in the loops over the tiles, the accumulators are spilled as well.
 */
import type { ActivationName, LossName } from './workloads.js';

interface ActivationSource {
  readonly value: (z: string) => string;
  /** From the value, not from z. */
  readonly slope: (a: string) => string;
}

/** `softmax` is a pass of its own. */
export const ACTIVATIONS: Record<Exclude<ActivationName, 'softmax'>, ActivationSource> = {
  linear: { value: (z) => z, slope: () => '1' },
  sigmoid: { value: (z) => `1 / (1 + exp(-${z}))`, slope: (a) => `${a} * (1 - ${a})` },
  tanh: { value: (z) => `1 - 2 / (exp(2 * ${z}) + 1)`, slope: (a) => `(1 - ${a} * ${a})` },
  relu: { value: (z) => `(${z} > 0 ? ${z} : 0)`, slope: (a) => `(${a} > 0 ? 1 : 0)` },
};

/** The cost of one output a with target y, and its slope, without the average over the examples. */
export function lossSource(
  loss: Exclude<LossName, 'crossEntropy'>,
  outputs: number,
): Record<'value' | 'slope', (a: string, y: string) => string> {
  const factor = loss === 'mse' ? 1 / outputs : 1;
  return {
    value: (a, y) => `(${a} - ${y}) * (${a} - ${y}) * ${factor}`,
    slope: (a, y) => `(${a} - ${y}) * ${2 * factor}`,
  };
}

/** The 2 × 3 sums over k of `left[row][k] * right[column][k]`, written into `out` at z. */
export interface ProductShape {
  readonly left: string;
  readonly right: string;
  readonly out: string;
  readonly leftStride: number;
  readonly rightStride: number;
  readonly outStride: number;
  readonly depth: number;
}

const SUMS = 'let c00 = 0, c01 = 0, c02 = 0, c10 = 0, c11 = 0, c12 = 0;';
const MULTIPLY_ADD = `
    c00 += x0 * y0; c01 += x0 * y1; c02 += x0 * y2;
    c10 += x1 * y0; c11 += x1 * y1; c12 += x1 * y2;`;

export function productTile({ left, right, out, leftStride, rightStride, outStride, depth }: ProductShape): string {
  return `(p, q, z) => {
  const p0 = p | 0, p1 = p + ${leftStride} | 0;
  const q0 = q | 0, q1 = q + ${rightStride} | 0, q2 = q + ${2 * rightStride} | 0;
  ${SUMS}
  for (let k = 0; k < ${depth}; k = k + 1 | 0) {
    const y0 = ${right}[q0 + k | 0], y1 = ${right}[q1 + k | 0], y2 = ${right}[q2 + k | 0];
    const x0 = ${left}[p0 + k | 0], x1 = ${left}[p1 + k | 0];${MULTIPLY_ADD}
  }
  ${out}[z] = c00; ${out}[z + 1 | 0] = c01; ${out}[z + 2 | 0] = c02;
  ${out}[z + ${outStride} | 0] = c10; ${out}[z + ${outStride + 1} | 0] = c11; ${out}[z + ${outStride + 2} | 0] = c12;
}`;
}

/** All tiles of a product: as many rows of `left` at a time as the second-level cache holds, against all of `right`. */
export function productLoop(
  { leftStride, rightStride, outStride, depth }: ProductShape,
  columns: number,
  tile = 'tile',
): string {
  const block = Math.max(2, Math.floor(CACHED_VALUES / depth / 2) * 2);
  return `(n) => {
  for (let first = 0; first < n; first = first + ${block} | 0) {
    const end = Math.min(n, first + ${block}) | 0;
    for (let j = 0; j < ${columns}; j = j + 3 | 0) {
      const q = j * ${rightStride} | 0;
      for (let i = first; i < end; i = i + 2 | 0) ${tile}(i * ${leftStride} | 0, q, i * ${outStride} + j | 0);
    }
  }
}`;
}

const CACHED_VALUES = 48 * 1024; // float64: 384 kB

/** The strides of one layer's update: weights [unit][input], their transpose, activations [row][input]. */
export interface UpdateShape {
  readonly layer: number;
  readonly inputs: number;
  readonly units: number;
  readonly rate: number;
  readonly activationStride: number;
  readonly deltaStride: number;
  readonly weightStride: number;
  /** 0 for the first layer, whose transpose nobody reads. */
  readonly transposeStride: number;
}

/** The gradient of 2 × 3 weights (inputs × units) over n rows, taken straight to the weights and their transpose. */
export function updateTile(shape: UpdateShape): string {
  const { layer: l, rate, activationStride, deltaStride, weightStride, transposeStride } = shape;
  const stores = [0, 1, 2].flatMap((unit) =>
    [0, 1].map((input) => {
      const weight = `W${l}[w + ${unit * weightStride + input} | 0]`;
      const transposed = transposeStride ? `T${l}[t + ${input * transposeStride + unit} | 0] = ` : '';
      return `  ${transposed}${weight} = ${weight} - ${rate} * c${input}${unit};`;
    }),
  );
  return `(p, q, w, t, n) => {
  const q0 = q | 0, q1 = q + ${deltaStride} | 0, q2 = q + ${2 * deltaStride} | 0;
  ${SUMS}
  for (let k = 0; k < n; k = k + 1 | 0) {
    const y0 = D${l}[q0 + k | 0], y1 = D${l}[q1 + k | 0], y2 = D${l}[q2 + k | 0];
    const x0 = A${l}[p], x1 = A${l}[p + 1 | 0];${MULTIPLY_ADD}
    p = p + ${activationStride} | 0;
  }
${stores.join('\n')}
}`;
}

/** All weights of a layer, 48 units at a time so that their deltas stay in cache, and then the biases. */
export function updateLoop(shape: UpdateShape): string {
  const { layer: l, inputs, units, rate, deltaStride, weightStride, transposeStride } = shape;
  return `(n) => {
  for (let first = 0; first < ${units}; first = first + 48 | 0) {
    const end = Math.min(${units}, first + 48) | 0;
    for (let i = 0; i < ${inputs}; i = i + 2 | 0) {
      for (let j = first; j < end; j = j + 3 | 0) {
        tile(i, j * ${deltaStride} | 0, j * ${weightStride} + i | 0, i * ${transposeStride} + j | 0, n);
      }
    }
  }
  for (let j = 0; j < ${units}; j = j + 1 | 0) {
    let sum = 0;
    for (let k = 0, q = j * ${deltaStride} | 0; k < n; k = k + 1 | 0, q = q + 1 | 0) sum += D${l}[q];
    B${l}[j] = B${l}[j] - ${rate} * sum;
  }
}`;
}

/** Copies the batch's rows into A0. */
export function gatherSource(inputs: number, stride: number): string {
  return `(x, order, start, n) => {
  for (let i = 0; i < n; i = i + 1 | 0) {
    let q = order[start + i | 0] * ${inputs} | 0;
    for (let p = i * ${stride} | 0, end = p + ${inputs} | 0; p < end; p = p + 1 | 0, q = q + 1 | 0) A0[p] = x[q];
  }
}`;
}

/** Adds layer l's bias to its sums and applies the activation, in place. */
export function activationSource(l: number, activation: ActivationName, units: number, stride: number): string {
  const A = `A${l + 1}`;
  if (activation === 'softmax') return softmaxSource(A, `B${l}`, units, stride);
  return `(n) => {
  for (let i = 0; i < n; i = i + 1 | 0) {
    for (let j = 0, p = i * ${stride} | 0; j < ${units}; j = j + 1 | 0, p = p + 1 | 0) {
      const z = ${A}[p] + B${l}[j];
      ${A}[p] = ${ACTIVATIONS[activation].value('z')};
    }
  }
}`;
}

function softmaxSource(A: string, B: string, units: number, stride: number): string {
  return `(n) => {
  for (let i = 0; i < n; i = i + 1 | 0) {
    const p = i * ${stride} | 0;
    let most = -Infinity, sum = 0;
    for (let j = 0; j < ${units}; j = j + 1 | 0) {
      const z = ${A}[p + j | 0] + ${B}[j];
      ${A}[p + j | 0] = z;
      most = z > most ? z : most;
    }
    for (let j = 0; j < ${units}; j = j + 1 | 0) sum += ${A}[p + j | 0] = exp(${A}[p + j | 0] - most);
    const scale = 1 / sum;
    for (let j = 0; j < ${units}; j = j + 1 | 0) ${A}[p + j | 0] = ${A}[p + j | 0] * scale;
  }
}`;
}

export interface DeltaShape {
  readonly layer: number;
  readonly activation: ActivationName;
  readonly units: number;
  readonly stride: number;
  readonly deltaStride: number;
}

/** ∂C/∂z of the last layer from its outputs, by rows (G) and by units (D); returns the sum of the losses. */
export function outputDeltaSource(
  { layer: l, activation, units, stride, deltaStride }: DeltaShape,
  loss: LossName,
): string {
  const store = `G${l}[p] = g; D${l}[j * ${deltaStride} + i | 0] = g;`;
  if (activation === 'softmax' || loss === 'crossEntropy') {
    if (activation !== 'softmax' || loss !== 'crossEntropy') throw new Error('softmax goes with crossEntropy here');
    return `(y, order, start, n) => {
  let sum = 0;
  for (let i = 0; i < n; i = i + 1 | 0) {
    const label = y[order[start + i | 0]];
    let p = i * ${stride} | 0;
    sum -= Math.log(A${l + 1}[p + label | 0]);
    for (let j = 0; j < ${units}; j = j + 1 | 0, p = p + 1 | 0) {
      const g = (j === label ? A${l + 1}[p] - 1 : A${l + 1}[p]) / n;
      ${store}
    }
  }
  return sum;
}`;
  }
  const { value, slope } = lossSource(loss, units);
  return `(targets, order, start, n) => {
  let sum = 0;
  for (let i = 0; i < n; i = i + 1 | 0) {
    let p = i * ${stride} | 0, q = order[start + i | 0] * ${units} | 0;
    for (let j = 0; j < ${units}; j = j + 1 | 0, p = p + 1 | 0, q = q + 1 | 0) {
      const a = A${l + 1}[p], y = targets[q];
      sum += ${value('a', 'y')};
      const g = ${slope('a', 'y')} * ${ACTIVATIONS[activation].slope('a')} / n;
      ${store}
    }
  }
  return sum;
}`;
}

/** ∂C/∂z of a hidden layer from ∂C/∂a, which lies in its G. */
export function hiddenDeltaSource({ layer: l, activation, units, stride, deltaStride }: DeltaShape): string {
  if (activation === 'softmax') throw new Error('softmax stands on the last layer only');
  return `(n) => {
  for (let i = 0; i < n; i = i + 1 | 0) {
    for (let j = 0, p = i * ${stride} | 0; j < ${units}; j = j + 1 | 0, p = p + 1 | 0) {
      const a = A${l + 1}[p];
      const g = G${l}[p] * ${ACTIVATIONS[activation].slope('a')};
      G${l}[p] = g; D${l}[j * ${deltaStride} + i | 0] = g;
    }
  }
}`;
}
