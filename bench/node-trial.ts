/** A process of one version of Node: trains a workload in both kinds of numerics, by turns. */
import type { Numerics } from 'chainrule';
import { chainrule, createResident, SEED, widen } from './library.js';
import { measureRounds } from './measure.js';
import { makeData, WORKLOADS } from './workloads.js';

/** What the parent sends. */
export interface NodeTrial {
  readonly workload: string;
  readonly numerics: readonly Numerics[];
  /** Whether with vectors of 256 bits. */
  readonly wide: boolean;
  /** Milliseconds for each kind. */
  readonly time: number;
}

/** The answer: the milliseconds of each epoch, for each kind; or why there is none. */
export type NodeLatencies = { readonly latencies: number[][] } | { readonly missing: string };

async function measure({ workload: name, numerics, wide, time }: NodeTrial): Promise<NodeLatencies> {
  if (wide) await widen();
  const workload = WORKLOADS.find((each) => each.name === name)!;
  const data = makeData(workload, workload.rows, SEED);
  const trainings = [];
  for (const kind of numerics) trainings.push(await createResident(chainrule, workload, data, kind, kind));
  const contestants = trainings.map(({ contestant }) => contestant);
  const [latencies] = await measureRounds(contestants, { time, rounds: 1 });
  for (const training of trainings) await training.end();
  return { latencies };
}

process.once('message', (trial: NodeTrial) => {
  void measure(trial)
    .catch((error: unknown): NodeLatencies => ({ missing: error instanceof Error ? error.message : String(error) }))
    .then((answer) => process.send?.(answer, () => process.disconnect()));
});
