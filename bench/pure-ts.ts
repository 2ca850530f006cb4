/**
 * The benchmark's opponent: a trainer in TypeScript alone, as fast as we could make V8 run it.
 *
 * Parameters are Float32Arrays, and every sum is a float64 one in registers. What lives for one batch (activations by
 * rows, and deltas) is float64, which saves converting each value as often as it is read. Weights are kept in both
 * orientations, so that all products walk along rows; the update ends the gradient's product and writes both. Rows and
 * units are padded to whole tiles with zeros. Nothing is allocated after construction.
 */
import { exp } from './exp.js';
import { randomStream } from './random.js';
import * as source from './pure-ts-source.js';
import { fitsUnrolled, unrolledSource } from './pure-ts-unrolled.js';
import type { Data, NetworkSpec } from './workloads.js';

export interface PureTrainer {
  /** One pass over the rows named by `order`, batch by batch, the last one short if need be; returns the mean loss. */
  train(data: Data, order: Int32Array): number;
  /** Copies of the weights, [unit][input] without padding, and of the biases, layer after layer. */
  parameters(): { weights: Float32Array; biases: Float32Array }[];
}

interface Layer {
  readonly inputs: number;
  readonly units: number;
  readonly weightStride: number;
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

type Variables = Record<string, unknown>;
type Numeric = (...args: number[]) => number;
type Gather = (x: ArrayLike<number>, order: Int32Array, start: number, n: number) => number;

export function createPureTrainer(spec: NetworkSpec, seed: number): PureTrainer {
  const random = randomStream(seed);
  const layers = spec.layers.map(({ units }, l) =>
    createLayer(l ? spec.layers[l - 1].units : spec.inputs, units, random),
  );
  const train = fitsUnrolled(spec) ? createUnrolled(spec, layers) : createBatched(spec, layers);
  const parameters: PureTrainer['parameters'] = () =>
    layers.map(({ inputs, units, weightStride, weights, biases }) => ({
      weights: Float32Array.from({ length: units * inputs }, (_, i) => {
        return weights[Math.floor(i / inputs) * weightStride + (i % inputs)];
      }),
      biases: biases.slice(0, units),
    }));
  return { train, parameters };
}

/** Weights and biases from ±1/√inputs. */
function createLayer(inputs: number, units: number, random: () => number): Layer {
  const weightStride = oddLines(inputs + 1, 16);
  const weights = new Float32Array(roundUp(units, 3) * weightStride);
  const draw = (): number => (2 * random() - 1) / Math.sqrt(inputs);
  for (let j = 0; j < units; j++) for (let k = 0; k < inputs; k++) weights[j * weightStride + k] = draw();
  return { inputs, units, weightStride, weights, biases: Float32Array.from({ length: units }, draw) };
}

function createUnrolled(spec: NetworkSpec, layers: readonly Layer[]): PureTrainer['train'] {
  const variables: Variables = { exp };
  layers.forEach(({ weights, biases }, l) => Object.assign(variables, { [`W${l}`]: weights, [`B${l}`]: biases }));
  const strides = layers.map(({ weightStride }) => weightStride);
  const step = compile(unrolledSource(spec, strides), variables) as (
    x: Data['x'],
    y: Data['y'],
    order: Int32Array,
  ) => number;
  return ({ x, y }, order) => step(x, y, order) / order.length;
}

/** Names: A activations by rows, G deltas by rows, D deltas by units, W weights by units, T by inputs, B biases. */
function createBatched(spec: NetworkSpec, layers: readonly Layer[]): PureTrainer['train'] {
  const { batchSize } = spec;
  const rows = roundUp(batchSize, 2);
  const stride = [spec.inputs, ...layers.map(({ units }) => units)].map((count) => oddLines(count + 2, 8));
  const deltaStride = oddLines(batchSize, 16);
  const variables: Variables = { exp, A0: new Float64Array(rows * stride[0]) };
  layers.forEach(({ inputs, units, weightStride, weights, biases }, l) => {
    const transposeStride = transposeStrideOf(l, units);
    const T = new Float32Array(roundUp(inputs, 6) * transposeStride);
    for (let j = 0; l > 0 && j < units; j++) {
      for (let k = 0; k < inputs; k++) T[k * transposeStride + j] = weights[j * weightStride + k];
    }
    Object.assign(variables, {
      [`W${l}`]: weights,
      [`T${l}`]: T,
      [`B${l}`]: biases,
      [`A${l + 1}`]: new Float64Array(rows * stride[l + 1]),
      [`G${l}`]: new Float64Array(rows * stride[l + 1]),
      [`D${l}`]: new Float32Array(roundUp(units, 3) * deltaStride),
    });
  });
  const passes = layers.map((layer, l) => compilePasses(spec, layer, l, stride, deltaStride, variables));
  const gather = compile(source.gatherSource(spec.inputs, stride[0]), variables) as Gather;
  const deltas = deltaShape(spec, layers.length - 1, stride, deltaStride);
  const outputDelta = compile(source.outputDeltaSource(deltas, spec.loss), variables) as Gather;

  return ({ x, y }, order) => {
    let sum = 0;
    for (let start = 0; start < order.length; start += batchSize) {
      const n = Math.min(batchSize, order.length - start);
      gather(x, order, start, n);
      for (let l = 0; l < passes.length; l++) passes[l].forward(n);
      sum += outputDelta(y, order, start, n);
      for (let l = passes.length - 1; l >= 0; l--) passes[l].backward(n);
    }
    return sum / order.length;
  };
}

interface Passes {
  forward: (n: number) => void;
  /** Deltas of the layer below from this layer's, and then this layer's update. */
  backward: (n: number) => void;
}

function compilePasses(
  spec: NetworkSpec,
  { inputs, units, weightStride }: Layer,
  l: number,
  stride: readonly number[],
  deltaStride: number,
  variables: Variables,
): Passes {
  const tiled = (tile: string, loop: string): Numeric =>
    compile(loop, { tile: compile(tile, variables), ...variables }) as Numeric;
  const product = (shape: source.ProductShape, columns: number): Numeric =>
    tiled(source.productTile(shape), source.productLoop(shape, columns));
  const [leftStride, outStride] = [stride[l], stride[l + 1]];
  const transposeStride = transposeStrideOf(l, units);
  const forward = { left: `A${l}`, right: `W${l}`, out: `A${l + 1}`, leftStride, rightStride: weightStride, outStride };
  const sums = product({ ...forward, depth: inputs }, units);
  const activate = compile(
    source.activationSource(l, spec.layers[l].activation, units, outStride),
    variables,
  ) as Numeric;
  const shape = { layer: l, inputs, units, rate: spec.rate, deltaStride, weightStride, transposeStride };
  const update = { ...shape, activationStride: leftStride };
  const descend = tiled(source.updateTile(update), source.updateLoop(update));
  const runForward = (n: number): void => {
    sums(n);
    activate(n);
  };
  if (l === 0) return { forward: runForward, backward: descend };

  const back = { left: `G${l}`, right: `T${l}`, out: `G${l - 1}`, leftStride: outStride, rightStride: transposeStride };
  const paths = product({ ...back, outStride: leftStride, depth: units }, inputs);
  const below = deltaShape(spec, l - 1, stride, deltaStride);
  const slopes = compile(source.hiddenDeltaSource(below), variables) as Numeric;
  return {
    forward: runForward,
    backward: (n) => {
      paths(n);
      slopes(n);
      descend(n);
    },
  };
}

function deltaShape(
  { layers }: NetworkSpec,
  l: number,
  stride: readonly number[],
  deltaStride: number,
): source.DeltaShape {
  const { activation, units } = layers[l];
  return { layer: l, activation, units, stride: stride[l + 1], deltaStride };
}

function transposeStrideOf(l: number, units: number): number {
  return l === 0 ? 0 : oddLines(units + 2, 16);
}

let compiled = 0;

/**
 * The one place where text becomes code; all of it comes from the templates beside this file. The number makes each
 * text new to V8, which would otherwise take the code of an equal one from its cache, and then fold no arrays.
 */
function compile(text: string, variables: Variables): unknown {
  const body = `'use strict'; /* ${compiled++} */ return ${text}`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- nothing else gives V8 a function of its own
  const create = new Function(...Object.keys(variables), body) as (...values: unknown[]) => unknown;
  return create(...Object.values(variables));
}

function roundUp(count: number, multiple: number): number {
  return Math.ceil(count / multiple) * multiple;
}

/** A stride for `count` values that is an odd number of cache lines, so that columns do not fall into one cache set. */
function oddLines(count: number, perLine: number): number {
  return (Math.ceil(count / perLine) | 1) * perLine;
}
