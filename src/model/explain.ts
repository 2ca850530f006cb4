import type { Examples } from '../data/numbers.js';
import { checkInteger, checkOptions } from '../support/check.js';
import { type Factors, factorsOf } from './factors.js';
import type { Model } from './model.js';
import { readTensors } from './parameters.js';

/**
 * The factors of one layer for one example; arrays have one value for each of its neurons. Layers within others, and the
 * ends of branches, are layers of their own here. One without an activation has its activations for z, and slopes of 1.
 */
export interface LayerExplanation {
  /** Its place: `0`, or of a layer within another `1.0`. */
  readonly name: string;
  /** Its kind: `dense`, `residual`, ... */
  readonly kind: string;
  /** z = W a + b, of the activations below. */
  readonly z: Float32Array;
  /** a = activation(z). */
  readonly a: Float32Array;
  /** dC0/da: what each activation means for the cost. */
  readonly dA: Float32Array;
  /** da_j/dz_j. Of a softmax, the diagonal of its `jacobian`. */
  readonly slope: Float32Array;
  /** delta = dC0/dz: dA times slope, or, for a softmax, dA through its jacobian. */
  readonly delta: Float32Array;
  /** Of a softmax only: da_i/dz_j at [i * units + j], for there each activation depends on every z. */
  readonly jacobian?: Float32Array;
}

/** The three factors of dC0/dw_jk and their product. */
export interface WeightExplanation {
  readonly layer: number;
  readonly j: number;
  readonly k: number;
  /** w_jk itself. */
  readonly value: number;
  /** dz_j/dw_jk = a_k of the layer below. */
  readonly input: number;
  /** da_j/dz_j. */
  readonly slope: number;
  /** dC0/da_j. */
  readonly dA: number;
  /** dC0/dz_j = dA times slope (for a softmax, the sum over all a_i that z_j moves). */
  readonly delta: number;
  /** dC0/dw_jk = input times delta. */
  readonly derivative: number;
}

/** One way from an activation to the cost: through neuron j of a layer that reads it. */
export interface Path {
  /** The layer that reads it: several may, where there is a way around one. */
  readonly layer: number;
  /** -1 for all neurons of a layer that mixes what it reads, such as a norm. */
  readonly j: number;
  /** dz_j/da_k: w_jk of a dense layer, and 1 where values are passed on or added up. */
  readonly weight: number;
  /** dC0/dz_j. */
  readonly delta: number;
  /** What this path carries: weight times delta. */
  readonly product: number;
}

/** All paths of one activation, and their sum, dC0/da_k. */
export interface ActivationExplanation {
  readonly layer: number;
  readonly k: number;
  readonly paths: readonly Path[];
  readonly sum: number;
}

/** Every factor of the chain rule for one example. Plain data: it can be stored or posted to another thread. */
export interface Explanation {
  /** C0, the cost of the example. */
  readonly loss: number;
  readonly layers: readonly LayerExplanation[];
  readonly weight?: WeightExplanation;
  readonly activation?: ActivationExplanation;
}

/** What to explain beside the layers. Layers, neurons and inputs count from 0. */
export interface ExplainOptions {
  /** w_jk of a layer: from its input k to its neuron j. */
  weight?: { layer: number; j: number; k: number };
  /** a_k, the k-th input of a layer (of layer 0, x_k): every path by which it reaches the cost. */
  activation?: { layer: number; k: number };
}

/** The options, checked. */
type Targets = { readonly [Name in keyof ExplainOptions]-?: ExplainOptions[Name] | undefined };

/** Takes the chain rule apart for the one example. */
export function explainExample(model: Model, examples: Examples, { weight, activation }: Targets): Explanation {
  const factors = factorsOf(model, examples);
  const { layers, loss } = factors;
  return {
    loss,
    layers,
    ...(weight && { weight: explainWeight(model, weight, factors) }),
    ...(activation && { activation: explainActivation(model, activation, factors) }),
  };
}

/** The options of `explain`, checked. */
export function checkTargets(model: Model, options: unknown): Targets {
  const given = checkOptions('explain', options, ['weight', 'activation']);
  const shapes = model.plan.nodes;
  const place = (name: string, keys: readonly string[]): Record<string, number> | undefined => {
    if (given[name] === undefined) return undefined;
    const value = checkOptions(`"${name}"`, given[name], keys);
    const layer = checkInteger(`${name}.layer`, value['layer'], 0, shapes.length - 1);
    const { inputs, outputs } = shapes[layer];
    if (name === 'weight' && !shapes[layer].kind.hasWeights) {
      throw new RangeError(
        `"weight.layer" is ${layer}, a layer of the kind ${shapes[layer].layer.kind}: a dense one has weights`,
      );
    }
    const checked: Record<string, number> = { layer, k: checkInteger(`${name}.k`, value['k'], 0, inputs - 1) };
    if (keys.includes('j')) checked['j'] = checkInteger(`${name}.j`, value['j'], 0, outputs - 1);
    return checked;
  };
  const weight = place('weight', ['layer', 'j', 'k']) as ExplainOptions['weight'];
  const activation = place('activation', ['layer', 'k']) as ExplainOptions['activation'];
  return { weight, activation };
}

function explainWeight(
  model: Model,
  { layer, j, k }: Required<ExplainOptions>['weight'],
  factors: Factors,
): WeightExplanation {
  const { slope, dA, delta } = factors.layers[layer];
  const input = factors.inputs[layer][k];
  return {
    layer,
    j,
    k,
    value: weightsOf(model, layer)![j * model.plan.nodes[layer].inputs + k],
    input,
    slope: slope[j],
    dA: dA[j],
    delta: delta[j],
    derivative: input * delta[j],
  };
}

function explainActivation(
  model: Model,
  { layer, k }: Required<ExplainOptions>['activation'],
  { layers, derivatives }: Factors,
): ActivationExplanation {
  const { nodes } = model.plan;
  const source = nodes[layer].below;
  const paths: Path[] = [];
  const mixing: number[] = [];
  nodes.forEach(({ kind, layer: own, inputs, below, skip }, reader) => {
    if (below !== source && skip !== source) return;
    const ways = kind.ways?.(own, k, inputs, weightsOf(model, reader));
    if (!ways) mixing.push(reader);
    for (const { j, weight } of ways ?? []) {
      const delta = layers[reader].delta[j];
      paths.push({ layer: reader, j, weight, delta, product: weight * delta });
    }
  });
  const sum = paths.reduce((total, { product }) => total + product, 0);
  if (mixing.length === 0) return { layer, k, paths, sum };
  // what the other ways leave of the whole is that of the layers that mix
  const rest = derivatives[layer][k] - sum;
  paths.push({ layer: mixing[0], j: -1, weight: 1, delta: rest, product: rest });
  return { layer, k, paths, sum: sum + rest };
}

/** The weights of a layer, where it has any. */
function weightsOf(model: Model, layer: number): Float32Array | undefined {
  return readTensors(model, model.parameters)[`layers.${model.plan.nodes[layer].name}.weight`]?.data;
}
