import { Blocks } from '../engine/blocks.js';
import type { Model } from '../model/model.js';
import type { Life } from '../training/leave.js';
import type { Epoch } from '../training/report.js';

/** Who trains a network at the time, alone, as the memory of the examples; nobody else may change it meanwhile. */
export interface Lock {
  holder: Blocks | undefined;
}

/** A training that was begun by `epochs`. Nothing in it leads to the iterator, which a callback of the user's may know. */
export interface Training {
  readonly lock: Lock;
  readonly blocks: Blocks;
}

/** Ends trainings whose iterators were dropped between two epochs. */
export const abandoned =
  typeof FinalizationRegistry === 'function' ? new FinalizationRegistry<Training>(end) : undefined;

export function end({ lock, blocks }: Training): void {
  blocks.release();
  if (lock.holder === blocks) lock.holder = undefined;
}

/** Nobody but whoever holds the blocks may change the network from now on. */
export function begin(lock: Lock, blocks: Blocks): Training {
  lock.holder = blocks;
  return { lock, blocks };
}

/** Runs code of the user's, which may use the network, and not change it. */
export function whileLocked<T>(lock: Lock, { engine }: Model, run: () => T): T {
  const training = begin(lock, new Blocks(engine));
  try {
    return run();
  } finally {
    end(training);
  }
}

/** The rate of the next step. A schedule of the user's can no more train the network than a callback of fit can. */
export function nextRate(lock: Lock, model: Model): number {
  return whileLocked(lock, model, () => model.rateAt(model.steps));
}

/** The epochs of a training that has the network to itself from the first of them on. `check` throws where it cannot. */
export async function* whileFitting(
  { lock, blocks }: Training,
  check: () => void,
  life: Life,
  epochs: AsyncGenerator<Epoch, void, void>,
): AsyncGenerator<Epoch, void, void> {
  check();
  const training = begin(lock, blocks);
  try {
    yield* epochs;
    life.assertAlive();
  } finally {
    end(training);
  }
}
