/** For peers that take a step after each example, where the workload takes one for each batch. */
import { outputsOf, type NetworkSpec } from '../workloads.js';

/**
 * The rate with which the steps of a batch's examples add up to about the workload's one step. Theirs is the rate
 * times (target − a), which is half the slope of the square.
 */
export function onlineRate(spec: NetworkSpec): number {
  const { rate, loss, batchSize } = spec;
  return (2 * rate) / batchSize / (loss === 'mse' ? outputsOf(spec) : 1);
}

export function onlineNotes({ batchSize }: NetworkSpec): string[] {
  return batchSize > 1 ? ['one example at a time'] : [];
}
