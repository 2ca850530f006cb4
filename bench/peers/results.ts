/** What a session measured. */
import type { Rate } from '../measure.js';
import type { Peak } from '../peak.js';
import type { Machine } from '../report.js';
import type { Learning } from './learning.js';

/** A contestant on a workload. */
export interface Cell {
  readonly peer: string;
  readonly version?: string;
  readonly note?: string;
  /** Samples per second. */
  readonly rate?: Rate;
  /** Of a trainer. */
  readonly learning?: Learning;
  /** Of a predictor: the outputs for the first row. */
  readonly outputs?: readonly number[];
  /** Why there is no rate. */
  readonly missing?: string;
}

/** Training of a workload, or predictions with `batchSize` rows of its network. */
export interface Contest {
  readonly name: string;
  readonly title: string;
  readonly batchSize: number;
  readonly flopsPerSample: number;
  /** Measured between the rounds. */
  readonly peak: Peak;
  readonly cells: readonly Cell[];
}

export interface Session {
  readonly machine: Machine;
  readonly command: string;
  readonly training: readonly Contest[];
  readonly inference: readonly Contest[];
}
