/** What the trials of two revisions say about their speeds. */
import { median, quantile } from 'simple-statistics';
import { count, renderTable } from './table.js';

/** Samples per second of the two libraries in the same round. */
export interface Pair {
  readonly here: number;
  readonly there: number;
}

export interface Comparison {
  readonly workload: string;
  readonly numerics: string;
  readonly pairs: readonly Pair[];
}

/** Of the paired ratios here / there. */
export interface RatioSpread {
  readonly min: number;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly max: number;
}

export function ratioSpread(pairs: readonly Pair[]): RatioSpread {
  const ratios = pairs.map(({ here, there }) => here / there);
  const [min, lower, middle, upper, max] = quantile(ratios, [0, 0.25, 0.5, 0.75, 1]);
  return { min, lower, median: middle, upper, max };
}

const HEADER = ['', 'numerics', 'here', 'there', 'here / there', 'middle half', 'from – to', 'rounds'];

export function renderComparison(there: string, comparisons: readonly Comparison[]): string {
  return [
    `Here: this working tree. There: ${there}.`,
    renderTable(HEADER, comparisons.map(comparisonRow)),
    'Samples per second, medians; the ratio is the median of those of the rounds, in which both take their turn. ' +
      'A ratio whose middle half includes 1 shows no difference.',
  ].join('\n\n');
}

function comparisonRow({ workload, numerics, pairs }: Comparison): string[] {
  const { min, lower, median: middle, upper, max } = ratioSpread(pairs);
  return [
    workload,
    numerics,
    count(median(pairs.map(({ here }) => here))),
    count(median(pairs.map((pair) => pair.there))),
    middle.toFixed(3),
    `${lower.toFixed(3)} – ${upper.toFixed(3)}`,
    `${min.toFixed(3)} – ${max.toFixed(3)}`,
    String(pairs.length),
  ];
}
