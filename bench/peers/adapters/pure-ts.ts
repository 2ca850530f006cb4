/** The trainer in plain TypeScript: register tiles, with code written for the network. */
import { createPurePredictor, createPureTrainer } from '../../pure-ts.js';
import type { Predictor, Task, Trainer } from '../adapter.js';

export function createTrainer(task: Task): Trainer {
  const { workload, parameters } = task;
  const { rows, batchSize } = workload;
  const trainer = createPureTrainer(workload, parameters);
  const orders = ordersOf(rows, batchSize);
  const whole = Int32Array.from({ length: rows }, (_, i) => i);
  return {
    step: (index) => void trainer.train(task, orders[index]),
    epoch: () => trainer.train(task, whole),
    outputs: () => createPurePredictor(workload, trainer.parameters())(task.x, orders[0]),
  };
}

export function createPredictor({ workload, parameters, x }: Task, batchSize: number): Predictor {
  const predict = createPurePredictor({ ...workload, batchSize }, parameters);
  const orders = ordersOf(workload.rows, batchSize);
  return { predict: (index) => predict(x, orders[index]) };
}

/** The rows of each batch. */
function ordersOf(rows: number, batchSize: number): Int32Array[] {
  return Array.from({ length: rows / batchSize }, (_, i) =>
    Int32Array.from({ length: batchSize }, (_row, j) => i * batchSize + j),
  );
}
