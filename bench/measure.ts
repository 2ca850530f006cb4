/** Times contestants turn by turn, so that whatever disturbs the machine disturbs them alike. */
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
  /** How many calls were timed. */
  readonly calls: number;
}

export interface Timing {
  /** Milliseconds that each contestant is measured for in all; at least one call in each round. */
  readonly time: number;
  readonly rounds: number;
  /** Called before each round. */
  readonly beforeRound: () => void;
}

/** The rates of the contestants, in their order. All are warmed up before the first is timed. */
export async function measureInterleaved(contestants: readonly Contestant[], timing: Timing): Promise<Rate[]> {
  const latencies = contestants.map((): number[] => []);
  for (let round = 0; round < timing.rounds; round++) {
    timing.beforeRound();
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
    tasks.forEach(({ result }, i) => {
      if (result.state === 'completed') latencies[i].push(...(result.latency.samples ?? []));
    });
  }
  return contestants.map(({ samples }, i) => rateOf(samples, latencies[i]));
}

function rateOf(samples: number, latencies: readonly number[]): Rate {
  const sorted = latencies.toSorted((a, b) => a - b);
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.floor(sorted.length / 2)]) / 2;
  const rate = (milliseconds: number): number => (samples / milliseconds) * 1000;
  return { min: rate(sorted[sorted.length - 1]), median: rate(middle), max: rate(sorted[0]), calls: sorted.length };
}
