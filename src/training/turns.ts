import type { Model } from '../model/model.js';
import type { Batch, Passes } from '../model/passes.js';
import type { Leave } from './leave.js';
import type { Slices } from './slices.js';

/** What work that takes a while needs: leave to go on, and a clock that says when others should have a turn. */
export interface Going {
  readonly leave: Leave;
  readonly slices: Slices;
}

/** Does work without the kernels, and lets the event loop turn where it pauses. */
export async function giveWay<T>(work: Generator<undefined, T, void>, { leave, slices }: Going): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (!slices.due) continue;
    await slices.pause();
    // the blocks that it works on may have been given back meanwhile
    leave.check();
  }
}

/** The network that works, and what work that takes a while needs. */
export interface Turns extends Going {
  readonly model: Model;
}

/** Runs the passes to their end, each in its turn at the engine, with turns of the event loop in between. */
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

/**
 * Does a piece of the work in its turn at the engine. Unless it is urgent, the event loop turns first where that is
 * due.
 */
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
  const letGo = engine.hold(finish);
  try {
    while (!complete) {
      const { budget } = slices;
      const took = await crew.lead({ flops: budget, step: budget }, ['advance', budget], collect);
      slices.learn(budget, took);
      if (slices.due) await slices.pause();
      if (!complete) leave?.check();
    }
  } finally {
    letGo();
  }
  if (failure) throw failure.error;
}
