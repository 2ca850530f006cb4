/** The library of this working tree, with its data in place. `variant` is the kind of numerics. */
import { chainrule, createResident, optionsOf } from '../../library.js';
import { outputsOf } from '../../workloads.js';
import type { Predictor, Task, Trainer } from '../adapter.js';

export async function createTrainer(task: Task, variant = 'reproducible'): Promise<Trainer> {
  const { workload, x, y } = task;
  const { inputs, batchSize, loss } = workload;
  const targets = loss === 'crossEntropy' ? 1 : outputsOf(workload);
  const stepped = await createNetwork(task, variant as chainrule.Numerics);
  const resident = await createResident(chainrule, workload, task, variant as chainrule.Numerics, variant);
  return {
    step(index) {
      const from = index * batchSize;
      const rows = x.subarray(from * inputs, (from + batchSize) * inputs);
      stepped.trainBatch(rows, y.subarray(from * targets, (from + batchSize) * targets));
    },
    epoch: () => resident.contestant.run(),
    outputs: () => stepped.predict(x.subarray(0, batchSize * inputs)),
    async end() {
      stepped.dispose();
      await resident.end();
    },
  };
}

/** Of the variant `int8` the network is quantized, whose numerics do not matter. */
export async function createPredictor(task: Task, batchSize: number, variant = 'reproducible'): Promise<Predictor> {
  const { workload, x } = task;
  const size = batchSize * workload.inputs;
  const isInt8 = variant === 'int8';
  const made = await createNetwork(task, isInt8 ? 'reproducible' : (variant as chainrule.Numerics));
  const network = isInt8 ? await made.quantize() : made;
  const batches = Array.from({ length: workload.rows / batchSize }, (_, i) => x.subarray(i * size, (i + 1) * size));
  const options = { into: new Float32Array(batchSize * outputsOf(workload)) };
  return { predict: (index) => network.predict(batches[index], options), end: () => network.dispose() };
}

/** The seed draws the task's parameters. */
function createNetwork({ workload }: Task, numerics: chainrule.Numerics): Promise<chainrule.Network> {
  return chainrule.createNetwork(optionsOf(chainrule, workload, numerics));
}
