/**
 * The chain rule for one example and one weight, from the library's own `explain` and `gradients`; and what a nudge of
 * the weight really does, measured on a second network with the same weights.
 */
import { DivergenceError, type Network, type Parameters } from 'chainrule';
import type { Examples } from '../data/data-set.js';
import type { Focus } from '../setting/setting.js';
import {
  REACH_OF_NUDGE,
  type Configuration,
  type Lens,
  type Look,
  type Nudge,
  type ScopeGradient,
} from './protocol.js';

/** Points of the curve of costs, by how much one point takes. */
const FINE_CURVE = 41;
const COARSE_CURVE = 9;
/** Weights times examples that are still worth a fine curve. */
const CHEAP = 100_000;

export class LensMaker {
  readonly #configuration: Configuration;
  /** Nudged in place of the network, and then put back. */
  readonly #double: Network;

  constructor(configuration: Configuration, double: Network) {
    this.#configuration = configuration;
    this.#double = double;
  }

  make(parameters: Parameters, look: Look): Lens {
    const focus = this.#inside(look.focus, parameters);
    const example = rowOf(this.#configuration, focus.example);
    const scope = this.#scopeOf(look, example);
    const { layer, j, k } = focus;
    const network = this.#double;
    network.setParameters(parameters);
    const isLast = layer === this.#configuration.setting.layers.length;
    const explanation = network.explain(example.x, example.y, {
      weight: { layer, j, k },
      ...(!isLast && { activation: { layer: layer + 1, k: j } }),
    });
    const gradient = gradientOf(network, focus, scope);
    const nudge = this.#nudge(parameters, look, focus, example, scope);
    return {
      ...{ focus, scope: look.scope, input: example.x, target: example.y, explanation, nudge, gradient },
      paths: explanation.activation?.paths,
    };
  }

  /** The focus, moved to what there is where it points outside. */
  #inside({ example, layer, j, k }: Focus, parameters: Parameters): Focus {
    const { train, test, setting } = this.#configuration;
    const place = Math.min(layer, setting.layers.length);
    const [units, inputs] = parameters[`layers.${place}.weight`].shape;
    return {
      example: Math.min(example, train.count + test.count - 1),
      layer: place,
      j: Math.min(j, units - 1),
      k: Math.min(k, inputs - 1),
    };
  }

  #scopeOf({ scope, focus }: Look, example: Examples): Examples {
    const { train, setting } = this.#configuration;
    if (scope === 'example') return example;
    if (scope === 'all') return train;
    const from = Math.min(focus.example, Math.max(0, train.count - setting.batchSize));
    return slice(train, from, Math.min(train.count, from + setting.batchSize));
  }

  #nudge(parameters: Parameters, { nudge: by }: Look, focus: Focus, example: Examples, scope: Examples): Nudge {
    const { layer, j, k } = focus;
    const name = `layers.${layer}.weight`;
    const { shape, data } = parameters[name];
    const nudged = data.slice();
    const at = j * shape[1] + k;
    const network = this.#double;
    const set = (value: number): void => {
      nudged[at] = value;
      network.setParameters({ [name]: { data: nudged } });
    };
    const look = (): { z: number; a: number; cost: number; mean: number } => {
      const { layers, loss: cost } = network.explain(example.x, example.y);
      const mean = scope === example ? cost : network.evaluate(scope.x, scope.y).loss;
      return { z: layers[layer].z[j], a: layers[layer].a[j], cost, mean };
    };
    set(data[at]);
    const before = look();
    set(data[at] + by);
    const after = look();
    const curve = costs(network, scope, data.length, (value) => set(data[at] + value));
    set(data[at]);
    return {
      by,
      z: [before.z, after.z],
      a: [before.a, after.a],
      cost: [before.cost, after.cost],
      mean: [before.mean, after.mean],
      curve,
    };
  }
}

/** The scope's cost for nudges evenly over their reach. */
function costs(network: Network, scope: Examples, weights: number, set: (nudge: number) => void): Float64Array {
  const count = weights * scope.count < CHEAP ? FINE_CURVE : COARSE_CURVE;
  return Float64Array.from({ length: count }, (_, i) => {
    set(REACH_OF_NUDGE * ((2 * i) / (count - 1) - 1));
    return network.evaluate(scope.x, scope.y).loss;
  });
}

/** Undefined when it overflowed. */
function gradientOf(network: Network, { layer, j, k }: Focus, { x, y, count }: Examples): ScopeGradient | undefined {
  try {
    const { loss, norm, parameters } = network.gradients(x, y);
    const { weights, biases } = byLayer(parameters);
    const derivative = weights[layer][j * (weights[layer].length / biases[layer].length) + k];
    return { count, loss, norm, derivative, weights, biases };
  } catch (error) {
    if (error instanceof DivergenceError) return undefined;
    throw error;
  }
}

/** Weights and biases of each layer, in order. */
export function byLayer(parameters: Parameters): { weights: Float32Array[]; biases: Float32Array[] } {
  const depth = Object.keys(parameters).length / 2;
  const all = (kind: string): Float32Array[] =>
    Array.from({ length: depth }, (_, layer) => parameters[`layers.${layer}.${kind}`].data);
  return { weights: all('weight'), biases: all('bias') };
}

/** One example, counting those to train on first. */
function rowOf({ train, test }: Configuration, index: number): Examples {
  return index < train.count
    ? slice(train, index, index + 1)
    : slice(test, index - train.count, index - train.count + 1);
}

function slice({ x, y, count }: Examples, from: number, to: number): Examples {
  const [inputs, outputs] = [x.length / count, y.length / count];
  return {
    count: to - from,
    x: x.slice(from * inputs, to * inputs),
    y: y.slice(from * outputs, to * outputs),
  };
}
