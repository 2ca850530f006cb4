import type { Engine } from '../engine/engine.js';
import type { Int8Kernels } from '../engine/int8.js';
import { padded, vector } from '../engine/layout.js';
import { DENSE, type DenseLayer } from '../layers/dense.js';
import type { LayerNode } from '../layers/graph.js';
import type { LeafKind, TensorSpec } from '../layers/kind.js';
import { bare } from '../support/check.js';
import { type Definition, nodesOf } from './definition.js';
import { Model } from './model.js';
import { type Slot, slotsOf } from './parameters.js';
import { type Plan, planOf } from './plan.js';

/*
 * A model whose dense layers have weights of one byte: w_jk ~ q_jk scale_j with q_jk = round(w_jk / scale_j) from -127 to
 * 127 and scale_j = max_k |w_jk| / 127, a float32 for each output. Everything else, biases, other layers, activations, is
 * float32 as it was, and nothing is trained.
 */

/** What the kernels' sums of 32 bits hold: see `assembly/int8/dot.ts`. */
export const MOST_INPUTS = 131_072;

/** The kernels' code for a quantised dense layer: `assembly/int8/index.ts`. */
const QUANTISED = -1;

/** A network with int8 weights: its tensors by name. The weights of dense layers are bytes. */
export interface Content {
  readonly definition: Definition;
  readonly tensors: ReadonlyMap<string, Int8Array | Float32Array>;
}

/** A model in memory, and what runs it. */
export interface QuantisedModel {
  readonly model: Model;
  readonly kernels: Int8Kernels;
}

/** What a tensor of a node is called. */
const nameOf = (node: LayerNode, tensor: string): string => `layers.${node.name}.${tensor}`;

export const weightName = (node: LayerNode): string => nameOf(node, 'weight');

export const isDense = ({ layer }: LayerNode): boolean => layer.kind === 'dense';

/** A copy of what a model predicts with, quantised. */
export function quantise({ definition, plan, parameters }: Model): Content {
  const wide = plan.nodes.find((node) => isDense(node) && node.inputs > MOST_INPUTS);
  if (wide) {
    throw new RangeError(`layer ${wide.name} has ${wide.inputs} inputs: at most ${MOST_INPUTS} can be quantized`);
  }
  const tensors = new Map<string, Int8Array | Float32Array>();
  const all = new Map<string, Float32Array>(slotsOf(plan).map((slot) => [slot.name, slot.read(parameters)]));
  for (const node of plan.nodes.filter(isDense)) {
    const { values, scales } = quantiseWeights(all.get(weightName(node))!, node.inputs);
    tensors.set(weightName(node), values);
    all.set(nameOf(node, 'weightScale'), scales);
    all.delete(weightName(node));
  }
  for (const [name, values] of all) tensors.set(name, values);
  return { definition, tensors };
}

/** Weights [outputs, inputs] as bytes, and the scale of each output. */
function quantiseWeights(weights: Float32Array, inputs: number): { values: Int8Array; scales: Float32Array } {
  const values = new Int8Array(weights.length);
  const scales = new Float32Array(weights.length / inputs);
  for (let j = 0; j < scales.length; j++) {
    const [from, to] = [j * inputs, (j + 1) * inputs];
    let most = 0;
    for (let i = from; i < to; i++) most = Math.max(most, Math.abs(weights[i]));
    scales[j] = most / 127;
    // of float32's rounding a quotient may be a little above 127, and where the scale is subnormal, far above
    const scale = scales[j] || Infinity;
    for (let i = from; i < to; i++) values[i] = Math.max(-127, Math.min(127, Math.round(weights[i] / scale)));
  }
  return { values, scales };
}

/** The tensors that a network with int8 weights has beside those weights. */
export function otherSlots(definition: Definition): Slot[] {
  return slotsOf(quantisedPlan(definition));
}

/** A new model of what has been quantised, or read. */
export function makeModel(engine: Engine, kernels: Int8Kernels, { definition, tensors }: Content): Model {
  const model = new Model(engine, definition, 1, quantisedNodes(definition, kernels));
  for (const slot of slotsOf(model.plan)) slot.write(model.parameters, tensors.get(slot.name) as Float32Array);
  model.plan.nodes.forEach((node, index) => {
    if (!isDense(node)) return;
    const { weights, sums } = placeOf(model, index);
    const values = tensors.get(weightName(node)) as Int8Array;
    eachWeight(node, kernels.unitInputs(), (i, at) => (weights[at] = values[i]));
    for (let i = 0; i < values.length; i++) sums[Math.floor(i / node.inputs)] += values[i];
  });
  return model;
}

/** What a model was made of. */
export function contentOf({ model, kernels }: QuantisedModel): Content {
  const tensors = new Map<string, Int8Array | Float32Array>();
  model.plan.nodes.forEach((node, index) => {
    if (!isDense(node)) return;
    const { weights } = placeOf(model, index);
    const values = new Int8Array(node.inputs * node.outputs);
    eachWeight(node, kernels.unitInputs(), (i, at) => (values[i] = weights[at]));
    tensors.set(weightName(node), values);
  });
  for (const slot of slotsOf(model.plan)) tensors.set(slot.name, slot.read(model.parameters));
  return { definition: model.definition, tensors };
}

const quantisedPlan = (definition: Definition): Plan => planOf(definition, quantisedNodes(definition));

/** The nodes of a network in which nothing is trained, and dense layers are quantised. */
function quantisedNodes(definition: Definition, kernels?: Int8Kernels): LayerNode[] {
  return nodesOf(definition).map((node) => {
    const { kind } = node;
    const keeps = (layer: unknown, inputs: number): TensorSpec[] => kind.tensors(layer, inputs).map(kept);
    const own: Partial<LeafKind<unknown>> = isDense(node) ? quantisedKind(node, kernels) : { tensors: keeps };
    return { ...node, kind: bare({ ...kind, wholeBatches: undefined, ...own }) as LeafKind<unknown> };
  });
}

const kept = (tensor: TensorSpec): TensorSpec => ({ ...tensor, trained: false, sparse: false });

/** What a quantised dense layer has in place of a dense one's: its weights lie in the memory that a kind may keep. */
function quantisedKind({ inputs, outputs }: LayerNode, kernels?: Int8Kernels): Partial<LeafKind<unknown>> {
  return {
    code: QUANTISED,
    tensors(layer) {
      const [weight, bias] = DENSE.tensors(layer as DenseLayer, inputs);
      const scale = { ...weight, name: 'weightScale', min: 0, shape: [outputs], packing: vector(outputs) };
      return [scale, bias].map(kept);
    },
    record: (layer) => ({ ...DENSE.record(layer as DenseLayer, inputs), panels: padded(outputs) / 8 }),
    memory: () => 4 * padded(outputs) + weightBytes(inputs, outputs),
    scratch: (_engine, _shape, rows) => (kernels?.quantisedBytes(rows, inputs) ?? 0) / 4,
  };
}

const inFours = (inputs: number): number => Math.ceil(inputs / 4) * 4;

const weightBytes = (inputs: number, outputs: number): number => padded(outputs) * inFours(inputs);

/** The int8 weights of a node as the kernels have them, and for each output the sum of its own. */
function placeOf({ engine, memoryAt, plan }: Model, index: number): { sums: Int32Array; weights: Int8Array } {
  const { inputs, outputs } = plan.nodes[index];
  const sums = engine.i32(memoryAt[index], padded(outputs));
  const weights = new Int8Array(sums.buffer, sums.byteOffset + sums.byteLength, weightBytes(inputs, outputs));
  return { sums, weights };
}

/** Calls `visit` with the index of each weight in [outputs, inputs], and among the kernels' strips: see `product.ts`. */
function eachWeight({ inputs, outputs }: LayerNode, unit: number, visit: (index: number, at: number) => void): void {
  const panels = padded(outputs) / 8;
  for (let j = 0; j < outputs; j++) {
    const panel = Math.floor(j / 8);
    const first = panel - (panel % 4);
    const step = 8 * unit * Math.min(4, panels - first);
    const from = 8 * first * inFours(inputs) + (8 * (panel - first) + (j % 8)) * unit;
    for (let k = 0; k < inputs; k++) visit(j * inputs + k, from + Math.floor(k / unit) * step + (k % unit));
  }
}
