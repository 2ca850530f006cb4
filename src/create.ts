import { checkInteger, checkNumber, checkOneOf, checkOptions } from './check.js';
import type { Definition } from './definition.js';
import { getEngine } from './engine/engine.js';
import type { Numerics } from './engine/variants.js';
import { checkLayers, MOST_UNITS, type DenseLayer } from './layers.js';
import { checkLoss, checkOutputs, type Loss, type LossName } from './losses.js';
import { Model } from './model.js';
import { Network } from './network.js';
import { checkOptimizer, type Optimizer } from './optimizers.js';
import { checkThreads, type Threads } from './threads.js';

/** Options of `createNetwork`. */
export interface NetworkOptions {
  /** Values of one example. */
  inputs: number;
  /** From the first hidden layer to the outputs: at most 1000. */
  layers: readonly DenseLayer[];
  /** Default: crossEntropy after a softmax, binaryCrossEntropy after a sigmoid, mse otherwise. */
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

/** The options that say what a network is. */
const OPTIONS = ['inputs', 'layers', 'loss', 'optimizer', 'clipNorm', 'seed', 'numerics'];

const NUMERICS: readonly Numerics[] = ['reproducible', 'fused'];

/**
 * Makes a network, its weights drawn from the seed.
 *
 * @throws TypeError, RangeError for an option that cannot be used, or a network that memory cannot hold
 */
export async function createNetwork(options: NetworkOptions): Promise<Network> {
  const { threads: wanted, ...rest } = checkOptions('createNetwork', options, [...OPTIONS, 'threads']);
  const definition = checkDefinition(rest);
  const threads = checkThreads(wanted);
  const engine = await getEngine(definition.numerics, threads);
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

/** Checks the options and fills in the defaults. */
export function checkDefinition(options: unknown): Definition {
  const given = checkOptions('createNetwork', options, OPTIONS);
  const inputs = checkInteger('inputs', given['inputs'], 1, MOST_UNITS);
  const layers = checkLayers(given['layers']);
  const last = layers[layers.length - 1];
  const loss = checkLoss(given['loss'], last.activation.name);
  checkOutputs(loss.name, last.activation.name, last.units);
  const { clipNorm, seed, numerics } = given;
  return {
    inputs,
    layers,
    loss,
    optimizer: checkOptimizer(given['optimizer']),
    clipNorm: clipNorm === undefined ? 0 : checkNumber('clipNorm', clipNorm, { above: 0 }),
    seed: seed === undefined ? drawSeed() : checkInteger('seed', seed, 0, Number.MAX_SAFE_INTEGER),
    numerics: numerics === undefined ? 'reproducible' : checkNumerics(numerics),
  };
}

export function checkNumerics(value: unknown): Numerics {
  return checkOneOf('numerics', value, NUMERICS) as Numerics;
}

function drawSeed(): number {
  if (typeof globalThis.crypto?.getRandomValues === 'function') return crypto.getRandomValues(new Uint32Array(1))[0];
  // eslint-disable-next-line no-restricted-properties -- this is the one place, in a host without better
  return Math.floor(Math.random() * 0x100000000);
}
