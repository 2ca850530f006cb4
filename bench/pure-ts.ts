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

/** The weights of a layer, [unit][input] without padding, and its biases. */
export interface PureParameters {
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

export interface PureTrainer {
  /** One pass over the rows named by `order`, batch by batch, the last one short if need be; returns the mean loss. */
  train(data: Data, order: Int32Array): number;
  /** Copies, layer after layer. */
  parameters(): PureParameters[];
}

/** The outputs of up to `batchSize` rows named by `order`, one after the other. */
export type PurePredictor = (x: Float32Array, order: Int32Array) => Float32Array;

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

/** Starts from the parameters given, or draws them from the seed. */
export function createPureTrainer(spec: NetworkSpec, start: number | readonly PureParameters[]): PureTrainer {
  const parametersOf = typeof start === 'number' ? drawParameters(randomStream(start)) : (l: number) => start[l];
  const layers = createLayers(spec, parametersOf);
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

export function createPurePredictor(spec: NetworkSpec, parameters: readonly PureParameters[]): PurePredictor {
  const { gather, passes, activations, stride } = createPasses(
    spec,
    createLayers(spec, (l) => parameters[l]),
  );
  const outputs = spec.layers[passes.length - 1].units;
  const padded = stride[passes.length];
  return (x, order) => {
    gather(x, order, 0, order.length);
    for (let l = 0; l < passes.length; l++) passes[l].forward(order.length);
    const result = new Float32Array(order.length * outputs);
    for (let row = 0; row < order.length; row++) {
      for (let j = 0; j < outputs; j++) result[row * outputs + j] = activations[row * padded + j];
    }
    return result;
  };
}

type ParametersOf = (l: number, inputs: number, units: number) => PureParameters;

/** Weights and biases from ±1/√inputs. */
function drawParameters(random: () => number): ParametersOf {
  return (_, inputs, units) => {
    const draw = (): number => (2 * random() - 1) / Math.sqrt(inputs);
    return {
      weights: Float32Array.from({ length: units * inputs }, draw),
      biases: Float32Array.from({ length: units }, draw),
    };
  };
}

function createLayers(spec: NetworkSpec, parametersOf: ParametersOf): Layer[] {
  return spec.layers.map(({ units }, l) => {
    const inputs = l ? spec.layers[l - 1].units : spec.inputs;
    const weightStride = oddLines(inputs + 1, 16);
    const weights = new Float32Array(roundUp(units, 3) * weightStride);
    const given = parametersOf(l, inputs, units);
    for (let j = 0; j < units; j++) {
      weights.set(given.weights.subarray(j * inputs, (j + 1) * inputs), j * weightStride);
    }
    return { inputs, units, weightStride, weights, biases: given.biases.slice() };
  });
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

function createBatched(spec: NetworkSpec, layers: readonly Layer[]): PureTrainer['train'] {
  const { batchSize } = spec;
  const { gather, passes, outputDelta } = createPasses(spec, layers);
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

interface BatchPasses {
  readonly gather: Gather;
  readonly passes: readonly Passes[];
  readonly outputDelta: Gather;
  /** Of the last layer, by rows. */
  readonly activations: Float64Array;
  /** From one row to the next, of the inputs and of each layer's activations. */
  readonly stride: readonly number[];
}

/** Names: A activations by rows, G deltas by rows, D deltas by units, W weights by units, T by inputs, B biases. */
function createPasses(spec: NetworkSpec, layers: readonly Layer[]): BatchPasses {
  const { batchSize } = spec;
  const rows = roundUp(batchSize, 2);
  const stride = [spec.inputs, ...layers.map(({ units }) => units)].map((count) => oddLines(count + 2, 8));
  const deltaStride = oddLines(batchSize, 16);
  const A = stride.map((count) => new Float64Array(rows * count));
  const variables: Variables = { exp, A0: A[0] };
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
      [`A${l + 1}`]: A[l + 1],
      [`G${l}`]: new Float64Array(rows * stride[l + 1]),
      [`D${l}`]: new Float32Array(roundUp(units, 3) * deltaStride),
    });
  });
  const deltas = deltaShape(spec, layers.length - 1, stride, deltaStride);
  return {
    gather: compile(source.gatherSource(spec.inputs, stride[0]), variables) as Gather,
    passes: layers.map((layer, l) => compilePasses(spec, layer, l, stride, deltaStride, variables)),
    outputDelta: compile(source.outputDeltaSource(deltas, spec.loss), variables) as Gather,
    activations: A[layers.length],
    stride,
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
