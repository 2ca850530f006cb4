/** The library as a contestant: training with its data in place, the way that is fastest. */
import * as chainrule from 'chainrule';
import type { Contestant } from './measure.js';
import type { ActivationName, Data, NetworkSpec, Workload } from './workloads.js';

/** What the benchmark calls of the library, in this revision or another. */
export type Library = Pick<typeof chainrule, 'createNetwork' | 'dense' | 'sgd'>;

/** The library of this working tree. (bench/peers, a package of its own, can't name it.) */
export { chainrule };

/** Has this process work with vectors of 256 bits from now on. */
export async function widen(): Promise<void> {
  const { reason } = await import('chainrule/wide');
  if (reason !== undefined) throw new Error(reason);
}

/** A contestant that holds memory until it is ended. */
export interface LibraryContestant {
  readonly contestant: Contestant;
  end(): Promise<void>;
}

/** The seed of the data and of the weights. */
export const SEED = 1;

/** By name, so that another revision with other defaults starts from the same weights, and each lesson is learnt. */
const initOf = (activation: ActivationName): chainrule.InitName => (activation === 'relu' ? 'he' : 'glorot');

export function optionsOf(
  { dense, sgd }: Library,
  { inputs, layers, loss, rate }: NetworkSpec,
  numerics: chainrule.Numerics,
): chainrule.NetworkOptions {
  return {
    inputs,
    layers: layers.map(({ units, activation }) => dense(units, activation, { init: initOf(activation) })),
    loss,
    optimizer: sgd({ rate }),
    seed: SEED,
    numerics,
  };
}

/** One endless training, of which each call runs an epoch: the data are copied in once, before the first. */
export async function createResident(
  library: Library,
  workload: Workload,
  { x, y }: Data,
  numerics: chainrule.Numerics,
  name: string,
  threads = 1,
): Promise<LibraryContestant> {
  const { rows, batchSize } = workload;
  const options = optionsOf(library, workload, numerics);
  // another revision may not know the option
  const network = await library.createNetwork(threads > 1 ? { ...options, threads } : options);
  const epochs = network.epochs(x, y, { epochs: 2 ** 31 - 1, batchSize, shuffle: false });
  return {
    contestant: { name, samples: rows, run: () => epochs.next() },
    async end() {
      await epochs.return();
      network.dispose();
    },
  };
}
