/** A session: all contests, one after the other. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describeMachine } from '../machine.js';
import { untilSteady } from '../steady.js';
import type { Workload } from '../workloads.js';
import { WORKLOADS } from '../workloads.js';
import { OURS, type Peer } from './roster.js';
import type { Contest, Session } from './results.js';
import { inferenceContest, trainingContest, type SessionOptions } from './session.js';

/** The network of the predictions, and how many rows each takes. */
const INFERENCE = { workload: 'W3', batchSizes: [1, 256] };
const PYTHONS = ['python3', '/usr/bin/python3'];

export interface Programme {
  readonly workloads: readonly Workload[];
  readonly peers: readonly Peer[];
  /** Whether predictions are measured too. */
  readonly inference: boolean;
}

/** Holds the contests of a programme; `command` is what repeats them. */
export async function holdSession(
  { workloads, peers, inference }: Programme,
  options: SessionOptions,
  command: string,
): Promise<Session> {
  const machine = describeMachine();
  const training: Contest[] = [];
  for (const workload of workloads) {
    options.onProgress(`${workload.name}  ${workload.title}`);
    training.push(await steady(workload.name, () => trainingContest(workload, peers, options)));
  }
  const predictions: Contest[] = [];
  const network = WORKLOADS.find(({ name }) => name === INFERENCE.workload)!;
  for (const batchSize of inference ? INFERENCE.batchSizes : []) {
    const what = `predictions of ${network.name}, ${batchSize} at a time`;
    options.onProgress(what);
    predictions.push(await steady(what, () => inferenceContest(network, batchSize, peers, options)));
  }
  return { machine, command, training, inference: predictions };
}

/** The library's own rates say whether the machine was disturbed: some peers never keep one speed. */
function steady(what: string, hold: () => Promise<Contest>): Promise<Contest> {
  return untilSteady(what, hold, ({ cells }) =>
    cells.flatMap(({ peer, rate }) => (rate && peer.startsWith(OURS) ? [rate] : [])),
  );
}

/** The first Python that has both libraries, or one of them. */
export async function findPython(): Promise<string> {
  for (const modules of ['numpy, torch', 'numpy']) {
    for (const program of PYTHONS) {
      const tried = await Promise.allSettled([promisify(execFile)(program, ['-c', `import ${modules}`])]);
      if (tried[0].status === 'fulfilled') return program;
    }
  }
  return PYTHONS[0];
}
