/** What `npm run bench` measures: the library beside the pure TypeScript trainer, on the six workloads, in one process. */
import { measureCircumstances, renderCircumstances, type Circumstance } from './circumstances.js';
import { createContest, FUSED, REPRODUCIBLE } from './contestants.js';
import { measureInference, renderInference, type InferenceResult } from './inference.js';
import { measureInterleaved } from './measure.js';
import { bestPeak, compilePeak, measurePeak, type Peak, type PeakKernels } from './peak.js';
import { renderTraining, type Results, type WorkloadResult } from './training.js';
import { untilSteady } from './steady.js';
import { measureStart, renderStart, type StartTimes } from './start.js';
import { flopsPerSample, WORKLOADS, type Workload } from './workloads.js';

const ROUNDS = 4;

export interface SuiteOptions {
  /** Seconds for each contestant on each workload. */
  time: number;
  threads: number;
  /** Names of workloads, and of what else is measured. */
  only: readonly string[];
}

export interface Findings {
  training?: Results;
  circumstances?: Circumstance[];
  inference?: InferenceResult[];
  start?: StartTimes;
}

async function measureTraining(workloads: readonly Workload[], options: SuiteOptions): Promise<Results> {
  const kernels = await compilePeak();
  const results: WorkloadResult[] = [];
  for (const workload of workloads) {
    console.error(`${workload.name}  ${workload.title}`);
    results.push(
      await untilSteady(
        workload.name,
        () => measureWorkload(workload, options, kernels),
        ({ rates }) => [rates[REPRODUCIBLE], rates[FUSED]],
      ),
    );
  }
  const { threads } = options;
  return { threads, peak: bestPeak(results.map(({ peak }) => peak)), workloads: results };
}

async function measureWorkload(
  workload: Workload,
  { time, threads }: SuiteOptions,
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

/** Measures what is asked for. */
export async function runSuite(options: SuiteOptions): Promise<Findings> {
  const { time, only } = options;
  const findings: Findings = {};
  const workloads = WORKLOADS.filter(({ name }) => only.includes(name));
  if (workloads.length > 0) findings.training = await measureTraining(workloads, options);
  if (only.includes('circumstances')) {
    console.error('other circumstances');
    findings.circumstances = await measureCircumstances(time);
  }
  if (only.includes('inference')) {
    console.error('predictions');
    findings.inference = await measureInference(time);
  }
  if (only.includes('start')) {
    console.error('start');
    findings.start = measureStart();
  }
  return findings;
}

export function renderSuite({ training, circumstances, inference, start }: Findings): string {
  return [
    ...(training ? [renderTraining(training)] : []),
    ...(circumstances ? [renderCircumstances(circumstances)] : []),
    ...(inference ? [renderInference(inference)] : []),
    ...(start ? [renderStart(start)] : []),
  ].join('\n\n');
}
