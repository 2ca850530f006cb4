import type { InputRows } from '../data/numbers.js';
import { LEAST_NORMAL } from '../engine/kernels.js';
import type { Columns } from '../layers/copy.js';
import type { NormalizeLayer } from '../layers/normalize.js';
import { isPart } from './definition.js';
import type { Model } from './model.js';
import { PREDICT } from './model.js';
import { Moments } from './moments.js';
import { slotsOf } from './parameters.js';
import { type Passes, runAtOnce } from './passes.js';
import type { PlannedNode } from './plan.js';
import type { Resident } from './resident.js';
import type { Source } from './source.js';

const isNormalize = ({ layer }: PlannedNode): boolean => layer.kind === 'normalize';

/** Whether the part of the inputs that begins at column `from` is standardised before anything else reads it. */
export function adaptsPart({ plan: { nodes } }: Model, from: number): boolean {
  // without names there is no such node, and -1 is what reads of the inputs themselves
  const source = nodes.findIndex((node) => isPart(node) && (node.layer as Columns).from === from);
  return nodes.every((node) => isNormalize(node) || (node.below !== source && node.skip !== source));
}

/** The first layer that has yet to learn what it standardises by. */
function unadapted(model: Model): PlannedNode | undefined {
  return model.plan.nodes.find(
    (node) => isNormalize(node) && node.tensors.some(({ name, at }) => name === 'count' && model.parameters[at] === 0),
  );
}

export function isAdapted(model: Model): boolean {
  return unadapted(model) === undefined;
}

/** Throws where a step would teach the network with values that are yet to be standardised. */
export function assertAdapted(model: Model): void {
  const node = unadapted(model);
  if (!node) return;
  throw new Error(
    `layer ${node.name}, a normalize, has learnt no means and deviations yet: call net.adapt(x), with all of the ` +
      'training data or a fair sample of them, or fit, before steps are made one by one',
  );
}

/** Where some rows lie: their source, and which of its examples is their first. */
type Place = (from: number, rows: number) => [source: Source, first: number];

/** Has every normalize layer learn from rows, which are copied pass by pass. */
export function adaptAtOnce(model: Model, rows: InputRows): void {
  if (!model.plan.nodes.some(isNormalize)) throw new Error('the network has no normalize layer that could be adapted');
  const copied = { x: rows, first: 0, y: undefined, weights: undefined };
  const putBack = keepKept(model);
  try {
    runAtOnce(
      model,
      adapting(model, rows.count, (from, count) => [model.transfer(copied, from, count), 0]),
    );
  } catch (error) {
    putBack();
    throw error;
  }
}

/** Has every normalize layer learn from examples that are in memory, in the order in which they were given. */
export function adaptingToResident(model: Model, data: Resident): Passes<void> {
  const source = { ...data.source, order: 0 };
  return adapting(model, data.count, (from) => [source, from]);
}

/** Layer by layer, from below: each learns from what those below it give once they have learnt. */
function* adapting(model: Model, count: number, place: Place): Passes<void> {
  const { kernels } = model.engine;
  const { mostRows } = model.workspace;
  for (const [index, node] of model.plan.nodes.entries()) {
    if (!isNormalize(node)) continue;
    const moments = new Moments(node.inputs);
    for (let from = 0; from < count; from += mostRows) {
      const rows = Math.min(mostRows, count - from);
      const [source, first] = place(from, rows);
      model.prepare(rows, source);
      yield {
        flops: rows * model.forwardFlops,
        begin: () => kernels.beginBatch(model.at, first, rows, PREDICT),
        end: () => {
          const { x } = model.workspace.buffersOf(index);
          moments.add(model.engine.f32(x, rows * node.lda), rows, node.lda);
        },
      };
    }
    learn(model, node, moments);
  }
}

/** Writes what a layer has learnt into its tensors, rounded to float32. */
function learn(model: Model, node: PlannedNode, { count, mean, variance }: Moments): void {
  const { epsilon } = node.layer as NormalizeLayer;
  const values: Record<string, Float32Array> = {
    mean: Float32Array.from(mean),
    // one that float32 has no normal number for is 0 as well
    variance: Float32Array.from(variance, (v) => (Math.sqrt(v) > epsilon && v >= LEAST_NORMAL ? v : 0)),
    count: Float32Array.of(count),
  };
  if (![...values['mean'], ...values['variance']].every(Number.isFinite)) {
    throw new RangeError(`what layer ${node.name} is given is too large: float32 does not hold its mean and variance`);
  }
  const { parameters } = model;
  for (const slot of slotsOf(model.plan)) {
    const own = slot.name.startsWith(`layers.${node.name}.`) && values[slot.name.slice(slot.name.lastIndexOf('.') + 1)];
    if (own) slot.write(parameters, own);
  }
}

/** The tensors that are not trained, to be put back where an adaption comes to nothing. */
export function keepKept(model: Model): () => void {
  const { count } = model.plan;
  const kept = model.parameters.slice(count);
  return () => model.parameters.set(kept, count);
}
