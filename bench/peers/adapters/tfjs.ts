/**
 * TensorFlow.js, with the gradients written out: `tf.grads` records every operation of every step. Products with a
 * transposed operand are made from an explicit transpose, which is faster than `matMul`'s flags. Weights lie as
 * [in, out]. `variant` is the backend.
 */
import * as tf from '@tensorflow/tfjs-core';
import { outputsOf, type ActivationName, type NetworkSpec } from '../../workloads.js';
import type { Predictor, Task, Trainer } from '../adapter.js';
import { oneHotRows, transposed } from '../arrays.js';
import { loadTfjsBackend } from '../tfjs-backend.js';

const lastOf = <T>(list: readonly T[]): T => list[list.length - 1];

interface Layer {
  weights: tf.Tensor;
  biases: tf.Tensor;
  readonly activation: ActivationName;
}

export async function createTrainer(task: Task, variant = 'wasm'): Promise<Trainer> {
  await loadTfjsBackend(variant);
  const { workload } = task;
  const { batchSize, rate } = workload;
  const layers = createLayers(task);
  const batches = batchesOf(task.x, workload.inputs, batchSize);
  const targets = batchesOf(oneHotRows(task), outputsOf(workload), batchSize);
  return {
    step(index) {
      const updated = tf.tidy(() => train(workload, layers, batches[index], targets[index]));
      layers.forEach((layer, l) => {
        layer.weights.dispose();
        layer.biases.dispose();
        [layer.weights, layer.biases] = updated[l];
      });
    },
    outputs: () => tf.tidy(() => lastOf(forward(layers, batches[0])).dataSync()),
  };

  function train(spec: NetworkSpec, network: readonly Layer[], x: tf.Tensor, y: tf.Tensor): [tf.Tensor, tf.Tensor][] {
    const a = forward(network, x);
    let delta = lossDelta(spec, lastOf(a), y, batchSize);
    const updates: [tf.Tensor, tf.Tensor][] = [];
    for (let l = network.length - 1; l >= 0; l--) {
      const { weights, biases } = network[l];
      const gradient = tf.matMul(tf.transpose(a[l]), delta);
      updates.unshift([tf.sub(weights, tf.mul(gradient, rate)), tf.sub(biases, tf.mul(tf.sum(delta, 0), rate))]);
      if (l > 0) delta = timesSlope(tf.matMul(delta, tf.transpose(weights)), a[l], network[l - 1].activation);
    }
    return updates;
  }
}

export async function createPredictor(task: Task, batchSize: number, variant = 'wasm'): Promise<Predictor> {
  await loadTfjsBackend(variant);
  const layers = createLayers(task);
  const batches = batchesOf(task.x, task.workload.inputs, batchSize);
  return { predict: (index) => tf.tidy(() => lastOf(forward(layers, batches[index])).dataSync()) };
}

function createLayers({ workload, parameters }: Task): Layer[] {
  return workload.layers.map(({ units, activation }, l) => {
    const { weights, biases } = parameters[l];
    const inputs = weights.length / units;
    return {
      weights: tf.tensor2d(transposed(weights, units, inputs), [inputs, units]),
      biases: tf.tensor1d(biases),
      activation,
    };
  });
}

function batchesOf(values: Float32Array, columns: number, batchSize: number): tf.Tensor[] {
  const size = batchSize * columns;
  return Array.from({ length: values.length / size }, (_, i) =>
    tf.tensor2d(values.slice(i * size, (i + 1) * size), [batchSize, columns]),
  );
}

/** The input, and the activations of each layer. */
function forward(layers: readonly Layer[], x: tf.Tensor): tf.Tensor[] {
  const a = [x];
  for (const { weights, biases, activation } of layers) {
    const operands = { a: lastOf(a), b: weights, bias: biases };
    if (activation === 'softmax') a.push(tf.softmax(tf.fused.matMul(operands)));
    else if (activation === 'tanh') a.push(tf.tanh(tf.fused.matMul(operands)));
    else a.push(tf.fused.matMul({ ...operands, activation }));
  }
  return a;
}

/** ∂C/∂z of the last layer; the loss is computed, as every trainer here does, and not read. */
function lossDelta({ loss, layers }: NetworkSpec, a: tf.Tensor, y: tf.Tensor, n: number): tf.Tensor {
  if (loss === 'crossEntropy') {
    tf.mul(tf.sum(tf.mul(y, tf.log(a))), -1 / n);
    return tf.mul(tf.sub(a, y), 1 / n);
  }
  const { activation, units } = lastOf(layers);
  const factor = loss === 'mse' ? 1 / units : 1;
  const error = tf.sub(a, y);
  tf.mul(tf.sum(tf.square(error)), factor / n);
  return timesSlope(tf.mul(error, (2 * factor) / n), a, activation);
}

function timesSlope(dA: tf.Tensor, a: tf.Tensor, activation: ActivationName): tf.Tensor {
  if (activation === 'relu') return tf.mul(dA, tf.step(a));
  if (activation === 'sigmoid') return tf.mul(dA, tf.sub(a, tf.square(a)));
  if (activation === 'tanh') return tf.sub(dA, tf.mul(dA, tf.square(a)));
  return dA;
}
