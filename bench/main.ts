/** `npm run bench`: the library beside the pure TypeScript trainer, on the six workloads, in one process. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createContest } from './contestants.js';
import { measureInterleaved } from './measure.js';
import { bestPeak, compilePeak, measurePeak, type Peak, type PeakKernels } from './peak.js';
import { renderMarkdown, type Machine, type WorkloadResult } from './report.js';
import { flopsPerSample, WORKLOADS, type Workload } from './workloads.js';

const ROUNDS = 4;

interface Options {
  time: number;
  threads: number;
  only: readonly Workload[];
  output: string;
}

function readOptions(): Options {
  const names = WORKLOADS.map(({ name }) => name).join(', ');
  const only = new Option('--only <names>', `which workloads, such as W1,W4 (of ${names})`)
    .argParser(parseNames)
    .default(WORKLOADS, 'all');
  return new Command('bench')
    .description('Measures training on the workloads, and writes bench.json and bench.md.')
    .option('--time <seconds>', 'how long each trainer is measured on each workload', parseTime, 1)
    .option('--threads <count>', 'measure that many threads too, beside one', parseThreads, 1)
    .addOption(only)
    .option('--output <folder>', 'where the results go', 'results')
    .parse()
    .opts<Options>();
}

function parseTime(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds < Infinity)) throw new InvalidArgumentError('expected a positive number of seconds');
  return seconds;
}

function parseThreads(text: string): number {
  const count = Number(text);
  if (!(Number.isInteger(count) && count >= 1)) throw new InvalidArgumentError('expected a whole number from 1');
  return count;
}

function parseNames(text: string): readonly Workload[] {
  return text.split(',').map((name) => {
    const workload = WORKLOADS.find((each) => each.name === name.trim().toUpperCase());
    if (!workload) throw new InvalidArgumentError(`there is no workload "${name}"`);
    return workload;
  });
}

async function measureWorkload(
  workload: Workload,
  { time, threads }: Options,
  kernels: PeakKernels,
): Promise<WorkloadResult> {
  const contest = await createContest(workload, threads);
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

function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    date: new Date().toISOString().slice(0, 10),
  };
}

const options = readOptions();
const { threads, only, output } = options;
const kernels = await compilePeak();
const workloads: WorkloadResult[] = [];
for (const workload of only) {
  console.error(`${workload.name}  ${workload.title}`);
  workloads.push(await measureWorkload(workload, options, kernels));
}
const results = { machine: describeMachine(), threads, peak: bestPeak(workloads.map(({ peak }) => peak)), workloads };
const report = renderMarkdown(results);
await mkdir(output, { recursive: true });
await writeFile(join(output, 'bench.json'), `${JSON.stringify(results, undefined, 2)}\n`);
await writeFile(join(output, 'bench.md'), `${report}\n`);
console.log(report);
