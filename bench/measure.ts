/** Times contestants turn by turn, so that whatever disturbs the machine disturbs them alike. */
import { quantile } from 'simple-statistics';
import { Bench } from 'tinybench';

export interface Contestant {
  readonly name: string;
  /** How many samples a call trains. */
  readonly samples: number;
  readonly run: () => unknown;
}

/** Samples per second. */
export interface Rate {
  readonly min: number;
  readonly median: number;
  readonly max: number;
  /** From quartile to quartile, as a part of the median: what the machine disturbed spreads wide. */
  readonly spread: number;
  /** How many calls were timed. */
  readonly calls: number;
}

export interface Timing {
  /** Milliseconds that each contestant is measured for in all; at least one call in each round. */
  readonly time: number;
  readonly rounds: number;
  /** Called before each round. */
  readonly beforeRound?: () => void;
}

/** The rates of the contestants, in their order. */
export async function measureInterleaved(contestants: readonly Contestant[], timing: Timing): Promise<Rate[]> {
  const rounds = await measureRounds(contestants, timing);
  return contestants.map(({ samples }, i) =>
    rateOf(
      samples,
      rounds.flatMap((latencies) => latencies[i]),
    ),
  );
}

/**
 * What each call took, in milliseconds: `[round][contestant][call]`. In each round all are warmed up before the first
 * is timed.
 */
export async function measureRounds(contestants: readonly Contestant[], timing: Timing): Promise<number[][][]> {
  const rounds: number[][][] = [];
  for (let round = 0; round < timing.rounds; round++) {
    timing.beforeRound?.();
    const bench = new Bench({
      time: timing.time / timing.rounds,
      iterations: 1,
      // later rounds too: a contestant that has waited finds cold caches, and pages that the system took away
      warmupTime: round === 0 ? Math.min(250, timing.time) : 0,
      warmupIterations: 1,
      retainSamples: true,
      throws: true,
    });
    for (const { name, run } of contestants) bench.add(name, run);
    const tasks = await bench.run();
    rounds.push(tasks.map(({ result }) => (result.state === 'completed' ? [...(result.latency.samples ?? [])] : [])));
  }
  return rounds;
}

/** From the milliseconds of calls that train `samples` each. */
export function rateOf(samples: number, latencies: number[]): Rate {
  const rate = (milliseconds: number): number => (samples / milliseconds) * 1000;
  const [fastest, lower, middle, upper, slowest] = quantile(latencies, [0, 0.25, 0.5, 0.75, 1]);
  return {
    ...{ min: rate(slowest), median: rate(middle), max: rate(fastest) },
    spread: (upper - lower) / middle,
    calls: latencies.length,
  };
}
