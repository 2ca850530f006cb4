import type { Trained } from './program/networks.js';

/** What program/report.js says of the runtime that it ran in. */
export interface Report {
  /** Predictions of XOR. */
  xor: number[];
  trained: Record<string, Trained>;
  /** Whether `numerics: 'fused'` found relaxed SIMD. */
  fused: boolean;
  sharedMemory: boolean;
  disposeSymbol: boolean;
}

/** A runtime, and a way in which the package gets into it: a row of docs/runtimes.md. */
export interface Host {
  runtime: string;
  way: string;
  /** What is missing here, and how to install it; undefined where the host can run. */
  missing?: string | undefined;
  /** Runs the program. Throws an error with all that the runtime said where it fails. */
  run(project: string): Promise<Said>;
}

export interface Said {
  version: string;
  report: Report;
}

/** Reads the report out of what a program printed or a page shows. */
export function parseReport(text: string): Report {
  if (!text.startsWith('{')) throw new Error(`no report, but: ${text}`);
  return JSON.parse(text) as Report;
}
