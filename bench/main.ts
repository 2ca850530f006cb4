/** `npm run bench`: the library beside the pure TypeScript trainer, on the six workloads, in one process. */
import { Command } from 'commander';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createContest } from './contestants.js';
import { describeMachine } from './machine.js';
import { measureInterleaved } from './measure.js';
import { onlyOption, parseSeconds } from './options.js';
import { bestPeak, compilePeak, measurePeak, type Peak, type PeakKernels } from './peak.js';
import { renderMarkdown, type WorkloadResult } from './report.js';
import { flopsPerSample, type Workload } from './workloads.js';

const ROUNDS = 4;

interface Options {
  time: number;
  only: readonly Workload[];
  output: string;
}

function readOptions(): Options {
  return new Command('bench')
    .description('Measures training on the workloads, and writes bench.json and bench.md.')
    .option('--time <seconds>', 'how long each trainer is measured on each workload', parseSeconds, 1)
    .addOption(onlyOption())
    .option('--output <folder>', 'where the results go', 'results')
    .parse()
    .opts<Options>();
}

async function measureWorkload(workload: Workload, time: number, kernels: PeakKernels): Promise<WorkloadResult> {
  const contest = await createContest(workload);
  const peaks: Peak[] = [];
  const beforeRound = (): void => void peaks.push(measurePeak(kernels, 40));
  const rates = await measureInterleaved(contest.contestants, { time: 1000 * time, rounds: ROUNDS, beforeRound });
  await contest.end();
  return {
    name: workload.name,
    title: workload.title,
    batchSize: workload.batchSize,
    rows: workload.rows,
    flopsPerSample: flopsPerSample(workload),
    peak: bestPeak(peaks),
    rates: Object.fromEntries(contest.contestants.map(({ name }, i) => [name, rates[i]])),
  };
}

const { time, only, output } = readOptions();
const kernels = await compilePeak();
const workloads: WorkloadResult[] = [];
for (const workload of only) {
  console.error(`${workload.name}  ${workload.title}`);
  workloads.push(await measureWorkload(workload, time, kernels));
}
const results = { machine: describeMachine(), peak: bestPeak(workloads.map(({ peak }) => peak)), workloads };
const report = renderMarkdown(results);
await mkdir(output, { recursive: true });
await writeFile(join(output, 'bench.json'), `${JSON.stringify(results, undefined, 2)}\n`);
await writeFile(join(output, 'bench.md'), `${report}\n`);
console.log(report);
