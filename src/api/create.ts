import type { Loss, LossName } from '../choices/losses.js';
import type { Optimizer } from '../choices/optimizers.js';
import type { Numerics } from '../engine/variants.js';
import type { Layer } from '../layers/kind.js';
import { checkDefinition, DEFINING } from '../model/definition.js';
import { Model } from '../model/model.js';
import { checkOptions } from '../support/check.js';
import { getThreadedEngine } from '../threads/engines.js';
import { checkThreads, type Threads } from '../threads/option.js';
import { Network } from './network.js';

/** Options of `createNetwork`. */
export interface NetworkOptions {
  /**
   * Values of one example: how many, or how many of each named part, such as `{ numbers: 5, city: 1 }`. The first layer is
   * then a `concat` with a branch for each name, and methods take `x` as an object with the same names.
   */
  inputs: number | Readonly<Record<string, number>>;
  /** From the first hidden layer to the outputs: at most 1000. */
  layers: readonly Layer[];
  /**
   * Default: crossEntropy after a softmax, binaryCrossEntropy after a sigmoid, mse otherwise. The first two take
   * probabilities, so that the last layer cannot be linear.
   */
  loss?: LossName | Loss;
  /** Default `adam()`. */
  optimizer?: Optimizer;
  /** The longest that the gradient of all parameters may be, as one vector; longer ones are scaled down to it. */
  clipNorm?: number;
  /** A whole number from 0 to 2^53 - 1. Default: drawn, and reported by `net.seed`. */
  seed?: number;
  /**
   * `reproducible` (default): the same bits from the same seed in every engine and on every machine. `fused`: the
   * machine's fused multiply-add where the engine offers it, which is faster on most machines and rounds as they do.
   */
  numerics?: Numerics;
  /**
   * How many threads may share the work, from 1 to 64, or `auto` for one a processor. Default 1. The bits are those of
   * one thread. It takes memory that threads can share: in a page, one that is cross-origin isolated; elsewhere, and
   * where a step is too small to gain by it, one thread does all.
   */
  threads?: Threads;
}

/**
 * Makes a network, its weights drawn from the seed.
 *
 * @throws TypeError, RangeError for an option that cannot be used, or a network that memory cannot hold
 */
export async function createNetwork(options: NetworkOptions): Promise<Network> {
  const { threads: wanted, ...rest } = checkOptions('createNetwork', options, [...DEFINING, 'threads']);
  const definition = checkDefinition(rest);
  const threads = checkThreads(wanted);
  const engine = await getThreadedEngine(definition.numerics, threads);
  const model = await engine.make(() => {
    const made = new Model(engine, definition, threads);
    try {
      made.initialise();
    } catch (error) {
      engine.release(made.at);
      throw error;
    }
    return made;
  });
  await engine.settle(model.bytes);
  return new Network(model);
}
