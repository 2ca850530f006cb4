/**
 * Every entry of the library's tables against its twin in the reference: the first thing that fails for one whose formula
 * or slope is wrong, or that has no twin.
 */
import { afterEach, describe, expect, it } from 'vitest';
import * as library from '../../src/index.js';
import { ACTIVATIONS, type ActivationName } from '../../src/choices/activations.js';
import { LOSSES } from '../../src/choices/losses.js';
import { OPTIMIZERS, type OptimizerName } from '../../src/choices/optimizers.js';
import { deviation } from '../reference/compare.js';
import { gradients, trainStep, type LossSpec, type Network } from '../reference/network.js';
import { createOptimizer } from '../reference/optimizers.js';
import { sampleData, sampleNetwork } from '../reference/samples.js';
import { flat, namedGradients, parametersOf } from './support.js';

const made: library.Network[] = [];
afterEach(() => made.splice(0).forEach((net) => net.dispose()));

/** The library's network of the reference's. */
async function twinOf(network: Network, optimizer: library.Optimizer): Promise<library.Network> {
  const { layers, loss } = network;
  const net = await library.createNetwork({
    inputs: layers[0].weights[0].length,
    layers: layers.map(({ weights, activation }) => library.dense(weights.length, activation.name)),
    loss: loss.name,
    optimizer,
    seed: 1,
  });
  made.push(net);
  net.setParameters(parametersOf(network));
  return net;
}

function networkOf(hidden: string, last: string, loss: string): Network {
  const parameter = ACTIVATIONS[hidden as ActivationName] as { parameter?: number };
  const activations = [{ name: hidden, ...parameter }, { name: last }] as Network['layers'][0]['activation'][];
  return sampleNetwork({ sizes: [4, 6, 3], activations, loss: { name: loss } as LossSpec, seed: 7, centred: true });
}

async function compare(network: Network): Promise<void> {
  const { x, targets } = sampleData(network, 9, 8);
  const net = await twinOf(network, library.sgd());
  const found = net.gradients(flat(x), flat(targets));
  const expected = gradients(network, x, targets);
  expect(deviation([found.loss], [expected.loss])).toBeLessThan(4e-6);
  for (const [name, data] of Object.entries(namedGradients(expected))) {
    expect(deviation(found.parameters[name].data, data), name).toBeLessThan(2e-5);
  }
}

describe('has the values and slopes of the reference', () => {
  const hidden = Object.entries(ACTIVATIONS).filter(([, entry]) => !('head' in entry));
  it.each(hidden.map(([name]) => name))('activation %s', async (name) => compare(networkOf(name, 'linear', 'mse')));

  it.each(Object.keys(LOSSES))('loss %s', async (name) => {
    const suited = Object.entries(LOSSES).find(([loss]) => loss === name)![1] as { suits?: string };
    await compare(networkOf('tanh', suited.suits ?? 'linear', name));
  });
});

describe('makes the steps of the reference', () => {
  it.each(Object.keys(OPTIMIZERS) as OptimizerName[])('optimizer %s', async (name) => {
    const network = networkOf('tanh', 'linear', 'mse');
    const { x, targets } = sampleData(network, 9, 8);
    const net = await twinOf(network, library[name]({ rate: 0.01 }));
    const optimizer = createOptimizer({ name, rate: 0.01 });
    for (let step = 0; step < 5; step++) {
      net.trainBatch(flat(x), flat(targets));
      trainStep(network, optimizer, x, targets);
    }
    for (const [tensor, { data }] of Object.entries(parametersOf(network))) {
      expect(deviation(net.getParameters()[tensor].data, data), tensor).toBeLessThan(1e-5);
    }
  });
});
