/** Networks and data for the tests: seeded, and exact in float32, so that the library can start from the same. */
import type { ActivationName } from './activations.js';
import { assign, cost, flatten, type ActivationSpec, type DenseLayer, type LossSpec, type Network } from './network.js';

/** Every activation, with a parameter other than its default where it has one; softmax is for the last layer. */
export const ACTIVATION_SPECS: ActivationSpec[] = [
  { name: 'linear' },
  { name: 'sigmoid' },
  { name: 'tanh' },
  { name: 'relu' },
  { name: 'leakyRelu', parameter: 0.1 },
  { name: 'elu', parameter: 1.3 },
  { name: 'silu' },
  { name: 'softplus' },
  { name: 'gelu' },
  { name: 'geluTanh' },
  { name: 'softmax' },
];

/** Every loss, with its default and with a parameter that puts examples on both sides of its threshold. */
export const LOSS_SPECS: LossSpec[] = [
  { name: 'quadratic' },
  { name: 'mse' },
  { name: 'mae' },
  { name: 'crossEntropy' },
  { name: 'crossEntropy', parameter: 0.1 },
  { name: 'binaryCrossEntropy' },
  { name: 'huber' },
  { name: 'huber', parameter: 0.4 },
  { name: 'smoothL1' },
  { name: 'smoothL1', parameter: 0.4 },
];

/** The losses that a network can have over a last activation: those of probabilities take no logits. */
export function lossSpecsOver({ name: last }: ActivationSpec): LossSpec[] {
  return LOSS_SPECS.filter(({ name }) => last !== 'linear' || !['crossEntropy', 'binaryCrossEntropy'].includes(name));
}

/** A stream of float32 numbers in [-1, 1) (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return Math.fround(((bits ^ (bits >>> 14)) >>> 0) / 2 ** 31 - 1);
  };
}

export interface SampleOptions {
  /** Inputs first, then the outputs of every layer. */
  sizes: number[];
  activations: ActivationSpec[];
  loss: LossSpec;
  seed: number;
  bias?: boolean;
  /** Keeps every output between 0 and 1, where any loss makes sense over any activation. */
  centred?: boolean;
}

export function sampleNetwork({
  sizes,
  activations,
  loss,
  seed,
  bias = true,
  centred = false,
}: SampleOptions): Network {
  const random = randomNumbers(seed);
  const layers = activations.map((activation, l): DenseLayer => {
    const [inputs, units] = [sizes[l], sizes[l + 1]];
    const narrow = centred && l === activations.length - 1;
    const spread = narrow ? 0.2 / inputs : 1.5 / Math.sqrt(inputs);
    const weights = Array.from({ length: units }, () =>
      Array.from({ length: inputs }, () => Math.fround(spread * random())),
    );
    const centre = narrow ? CENTRES[activation.name] : 0;
    const biases = Array.from({ length: units }, () => Math.fround(centre + (narrow ? 0.1 : 0.5) * random()));
    return { weights, activation, ...(bias && { biases }) };
  });
  return { layers, loss };
}

/** The z at which each activation is about 0.4, so that a bias there keeps the outputs well inside (0, 1). */
const CENTRES: Record<ActivationName, number> = {
  linear: 0.4,
  sigmoid: -0.4,
  tanh: 0.42,
  relu: 0.4,
  leakyRelu: 0.4,
  elu: 0.4,
  silu: 0.65,
  softplus: -0.7,
  gelu: 0.55,
  geluTanh: 0.55,
  softmax: 0,
};

/** n examples: inputs in [-1, 1), and targets of the kind that the network's loss asks for. An odd n suits mae. */
export function sampleData(network: Network, n: number, seed: number): { x: number[][]; targets: number[][] } {
  const random = randomNumbers(seed);
  const inputs = network.layers[0].weights[0].length;
  const outputs = network.layers.at(-1).weights.length;
  const x = Array.from({ length: n }, () => Array.from({ length: inputs }, random));
  const targets = x.map((_, i) => {
    const row = Array.from({ length: outputs }, random);
    switch (network.loss.name) {
      case 'crossEntropy': {
        const shares = row.map((value) => 1.5 + value);
        const total = shares.reduce((sum, share) => sum + share, 0);
        return shares.map((share) => Math.fround(share / total));
      }
      case 'binaryCrossEntropy':
        return row.map((value) => Math.fround((value + 1) / 2));
      default:
        // On alternating sides of 0.4. Where all outputs err the same way, mae has no slope over a softmax, and where
        // an output errs either way equally often, none for its bias.
        return row.map((value, j) => Math.fround(0.4 + Math.abs(value) * ((i + j) % 2 ? 1 : -1)));
    }
  });
  return { x, targets };
}

/** The parameters as arrays: the weights of a layer, then its biases, layer after layer. */
export function arraysOf(layers: Pick<DenseLayer, 'weights' | 'biases'>[]): number[][] {
  return layers.flatMap(({ weights, biases }) => [weights.flat(), ...(biases ? [biases] : [])]);
}

/** ∂C/∂p of every parameter and ∂C/∂x of every input by central differences, which know nothing of the chain rule. */
export function centralDifferences(
  network: Network,
  x: number[][],
  targets: number[][],
  weights?: number[],
): { parameters: number[][]; inputs: number[] } {
  const parameters = flatten(network.layers);
  const nudged = structuredClone(network);
  const shapes = structuredClone(network.layers);
  const slopes = differences(parameters, (values) => {
    assign(nudged.layers, values);
    return cost(nudged, x, targets, weights);
  });
  assign(shapes, slopes);
  const columns = x[0].length;
  const inputs = differences(x.flat(), (values) => {
    const rows = x.map((_, i) => values.slice(i * columns, (i + 1) * columns));
    return cost(network, rows, targets, weights);
  });
  return { parameters: arraysOf(shapes), inputs };
}

/** Small enough for the curvature, large enough for float64's rounding of the cost. */
const NUDGE = 5e-5;

function differences(values: number[], f: (values: number[]) => number): number[] {
  const at = (i: number, nudge: number): number => f(values.with(i, values[i] + nudge));
  return values.map((_, i) => (at(i, NUDGE) - at(i, -NUDGE)) / (2 * NUDGE));
}
