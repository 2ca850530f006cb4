import { beginStep, runBatch } from './batch';
import { Network } from './network';
import { isBare, isNarrow, narrowStep } from '../layers/dense/narrow/step';

/**
 * Trains on mini-batches `from` to `from` + `batches` - 1 of the source's `examples`, with a rate (f64) for each, or
 * one `rate` for all where `rates` is 0, and adds their summed costs and hits to totals[0] and totals[1] (f64). Returns
 * the steps made: fewer when one failed.
 */
export function trainBatches(
  at: usize,
  examples: i32,
  batchSize: i32,
  from: i32,
  batches: i32,
  rates: usize,
  rate: f64,
  totals: usize,
): i32 {
  const network = changetype<Network>(at);
  const narrow = batchSize == 1 && isNarrow(network),
    bare = narrow && isBare(network);
  for (let batch = 0; batch < batches; batch++) {
    const first = (from + batch) * batchSize,
      step = rates ? load<f64>(rates + ((<usize>batch) << 3)) : rate;
    if (narrow && narrowStep(network, first, step, bare)) {
      network.narrowSteps++;
    } else {
      beginStep(at, first, min(batchSize, examples - first), step);
      if (!runBatch(at)) return batch;
    }
    store<f64>(totals, load<f64>(totals) + network.loss);
    store<f64>(totals, load<f64>(totals, 8) + network.hits, 8);
  }
  return batches;
}
