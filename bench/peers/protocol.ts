/** What the benchmark and the process of a contestant say to each other: a line of JSON each way, by turns. */
import type { Learning, Lesson } from './learning.js';

export type Request =
  | { readonly do: 'train'; readonly lesson: Lesson }
  | { readonly do: 'predict'; readonly batchSize: number }
  | { readonly do: 'measure'; readonly milliseconds: number };

/** What is seen before anything is timed. */
export interface Found {
  /** Of a trainer. */
  readonly learning?: Learning;
  /** Of a predictor: the outputs for the first row. */
  readonly outputs?: readonly number[];
  /** How its work differs from the workload. */
  readonly note?: string;
  readonly version?: string;
}

export type Reply =
  /** To `train` and `predict`. */
  | { readonly is: 'ready'; readonly found: Found }
  | { readonly is: 'failed'; readonly reason: string }
  /** To `measure`: what each call took, in milliseconds, and how many samples it trained or predicted. */
  | { readonly is: 'measured'; readonly latencies: readonly number[]; readonly samples: number };
