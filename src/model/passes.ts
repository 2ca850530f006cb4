import type { Model } from './model.js';

/** A batch that lies ready: how it begins, anew whenever a thread is lost, and what is kept once it is complete. */
export interface Batch {
  readonly begin: () => void;
  readonly end: () => void;
}

/** A batch, and about how many flops it takes. */
export interface Pass extends Batch {
  readonly flops: number;
}

/**
 * Work that a network does pass by pass; each is complete when the next is asked for. Where `undefined` is yielded the
 * network is at rest, and others may have a turn. The result is the same at once and in turns.
 */
export type Passes<T> = Generator<Pass | undefined, T, void>;

/** Runs them to their end by the kernel `run`, and holds the event loop for as long as that takes. */
export function runAtOnce<T>(
  model: Model,
  passes: Passes<T>,
  run = (at: number) => model.engine.kernels.runBatch(at),
): T {
  try {
    for (;;) {
      const { done, value } = passes.next();
      if (done) return value;
      if (!value) continue;
      model.crew.run(value.flops, () => {
        value.begin();
        return run(model.at);
      });
      value.end();
    }
  } catch (error) {
    passes.return(undefined as T); // what it holds is given back
    throw error;
  }
}
