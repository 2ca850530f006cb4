/** The bridge between the float64 reference and the library: the same network, the same data, the same names. */
import * as library from '../../src/index.js';
import { createNetwork, crossEntropy, dense, elu, huber, leakyRelu, smoothL1 } from '../../src/index.js';
import type { ActivationSpec, Gradients, LossSpec, Network } from '../reference/network.js';
import type { OptimizerConfig } from '../reference/optimizers.js';

export type LibraryNetwork = Awaited<ReturnType<typeof createNetwork>>;
type LibraryOptions = Parameters<typeof createNetwork>[0];

export type Numerics = 'reproducible' | 'fused';
export const NUMERICS: Numerics[] = ['reproducible', 'fused'];

export interface LibrarySettings {
  numerics?: Numerics;
  optimizer?: OptimizerConfig;
  /** The rate of each step, in place of the optimizer's. */
  rates?: number[];
}

/** The library's network with the architecture and the weights of `network`. */
export async function libraryNetwork(
  network: Network,
  { numerics = 'reproducible', optimizer = { name: 'sgd', rate: 0.1 }, rates }: LibrarySettings = {},
): Promise<LibraryNetwork> {
  const { layers, loss, clipNorm } = network;
  const net = await createNetwork({
    inputs: layers[0].weights[0].length,
    layers: layers.map(({ weights, biases, activation }) =>
      dense(weights.length, activationOf(activation), { bias: biases !== undefined }),
    ),
    loss: lossOf(loss),
    optimizer: optimizerOf(optimizer, rates),
    seed: 1,
    numerics,
    ...(clipNorm !== undefined && { clipNorm }),
  });
  net.setParameters(parametersOf(network));
  return net;
}

/** The library's names for the arrays of a network, in the order of `arraysOf`. */
export function parameterNames({ layers }: Network): string[] {
  return layers.flatMap(({ biases }, l) => [`layers.${l}.weight`, ...(biases ? [`layers.${l}.bias`] : [])]);
}

/** The weights and biases in the form of `setParameters`. */
export function parametersOf({ layers }: Network): Record<string, { shape: number[]; data: Float32Array }> {
  return Object.fromEntries(
    layers.flatMap(({ weights, biases }, l) => [
      [`layers.${l}.weight`, { shape: [weights.length, weights[0].length], data: flat(weights) }],
      ...(biases ? [[`layers.${l}.bias`, { shape: [biases.length], data: Float32Array.from(biases) }] as const] : []),
    ]),
  );
}

/** The reference's gradients under the library's names. */
export function namedGradients({ layers }: Gradients): Record<string, number[]> {
  return Object.fromEntries(
    layers.flatMap(({ weights, biases }, l) => [
      [`layers.${l}.weight`, weights.flat()],
      ...(biases ? [[`layers.${l}.bias`, biases] as const] : []),
    ]),
  );
}

export function flat(rows: number[][]): Float32Array {
  return Float32Array.from(rows.flat());
}

function activationOf({ name, parameter }: ActivationSpec): NonNullable<Parameters<typeof dense>[1]> {
  switch (name) {
    case 'leakyRelu':
      return leakyRelu(parameter);
    case 'elu':
      return elu(parameter);
    default:
      return name;
  }
}

function lossOf({ name, parameter }: LossSpec): NonNullable<LibraryOptions['loss']> {
  switch (name) {
    case 'crossEntropy':
      return parameter === undefined ? name : crossEntropy({ labelSmoothing: parameter });
    case 'huber':
      return parameter === undefined ? name : huber({ delta: parameter });
    case 'smoothL1':
      return parameter === undefined ? name : smoothL1({ beta: parameter });
    default:
      return name;
  }
}

function optimizerOf(config: OptimizerConfig, rates?: number[]): NonNullable<LibraryOptions['optimizer']> {
  const rate = rates ? (step: number) => rates[step] : config.rate;
  const make = library[config.name] as (options: object) => NonNullable<LibraryOptions['optimizer']>;
  const options = Object.entries(config).filter(([key]) => key !== 'name');
  return make({ ...Object.fromEntries(options), rate });
}
