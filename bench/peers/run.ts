/** Steps and predictions in calls that are long enough to time. */
import type { Contestant } from '../measure.js';
import type { Predictor, Task, Trainer } from './adapter.js';

/** Milliseconds: a browser's clock may tick once in one. */
const SHORTEST_CALL = 10;
/** Milliseconds: what takes so long at first is tried no further. */
const SLOW_CALL = 3000;
const TRIALS = 3;

/** How many samples a call takes, and the call. */
export type Run = Pick<Contestant, 'samples' | 'run'>;

export function trainingRun(trainer: Trainer, { workload }: Task): Promise<Run> {
  const { rows, batchSize } = workload;
  const rowsPerStep = trainer.rowsPerStep ?? batchSize;
  if (trainer.epoch) return repeated(() => trainer.epoch!(), rows, 1);
  return repeated((index) => trainer.step(index), rowsPerStep, rows / rowsPerStep);
}

export function predictionRun(predictor: Predictor, { workload }: Task, batchSize: number): Promise<Run> {
  return repeated((index) => predictor.predict(index), batchSize, workload.rows / batchSize);
}

/** Calls `act` with 0, 1, … period − 1 in turn, as often in one call of the contestant as the clock needs. */
async function repeated(act: (index: number) => unknown, samples: number, period: number): Promise<Run> {
  let next = 0;
  const once = (): unknown => {
    const result = act(next);
    next = next + 1 === period ? 0 : next + 1;
    return result;
  };
  const runSync = (times: number): void => {
    for (let i = 0; i < times; i++) once();
  };
  const runAsync = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await once();
  };
  const start = performance.now();
  const first = once();
  await first;
  const run: (times: number) => void | Promise<void> = first instanceof Promise ? runAsync : runSync;
  let times = 1;
  // the first call may have compiled, so it says something only where it took very long
  if (performance.now() - start < SLOW_CALL) {
    while ((await fastestOf(TRIALS, () => run(times))) < SHORTEST_CALL) times *= 2;
  }
  return { samples: samples * times, run: () => run(times) };
}

/** Milliseconds. */
async function fastestOf(trials: number, run: () => void | Promise<void>): Promise<number> {
  let fastest = Infinity;
  for (let trial = 0; trial < trials; trial++) {
    const start = performance.now();
    await run();
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest;
}
