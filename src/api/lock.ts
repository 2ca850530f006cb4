import type { Blocks } from '../engine/blocks.js';

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
