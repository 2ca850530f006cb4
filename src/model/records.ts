import { isFused, lossCode } from '../choices/losses.js';
import { OPTIMIZERS, settingsOf, type StateRow } from '../choices/optimizers.js';
import type { Engine } from '../engine/engine.js';
import { readField, writeRecord } from '../engine/records.js';
import type { Layer, LayerFields, LayerOptions } from '../layers/kind.js';
import { seedWords } from '../layers/init.js';
import { type Definition, lastLayer } from './definition.js';
import type { Plan, PlannedNode } from './plan.js';
import { LAYER, NETWORK, OPTIMIZER } from '../engine/records.generated.js';

/** Bytes of the records of a network and its layers: one follows the other. */
export function recordBytes(depth: number): number {
  return NETWORK.bytes + depth * LAYER.bytes;
}

export const OPTIMIZER_BYTES = OPTIMIZER.bytes;

/** Where the record of layer `index` is, of the network at `at`. */
export function layerAt(at: number, index: number): number {
  return at + NETWORK.bytes + index * LAYER.bytes;
}

/** A network, and where its block has what. */
interface Block {
  readonly engine: Engine;
  readonly definition: Definition;
  readonly plan: Plan;
  readonly at: number;
  readonly optimizerAt: number;
  readonly parametersAt: number;
  readonly gradientsAt: number;
  /** What each node keeps beside its tensors; 0 where that is nothing. */
  readonly memoryAt: readonly number[];
  readonly state: readonly (StateRow & { at: number })[];
}

/** Writes what the kernels have to know of a new network. */
export function writeRecords(block: Block): void {
  const { engine, definition, plan, at } = block;
  const { name, parameter } = definition.loss;
  const last = lastLayer(definition).activation.name;
  const [seedLow, seedHigh] = seedWords(definition.seed);
  writeRecord(engine, NETWORK, at, {
    layers: layerAt(at, 0),
    depth: plan.nodes.length,
    inputs: plan.inputs,
    lda: plan.lda,
    lossKind: lossCode(name, last),
    fused: Number(isFused(name, last)),
    lossParameter: parameter,
    seedLow,
    seedHigh,
    optimizer: block.optimizerAt,
    parameters: block.parametersAt,
    gradients: block.gradientsAt,
    count: plan.dense,
    total: plan.count,
    wholeBatches: Number(plan.wholeBatches !== undefined),
  });
  writeOptimizer(block);
  plan.nodes.forEach((node, index) => writeLayer(block, node, index));
}

function writeOptimizer({ engine, definition, plan, optimizerAt, state }: Block): void {
  const scales = plan.nodes.filter(({ trains }) => trains).map(rateScaleOf);
  const { optimizer } = definition;
  const sparesBiases = optimizer.settings['decay'] === 'weights';
  writeRecord(engine, OPTIMIZER, optimizerAt, {
    ...settingsOf(optimizer),
    ...Object.fromEntries(state.map(({ field, at }) => [field, at])),
    kind: OPTIMIZERS[optimizer.name].code,
    clipNorm: definition.clipNorm,
    bySpans: Number(plan.count > plan.dense || sparesBiases || scales.some((scale) => scale !== 1)),
    sparesBiases: Number(sparesBiases),
    largestScale: Math.max(0, ...scales),
    power1: 1,
    power2: 1,
  });
  engine.kernels.forgetBounds(optimizerAt);
}

/** Of kinds that have no parameters, 1. */
function rateScaleOf({ layer }: PlannedNode): number {
  return Object.hasOwn(layer, 'rateScale') ? (layer as Layer & Required<LayerOptions>).rateScale : 1;
}

function writeLayer(
  { engine, at, parametersAt, gradientsAt, memoryAt }: Block,
  node: PlannedNode,
  index: number,
): void {
  const places: LayerFields = {};
  for (const { field, at: offset, trained } of node.tensors) {
    if (field) places[field] = parametersAt + offset * 4;
    if (trained) places[`${field as 'weight' | 'bias'}Gradient`] = gradientsAt + offset * 4;
  }
  writeRecord(engine, LAYER, layerAt(at, index), {
    ...node.kind.record(node.layer, node.inputs),
    kind: node.kind.code,
    below: node.below,
    inputs: node.inputs,
    outputs: node.outputs,
    lda: node.lda,
    ld: node.ld,
    ...places,
    touched: memoryAt[index],
    other: node.skip ?? -1,
    adds: Number(node.adds),
    skipAdds: Number(node.skipAdds),
    rateScale: rateScaleOf(node),
    trains: Number(node.trains),
    passes: Number(node.passes),
    carries: Number(node.carries),
  });
}

/** Where the optimizer of a network stands: its steps, and the record's beta1 and squareDecay to that power. */
export interface Progress {
  readonly steps: number;
  readonly power1: number;
  readonly power2: number;
}

export function progressOf({ engine, optimizerAt }: Pick<Block, 'engine' | 'optimizerAt'>): Progress {
  const field = (name: keyof Progress): number => readField(engine, OPTIMIZER, optimizerAt, name);
  return { steps: field('steps'), power1: field('power1'), power2: field('power2') };
}

/** Puts the optimizer where another stood. */
export function writeProgress(
  { engine, optimizerAt }: Pick<Block, 'engine' | 'optimizerAt'>,
  progress: Progress,
): void {
  writeRecord(engine, OPTIMIZER, optimizerAt, { ...progress });
}
