/** Training in several versions of Node, by turns, with vectors of 128 bits and, where there are any, of 256. */
import type { Numerics } from 'chainrule';
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeProgram, NODES } from '../scripts/tools.js';
import { rateOf, type Rate } from './measure.js';
import type { NodeLatencies, NodeTrial } from './node-trial.js';
import { bestPeak, measurePeak, type Peak, type PeakKernels } from './peak.js';
import { RATE_COLUMNS, rateCells, untilSteady } from './steady.js';
import { renderTable } from './table.js';
import { flopsPerSample, type Workload } from './workloads.js';

const NUMERICS: readonly Numerics[] = ['reproducible', 'fused'];
const ROUNDS = 2;

/** A version of Node, and how wide its vectors are. */
export interface Runtime {
  /** Such as 24. */
  readonly node: string;
  readonly wide: boolean;
}

export const RUNTIMES: readonly Runtime[] = NODES.flatMap((node) => [
  { node, wide: false },
  { node, wide: true },
]);

/** A workload in one kind of numerics. */
export interface NodeRow extends Runtime {
  readonly version: string;
  readonly numerics: Numerics;
  readonly rate: Rate;
}

export interface NodeContest {
  readonly name: string;
  readonly title: string;
  readonly batchSize: number;
  readonly flopsPerSample: number;
  readonly peak: Peak;
  readonly rows: readonly NodeRow[];
}

/** `seconds` for each runtime and kind of numerics, on each workload. Those that have no 256 bits are left out. */
export async function measureNodes(
  workloads: readonly Workload[],
  seconds: number,
  kernels: PeakKernels,
): Promise<NodeContest[]> {
  const contests: NodeContest[] = [];
  for (const workload of workloads) {
    console.error(`${workload.name}  in Node ${NODES.join(', ')}`);
    const measure = (): Promise<NodeContest> => measureContest(workload, seconds, kernels);
    contests.push(await untilSteady(workload.name, measure, ({ rows }) => rows.map(({ rate }) => rate)));
  }
  return contests;
}

async function measureContest(workload: Workload, seconds: number, kernels: PeakKernels): Promise<NodeContest> {
  const peaks: Peak[] = [];
  const latencies = RUNTIMES.map(() => NUMERICS.map((): number[] => []));
  for (let round = 0; round < ROUNDS; round++) {
    peaks.push(measurePeak(kernels, 40));
    for (const [i, { node, wide }] of RUNTIMES.entries()) {
      const time = (1000 * seconds) / ROUNDS;
      const answer = await runTrial(node, { workload: workload.name, numerics: NUMERICS, wide, time });
      if ('latencies' in answer) answer.latencies.forEach((calls, kind) => latencies[i][kind].push(...calls));
    }
  }
  const rows: NodeRow[] = [];
  for (const [i, runtime] of RUNTIMES.entries()) {
    const version = await versionOf(runtime.node);
    for (const [kind, numerics] of NUMERICS.entries()) {
      const calls = latencies[i][kind];
      if (calls.length > 0) rows.push({ ...runtime, version, numerics, rate: rateOf(workload.rows, calls) });
    }
  }
  const { name, title, batchSize } = workload;
  return { name, title, batchSize, flopsPerSample: flopsPerSample(workload), peak: bestPeak(peaks), rows };
}

async function runTrial(node: string, trial: NodeTrial): Promise<NodeLatencies> {
  const child = fork(join(import.meta.dirname, 'node-trial.ts'), {
    execPath: nodeProgram(node),
    execArgv: ['--import', 'tsx'],
  });
  child.send(trial);
  let answer: NodeLatencies = { missing: 'it ended without an answer' };
  child.once('message', (message) => (answer = message as NodeLatencies));
  await once(child, 'exit');
  return answer;
}

async function versionOf(node: string): Promise<string> {
  const { stdout } = await promisify(execFile)(nodeProgram(node), ['--version']);
  return stdout.trim().slice(1);
}

const HEADER = ['', 'Node', 'bits', 'numerics', ...RATE_COLUMNS, 'of 128-bit peak', '× the first'];

export function renderNodes(contests: readonly NodeContest[]): string {
  return renderTable(HEADER, contests.flatMap(contestRows));
}

function contestRows({ name, flopsPerSample: flops, peak, rows }: NodeContest): string[][] {
  return rows.map(({ version, wide, numerics, rate }, i) => [
    i === 0 ? name : '',
    version,
    wide ? '256' : '128',
    numerics,
    ...rateCells(rate),
    `${((100 * rate.median * flops) / 1e9 / peak.best).toFixed(1)} %`,
    (rate.median / rows[0].rate.median).toFixed(2),
  ]);
}
