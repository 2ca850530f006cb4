/** synaptic, one example at a time, with the code that it generates for the network. */
import synaptic, { type Layer } from 'synaptic';
import { outputsOf, type ActivationName, type NetworkSpec } from '../../workloads.js';
import type { Task, Trainer } from '../adapter.js';
import { oneHotRows, rowViews } from '../arrays.js';
import { onlineNotes, onlineRate } from '../online.js';

/** It writes a statement or two for each connection. */
const MOST_CONNECTIONS = 200_000;

export function createTrainer(task: Task): Trainer {
  const { workload, x } = task;
  const { inputs, loss, batchSize } = workload;
  const network = createNetwork(task);
  const rows = rowViews(x, inputs);
  const targets = rowViews(oneHotRows(task), outputsOf(workload));
  const rate = onlineRate(workload);
  return {
    rowsPerStep: 1,
    ...(loss === 'crossEntropy' && { loss: 'quadratic' }),
    note: noteOf(workload),
    step(index) {
      network.activate(rows[index]);
      network.propagate(rate, targets[index]);
    },
    outputs: () => rows.slice(0, batchSize).flatMap((row) => network.activate(row)),
  };
}

function createNetwork({ workload, parameters }: Task): InstanceType<typeof synaptic.Network> {
  const connections = parameters.reduce((sum, { weights }) => sum + weights.length, 0);
  if (connections > MOST_CONNECTIONS) {
    throw new Error(`it keeps an object and generates statements for each of ${connections} connections`);
  }
  const input = new synaptic.Layer(workload.inputs);
  const layers = workload.layers.map(({ units, activation }) => {
    const layer = new synaptic.Layer(units);
    layer.set({ squash: synaptic.Neuron.squash[squashOf(activation)] });
    return layer;
  });
  layers.forEach((layer, l) => connect(l === 0 ? input : layers[l - 1], layer, parameters[l]));
  return new synaptic.Network({ input, hidden: layers.slice(0, -1), output: layers[layers.length - 1] });
}

function connect(below: Layer, layer: Layer, { weights, biases }: Task['parameters'][number]): void {
  const place = (list: Layer['list']): Map<number, number> => new Map(list.map(({ ID }, i) => [ID, i]));
  const [rows, columns] = [place(layer.list), place(below.list)];
  for (const connection of below.project(layer).list) {
    connection.weight = weights[rows.get(connection.to.ID)! * below.list.length + columns.get(connection.from.ID)!];
  }
  layer.list.forEach((neuron, j) => (neuron.bias = biases[j]));
}

/** There is no softmax: a logistic function for each class takes its place. */
function squashOf(activation: ActivationName): keyof typeof synaptic.Neuron.squash {
  return ({ linear: 'IDENTITY', sigmoid: 'LOGISTIC', tanh: 'TANH', relu: 'RELU', softmax: 'LOGISTIC' } as const)[
    activation
  ];
}

function noteOf(spec: NetworkSpec): string {
  const { activation } = spec.layers[spec.layers.length - 1];
  return [
    ...onlineNotes(spec),
    ...(activation === 'softmax' ? ['sigmoid in the last layer'] : []),
    ...(activation === 'linear' ? [] : ['no slope in the last delta']),
  ].join(', ');
}
