import { checkRate, type Rate } from '../choices/schedules.js';
import type { Numerics } from '../engine/variants.js';
import { readSaved, restoreModel } from '../files/restore.js';
import { releaseNetwork } from '../model/average.js';
import { checkNumerics } from '../model/definition.js';
import { Model } from '../model/model.js';
import { checkOptions } from '../support/check.js';
import { getThreadedEngine } from '../threads/engines.js';
import { checkThreads, type Threads } from '../threads/option.js';
import { Network } from './network.js';
/** Options of `loadNetwork`. */
export interface LoadOptions {
  /** The learning rate to go on with. Needed when the saved one was a function of the user's own. */
  rate?: Rate;
  /** Default: what the network was saved with. */
  numerics?: Numerics;
  /** How many threads may share the work, as in `createNetwork`. Default 1: a file does not say. */
  threads?: Threads;
}

/**
 * Makes a network from what `save` gave: it goes on where the saved one stood, with the same bits.
 *
 * @param bytes a safetensors file, which is checked whole before anything is allocated
 * @throws FileFormatError when the file is damaged or is no network of this package's
 * @throws TypeError when the network was saved with a learning rate function, and `rate` is not given
 */
export async function loadNetwork(bytes: Uint8Array, options?: LoadOptions): Promise<Network> {
  const given = checkOptions('loadNetwork', options, ['rate', 'numerics', 'threads']);
  const rate = given['rate'] === undefined ? undefined : checkRate('rate', given['rate']);
  const numerics = given['numerics'] === undefined ? undefined : checkNumerics(given['numerics']);
  const threads = checkThreads(given['threads']);
  const saved = readSaved(bytes, rate, numerics);
  const engine = await getThreadedEngine(saved.definition.numerics, threads);
  const model = await engine.make(() => {
    const made = new Model(engine, saved.definition, threads);
    try {
      restoreModel(made, saved);
    } catch (error) {
      releaseNetwork(made);
      throw error;
    }
    return made;
  });
  await engine.settle(model.bytes);
  return new Network(model);
}
