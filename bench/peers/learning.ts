/** Whether a peer learns, and whether its arithmetic is ours: its loss on the first batch before it is timed. */
import { outputsOf, type LossName } from '../workloads.js';
import type { Task, Trainer } from './adapter.js';

/** Losses on the first batch, trained on that batch alone. */
export interface Learning {
  readonly before: number;
  readonly afterFirst: number;
  readonly steps: number;
  readonly after: number;
}

/** The loss has to fall below this fraction of what it was. */
export const LEARNT = 0.7;

/** How a workload is learnt in a few steps. */
export interface Lesson {
  readonly rate: number;
  readonly steps: number;
}

export const LESSONS: Readonly<Record<string, Lesson>> = {
  W1: { rate: 0.5, steps: 10 },
  W2: { rate: 0.05, steps: 10 },
  W3: { rate: 0.05, steps: 8 },
  W4: { rate: 0.2, steps: 100 },
  W5: { rate: 0.5, steps: 100 },
  W6: { rate: 0.5, steps: 2 },
};

/** The trainer's rate has to be the lesson's. */
export async function learn(trainer: Trainer, { workload, y }: Task, steps: number): Promise<Learning> {
  const lossNow = async (): Promise<number> =>
    meanLoss(trainer.loss ?? workload.loss, await trainer.outputs(), y, workload.batchSize, outputsOf(workload));
  const stepsPerBatch = workload.batchSize / (trainer.rowsPerStep ?? workload.batchSize);
  const trainBatch = async (): Promise<void> => {
    for (let index = 0; index < stepsPerBatch; index++) await trainer.step(index);
  };
  const before = await lossNow();
  await trainBatch();
  const afterFirst = await lossNow();
  for (let i = 1; i < steps; i++) await trainBatch();
  return { before, afterFirst, steps, after: await lossNow() };
}

/** Averaged over the rows. Squared errors of classes are those of rows that hold 1 for the class and 0 otherwise. */
export function meanLoss(
  loss: LossName,
  outputs: ArrayLike<number>,
  y: Float32Array | Int32Array,
  rows: number,
  width: number,
): number {
  const classes = y instanceof Int32Array;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    if (loss === 'crossEntropy') {
      sum -= Math.log(outputs[row * width + y[row]]);
      continue;
    }
    for (let j = 0; j < width; j++) {
      const target = classes ? Number(y[row] === j) : y[row * width + j];
      sum += (outputs[row * width + j] - target) ** 2 / (loss === 'mse' ? width : 1);
    }
  }
  return sum / rows;
}

export type Agreement = 'before and after' | 'before' | 'no';

/** The first loss, and the loss after the first step, against those of the library: within one in ten thousand. */
export function agreement(own: Learning, ours: Learning): Agreement {
  const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-4 * Math.abs(b);
  if (!close(own.before, ours.before)) return 'no';
  return close(own.afterFirst, ours.afterFirst) ? 'before and after' : 'before';
}
