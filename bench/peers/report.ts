/** A session as Markdown. */
import { renderMachine } from '../machine.js';
import { NOTE_ON_RATES, RATE_COLUMNS, rateCells } from '../steady.js';
import { count, renderTable } from '../table.js';
import { agreement, LEARNT, type Learning } from './learning.js';
import { OURS } from './roster.js';
import type { Cell, Contest, Session } from './results.js';

export function renderSession({ training, inference }: Session): string {
  return [
    'All start from the same weights and train on the same rows, forward, loss, backward and plain SGD on one thread. Shares are of the 128-bit multiply-add peak of one core, measured between the rounds of the same contest; ratios above 1 are faster than the library.',
    NOTE_ON_RATES,
    `Before it is timed, each trains on the first batch alone: the loss is given as a fraction of what it was, and has to fall below ${LEARNT}. "Same loss" says whether its loss before and after the first step was the library's, within one in ten thousand.`,
    ...training.flatMap((contest) => [
      headingOf(contest),
      peakOf(contest),
      renderTable(
        TRAINING_HEADER,
        ranked(contest).map((cell) => trainingRow(cell, contest)),
      ),
    ]),
    ...inference.flatMap((contest) => [
      `### Predictions of ${contest.name}, ${contest.title}, ${contest.batchSize} at a time`,
      peakOf(contest),
      renderTable(
        INFERENCE_HEADER,
        ranked(contest).map((cell) => inferenceRow(cell, contest)),
      ),
    ]),
  ].join('\n\n');
}

function headingOf({ name, title, batchSize }: Contest): string {
  return `### ${name}: ${title}, batch ${batchSize}`;
}

function peakOf({ peak }: Contest): string {
  return `Peak ${peak.best.toFixed(1)} GFLOP/s.`;
}

const RATE_HEADER = ['', 'version', ...RATE_COLUMNS, 'GFLOP/s', 'of peak', '× chainrule'];
const TRAINING_HEADER = [...RATE_HEADER, 'learns', 'same loss', 'note'];
const INFERENCE_HEADER = [...RATE_HEADER, 'same output', 'note'];

/** The fastest first, and at the end those without a rate. */
function ranked({ cells }: Contest): Cell[] {
  return cells.toSorted((a, b) => (b.rate?.median ?? 0) - (a.rate?.median ?? 0));
}

export function oursIn({ cells }: Contest): Cell | undefined {
  return cells.find(({ peer }) => peer === OURS);
}

/** How many times as fast as the library; undefined where either has no rate. */
export function ratioOf({ rate }: Cell, contest: Contest): number | undefined {
  const ours = oursIn(contest)?.rate;
  return rate && ours && rate.median / ours.median;
}

function rateColumns(cell: Cell, contest: Contest): string[] {
  const { peer, version = '', rate } = cell;
  if (!rate) return [peer, version, '', '', '', '', '', ''];
  const speed = (rate.median * contest.flopsPerSample) / 1e9;
  return [
    peer,
    version,
    ...rateCells(rate),
    speed.toPrecision(3),
    `${((100 * speed) / contest.peak.best).toFixed(1)} %`,
    ratioOf(cell, contest)?.toPrecision(3) ?? '',
  ];
}

function trainingRow(cell: Cell, contest: Contest): string[] {
  const { learning, note = '', missing } = cell;
  const ours = oursIn(contest)?.learning;
  return [
    ...rateColumns(cell, contest),
    learning ? describeLearning(learning) : '',
    learning && ours ? agreement(learning, ours) : '',
    missing ? `not measured: ${missing}` : note,
  ];
}

function describeLearning({ before, after, steps }: Learning): string {
  const fraction = after / before;
  return `${fraction < LEARNT ? 'yes' : 'no'}, ${fraction.toPrecision(2)} after ${steps}`;
}

function inferenceRow(cell: Cell, contest: Contest): string[] {
  const { outputs, note = '', missing } = cell;
  const ours = oursIn(contest)?.outputs;
  return [
    ...rateColumns(cell, contest),
    outputs && ours ? describeOutputs(outputs, ours) : '',
    missing ? `not measured: ${missing}` : note,
  ];
}

function describeOutputs(outputs: readonly number[], ours: readonly number[]): string {
  const difference = Math.max(...outputs.map((value, j) => Math.abs(value - ours[j])));
  return difference < 1e-5 ? 'yes' : `no, ${difference.toExponential(0)} off`;
}

const SUMMARY = [
  OURS,
  'chainrule, wide, fused',
  'pure TypeScript',
  'jax-js',
  'TensorFlow.js wasm',
  'brain.js 2',
  'PyTorch',
  'NumPy',
];

const HEADLINE = { contest: 'W2', peers: ['pure TypeScript', 'TensorFlow.js wasm'] };

/** The one number that the README begins with. */
export function renderHeadline({ machine, training }: Session): string {
  const contest = training.find(({ name }) => name === HEADLINE.contest)!;
  const ratios = HEADLINE.peers.flatMap((peer) => {
    const rate = contest.cells.find((cell) => cell.peer === peer)?.rate;
    return rate ? [`${(oursIn(contest)!.rate!.median / rate.median).toFixed(1)} times ${peer}`] : [];
  });
  const rate = count(oursIn(contest)!.rate!.median);
  return `**${rate} examples a second** train a network of ${contest.title} on one thread, ${ratios.join(' and ')} ([${machine.cpu}, Node ${machine.node}](#speed)).`;
}

/** The chart, and the samples per second of some. */
export function renderSummary({ machine, command, training, inference }: Session): string {
  const row = (name: string, contest: Contest): string[] => [
    name,
    ...SUMMARY.map((peer) => {
      const rate = contest.cells.find((cell) => cell.peer === peer)?.rate;
      return rate ? count(rate.median) : '';
    }),
  ];
  return [
    '![Speeds relative to chainrule, on each workload](docs/benchmark.svg)',
    `Samples per second on one thread, batches as given, by \`${command}\`. ${renderMachine(machine)} The second column has \`import 'chainrule/wide'\` and \`numerics: 'fused'\`. PyTorch and NumPy are native, and take part where they are installed. [All figures](docs/benchmark.md).`,
    renderTable(
      ['network, batch', ...SUMMARY],
      [
        ...training.map((contest) => row(`${contest.title}, ${contest.batchSize}`, contest)),
        ...inference.map((contest) => row(`predictions of ${contest.name}, ${contest.batchSize}`, contest)),
      ],
    ),
  ].join('\n\n');
}
