/** jax-js on its wasm backend: the whole step compiled by `jit`, with the gradients of `valueAndGrad`. */
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import type { Array as JaxArray, Parameters } from '@jax-js/jax';
import { outputsOf, type ActivationName, type NetworkSpec } from '../../workloads.js';
import type { Predictor, Task, Trainer } from '../adapter.js';
import { oneHotRows, transposed } from '../arrays.js';

type Step = (parameters: Parameters, x: JaxArray, y: JaxArray) => [JaxArray, Parameters];

export async function createTrainer(task: Task): Promise<Trainer> {
  await start();
  const { workload } = task;
  const { rate, batchSize, inputs } = workload;
  const gradients = valueAndGrad((parameters, x, y) => lossOf(workload, parameters, x, y));
  const train = jit<Step>((parameters, x, y) => {
    const [loss, gradient] = gradients(tree.ref(parameters), x, y);
    const updated = parameters.map(({ weights, biases }, l) => ({
      weights: weights.sub(gradient[l].weights.mul(rate)),
      biases: biases.sub(gradient[l].biases.mul(rate)),
    }));
    return [loss, updated];
  });
  const predict = jit((parameters: Parameters, x: JaxArray) => forward(workload, parameters, x));
  let parameters = createParameters(task);
  const batches = batchesOf(task.x, inputs, batchSize);
  const targets = batchesOf(oneHotRows(task), outputsOf(workload), batchSize);
  return {
    step(index) {
      const [loss, updated] = train(parameters, batches[index].ref, targets[index].ref);
      parameters = updated;
      loss.item(); // work is queued until a value is read
    },
    outputs: () => predict(tree.ref(parameters), batches[0].ref).dataSync(),
  };
}

export async function createPredictor(task: Task, batchSize: number): Promise<Predictor> {
  await start();
  const predict = jit((parameters: Parameters, x: JaxArray) => forward(task.workload, parameters, x));
  const parameters = createParameters(task);
  const batches = batchesOf(task.x, task.workload.inputs, batchSize);
  return { predict: (index) => predict(tree.ref(parameters), batches[index].ref).dataSync() };
}

async function start(): Promise<void> {
  await init('wasm');
  defaultDevice('wasm');
}

function createParameters({ workload, parameters }: Task): Parameters {
  return workload.layers.map(({ units }, l) => {
    const { weights, biases } = parameters[l];
    const inputs = weights.length / units;
    return {
      weights: np.array(transposed(weights, units, inputs)).reshape([inputs, units]),
      biases: np.array(biases),
    };
  });
}

function batchesOf(values: Float32Array, columns: number, batchSize: number): JaxArray[] {
  const size = batchSize * columns;
  return Array.from({ length: values.length / size }, (_, i) =>
    np.array(values.slice(i * size, (i + 1) * size)).reshape([batchSize, columns]),
  );
}

/** z of the last layer. */
function logits({ layers }: NetworkSpec, parameters: Parameters, x: JaxArray): JaxArray {
  return parameters.reduce((a, { weights, biases }, l) => {
    const z = np.matmul(a, weights).add(biases);
    return l < layers.length - 1 ? activate(layers[l].activation, z) : z;
  }, x);
}

function forward(spec: NetworkSpec, parameters: Parameters, x: JaxArray): JaxArray {
  return activate(spec.layers.at(-1)!.activation, logits(spec, parameters, x));
}

function lossOf(spec: NetworkSpec, parameters: Parameters, x: JaxArray, y: JaxArray): JaxArray {
  const { loss, batchSize } = spec;
  if (loss === 'crossEntropy') {
    return nn
      .logSoftmax(logits(spec, parameters, x))
      .mul(y)
      .sum()
      .mul(-1 / batchSize);
  }
  const factor = loss === 'mse' ? 1 / outputsOf(spec) : 1;
  return np
    .square(forward(spec, parameters, x).sub(y))
    .sum()
    .mul(factor / batchSize);
}

function activate(activation: ActivationName, z: JaxArray): JaxArray {
  switch (activation) {
    case 'linear':
      return z;
    case 'sigmoid':
      return nn.sigmoid(z);
    case 'tanh':
      return np.tanh(z);
    case 'relu':
      return nn.relu(z);
    case 'softmax':
      return nn.softmax(z);
  }
}
