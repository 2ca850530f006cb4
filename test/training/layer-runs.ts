/** Reads PyTorch's runs whose layers are described as the library describes them: `fixtures/training/described.py`. */
import { expect } from 'vitest';
import * as library from '../../src/index.js';
import {
  createNetwork,
  type Layer,
  type Loss,
  type Network,
  type Optimizer,
  type OptimizerName,
  type Parameters,
} from '../../src/index.js';
import { readBytes } from '../files.js';
import { deviation } from '../reference/compare.js';
import type { Numerics } from './support.js';

export type Arrays = Readonly<Record<string, number[]>>;

export interface LayerRun {
  readonly name: string;
  readonly inputs: number;
  readonly layers: readonly Layer[];
  readonly optimizer: OptimizerName;
  readonly settings: { readonly rate: number };
  /** The mean squared error where there is none. */
  readonly loss?: Loss;
  readonly seed?: number;
  readonly x: number[];
  readonly y: number[];
  readonly first: Arrays;
  readonly gradients: Arrays;
  readonly last: Arrays;
  readonly outputs: number[];
}

export interface LayerRuns {
  readonly epochs: number;
  readonly batchSize: number;
  readonly runs: readonly LayerRun[];
}

/** The runs of a script beside the others. */
export async function loadLayerRuns(script: string): Promise<LayerRuns> {
  return JSON.parse(new TextDecoder().decode(await readBytes(`test/fixtures/training/${script}.json`))) as LayerRuns;
}

/** A run's network, with its first weights. */
export async function networkOfRun(run: LayerRun, numerics: Numerics): Promise<Network> {
  const { inputs, layers, loss, seed = 1 } = run;
  const optimizer = (library[run.optimizer] as (settings: object) => Optimizer)(run.settings);
  const net = await createNetwork({ inputs, layers, optimizer, seed, numerics, ...(loss && { loss }) });
  net.setParameters(Object.fromEntries(Object.entries(run.first).map(([name, data]) => [name, { data }])));
  return net;
}

export function expectGradients(found: Parameters, { gradients }: LayerRun): void {
  compare(found, gradients, 5e-6);
}

/** Makes the steps of a run. */
export async function expectTraining(net: Network, run: LayerRun, { epochs, batchSize }: LayerRuns): Promise<void> {
  await net.fit(run.x, run.y, { epochs, batchSize, shuffle: false });
  compare(net.getParameters(), run.last, 2e-5);
  expect(deviation(net.predict(run.x), run.outputs)).toBeLessThan(2e-5);
}

function compare(found: Parameters, expected: Arrays, tolerance: number): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected)) {
    expect(deviation(found[name].data, values), name).toBeLessThan(tolerance);
  }
}
