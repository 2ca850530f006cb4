/** What a session measured. */
import type { Machine } from '../machine.js';
import type { Rate } from '../measure.js';
import type { Peak } from '../peak.js';
import type { Found } from './protocol.js';

/** A contestant on a workload. */
export interface Cell extends Found {
  readonly peer: string;
  /** Samples per second. */
  readonly rate?: Rate;
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
