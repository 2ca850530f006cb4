/** Reads the training runs of `fixtures/training/runs.py`, and makes the network that every one of them trains. */
import { createNetwork, dense, type Network, type Optimizer, type Parameters } from '../../src/index.js';
import { readBytes } from '../files.js';
import type { Numerics } from './support.js';

type Arrays = Record<string, number[]>;

interface Runs {
  epochs: number;
  batchSize: number;
  x: number[];
  y: number[];
  first: Arrays;
  grouped: {
    optimizer: 'sgd' | 'adam' | 'adamW' | 'rmsProp' | 'adagrad';
    rate: number;
    options: Record<string, never>;
    weightDecay: number;
    scales: [number, number];
    decay: 'all' | 'weights';
    parameters: Arrays;
  }[];
  averaged: { from: number; decay: number | null; average: Arrays; raw: Arrays }[];
}

export async function loadRuns(): Promise<Runs> {
  return JSON.parse(new TextDecoder().decode(await readBytes('test/fixtures/training/runs.json'))) as Runs;
}

/** The network of the runs, with its first weights. */
export async function networkOfRuns(
  { first }: Runs,
  optimizer: Optimizer,
  [hidden, last]: readonly [number, number] = [1, 1],
  numerics: Numerics = 'reproducible',
): Promise<Network> {
  const net = await createNetwork({
    inputs: 3,
    layers: [dense(5, 'tanh', { rateScale: hidden }), dense(2, 'linear', { rateScale: last })],
    optimizer,
    seed: 1,
    numerics,
  });
  net.setParameters(Object.fromEntries(Object.entries(first).map(([name, data]) => [name, { data }])));
  return net;
}

/** All values of some tensors, in the order of a run's arrays. */
export function valuesOf(parameters: Parameters, arrays: Arrays): [ours: number[], theirs: number[]] {
  const names = Object.keys(arrays);
  return [names.flatMap((name) => [...parameters[name].data]), names.flatMap((name) => arrays[name])];
}
