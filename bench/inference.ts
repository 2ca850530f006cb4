/** Predictions: one at a time of a small network, and of W3's one at a time and in batches. */
import { measureInterleaved, type Contestant, type Rate } from './measure.js';
import * as chainrule from './peers/adapters/chainrule.js';
import * as pure from './peers/adapters/pure-ts.js';
import { predictionRun } from './peers/run.js';
import { createTask } from './peers/task.js';
import { RATE_COLUMNS, rateCells, untilSteady } from './steady.js';
import { count, renderTable } from './table.js';
import { WORKLOADS } from './workloads.js';

const CASES = [
  { workload: 'W4', batchSize: 1 },
  { workload: 'W3', batchSize: 1 },
  { workload: 'W3', batchSize: 256 },
];

/** Rows per second. */
export interface InferenceResult {
  readonly title: string;
  readonly batchSize: number;
  readonly chainrule: Rate;
  /** The same network, quantized. */
  readonly int8: Rate;
  readonly pure: Rate;
}

/** `seconds` for each of the three in each case. */
export async function measureInference(seconds: number): Promise<InferenceResult[]> {
  const results: InferenceResult[] = [];
  for (const { workload: name, batchSize } of CASES) {
    results.push(
      await untilSteady(
        `predictions of ${name}`,
        () => measureCase(name, batchSize, seconds),
        (found) => [found.chainrule, found.int8],
      ),
    );
  }
  return results;
}

async function measureCase(name: string, batchSize: number, seconds: number): Promise<InferenceResult> {
  const task = await createTask(WORKLOADS.find((workload) => workload.name === name)!);
  const predictors = {
    chainrule: await chainrule.createPredictor(task, batchSize),
    int8: await chainrule.createPredictor(task, batchSize, 'int8'),
    pure: pure.createPredictor(task, batchSize),
  };
  const contestants: Contestant[] = [];
  for (const [contestant, predictor] of Object.entries(predictors)) {
    contestants.push({ name: contestant, ...(await predictionRun(predictor, task, batchSize)) });
  }
  const [ours, int8, theirs] = await measureInterleaved(contestants, { time: 1000 * seconds, rounds: 4 });
  await predictors.chainrule.end?.();
  await predictors.int8.end?.();
  return { title: task.workload.title, batchSize, chainrule: ours, int8, pure: theirs };
}

const HEADER = ['network', 'rows', 'µs a call', ...RATE_COLUMNS, 'int8', '× float32', 'pure TypeScript', '× pure TS'];

export function renderInference(results: readonly InferenceResult[]): string {
  const rows = results.map(({ title, batchSize, chainrule: ours, int8, pure: theirs }) => [
    title,
    String(batchSize),
    ((1e6 * batchSize) / ours.median).toPrecision(3),
    ...rateCells(ours),
    count(int8.median),
    (int8.median / ours.median).toFixed(2),
    count(theirs.median),
    (ours.median / theirs.median).toFixed(2),
  ]);
  const note = 'Medians of `predict`, `reproducible` and `quantize`, into an array that is used again.';
  return ['### Predictions', renderTable(HEADER, rows), note].join('\n\n');
}
