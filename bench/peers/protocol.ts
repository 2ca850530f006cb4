/** What the benchmark and the process of a contestant say to each other: a line of JSON each way, by turns. */
import type { Learning, Lesson } from './learning.js';

export type Request =
  | { readonly do: 'train'; readonly lesson: Lesson }
  | { readonly do: 'predict'; readonly batchSize: number }
  | { readonly do: 'measure'; readonly milliseconds: number };

export type Reply =
  /** To `train` and `predict`. The outputs are those for the first row. */
  | {
      readonly is: 'ready';
      readonly learning?: Learning;
      readonly outputs?: readonly number[];
      readonly note?: string;
      readonly version?: string;
    }
  | { readonly is: 'cannot'; readonly reason: string }
  | { readonly is: 'failed'; readonly reason: string }
  /** To `measure`: what each call took, in milliseconds, and how many samples it trained or predicted. */
  | { readonly is: 'measured'; readonly latencies: readonly number[]; readonly samples: number };
