/** What the benchmark calls of the libraries in plain JavaScript. */
declare module 'brain.js-1' {
  export class NeuralNetwork {
    constructor(options: { activation: string });
    sizes: number[];
    weights: Float32Array[][];
    biases: Float32Array[];
    outputLayer: number;
    trainOpts: { learningRate: number; momentum: number };
    initialize(): void;
    runInput(input: Float32Array): Float32Array;
    trainPattern(example: { input: Float32Array; output: Float32Array }): void;
  }
  const brain: { NeuralNetwork: typeof NeuralNetwork };
  export default brain;
}
declare module 'brain.js-2' {
  export { NeuralNetwork } from 'brain.js-1';
}
declare module 'synaptic' {
  type Squash = unknown;
  export interface Neuron {
    readonly ID: number;
    bias: number;
  }
  export interface Connection {
    weight: number;
    readonly from: Neuron;
    readonly to: Neuron;
  }
  export class Layer {
    constructor(size: number);
    readonly list: Neuron[];
    set(options: { squash: Squash }): void;
    project(to: Layer): { readonly list: Connection[] };
  }
  export class Network {
    constructor(layers: { input: Layer; hidden: Layer[]; output: Layer });
    activate(input: Float32Array): number[];
    propagate(rate: number, target: Float32Array): void;
  }
  const synaptic: {
    Layer: typeof Layer;
    Network: typeof Network;
    Neuron: { squash: Record<'LOGISTIC' | 'TANH' | 'IDENTITY' | 'RELU', Squash> };
  };
  export default synaptic;
}
declare module 'convnetjs' {
  export class Vol {
    constructor(width: number, height: number, depth: number, fill: number);
    w: Float64Array;
  }
  export interface Layer {
    readonly filters: readonly Vol[];
    readonly biases: Vol;
  }
  type LayerClass = new (options: Record<string, number>) => Layer;
  export class Net {
    layers: Layer[];
    forward(input: Vol): Vol;
  }
  export class Trainer {
    constructor(net: Net, options: { method: 'sgd'; learning_rate: number; momentum: number; batch_size: number });
    train(input: Vol, target: number | Float64Array): void;
  }
  const convnetjs: {
    Vol: typeof Vol;
    Net: typeof Net;
    Trainer: typeof Trainer;
  } & Record<
    'InputLayer' | 'FullyConnLayer' | 'SigmoidLayer' | 'TanhLayer' | 'ReluLayer' | 'SoftmaxLayer' | 'RegressionLayer',
    LayerClass
  >;
  export default convnetjs;
}
declare module 'ml-matrix' {
  export class Matrix {
    constructor(rows: readonly ArrayLike<number>[]);
    static from1DArray(rows: number, columns: number, values: ArrayLike<number>): Matrix;
    clone(): Matrix;
    to1DArray(): number[];
  }
}
declare module 'ml-fnn' {
  import type { Matrix } from 'ml-matrix';
  export default class FeedForwardNeuralNetworks {
    constructor(options: { hiddenLayers: number[]; learningRate: number });
    activation: string;
    regularization: number;
    dicts: { inputs: Record<number, number>; outputs: Record<number, number> };
    model: { W: Matrix; b: Matrix }[];
    buildNetwork(inputs: number, outputs: number): void;
    propagate(features: Matrix): Matrix;
    backpropagation(features: Matrix, labels: ArrayLike<number>, probabilities: Matrix): void;
  }
}
