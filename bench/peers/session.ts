/** Runs contests: each contestant in its own process, all prepared first, and then measured turn by turn. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rateOf } from '../measure.js';
import { bestPeak, measurePeak, type Peak, type PeakKernels } from '../peak.js';
import { flopsPerSample, type Workload } from '../workloads.js';
import { ContestantProcess } from './contestant-process.js';
import { LESSONS } from './learning.js';
import { commandOf, type Peer } from './roster.js';
import type { Request } from './protocol.js';
import type { Cell, Contest } from './results.js';
import { createTask } from './task.js';
import { writeTask } from './task-files.js';

export interface SessionOptions {
  readonly kernels: PeakKernels;
  readonly python: string;
  /** Seconds that each contestant is measured for in each contest. */
  readonly time: number;
  /** Seconds after which a contestant that has not finished its turns is left out. */
  readonly limit: number;
  readonly onProgress: (line: string) => void;
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

/** A peer in a contest. Its process starts when it is its turn to prepare. */
class Entrant {
  readonly #peer: Peer;
  readonly #folder: string;
  readonly #options: SessionOptions;
  readonly #latencies: number[] = [];
  #process: ContestantProcess | undefined;
  #samples = 0;
  #spent = 0;
  #found: Omit<Cell, 'peer' | 'rate'> = {};

  constructor(peer: Peer, folder: string, options: SessionOptions) {
    this.#peer = peer;
    this.#folder = folder;
    this.#options = options;
  }

  async prepare(request: Request): Promise<void> {
    this.#process = new ContestantProcess(commandOf(this.#peer, this.#folder, this.#options.python));
    const reply = await this.#ask(request);
    if (reply.is === 'ready') {
      this.#found = reply.found;
    } else {
      this.#leave(reply.is === 'measured' ? 'it did not prepare' : reply.reason);
    }
    this.#options.onProgress(`  ${this.#peer.name}${this.#found.missing ? `: ${this.#found.missing}` : ''}`);
  }

  /** Those who have used up their time are content with the turns they had. */
  async takeTurn(milliseconds: number): Promise<void> {
    if (this.#found.missing || (this.#latencies.length > 0 && this.#spent > this.#options.limit / 2)) return;
    const reply = await this.#ask({ do: 'measure', milliseconds });
    if (reply.is === 'measured') {
      this.#latencies.push(...reply.latencies);
      this.#samples = reply.samples;
    } else if (this.#latencies.length === 0) {
      this.#leave(reply.is === 'ready' ? 'it measured nothing' : reply.reason);
    }
  }

  async result(): Promise<Cell> {
    const { name } = this.#peer;
    const version = this.#found.version ?? (await installedVersion(this.#peer.package));
    const measured = this.#latencies.length > 0 && { rate: rateOf(this.#samples, this.#latencies) };
    return { peer: name, ...this.#found, ...(version && { version }), ...measured };
  }

  stop(): void {
    this.#process?.stop();
  }

  async #ask(request: Request): ReturnType<ContestantProcess['ask']> {
    const start = performance.now();
    const reply = await this.#process!.ask(request, Math.max(1, this.#options.limit - this.#spent));
    this.#spent += (performance.now() - start) / 1000;
    return reply;
  }

  #leave(missing: string): void {
    this.#found = { missing };
    this.stop();
  }
}

async function installedVersion(name: string | undefined): Promise<string | undefined> {
  if (!name) return undefined;
  const path = join(import.meta.dirname, 'node_modules', name, 'package.json');
  const text = await readFile(path, 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { version?: string }).version;
}
