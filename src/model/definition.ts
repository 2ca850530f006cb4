import { checkLoss, checkOutputs, type Loss } from '../choices/losses.js';
import { checkOptimizer, type Optimizer } from '../choices/optimizers.js';
import type { Numerics } from '../engine/variants.js';
import { checkLayers, type DenseLayer, MOST_UNITS } from '../layers/dense.js';
import type { Place } from '../layers/init.js';
import { checkInteger, checkNumber, checkOneOf, checkOptions } from '../support/check.js';

/** A network's options, all of them, checked and with the defaults filled in. */
export interface Definition {
  readonly inputs: number;
  readonly layers: readonly DenseLayer[];
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** 0 for no clipping. */
  readonly clipNorm: number;
  readonly seed: number;
  readonly numerics: Numerics;
}

/** Inputs and outputs of each layer. */
export function shapesOf({ inputs, layers }: Definition): { inputs: number; outputs: number }[] {
  return layers.map(({ units }, index) => ({ inputs: layers[index - 1]?.units ?? inputs, outputs: units }));
}

/** Where a layer stands among the others, as its first weights depend on it. */
export function roleOf({ layers }: Definition, index: number): Place['role'] {
  if (layers[index].activation.name === 'softmax') return 'softmax';
  return index > 0 && index + 1 < layers.length ? 'inner' : 'other';
}

/** The last layer. */
export function lastLayer({ layers }: Definition): DenseLayer {
  return layers[layers.length - 1];
}

/** The options that say what a network is. */
export const DEFINING = ['inputs', 'layers', 'loss', 'optimizer', 'clipNorm', 'seed', 'numerics'];

const NUMERICS: readonly Numerics[] = ['reproducible', 'fused'];

/** Checks the options and fills in the defaults. */
export function checkDefinition(options: unknown): Definition {
  const given = checkOptions('createNetwork', options, DEFINING);
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
