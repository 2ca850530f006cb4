/** How far the gradient gets: |δ| of each layer, and neurons that pass nothing on, over a sample of the examples. */
import type { ActivationName, Network } from 'chainrule';
import { slice, type Examples } from '../data/data-set.js';
import type { Configuration, UnitState } from './protocol.js';

/** Examples that |δ| is averaged over at each point of its course, and that a neuron's state is told by. */
const FEW = 12;
const SAMPLE = 48;
/** A neuron is saturated when its slope is below this share of the steepest, on so many of the examples. */
const [FLAT, MOSTLY] = [0.05, 0.95];

/** The steepest slopes of the activations that saturate on both sides. */
const STEEPEST: Readonly<Partial<Record<ActivationName, number>>> = { tanh: 1, sigmoid: 0.25 };

/** The mean |δ| of the neurons of each layer, the output's last. */
export function deltasOf(network: Network, { train }: Pick<Configuration, 'train'>): number[] {
  const rows = sampleOf(train, FEW);
  const sums = rows.map(({ x, y }) =>
    network
      .explain(x, y)
      .layers.map(({ delta }) => delta.reduce((sum, value) => sum + Math.abs(value), 0) / delta.length),
  );
  return sums[0].map((_, layer) => sums.reduce((total, means) => total + means[layer], 0) / rows.length);
}

/** Of the neurons of each hidden layer. */
export function unitStates(
  network: Network,
  { train, setting }: Pick<Configuration, 'train' | 'setting'>,
): UnitState[][] {
  const rows = sampleOf(train, SAMPLE).map(({ x, y }) => network.explain(x, y).layers);
  return setting.layers.map(({ units, activation }, layer) => {
    const flat = (STEEPEST[activation] ?? 0) * FLAT;
    return Array.from({ length: units }, (_, j): UnitState => {
      const low = rows.filter((layers) => Math.abs(layers[layer].slope[j]) <= flat).length / rows.length;
      if (flat > 0) return low >= MOSTLY ? 'saturated' : 'fine';
      return low === 1 ? 'dead' : 'fine';
    });
  });
}

/** Evenly over the examples. */
function sampleOf(train: Examples, most: number): Examples[] {
  const count = Math.min(most, train.count);
  return Array.from({ length: count }, (_, at) => {
    const row = Math.floor((at * train.count) / count);
    return slice(train, row, row + 1);
  });
}
