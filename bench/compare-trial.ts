/** A process of `npm run bench:compare`: measures two builds of the library turn by turn on one workload. */
import { median } from 'simple-statistics';
import { pathToFileURL } from 'node:url';
import type { Numerics } from 'chainrule';
import { createResident, SEED, type Library } from './library.js';
import { measureRounds } from './measure.js';
import { makeData, shortened, WORKLOADS } from './workloads.js';

/** What the parent sends. */
export interface Trial {
  readonly workload: string;
  readonly numerics: Numerics;
  /** The paths of the built libraries, in the order in which they are made and measured. */
  readonly entries: readonly string[];
  /** Milliseconds for each library. */
  readonly time: number;
  readonly rounds: number;
}

/** The answer: samples per second, a median for each round and library, `[round][entry]`. */
export type TrialRates = number[][];

async function measureTrial({ workload: name, numerics, entries, time, rounds }: Trial): Promise<TrialRates> {
  const workload = shortened(WORKLOADS.find((each) => each.name === name)!);
  const data = makeData(workload, workload.rows, SEED);
  const libraries = [];
  for (const entry of entries) {
    const library = (await import(pathToFileURL(entry).href)) as Library;
    libraries.push(await createResident(library, workload, data, numerics, entry));
  }
  const contestants = libraries.map(({ contestant }) => contestant);
  const latencies = await measureRounds(contestants, { time, rounds });
  for (const each of libraries) await each.end();
  return latencies.map((round) => round.map((calls) => (workload.rows / median(calls)) * 1000));
}

process.once('message', (trial: Trial) => {
  void measureTrial(trial).then((rates) => {
    process.send?.(rates, () => process.disconnect());
  });
});
