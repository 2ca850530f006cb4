/** ml-fnn: classification only. `train` would number the classes anew in each batch, so its two halves are called. */
import FeedForwardNeuralNetworks from 'ml-fnn';
import { Matrix } from 'ml-matrix';
import { outputsOf } from '../../workloads.js';
import type { Task, Trainer } from '../adapter.js';
import { transposed } from '../arrays.js';

export function createTrainer({ workload, x, y, parameters }: Task): Trainer {
  if (workload.loss !== 'crossEntropy') throw new Error('it only classifies');
  const { inputs, layers, rate, batchSize, rows } = workload;
  const hiddenLayers = layers.slice(0, -1).map(({ units }) => units);
  // it adds up the gradients of a batch instead of averaging them
  const network = new FeedForwardNeuralNetworks({ hiddenLayers, learningRate: rate / batchSize });
  network.activation = layers[0].activation; // the constructor replaces every name with tanh, and 0 below with 0.01
  network.regularization = 0;
  const outputs = outputsOf(workload);
  network.buildNetwork(inputs, outputs);
  network.dicts = { inputs: identity(outputs), outputs: identity(outputs) };
  network.model.forEach((layer, l) => {
    const { weights, biases } = parameters[l];
    const below = weights.length / biases.length;
    layer.W = Matrix.from1DArray(below, biases.length, transposed(weights, biases.length, below));
    layer.b = Matrix.from1DArray(1, biases.length, biases);
  });
  const batches = Array.from({ length: rows / batchSize }, (_, i) => ({
    features: Matrix.from1DArray(batchSize, inputs, x.subarray(i * batchSize * inputs, (i + 1) * batchSize * inputs)),
    labels: y.subarray(i * batchSize, (i + 1) * batchSize),
  }));
  return {
    note: 'its relu lets every gradient through',
    step(index) {
      const { features, labels } = batches[index];
      network.backpropagation(features, labels, network.propagate(features));
    },
    outputs: () => network.propagate(batches[0].features).to1DArray(),
  };
}

function identity(count: number): Record<number, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [i, i]));
}
