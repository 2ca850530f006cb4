/** `npm run bench`: the library beside the pure TypeScript trainer, on the six workloads, in one process. */
import { Command } from 'commander';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { measureCircumstances, renderCircumstances, type Circumstance } from './circumstances.js';
import { createContest } from './contestants.js';
import { measureInference, renderInference, type InferenceResult } from './inference.js';
import { describeMachine } from './machine.js';
import { measureInterleaved } from './measure.js';
import { onlyOption, parseCount, parseSeconds } from './options.js';
import { bestPeak, compilePeak, measurePeak, type Peak, type PeakKernels } from './peak.js';
import { renderMarkdown, type Results, type WorkloadResult } from './report.js';
import { measureStart, renderStart, type StartTimes } from './start.js';
import { flopsPerSample, WORKLOADS, type Workload } from './workloads.js';

const ROUNDS = 4;

interface Options {
  time: number;
  threads: number;
  only: readonly string[];
  output: string;
}

interface Findings extends Partial<Results> {
  circumstances?: Circumstance[];
  inference?: InferenceResult[];
  start?: StartTimes;
}

function readOptions(): Options {
  return new Command('bench')
    .description(
      'Measures training on the workloads and otherwise, predictions and the start, and writes bench.json and bench.md.',
    )
    .option('--time <seconds>', 'how long each contestant is measured on each workload', parseSeconds, 1)
    .option('--threads <count>', 'measure that many threads too, beside one', parseCount, 1)
    .addOption(onlyOption(['circumstances', 'inference', 'start']))
    .option('--output <folder>', 'where the results go', 'results')
    .parse()
    .opts<Options>();
}

async function measureTraining(workloads: readonly Workload[], options: Options): Promise<Results> {
  const kernels = await compilePeak();
  const results: WorkloadResult[] = [];
  for (const workload of workloads) {
    console.error(`${workload.name}  ${workload.title}`);
    results.push(await measureWorkload(workload, options, kernels));
  }
  const { threads } = options;
  return { machine: describeMachine(), threads, peak: bestPeak(results.map(({ peak }) => peak)), workloads: results };
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

const options = readOptions();
const { time, only, output } = options;
const workloads = WORKLOADS.filter(({ name }) => only.includes(name));
const findings: Findings = {};
const sections: string[] = [];
if (workloads.length > 0) {
  const training = await measureTraining(workloads, options);
  Object.assign(findings, training);
  sections.push(renderMarkdown(training));
}
if (only.includes('circumstances')) {
  console.error('other circumstances');
  findings.circumstances = await measureCircumstances(time);
  sections.push(renderCircumstances(findings.circumstances));
}
if (only.includes('inference')) {
  console.error('predictions');
  findings.inference = await measureInference(time);
  sections.push(renderInference(findings.inference));
}
if (only.includes('start')) {
  console.error('start');
  findings.start = measureStart();
  sections.push(renderStart(findings.start));
}
const report = sections.join('\n\n');
await mkdir(output, { recursive: true });
await writeFile(join(output, 'bench.json'), `${JSON.stringify(findings, undefined, 2)}\n`);
await writeFile(join(output, 'bench.md'), `${report}\n`);
console.log(report);
