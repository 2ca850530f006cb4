import { expect, test } from 'vitest';
import { measureInterleaved, measureRounds, type Contestant } from '../../bench/measure.js';

/** Contestants that write down whose turn it is. */
function createContestants(): { contestants: Contestant[]; turns: string[] } {
  const turns: string[] = [];
  const contestants = ['a', 'b'].map((name) => ({ name, samples: 10, run: () => void turns.push(name) }));
  return { contestants, turns };
}

test('every contestant has its turn in every round', async () => {
  const { contestants, turns } = createContestants();
  let rounds = 0;
  const latencies = await measureRounds(contestants, { time: 4, rounds: 2, beforeRound: () => rounds++ });
  expect(rounds).toBe(2);
  expect(latencies.map((round) => round.length)).toEqual([2, 2]);
  expect(latencies.flat().every((calls) => calls.length > 0)).toBe(true);
  expect([turns[0], turns.at(-1)]).toEqual(['a', 'b']);
});

test('rates are samples per second, from the slowest call to the fastest', async () => {
  const { contestants } = createContestants();
  for (const { min, median, max, calls } of await measureInterleaved(contestants, { time: 4, rounds: 2 })) {
    expect(min).toBeLessThanOrEqual(median);
    expect(median).toBeLessThanOrEqual(max);
    expect(min).toBeGreaterThan(0);
    expect(calls).toBeGreaterThan(1);
  }
});

test('a contestant that throws stops the measurement', async () => {
  const run = (): never => {
    throw new Error('out of memory');
  };
  await expect(measureInterleaved([{ name: 'a', samples: 1, run }], { time: 4, rounds: 1 })).rejects.toThrow(
    'out of memory',
  );
});
