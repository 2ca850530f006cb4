import type * as library from '../../../src/index.js';

/** What the programs need of the package. */
export type Chainrule = Pick<typeof library, 'adam' | 'createNetwork' | 'dense' | 'rmsProp' | 'sgd'>;

export interface Trained {
  steps: number;
  firstLoss: number;
  lastLoss: number;
  /** Of all weights and biases. */
  sha256: string;
}

export function networks(chainrule: Chainrule): Record<string, library.NetworkOptions>;
export function trainNetworks(chainrule: Chainrule): Promise<Record<string, Trained>>;
