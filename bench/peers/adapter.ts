/** What a peer's adapter offers: the workload's training or predictions, as fast as that peer can be driven. */
import type { PureParameters } from '../pure-ts.js';
import type { Data, LossName, Workload } from '../workloads.js';

/** The work, the same for all: a network with the weights it starts from, and the data, in whole batches. */
export interface Task extends Data {
  readonly workload: Workload;
  readonly parameters: readonly PureParameters[];
}

export interface Trainer {
  /** How many rows a step trains on, where that is not the workload's batch. */
  readonly rowsPerStep?: number;
  /** What it minimises, where that is not the workload's loss. */
  readonly loss?: LossName;
  /** How its work differs from the workload, in a few words. */
  readonly note?: string;
  /** One step, on the rows `index * rowsPerStep` and after; made to wait only where it returns a promise. */
  step(index: number): void | Promise<void>;
  /** All steps of an epoch in order, where that is faster than one at a time. */
  epoch?(): unknown;
  /** The outputs for the rows of the first batch, one after the other. Not timed. */
  outputs(): ArrayLike<number> | Promise<ArrayLike<number>>;
  end?(): void | Promise<void>;
}

export interface Predictor {
  /** The outputs for the rows `index * batchSize` and after, in memory that JavaScript reads. */
  predict(index: number): ArrayLike<number> | Promise<ArrayLike<number>>;
  end?(): void | Promise<void>;
}

/** A module of adapters/: `variant` picks one of the ways in which it can run. */
export interface Adapter {
  readonly createTrainer?: (task: Task, variant?: string) => Trainer | Promise<Trainer>;
  /** `batchSize` rows for each prediction. */
  readonly createPredictor?: (task: Task, batchSize: number, variant?: string) => Predictor | Promise<Predictor>;
}
