/** brain.js, one example at a time, without momentum. `variant` is its major version. */
import type { NeuralNetwork } from 'brain.js-1';
import { outputsOf, type ActivationName, type NetworkSpec } from '../../workloads.js';
import type { Task, Trainer } from '../adapter.js';
import { oneHotRows, rowViews } from '../arrays.js';
import { onlineNotes, onlineRate } from '../online.js';

export async function createTrainer(task: Task, variant = '2'): Promise<Trainer> {
  const { NeuralNetwork } = variant === '1' ? (await import('brain.js-1')).default : await import('brain.js-2');
  const { workload, x, parameters } = task;
  const { inputs, layers, loss, batchSize } = workload;
  const { activation } = layers[0];
  const network = new NeuralNetwork({ activation });
  network.sizes = [inputs, ...layers.map(({ units }) => units)];
  // its own check would refuse a momentum of 0
  Object.assign(network.trainOpts, { learningRate: onlineRate(workload), momentum: 0 });
  network.initialize();
  load(network, parameters);
  const rows = rowViews(x, inputs);
  const targets = rowViews(oneHotRows(task), outputsOf(workload));
  const examples = rows.map((input, i) => ({ input, output: targets[i] }));
  return {
    rowsPerStep: 1,
    ...(loss === 'crossEntropy' && { loss: 'quadratic' }),
    note: noteOf(workload),
    step: (index) => network.trainPattern(examples[index]),
    outputs: () => rows.slice(0, batchSize).flatMap((row) => Array.from(network.runInput(row))),
  };
}

function load(network: NeuralNetwork, parameters: Task['parameters']): void {
  parameters.forEach(({ weights, biases }, l) => {
    network.biases[l + 1] = biases.slice();
    network.weights[l + 1] = rowViews(weights, weights.length / biases.length).map((row) => row.slice());
  });
}

function noteOf(spec: NetworkSpec): string {
  const { layers, loss } = spec;
  const [hidden, output]: ActivationName[] = [layers[0].activation, layers.at(-1)!.activation];
  return [
    ...onlineNotes(spec),
    ...(hidden !== output ? [`${hidden} in the last layer too`] : []),
    ...(loss === 'crossEntropy' ? ['squared error'] : []),
  ].join(', ');
}
