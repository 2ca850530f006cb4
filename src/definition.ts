import type { Numerics } from './engine/variants.js';
import type { DenseLayer } from './layers.js';
import type { Loss } from './losses.js';
import type { Optimizer } from './optimizers.js';

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

/** The last layer. */
export function lastLayer({ layers }: Definition): DenseLayer {
  return layers[layers.length - 1];
}
