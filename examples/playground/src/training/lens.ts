/**
 * The chain rule for one example and one weight, from the library's own `explain` and `gradients`; and what a nudge of
 * the weight really does, measured on a second network with the same weights.
 */
import { DivergenceError, type Network, type Parameters } from 'chainrule';
import { classOf, slice, type Examples } from '../data/data-set.js';
import type { Focus } from '../setting/setting.js';
import { finiteDifferences, Handle, measureNudge } from './nudge.js';
import type { Configuration, Lens, Look, Members, ScopeGradient, Sketch } from './protocol.js';
import { sharesOf, strongest } from './shares.js';

/** Weights times examples whose single gradients are worth the time while training. */
const IN_PASSING = 20_000;

export class LensMaker {
  readonly #configuration: Configuration;
  /** Nudged in place of the network, and then put back. */
  readonly #double: Network;

  constructor(configuration: Configuration, double: Network) {
    this.#configuration = configuration;
    this.#double = double;
  }

  /** `isBusy`: training goes on, and what takes long is left out. */
  make(parameters: Parameters, look: Look, sketch: Sketch | undefined, isBusy: boolean): Lens {
    const network = this.#double;
    network.setParameters(parameters);
    const { train, setting } = this.#configuration;
    const focus = look.isOpen ? strongest(network, train) : this.#inside(look.focus, parameters);
    const own = look.isOwn ? sketch : undefined;
    const example = own ? this.#exampleOf(own) : rowOf(this.#configuration, focus.example);
    const members = membersOf(this.#configuration, look.scope, focus);
    const scope = look.scope === 'example' ? example : slice(train, members.first, members.first + members.count);
    const { layer, j, k } = focus;
    const isLast = layer === setting.layers.length;
    const explanation = network.explain(example.x, example.y, {
      weight: { layer, j, k },
      ...(!isLast && { activation: { layer: layer + 1, k: j } }),
    });
    const gradient = gradientOf(network, focus, scope);
    const handle = new Handle(network, parameters, focus);
    const size = Object.values(parameters).reduce((sum, { data }) => sum + data.length, 0);
    return {
      isFound: look.isOpen,
      isOwn: own !== undefined,
      ...{ focus, scope: look.scope, input: example.x, target: example.y, explanation, gradient, members },
      nudge: measureNudge(handle, look.nudge, gradient?.derivative ?? NaN, example, scope),
      paths: explanation.activation?.paths,
      shares: isBusy && size * scope.count > IN_PASSING ? undefined : sharesOf(network, focus, scope),
      differences: isBusy ? undefined : finiteDifferences(handle, scope),
    };
  }

  /** With a 1 for the class. */
  #exampleOf({ values, meant }: Sketch): Examples {
    const { task, outputs } = this.#configuration;
    const y = new Float32Array(outputs);
    y[meant ?? classOf(task, this.#double.predict(values))] = 1;
    return { count: 1, x: values, y };
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
}

/** A batch: as many training examples as a step takes, in their order; the first ones for an example that is held out. */
function membersOf({ train, setting }: Configuration, scope: Look['scope'], { example }: Focus): Members {
  if (scope === 'example') return { first: example, count: 1 };
  if (scope === 'all') return { first: 0, count: train.count };
  const { batchSize } = setting;
  const first = example < train.count ? Math.floor(example / batchSize) * batchSize : 0;
  return { first, count: Math.min(batchSize, train.count - first) };
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
