import { type Activation, activationEntry } from '../choices/activations.js';
import { isFused, lossEntry } from '../choices/losses.js';
import { type Examples, Labels } from '../data/numbers.js';
import type { DenseLayer } from '../layers/dense.js';
import { lastLayer } from './definition.js';
import type { LayerExplanation } from './explanation.js';
import type { Model } from './model.js';
import { TRAIN } from './model.js';
/**
 * What a step on one example computes: for each layer its factors, what it reads, and the derivative of the cost by
 * that.
 */
export interface Factors {
  readonly loss: number;
  readonly layers: LayerExplanation[];
  readonly inputs: Float32Array[];
  /** dC0/da of what each layer reads. */
  readonly derivatives: Float32Array[];
}

/** Runs the phases of one step one by one, and copies each factor while it is there. */
export function factorsOf(model: Model, examples: Examples): Factors {
  const { engine, plan, workspace } = model;
  const { kernels } = engine;
  const depth = plan.nodes.length;
  engine.complete();
  // every factor is wanted, also where nothing below is trained: so dC0/dx is
  const ahead = (plan.lda + plan.nodes[depth - 1].outputs) * 4 + 64;
  const source = model.transfer(examples, 0, 1, ahead);
  const inputGradient = engine.transfer.at;
  kernels.clear(inputGradient, ahead);
  model.prepare(1, source, inputGradient);
  kernels.beginBatch(model.at, 0, 1, TRAIN);
  for (let phase = 0; phase <= depth + 1; phase++) kernels.runBatchPhase(model.at, phase);
  const copy = (at: number, count: number): Float32Array => engine.f32(at, count).slice();
  const layers: LayerExplanation[] = [];
  const inputs = plan.nodes.map((node, index) => copy(workspace.buffersOf(index).x, node.inputs));
  for (let index = depth - 1; index >= 0; index--) {
    const { name, outputs } = plan.nodes[index];
    const { z, a, d } = workspace.buffersOf(index);
    const above = copy(d, outputs);
    // the phases of the layer: its gradient, which makes delta of dC/da, and the deltas of the layer below
    kernels.runBatchPhase(model.at, 3 * depth - 2 * index);
    const delta = copy(d, outputs);
    kernels.runBatchPhase(model.at, 3 * depth + 1 - 2 * index);
    const own = { name, kind: plan.nodes[index].layer.kind, z: copy(z, outputs), a: copy(a, outputs) };
    layers.unshift({ ...own, dA: above, slope: above, delta });
  }
  const derivatives = plan.nodes.map(({ below, inputs: count }) => {
    return below < 0 ? copy(inputGradient, count) : layers[below].dA;
  });
  const last = layers[depth - 1];
  const { loss, activation } = { ...model.definition, ...lastLayer(model.definition) };
  const dA = isFused(loss.name, activation.name) ? slopeOfLogitLoss(model, last.a, examples) : last.dA;
  layers[depth - 1] = { ...last, dA };
  // at the end, since it writes over the deltas
  const explained = layers.map((layer, index) => ({ ...layer, ...slopes(model, index, layer.a) }));
  return { layers: explained, loss: kernels.batchLoss(model.at), inputs, derivatives };
}

/** What a layer without an activation has in its place. */
const NONE: Activation = { name: 'linear', parameter: 0 };

/** da_j/dz_j, by asking the kernel what 1 becomes on its way down; of a softmax the jacobian as well. */
function slopes(model: Model, index: number, a: Float32Array): Pick<LayerExplanation, 'slope' | 'jacobian'> {
  const { engine, plan } = model;
  const { name, parameter } = (plan.nodes[index].layer as Partial<DenseLayer>).activation ?? NONE;
  const units = a.length;
  const { alias, rowwise, code } = activationEntry(name);
  if (alias) return { slope: new Float32Array(units).fill(1) };
  if (rowwise) {
    const jacobian = Float32Array.from({ length: units * units }, (_, at) => {
      const [i, j] = [Math.floor(at / units), at % units];
      return a[i] * (Number(i === j) - a[j]);
    });
    return { slope: Float32Array.from(a, (p) => p * (1 - p)), jacobian };
  }
  const { z, a: at, d } = model.workspace.buffersOf(index);
  engine.f32(d, units).fill(1);
  engine.kernels.activateBackward(code, z, at, d, units, parameter);
  return { slope: engine.f32(d, units).slice() };
}

/** dC0/da of a loss that the kernels take from the logits, where they only form dC0/dz. */
function slopeOfLogitLoss(model: Model, a: Float32Array, examples: Examples): Float32Array {
  const { name, parameter } = model.definition.loss;
  const target = targetOf(model, examples, a.length);
  const { slope } = lossEntry(name);
  return a.map((value, j) => slope?.(value, target[j], a.length, parameter) ?? 0);
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
