/** `explain`: every factor of the chain rule by name, for one example. */
import { describe, expect, it } from 'vitest';
import { deviation } from '../reference/compare.js';
import { oneHot } from '../reference/losses.js';
import { backward, type ActivationSpec, type LossSpec } from '../reference/network.js';
import { sampleData, sampleNetwork } from '../reference/samples.js';
import { flat, libraryNetwork, parameterNames } from './support.js';

const TOLERANCE = 2e-5;
const SIZES = [3, 5, 4, 3];

interface Case {
  title: string;
  activations: ActivationSpec[];
  loss: LossSpec;
}

/** Smooth activations only: a nudge across a kink moves the cost by no one derivative. */
const CASES: Case[] = [
  {
    title: 'tanh, gelu and sigmoid under the sum of squares',
    activations: [{ name: 'tanh' }, { name: 'gelu' }, { name: 'sigmoid' }],
    loss: { name: 'quadratic' },
  },
  {
    title: 'sigmoid under its own cross-entropy',
    activations: [{ name: 'silu' }, { name: 'softplus' }, { name: 'sigmoid' }],
    loss: { name: 'binaryCrossEntropy' },
  },
  {
    title: 'softmax under cross-entropy',
    activations: [{ name: 'geluTanh' }, { name: 'silu' }, { name: 'softmax' }],
    loss: { name: 'crossEntropy' },
  },
  {
    title: 'softmax under the mean of squares',
    activations: [{ name: 'softplus' }, { name: 'tanh' }, { name: 'softmax' }],
    loss: { name: 'mse' },
  },
];

const LAYERS = SIZES.slice(1).map((_, layer) => layer);

describe.each(CASES)('explain: $title', ({ activations, loss }) => {
  const network = sampleNetwork({ sizes: SIZES, activations, loss, seed: 41 });
  const data = sampleData(network, 1, 42);
  const label = 2;
  const target = loss.name === 'crossEntropy' ? oneHot(label, 3) : data.targets[0];
  const x = flat(data.x);
  const y = loss.name === 'crossEntropy' ? Int32Array.of(label) : Float32Array.from(target);
  const expected = backward(network, data.x[0], target);

  it('names the factors of every layer', async () => {
    const net = await libraryNetwork(network);
    const { loss: cost, layers } = net.explain(x, y);
    expect(deviation([cost], [expected.loss])).toBeLessThan(4e-6);
    expect(layers).toHaveLength(LAYERS.length);
    layers.forEach(({ z, a, dA, slope, delta, jacobian }, l) => {
      for (const [actual, reference] of [
        [z, expected.layers[l].z],
        [a, expected.layers[l].a],
        [dA, expected.layers[l].dA],
        [slope, expected.layers[l].slope],
        [delta, expected.layers[l].delta],
      ] as const) {
        expect(deviation(actual, reference)).toBeLessThan(TOLERANCE);
      }
      // Through a softmax every a_i depends on every z_j, so that delta_j gathers a product from each of them.
      const products = jacobian
        ? Array.from(delta, (_, j) => dA.reduce((sum, d, i) => sum + d * jacobian[i * dA.length + j], 0))
        : Array.from(dA, (d, j) => d * slope[j]);
      expect(deviation(delta, products)).toBeLessThan(TOLERANCE);
      expect(jacobian !== undefined).toBe(activations[l].name === 'softmax');
      jacobian?.forEach((value, at) => {
        if (at % (dA.length + 1) === 0) expect(value).toBeCloseTo(slope[at / (dA.length + 1)], 6);
      });
    });
    net.dispose();
  });

  it('takes the derivative of a weight apart', async () => {
    const net = await libraryNetwork(network);
    const { parameters } = net.gradients(x, y);
    for (const layer of LAYERS) {
      const [inputs, units] = [SIZES[layer], SIZES[layer + 1]];
      const { input, dA, slope, delta, dW } = expected.layers[layer];
      const largest = Math.max(...dW.flat().map(Math.abs));
      for (let j = 0; j < units; j++) {
        for (let k = 0; k < inputs; k++) {
          const { layers, weight } = net.explain(x, y, { weight: { layer, j, k } });
          expect(weight).toMatchObject({ layer, j, k, value: network.layers[layer].weights[j][k] });
          expect(Math.abs(weight!.input - input[k])).toBeLessThan(TOLERANCE);
          expect(Math.abs(weight!.slope - slope[j])).toBeLessThan(TOLERANCE);
          expect(Math.abs(weight!.dA - dA[j])).toBeLessThan(TOLERANCE * Math.max(1, ...dA.map(Math.abs)));
          expect(weight!.delta).toBe(layers[layer].delta[j]);
          const { derivative } = weight!;
          for (const same of [
            input[k] * delta[j],
            weight!.input * weight!.delta,
            parameters[`layers.${layer}.weight`].data[j * inputs + k],
            ...(activations[layer].name === 'softmax' ? [] : [weight!.input * weight!.slope * weight!.dA]),
          ]) {
            expect(Math.abs(derivative - same)).toBeLessThan(TOLERANCE * largest);
          }
        }
      }
    }
    net.dispose();
  });

  it('lists the paths from an activation to the cost', async () => {
    const net = await libraryNetwork(network);
    const { inputs } = net.gradients(x, y);
    for (const layer of LAYERS) {
      const { weights } = network.layers[layer];
      const { delta } = expected.layers[layer];
      const below = layer > 0 ? expected.layers[layer - 1].dA : expected.dX;
      const largest = Math.max(...below.map(Math.abs));
      for (let k = 0; k < SIZES[layer]; k++) {
        const { layers, activation } = net.explain(x, y, { activation: { layer, k } });
        expect(activation).toMatchObject({ layer, k });
        const { paths, sum } = activation!;
        expect(paths.map(({ j }) => j)).toEqual(weights.map((_, j) => j));
        for (const path of paths) {
          expect(path.weight).toBe(weights[path.j][k]);
          expect(Math.abs(path.delta - delta[path.j])).toBeLessThan(TOLERANCE * Math.max(...delta.map(Math.abs)));
          expect(path.product).toBeCloseTo(path.weight * path.delta, 6);
        }
        for (const same of [
          below[k],
          paths.reduce((total, { product }) => total + product, 0),
          layer > 0 ? layers[layer - 1].dA[k] : inputs[k],
        ]) {
          expect(Math.abs(sum - same)).toBeLessThan(TOLERANCE * largest);
        }
      }
    }
    net.dispose();
  });

  it('says how far a nudge of a weight moves the cost', async () => {
    const net = await libraryNetwork(network);
    const original = net.getParameters();
    const costWith = (name: string, index: number, nudge: number): number => {
      const data = original[name].data.slice();
      data[index] += nudge;
      net.setParameters({ ...original, [name]: { ...original[name], data } });
      return net.evaluate(x, y).loss;
    };
    const nudge = 1 / 64; // exact in float32, and large beside the rounding of the cost
    for (const name of parameterNames(network).filter((name) => name.endsWith('weight'))) {
      const layer = Number(name.split('.')[1]);
      const inputs = SIZES[layer];
      const derivatives = Array.from(original[name].data, (_, index) => {
        const weight = { layer, j: Math.floor(index / inputs), k: index % inputs };
        return net.explain(x, y, { weight }).weight!.derivative;
      });
      const moves = derivatives.map((_, i) => costWith(name, i, nudge) - costWith(name, i, -nudge));
      net.setParameters(original);
      expect(
        deviation(
          moves,
          derivatives.map((d) => d * 2 * nudge),
        ),
      ).toBeLessThan(1e-3);
    }
    net.dispose();
  });
});
