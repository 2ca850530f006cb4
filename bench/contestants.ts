/** What is measured on a workload: the library driven in several ways, and the pure TypeScript trainer. */
import * as chainrule from 'chainrule';
import { createKernelCalls } from './kernel-calls.js';
import { createResident, optionsOf, SEED } from './library.js';
import type { Contestant } from './measure.js';
import { createPureTrainer } from './pure-ts.js';
import { makeData, outputsOf, type Data, type Workload } from './workloads.js';

export interface Contest {
  readonly contestants: readonly Contestant[];
  end(): Promise<void>;
}

/** The names by which the report finds them. */
export const REPRODUCIBLE = 'chainrule, reproducible';
export const FUSED = 'chainrule, fused';
export const PURE = 'pure TypeScript';
export const THREADS = 'chainrule, threads';
export const FIT = 'fit of one epoch';
export const TRAIN_BATCH = 'trainBatch';
export const KERNEL_CALLS = 'a call a kernel';

/** All train on the same rows in the same order, and all compute the loss. With `threads` above 1, one trains on those. */
export async function createContest(workload: Workload, threads: number): Promise<Contest> {
  const data = makeData(workload, workload.rows, SEED);
  const reproducible = await createResident(chainrule, workload, data, 'reproducible', REPRODUCIBLE);
  const fused = await createResident(chainrule, workload, data, 'fused', FUSED);
  const together =
    threads > 1 ? [await createResident(chainrule, workload, data, 'reproducible', THREADS, threads)] : [];
  const calls = await kernelCalls(workload, data);
  const fitted = await createReproducible(workload);
  const stepped = await createReproducible(workload);
  return {
    contestants: [
      reproducible.contestant,
      fused.contestant,
      ...together.map(({ contestant }) => contestant),
      pure(workload, data),
      fit(workload, data, fitted),
      trainBatch(workload, data, stepped),
      calls.contestant,
    ],
    async end() {
      await reproducible.end();
      await fused.end();
      for (const each of together) await each.end();
      calls.end();
      fitted.dispose();
      stepped.dispose();
    },
  };
}

function createReproducible(workload: Workload): Promise<chainrule.Network> {
  return chainrule.createNetwork(optionsOf(chainrule, workload, 'reproducible'));
}

/** The same steps with one call for each kernel. */
async function kernelCalls(workload: Workload, { x, y }: Data): Promise<{ contestant: Contestant; end: () => void }> {
  const { rows, batchSize } = workload;
  const options = optionsOf(chainrule, workload, 'reproducible');
  const { step, end } = await createKernelCalls(options, x, y, batchSize);
  const run = (): void => {
    for (let batch = 0; batch < Math.floor(rows / batchSize); batch++) step(batch);
  };
  return { contestant: { name: KERNEL_CALLS, samples: Math.floor(rows / batchSize) * batchSize, run }, end };
}

/** A training of one epoch a call, which copies the data in and checks them. */
function fit({ rows, batchSize }: Workload, { x, y }: Data, network: chainrule.Network): Contestant {
  // an async function shows that it is one: what only returns a promise is tried once, and that call is not awaited
  const run = async (): Promise<void> => {
    await network.fit(x, y, { epochs: 1, batchSize, shuffle: false });
  };
  return { name: FIT, samples: rows, run };
}

/** One call a step, with a copy of its rows. The views of the batches are made beforehand. */
function trainBatch(workload: Workload, { x, y }: Data, network: chainrule.Network): Contestant {
  const { rows, inputs, batchSize, loss } = workload;
  const targets = loss === 'crossEntropy' ? 1 : outputsOf(workload);
  const batches = Array.from({ length: Math.ceil(rows / batchSize) }, (_, i) => ({
    x: x.subarray(i * batchSize * inputs, (i + 1) * batchSize * inputs),
    y: y.subarray(i * batchSize * targets, (i + 1) * batchSize * targets),
  }));
  const run = (): void => {
    for (const batch of batches) network.trainBatch(batch.x, batch.y);
  };
  return { name: TRAIN_BATCH, samples: rows, run };
}

/** Where a pass takes seconds, each call trains one part of it, and the next call the next. */
function pure(workload: Workload, data: Data): Contestant {
  const { rows, pureParts } = workload;
  const trainer = createPureTrainer(workload, SEED);
  const samples = rows / pureParts;
  const orders = Array.from({ length: pureParts }, (_, part) =>
    Int32Array.from({ length: samples }, (_row, i) => part * samples + i),
  );
  let calls = 0;
  return { name: PURE, samples, run: () => trainer.train(data, orders[calls++ % pureParts]) };
}
