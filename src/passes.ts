import type { Leave } from './leave.js';
import type { Model } from './model.js';
import type { Going } from './resident.js';
import type { Slices } from './slices.js';

/** A batch that lies ready: how it begins, as often as a thread is lost, and what is kept once it is complete. */
export interface Batch {
  readonly begin: () => void;
  readonly end: () => void;
}

/** A batch, and about how many flops it takes. */
export interface Pass extends Batch {
  readonly flops: number;
}

/**
 * Work that a network does pass by pass; each is complete when the next is asked for. Where nothing is asked of the
 * network, others may have a turn. What it gives does not depend on how it is run: at once, or in turns.
 */
export type Passes<T> = Generator<Pass | undefined, T, void>;

/** Runs them to their end, and holds the event loop for as long as that takes. */
export function runAtOnce<T>(model: Model, passes: Passes<T>): T {
  try {
    for (;;) {
      const { done, value } = passes.next();
      if (done) return value;
      if (!value) continue;
      model.crew.run(value.flops, () => {
        value.begin();
        return model.engine.kernels.runBatch(model.at);
      });
      value.end();
    }
  } catch (error) {
    passes.return(undefined as T); // what it holds is given back
    throw error;
  }
}

/** The network that works, and what work that takes a while needs. */
export interface Turns extends Going {
  readonly model: Model;
}

/** Runs them to their end, each in its turn, and none of them for long without the event loop's. */
export async function runInTurns<T>(turns: Turns, passes: Passes<T>): Promise<T> {
  const { model, slices, leave } = turns;
  try {
    for (;;) {
      const { done, value } = await inTurn(turns, false, async () => {
        const next = passes.next();
        if (!next.done && next.value) await inSlices(model, slices, next.value, leave);
        return next;
      });
      if (done) return value;
    }
  } finally {
    passes.return(undefined as T);
  }
}

/** Does a piece of the work when it is its turn: unless it is urgent, the event loop has its own first where that is due. */
export function inTurn<T>({ model, slices, leave }: Turns, isUrgent: boolean, piece: () => Promise<T>): Promise<T> {
  return model.engine.inTurn(async () => {
    if (slices.due && !isUrgent) await slices.pause();
    leave.check();
    return piece();
  });
}

/**
 * Runs a batch to its end, slice by slice. Another call that needs the workspace meanwhile completes it at once, so
 * what it gave is kept before anything else runs. One that may be given up in its midst has a `leave` to go on.
 */
export async function inSlices(model: Model, slices: Slices, { begin, end }: Batch, leave?: Leave): Promise<void> {
  const { engine, crew, at } = model;
  const { kernels } = engine;
  let complete = false;
  let failure: { error: unknown } | undefined;
  const collect = (result: number, lost: boolean): boolean => {
    if (lost) begin();
    complete = result === 1 && !lost;
    try {
      if (complete) end();
    } catch (error) {
      failure = { error };
    }
    return !complete;
  };
  const finish = (): void => {
    engine.unfinished = undefined;
    if (complete) return;
    let again = false;
    const rest = (): number => {
      if (again) begin();
      again = true;
      return kernels.advance(at, Infinity);
    };
    collect(crew.run(Infinity, rest), false);
  };
  begin();
  engine.unfinished = finish;
  try {
    while (!complete) {
      const { budget } = slices;
      const took = await crew.lead({ flops: budget, step: budget }, ['advance', budget], collect);
      slices.learn(budget, took);
      if (slices.due) await slices.pause();
      if (!complete) leave?.check();
    }
  } finally {
    // while this one waited, its completion may have let another begin
    if (engine.unfinished === finish) engine.unfinished = undefined;
  }
  if (failure) throw failure.error;
}
