/** Makes the task of a workload. */
import { chainrule, optionsOf, SEED } from '../library.js';
import { makeData, shortened, type Workload } from '../workloads.js';
import type { Task } from './adapter.js';

/** The weights are those that the library draws. */
export async function createTask(whole: Workload): Promise<Task> {
  const workload = shortened(whole);
  const network = await chainrule.createNetwork(optionsOf(chainrule, workload, 'reproducible'));
  const drawn = network.getParameters();
  network.dispose();
  const parameters = workload.layers.map((_, l) => ({
    weights: drawn[`layers.${l}.weight`].data,
    biases: drawn[`layers.${l}.bias`].data,
  }));
  return { workload, parameters, ...makeData(workload, workload.rows, SEED) };
}
