import { sgd } from '../choices/optimizers.js';
import { Model } from '../model/model.js';
import type { Passes } from '../model/passes.js';
import type { AbortSignalLike } from '../support/platform.js';
import { Leave, type Life } from './leave.js';
import { Slices } from './slices.js';
import { runInTurns } from './turns.js';

/**
 * Has a copy of the network do what takes a while, in turns with other work. So the answer is that of the network as it
 * is now, whatever happens to it meanwhile.
 */
export async function readInTurns<T>(
  model: Model,
  life: Life,
  signal: AbortSignalLike | undefined,
  passesOf: (copy: Model) => Passes<T>,
): Promise<T> {
  const leave = new Leave(life, signal);
  leave.check();
  const { engine } = model;
  const copy = copyOf(model);
  try {
    return await runInTurns({ model: copy, slices: new Slices(), leave }, passesOf(copy));
  } finally {
    copy.workspace.leave();
    engine.release(copy.at);
  }
}

/** The same weights, and no state of an optimizer. */
function copyOf(model: Model): Model {
  const { engine, definition, crew } = model;
  const copy = new Model(engine, { ...definition, optimizer: sgd() }, crew.wanted);
  copy.parameters.set(model.parameters);
  return copy;
}
