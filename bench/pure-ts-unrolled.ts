/** Small networks trained example by example: the whole step as straight-line code, each weight at a fixed index. */
import { ACTIVATIONS, lossSource } from './pure-ts-source.js';
import type { ActivationName, NetworkSpec } from './workloads.js';

const MOST_WEIGHTS = 256; // beyond, the code of a step is longer than it is worth

export function fitsUnrolled({ inputs, layers, loss, batchSize }: NetworkSpec): boolean {
  const weights = layers.reduce((sum, { units }, l) => sum + units * (l ? layers[l - 1].units : inputs), 0);
  return batchSize === 1 && loss !== 'crossEntropy' && weights <= MOST_WEIGHTS;
}

/** A function of the data and the order of the rows that trains once on each, and returns the sum of the losses. */
export function unrolledSource(spec: NetworkSpec, strides: readonly number[]): string {
  const step = [...forwardLines(spec, strides), ...outputLines(spec)];
  for (let l = spec.layers.length - 1; l >= 0; l--) step.push(...backwardLines(spec, strides, l));
  return `(x, targets, order) => {
  let sum = 0;
  for (let i = 0; i < order.length; i = i + 1 | 0) {
    const p = order[i] * ${spec.inputs} | 0, q = order[i] * ${spec.layers.at(-1)!.units} | 0;
    ${step.join('\n    ')}
  }
  return sum;
}`;
}

function forwardLines({ inputs, layers }: NetworkSpec, strides: readonly number[]): string[] {
  const text = range(inputs).map((k) => `const a0_${k} = x[p + ${k} | 0];`);
  layers.forEach(({ units, activation }, l) => {
    for (const j of range(units)) {
      const terms = range(l ? layers[l - 1].units : inputs).map((k) => `W${l}[${j * strides[l] + k}] * a${l}_${k}`);
      text.push(`const z${l}_${j} = ${[`B${l}[${j}]`, ...terms].join(' + ')};`);
      text.push(`const a${l + 1}_${j} = ${pointwise(activation).value(`z${l}_${j}`)};`);
    }
  });
  return text;
}

/** The last layer's deltas, and the loss. */
function outputLines({ layers, loss }: NetworkSpec): string[] {
  if (loss === 'crossEntropy') throw new Error('cross-entropy is not written out');
  const last = layers.length - 1;
  const { units, activation } = layers[last];
  const { value, slope } = lossSource(loss, units);
  return range(units).flatMap((j) => {
    const [a, y] = [`a${last + 1}_${j}`, `y_${j}`];
    return [
      `const ${y} = targets[q + ${j} | 0];`,
      `sum += ${value(a, y)};`,
      `const d${last}_${j} = ${slope(a, y)} * ${pointwise(activation).slope(a)};`,
    ];
  });
}

/** The deltas of the layer below, and then the update of layer l. */
function backwardLines({ inputs, layers, rate }: NetworkSpec, strides: readonly number[], l: number): string[] {
  const units = range(layers[l].units);
  const below = range(l ? layers[l - 1].units : inputs);
  const weight = (j: number, k: number): string => `W${l}[${j * strides[l] + k}]`;
  const deltas = below.map((k) => {
    const paths = units.map((j) => `${weight(j, k)} * d${l}_${j}`).join(' + ');
    return `const d${l - 1}_${k} = (${paths}) * ${pointwise(layers[Math.max(l - 1, 0)].activation).slope(`a${l}_${k}`)};`;
  });
  const updates = units.flatMap((j) => [
    `const r${l}_${j} = ${rate} * d${l}_${j};`,
    `B${l}[${j}] = B${l}[${j}] - r${l}_${j};`,
    ...below.map((k) => `${weight(j, k)} = ${weight(j, k)} - r${l}_${j} * a${l}_${k};`),
  ]);
  return l ? [...deltas, ...updates] : updates;
}

function pointwise(activation: ActivationName): (typeof ACTIVATIONS)['linear'] {
  if (activation === 'softmax') throw new Error('softmax is not written out');
  return ACTIVATIONS[activation];
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
