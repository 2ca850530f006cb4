/** The benchmark's figures as Markdown. */
import { FIT, FUSED, PURE, REPRODUCIBLE, THREADS, TRAIN_BATCH, KERNEL_CALLS } from './contestants.js';
import type { Rate } from './measure.js';
import type { Peak } from './peak.js';
import { NOTE_ON_RATES, RATE_COLUMNS, rateCells } from './steady.js';
import { count, renderTable } from './table.js';

export interface WorkloadResult {
  readonly name: string;
  readonly title: string;
  readonly batchSize: number;
  readonly rows: number;
  readonly flopsPerSample: number;
  /** Measured between this workload's rounds. */
  readonly peak: Peak;
  /** Samples per second, by contestant. */
  readonly rates: Readonly<Record<string, Rate>>;
}

export interface Results {
  /** How many threads were measured beside one; 1 for none. */
  readonly threads: number;
  readonly peak: Peak;
  readonly workloads: readonly WorkloadResult[];
}

export function renderTraining({ threads, peak, workloads }: Results): string {
  const forms = `multiply and add apart ${peak.separate.toFixed(1)}, fused ${peak.fused?.toFixed(1) ?? 'not in this engine'}`;
  return [
    `One thread; forward, loss, backward and plain SGD, float32. 128-bit SIMD peak of one core: ${peak.best.toFixed(1)} GFLOP/s (${forms}).`,
    ...noteOnFused(peak),
    '### Training with the data in place',
    renderTable(TRAINING_HEADER, workloads.flatMap(trainingRows)),
    `${NOTE_ON_RATES} Shares are of the peak measured between the rounds of the same workload.`,
    ...(threads > 1
      ? [
          `### ${threads} threads`,
          renderTable(THREADS_HEADER, workloads.map(threadsRow)),
          'Samples per second, `reproducible`, and how many times as fast as one thread in this run: their medians, and their fastest calls.',
        ]
      : []),
    '### One wasm call for many steps, or one for each',
    renderTable(CALLS_HEADER, workloads.map(callsRow)),
    'Samples per second, medians, `reproducible`: what training does, the same with the data copied in and checked for each epoch, one call for each step with the copy of its batch, and one call for each kernel of a step.',
  ].join('\n\n');
}

/** What a report has to say where the engine could not fuse. */
export function noteOnFused({ fused }: Peak): string[] {
  if (fused !== undefined) return [];
  return [
    'This engine has no relaxed SIMD, so `fused` ran the plain kernels. On Node 20 a flag turns it on: --experimental-wasm-relaxed-simd.',
  ];
}

const TRAINING_HEADER = ['', 'network, batch', 'trainer', ...RATE_COLUMNS, 'GFLOP/s', 'of peak', '× pure TS'];

function trainingRows({ name, title, batchSize, flopsPerSample, peak, rates }: WorkloadResult): string[][] {
  return [REPRODUCIBLE, FUSED, PURE].map((trainer, i) => {
    const { median } = rates[trainer];
    const speed = (median * flopsPerSample) / 1e9;
    return [
      i === 0 ? name : '',
      i === 0 ? `${title}, ${batchSize}` : '',
      trainer,
      ...rateCells(rates[trainer]),
      speed.toPrecision(3),
      `${((100 * speed) / peak.best).toFixed(1)} %`,
      (median / rates[PURE].median).toFixed(2),
    ];
  });
}

const THREADS_HEADER = ['', 'network, batch', 'one thread', ...RATE_COLUMNS, '× one thread', 'at the fastest'];

function threadsRow({ name, title, batchSize, rates }: WorkloadResult): string[] {
  const [one, all] = [rates[REPRODUCIBLE], rates[THREADS]];
  const ratios = [all.median / one.median, all.max / one.max].map((ratio) => ratio.toFixed(2));
  return [name, `${title}, ${batchSize}`, count(one.median), ...rateCells(all), ...ratios];
}

const CALLS_HEADER = [
  '',
  'epochs, data in place',
  'fit of one epoch',
  'share',
  'trainBatch',
  'share',
  'a call a kernel',
  'share',
];

function callsRow({ name, rates }: WorkloadResult): string[] {
  const whole = rates[REPRODUCIBLE].median;
  const others = [FIT, TRAIN_BATCH, KERNEL_CALLS].map((way) => rates[way].median);
  return [name, count(whole), ...others.flatMap((rate) => [count(rate), `${((100 * rate) / whole).toFixed(0)} %`])];
}
