/** Runs contests: each contestant in its own process, all prepared first, and then measured turn by turn. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bestPeak, measurePeak, type Peak, type PeakKernels } from '../peak.js';
import { flopsPerSample, type Workload } from '../workloads.js';
import { Entrant, type EntrantOptions } from './entrant.js';
import { LESSONS } from './learning.js';
import type { Request } from './protocol.js';
import type { Contest } from './results.js';
import type { Peer } from './roster.js';
import { createTask } from './task.js';
import { writeTask } from './task-files.js';

export interface SessionOptions extends EntrantOptions {
  readonly kernels: PeakKernels;
  /** Seconds that each contestant is measured for in each contest. */
  readonly time: number;
}

const ROUNDS = 4;

export function trainingContest(workload: Workload, peers: readonly Peer[], options: SessionOptions): Promise<Contest> {
  const trainers = peers.filter(({ trains }) => trains);
  return hold(workload, trainers, { do: 'train', lesson: LESSONS[workload.name] }, options);
}

export async function inferenceContest(
  workload: Workload,
  batchSize: number,
  peers: readonly Peer[],
  options: SessionOptions,
): Promise<Contest> {
  const predictors = peers.filter(({ predicts }) => predicts);
  const contest = await hold(workload, predictors, { do: 'predict', batchSize }, options);
  const weights = workload.layers.reduce((sum, { units }, l) => {
    return sum + units * (l === 0 ? workload.inputs : workload.layers[l - 1].units);
  }, 0);
  return { ...contest, batchSize, flopsPerSample: 2 * weights };
}

async function hold(
  workload: Workload,
  peers: readonly Peer[],
  prepare: Request,
  options: SessionOptions,
): Promise<Contest> {
  const folder = await mkdtemp(join(tmpdir(), 'chainrule-'));
  try {
    await writeTask(folder, await createTask(workload));
    const entrants = peers.map((peer) => new Entrant(peer, folder, options));
    try {
      for (const entrant of entrants) await entrant.prepare(prepare);
      const peaks: Peak[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        peaks.push(measurePeak(options.kernels, 40));
        for (const entrant of entrants) await entrant.takeTurn((1000 * options.time) / ROUNDS);
      }
      const { name, title, batchSize } = workload;
      const cells = await Promise.all(entrants.map((entrant) => entrant.result()));
      return { name, title, batchSize, flopsPerSample: flopsPerSample(workload), peak: bestPeak(peaks), cells };
    } finally {
      for (const entrant of entrants) entrant.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
