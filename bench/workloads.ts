/** The six workloads: networks, batch sizes and made-up data. `flopsPerSample` counts forward, backward and update. */
import { randomStream } from './random.js';

export type ActivationName = 'linear' | 'sigmoid' | 'tanh' | 'relu' | 'softmax';
export type LossName = 'quadratic' | 'mse' | 'crossEntropy';

export interface NetworkSpec {
  readonly inputs: number;
  readonly layers: readonly { readonly units: number; readonly activation: ActivationName }[];
  readonly loss: LossName;
  readonly batchSize: number;
  /** Learning rate of plain SGD: small, so that no run diverges or saturates, which would change its speed. */
  readonly rate: number;
}

export interface Workload extends NetworkSpec {
  readonly name: string;
  readonly title: string;
  /** How many rows an epoch has: it takes the library some milliseconds at least, and the data fit into a cache. */
  readonly rows: number;
  /** Into how many calls the pure trainer's epoch is divided, so that none takes seconds; each is whole batches. */
  readonly pureParts: number;
}

/** Examples row after row; `y` holds class indices for `crossEntropy`, and rows of targets otherwise. */
export interface Data {
  readonly x: Float32Array;
  readonly y: Float32Array | Int32Array;
}

export const WORKLOADS: readonly Workload[] = [
  {
    name: 'W1',
    title: '784-30-10 sigmoid, quadratic',
    inputs: 784,
    layers: [
      { units: 30, activation: 'sigmoid' },
      { units: 10, activation: 'sigmoid' },
    ],
    loss: 'quadratic',
    batchSize: 10,
    rate: 0.01,
    rows: 2000,
    pureParts: 1,
  },
  {
    name: 'W2',
    title: '784-128-10 relu, cross-entropy',
    inputs: 784,
    layers: [
      { units: 128, activation: 'relu' },
      { units: 10, activation: 'softmax' },
    ],
    loss: 'crossEntropy',
    batchSize: 32,
    rate: 0.001,
    rows: 2048,
    pureParts: 1,
  },
  {
    name: 'W3',
    title: '784-512-512-10 relu, cross-entropy',
    inputs: 784,
    layers: [
      { units: 512, activation: 'relu' },
      { units: 512, activation: 'relu' },
      { units: 10, activation: 'softmax' },
    ],
    loss: 'crossEntropy',
    batchSize: 128,
    rate: 0.001,
    rows: 512,
    pureParts: 1,
  },
  {
    name: 'W4',
    title: '16-32-32-1 tanh, mse',
    inputs: 16,
    layers: [
      { units: 32, activation: 'tanh' },
      { units: 32, activation: 'tanh' },
      { units: 1, activation: 'linear' },
    ],
    loss: 'mse',
    batchSize: 64,
    rate: 0.001,
    rows: 32_768,
    pureParts: 1,
  },
  {
    name: 'W5',
    title: '2-8-1 sigmoid, quadratic',
    inputs: 2,
    layers: [
      { units: 8, activation: 'sigmoid' },
      { units: 1, activation: 'sigmoid' },
    ],
    loss: 'quadratic',
    batchSize: 1,
    rate: 0.01,
    rows: 65_536,
    pureParts: 1,
  },
  {
    name: 'W6',
    title: '1024-2048-2048-1024 relu, mse',
    inputs: 1024,
    layers: [
      { units: 2048, activation: 'relu' },
      { units: 2048, activation: 'relu' },
      { units: 1024, activation: 'linear' },
    ],
    loss: 'mse',
    batchSize: 256,
    rate: 0.01,
    rows: 1024,
    pureParts: 4,
  },
];

/** The workload with no more rows than one call of the pure trainer takes: where a slow contestant has to take part. */
export function shortened(workload: Workload): Workload {
  return { ...workload, rows: workload.rows / workload.pureParts, pureParts: 1 };
}

export function outputsOf({ layers }: NetworkSpec): number {
  return layers.at(-1)!.units;
}

/** 4 per weight of the first layer, whose input needs no gradient, and 6 per weight of the others. */
export function flopsPerSample({ inputs, layers }: NetworkSpec): number {
  return layers.reduce((sum, { units }, l) => sum + (l === 0 ? 4 * inputs : 6 * layers[l - 1].units) * units, 0);
}

/** Inputs and targets in [0, 1), or a class for each row. */
export function makeData(spec: NetworkSpec, rows: number, seed: number): Data {
  const random = randomStream(seed);
  const outputs = outputsOf(spec);
  const x = Float32Array.from({ length: rows * spec.inputs }, random);
  const y =
    spec.loss === 'crossEntropy'
      ? Int32Array.from({ length: rows }, () => Math.floor(random() * outputs))
      : Float32Array.from({ length: rows * outputs }, random);
  return { x, y };
}
