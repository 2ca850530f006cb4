import { ACTIVATIONS } from '../choices/activations.js';
import { isFused } from '../choices/losses.js';
import { type Examples, Labels } from '../data/numbers.js';
import type { DenseLayer } from '../layers/dense.js';
import { checkInteger, checkOptions } from '../support/check.js';
import { lastLayer } from './definition.js';
import type { Model } from './model.js';
import { TRAIN } from './model.js';
import { readTensors } from './parameters.js';

/** The factors of one layer for one example; arrays have one value for each of its neurons. */
export interface LayerExplanation {
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

/** One way from an activation to the cost: through neuron j of the layer above. */
export interface Path {
  readonly j: number;
  /** dz_j/da_k = w_jk. */
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
  const { layers, loss, input } = factors(model, examples);
  const weights = (layer: number): Float32Array => {
    return readTensors(model, model.parameters)[`layers.${layer}.weight`]?.data;
  };
  const explanation: Explanation = { loss, layers };
  const below = (layer: number): Float32Array => layers[layer - 1]?.a ?? input;
  return {
    ...explanation,
    ...(weight && { weight: explainWeight(weight, layers, weights(weight.layer), below(weight.layer)) }),
    ...(activation && {
      activation: explainActivation(activation, layers, weights(activation.layer), below(activation.layer).length),
    }),
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
    const checked: Record<string, number> = { layer, k: checkInteger(`${name}.k`, value['k'], 0, inputs - 1) };
    if (keys.includes('j')) checked['j'] = checkInteger(`${name}.j`, value['j'], 0, outputs - 1);
    return checked;
  };
  const weight = place('weight', ['layer', 'j', 'k']) as ExplainOptions['weight'];
  const activation = place('activation', ['layer', 'k']) as ExplainOptions['activation'];
  return { weight, activation };
}

function explainWeight(
  { layer, j, k }: { layer: number; j: number; k: number },
  layers: readonly LayerExplanation[],
  weights: Float32Array,
  below: Float32Array,
): WeightExplanation {
  const { slope, dA, delta } = layers[layer];
  const input = below[k];
  return {
    layer,
    j,
    k,
    value: weights[j * below.length + k],
    input,
    slope: slope[j],
    dA: dA[j],
    delta: delta[j],
    derivative: input * delta[j],
  };
}

function explainActivation(
  { layer, k }: { layer: number; k: number },
  layers: readonly LayerExplanation[],
  weights: Float32Array,
  inputs: number,
): ActivationExplanation {
  const { delta } = layers[layer];
  const paths = Array.from(delta, (d, j): Path => {
    const weight = weights[j * inputs + k];
    return { j, weight, delta: d, product: weight * d };
  });
  return { layer, k, paths, sum: paths.reduce((sum, { product }) => sum + product, 0) };
}

/** Runs the phases of one step one by one, and copies each factor while it is there. */
function factors(model: Model, examples: Examples): { layers: LayerExplanation[]; loss: number; input: Float32Array } {
  const { engine, plan, definition } = model;
  const { kernels } = engine;
  const depth = plan.nodes.length;
  engine.unfinished?.();
  const source = model.transfer(examples, 0, 1, 64);
  const input = engine.f32(source.x, model.shape.inputs).slice();
  model.prepare(1, source);
  kernels.beginBatch(model.at, 0, 1, TRAIN);
  for (let phase = 0; phase <= depth + 1; phase++) kernels.runBatchPhase(model.at, phase);
  const copy = (at: number, index: number): Float32Array => {
    return engine.f32(at, plan.nodes[index].outputs).slice();
  };
  const layers: LayerExplanation[] = [];
  for (let index = depth - 1; index >= 0; index--) {
    const { z, a, d } = model.workspace.buffersOf(index);
    const above = copy(d, index);
    // the phases of the layer: its gradient, which makes delta of dC/da, and the deltas of the layer below
    kernels.runBatchPhase(model.at, 3 * depth - 2 * index);
    const delta = copy(d, index);
    kernels.runBatchPhase(model.at, 3 * depth + 1 - 2 * index);
    const outputs = { z: copy(z, index), a: copy(a, index) };
    const fused = index === depth - 1 && isFused(definition.loss.name, lastLayer(definition).activation.name);
    const dA = fused ? slopeOfLogitLoss(model, outputs.a, examples) : above;
    layers.unshift({ ...outputs, dA, ...slopes(model, index, outputs.a), delta });
  }
  return { layers, loss: kernels.batchLoss(model.at), input };
}

/** da_j/dz_j, by asking the kernel what 1 becomes on its way down; of a softmax the jacobian as well. */
function slopes(model: Model, index: number, a: Float32Array): Pick<LayerExplanation, 'slope' | 'jacobian'> {
  const { engine, plan } = model;
  const { name, parameter } = (plan.nodes[index].layer as DenseLayer).activation;
  const units = a.length;
  if (name === 'linear') return { slope: new Float32Array(units).fill(1) };
  if (name === 'softmax') {
    const jacobian = Float32Array.from({ length: units * units }, (_, at) => {
      const [i, j] = [Math.floor(at / units), at % units];
      return a[i] * (Number(i === j) - a[j]);
    });
    return { slope: Float32Array.from(a, (p) => p * (1 - p)), jacobian };
  }
  const { z, a: at, d } = model.workspace.buffersOf(index);
  engine.f32(d, units).fill(1);
  engine.kernels.activateBackward(ACTIVATIONS[name].code, z, at, d, units, parameter);
  return { slope: engine.f32(d, units).slice() };
}

/** What keeps a division by a saturated output finite, as in the kernels' losses on probabilities. */
const LEAST = 1e-12;

/** dC0/da of a loss that the kernels take from the logits, where they only form dC0/dz. */
function slopeOfLogitLoss(model: Model, a: Float32Array, examples: Examples): Float32Array {
  const { name, parameter } = model.definition.loss;
  const count = a.length;
  const target = targetOf(model, examples, count);
  if (name === 'crossEntropy') {
    return Float32Array.from(a, (p, j) => {
      const t = (1 - parameter) * target[j] + parameter / count;
      return -t / Math.max(p, LEAST);
    });
  }
  return Float32Array.from(a, (p, j) => (p - target[j]) / Math.max(p * (1 - p), LEAST) / count);
}

/** The example's target as a row of outputs: what `transfer` left behind x. */
function targetOf(model: Model, { y }: Examples, outputs: number): Float32Array {
  const { engine } = model;
  const at = engine.transfer.at;
  const target = new Float32Array(outputs);
  if (!(y instanceof Labels)) {
    y.copy(engine, at, 0, 1);
    return engine.f32(at, outputs).slice();
  }
  y.copy(engine, at, 0, 1);
  target[engine.i32(at, 1)[0] ?? 0] = 1;
  return target;
}
