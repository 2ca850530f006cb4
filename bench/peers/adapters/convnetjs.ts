/** convnetjs: layers of its own, put together by hand, since `makeLayers` allows no activation before a regression. */
import convnetjs, { type Layer, type Vol } from 'convnetjs';
import { outputsOf, type ActivationName } from '../../workloads.js';
import type { Task, Trainer } from '../adapter.js';
import { rowViews } from '../arrays.js';

export function createTrainer(task: Task): Trainer {
  const { workload, x, y } = task;
  const { inputs, loss, rate, batchSize } = workload;
  const net = new convnetjs.Net();
  net.layers = createLayers(task);
  const trainer = new convnetjs.Trainer(net, {
    method: 'sgd',
    // of a regression it minimises half the square
    learning_rate: loss === 'crossEntropy' ? rate : loss === 'mse' ? (2 * rate) / outputsOf(workload) : 2 * rate,
    momentum: 0,
    batch_size: batchSize,
  });
  const rows = rowViews(x, inputs).map(toVol);
  const targets = y instanceof Int32Array ? y : rowViews(y, outputsOf(workload)).map((row) => Float64Array.from(row));
  return {
    step(index) {
      for (let i = index * batchSize; i < (index + 1) * batchSize; i++) trainer.train(rows[i], targets[i]);
    },
    outputs: () => rows.slice(0, batchSize).flatMap((row) => Array.from(net.forward(row).w)),
  };
}

function toVol(values: ArrayLike<number>): Vol {
  const vol = new convnetjs.Vol(1, 1, values.length, 0);
  vol.w = Float64Array.from(values);
  return vol;
}

function createLayers({ workload, parameters }: Task): Layer[] {
  const layers = [new convnetjs.InputLayer({ out_sx: 1, out_sy: 1, out_depth: workload.inputs })];
  workload.layers.forEach(({ units, activation }, l) => {
    const inputs = l ? workload.layers[l - 1].units : workload.inputs;
    const dense = new convnetjs.FullyConnLayer({ ...flat(inputs), num_neurons: units });
    rowViews(parameters[l].weights, inputs).forEach((row, j) => dense.filters[j].w.set(row));
    dense.biases.w.set(parameters[l].biases);
    layers.push(dense, ...activationLayers(activation, units));
  });
  if (workload.loss !== 'crossEntropy') layers.push(new convnetjs.RegressionLayer(flat(outputsOf(workload))));
  return layers;
}

function flat(depth: number): Record<string, number> {
  return { in_sx: 1, in_sy: 1, in_depth: depth };
}

function activationLayers(activation: ActivationName, units: number): Layer[] {
  switch (activation) {
    case 'linear':
      return [];
    case 'sigmoid':
      return [new convnetjs.SigmoidLayer(flat(units))];
    case 'tanh':
      return [new convnetjs.TanhLayer(flat(units))];
    case 'relu':
      return [new convnetjs.ReluLayer(flat(units))];
    case 'softmax':
      return [new convnetjs.SoftmaxLayer(flat(units))];
  }
}
