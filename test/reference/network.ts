/**
 * The whole training step in float64, written to be read: this is what the library computes in float32.
 *
 *     z_j[l] = Σ_k w_jk[l]·a_k[l-1] + b_j[l]      a[l] = σ(z[l])      a[0] = x
 *
 * Here `layers[0]` is layer 1 of the formulas, and `input` is the a[l-1] that a layer reads.
 */
import { ACTIVATIONS, softmax, softmaxJacobianProduct, type ActivationName } from './activations.js';
import { lossSlope, lossValue, logitSlope, type LossName } from './losses.js';
import { clip, type ReferenceOptimizer } from './optimizers.js';

export interface ActivationSpec {
  name: ActivationName;
  /** The slope of leakyRelu, the alpha of elu. */
  parameter?: number;
}

export interface LossSpec {
  name: LossName;
  /** δ of huber, β of smoothL1, ε of cross-entropy's label smoothing. */
  parameter?: number;
}

export interface DenseLayer {
  /** w_jk is `weights[j][k]`: from input k to output j. */
  weights: number[][];
  /** Absent when the layer has none. */
  biases?: number[];
  activation: ActivationSpec;
}

export interface Network {
  layers: DenseLayer[];
  loss: LossSpec;
  clipNorm?: number;
}

/** What one layer computed on the way up. */
export interface LayerValues {
  input: number[];
  z: number[];
  a: number[];
}

/** Every factor of the chain rule at one layer, for one example. */
export interface LayerFactors extends LayerValues {
  /** ∂C0/∂a_j */
  dA: number[];
  /** ∂a_j/∂z_j, which for softmax is only the diagonal of the Jacobian. */
  slope: number[];
  /** ∂C0/∂z_j */
  delta: number[];
  /** ∂C0/∂w_jk */
  dW: number[][];
}

export interface Gradients {
  loss: number;
  /** Per layer and in the shape of the parameters: ∂C/∂w_jk and ∂C/∂b_j. */
  layers: { weights: number[][]; biases?: number[] }[];
  /** ∂C/∂x of each example. */
  inputs: number[][];
}

const DEFAULT_LOSS_PARAMETER: Partial<Record<LossName, number>> = { huber: 1, smoothL1: 1 };

/** z and a of every layer, for one example. */
export function forward(network: Network, x: number[]): LayerValues[] {
  let input = x;
  return network.layers.map(({ weights, biases, activation }) => {
    const z = weights.map((row, j) => dot(row, input) + (biases ? biases[j] : 0));
    const values = { input, z, a: activate(activation, z) };
    input = values.a;
    return values;
  });
}

/** a[L], the network's answer. */
export function predict(network: Network, x: number[]): number[] {
  return forward(network, x).at(-1).a;
}

/** C0, the cost of one example. */
export function costOfOne(network: Network, x: number[], target: number[]): number {
  const { z, a } = forward(network, x).at(-1);
  return lossValue(network.loss.name, a, z, target, lossParameter(network.loss), lastActivation(network));
}

/** C = Σ w·C0 / Σ w; each weighs 1 where no weights are given. */
export function cost(network: Network, x: number[][], targets: number[][], weights = x.map(() => 1)): number {
  const shares = sharesOf(weights);
  return x.reduce((sum, row, i) => sum + shares[i] * costOfOne(network, row, targets[i]), 0);
}

/** What each example's cost counts in the mean: w / Σ w, or 0 where nothing weighs anything. */
function sharesOf(weights: number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (total > 0 ? weight / total : 0));
}

/** The chain rule for one example, from the cost down to the input: every layer's factors, and ∂C0/∂x. */
export function backward(
  network: Network,
  x: number[],
  target: number[],
): { loss: number; layers: LayerFactors[]; dX: number[] } {
  const values = forward(network, x);
  const { z: logits, a: outputs } = values.at(-1);
  const { name } = network.loss;
  const parameter = lossParameter(network.loss);
  const last = lastActivation(network);

  const layers: LayerFactors[] = [];
  let dA = lossSlope(name, outputs, logits, target, parameter, last);
  // Two pairs of loss and activation have a delta in which σ' cancels; it is exact where dA·σ' would be 0·∞.
  let fused = logitSlope(name, outputs, logits, target, parameter, last);
  for (let l = network.layers.length - 1; l >= 0; l--) {
    const { weights, activation } = network.layers[l];
    const { input, z, a } = values[l];
    const slope = slopes(activation, z, a);
    const delta = fused ?? (activation.name === 'softmax' ? softmaxJacobianProduct(a, dA) : times(dA, slope));
    // ∂C0/∂w_jk = a_k[l-1]·delta_j
    const dW = delta.map((deltaJ) => input.map((ak) => ak * deltaJ));
    layers.unshift({ input, z, a, dA, slope, delta, dW });
    // ∂C0/∂a_k[l-1] = Σ_j w_jk·delta_j, one path for each neuron j above
    dA = input.map((_, k) => delta.reduce((sum, deltaJ, j) => sum + weights[j][k] * deltaJ, 0));
    fused = undefined;
  }
  return { loss: costOfOne(network, x, target), layers, dX: dA };
}

/** The gradient of C, the mean cost of the given examples: each example's own gradient, averaged by their weights. */
export function gradients(network: Network, x: number[][], targets: number[][], weights = x.map(() => 1)): Gradients {
  const shares = sharesOf(weights);
  const layers = network.layers.map(({ weights, biases }) => ({
    weights: weights.map((row) => row.map(() => 0)),
    ...(biases && { biases: biases.map(() => 0) }),
  }));
  let loss = 0;
  const inputs = x.map((row, i) => {
    const example = backward(network, row, targets[i]);
    loss += shares[i] * example.loss;
    layers.forEach((sums, l) => {
      const { delta, dW } = example.layers[l];
      sums.weights.forEach((sumsOfRow, j) => addScaled(sumsOfRow, dW[j], shares[i]));
      if (sums.biases) addScaled(sums.biases, delta, shares[i]); // ∂C0/∂b_j = delta_j
    });
    return example.dX.map((d) => shares[i] * d);
  });
  return { loss, layers, inputs };
}

/** One step of training on one batch, averaged over the batch's own size. Returns the loss and norm before it. */
export function trainStep(
  network: Network,
  optimizer: ReferenceOptimizer,
  x: number[][],
  targets: number[][],
  rate?: number,
  weights?: number[],
): { loss: number; norm: number } {
  const { loss, layers } = gradients(network, x, targets, weights);
  const gradient = flatten(layers);
  const norm = clip(gradient, network.clipNorm ?? Infinity);
  const parameters = flatten(network.layers);
  optimizer.step(parameters, gradient, rate);
  assign(network.layers, parameters);
  return { loss, norm };
}

type Parameters = Pick<DenseLayer, 'weights' | 'biases'>;

/** Weights row by row, then biases, layer after layer: the one order of parameters everywhere. */
export function flatten(layers: Parameters[]): number[] {
  return layers.flatMap(({ weights, biases = [] }) => [...weights.flat(), ...biases]);
}

/** Puts what `flatten` gave back into its places. */
export function assign(layers: Parameters[], flat: number[]): void {
  let next = 0;
  for (const { weights, biases = [] } of layers) {
    for (const values of [...weights, biases]) {
      for (let i = 0; i < values.length; i++) values[i] = flat[next++];
    }
  }
}

function activate({ name, parameter = 0 }: ActivationSpec, z: number[]): number[] {
  return name === 'softmax' ? softmax(z) : z.map((zj) => ACTIVATIONS[name].value(zj, parameter));
}

function slopes({ name, parameter = 0 }: ActivationSpec, z: number[], a: number[]): number[] {
  return name === 'softmax' ? a.map((aj) => aj * (1 - aj)) : z.map((zj) => ACTIVATIONS[name].slope(zj, parameter));
}

function lastActivation(network: Network): ActivationName {
  return network.layers.at(-1).activation.name;
}

function lossParameter({ name, parameter }: LossSpec): number {
  return parameter ?? DEFAULT_LOSS_PARAMETER[name] ?? 0;
}

function dot(left: number[], right: number[]): number {
  let sum = 0;
  for (let k = 0; k < left.length; k++) sum += left[k] * right[k];
  return sum;
}

function times(left: number[], right: number[]): number[] {
  return left.map((value, j) => value * right[j]);
}

function addScaled(sums: number[], values: number[], factor: number): void {
  for (let i = 0; i < sums.length; i++) sums[i] += factor * values[i];
}
