import { activationEntry } from '../choices/activations.js';
import { padded, rowStride } from '../engine/layout.js';
import type { DenseLayer } from '../layers/dense.js';
import type { LayerNode } from '../layers/graph.js';
import type { Role } from '../layers/init.js';
import type { TensorSpec } from '../layers/kind.js';
import { nodesOf, type Topology } from './definition.js';

/** One tensor among all of a network's: `at` is its first float. */
export interface PlannedTensor extends TensorSpec {
  readonly at: number;
}

/** A node, how its rows lie, and what of the backward pass it takes part in. */
export interface PlannedNode extends LayerNode {
  /** Distance of rows, in floats: of its inputs, and of its z, a and d. */
  readonly lda: number;
  readonly ld: number;
  readonly tensors: readonly PlannedTensor[];
  /** Whether it has parameters that are trained. */
  readonly trains: boolean;
  /** Whether it, or one below it, trains; and whether one below it does. */
  readonly carries: boolean;
  readonly passes: boolean;
  /** Whether dC/dx is added to what later readers of x have put there; and the same of its skip. */
  readonly adds: boolean;
  readonly skipAdds: boolean;
}

/**
 * A network's nodes, and its tensors: those that are trained, `count` floats, of which the `dense` first are no tables,
 * and behind them those that are kept.
 */
export interface Plan {
  readonly inputs: number;
  readonly lda: number;
  readonly nodes: readonly PlannedNode[];
  readonly dense: number;
  readonly count: number;
  /** The first node that takes statistics of each batch, which is then one pass, if there is one. */
  readonly wholeBatches: LayerNode | undefined;
  /** Floats of all tensors. */
  readonly total: number;
}

/** `nodes` are those of the definition, unless other kinds stand for theirs. */
export function planOf(definition: Topology, nodes: readonly LayerNode[] = nodesOf(definition)): Plan {
  const { inputs } = definition;
  const { tensors, ...floats } = placeTensors(nodes);
  const flow = flowOf(nodes, tensors);
  const adders = addersOf(nodes);
  const planned = nodes.map((node, index): PlannedNode => ({
    ...node,
    lda: rowStride(node.below < 0 ? inputs : node.inputs),
    ld: rowStride(node.outputs),
    tensors: tensors[index],
    ...flow[index],
    ...adders[index],
  }));
  const wholeBatches = nodes.find(({ kind, layer }) => kind.wholeBatches?.(layer));
  return { inputs, lda: rowStride(inputs), nodes: planned, wholeBatches, ...floats };
}

/** What of the backward pass each node takes part in. */
function flowOf(
  nodes: readonly LayerNode[],
  tensors: readonly (readonly PlannedTensor[])[],
): Pick<PlannedNode, 'trains' | 'passes' | 'carries'>[] {
  const carries: boolean[] = [];
  const flow = nodes.map(({ below, skip = -1, group = -1 }, index) => {
    const trains = tensors[index].some(({ trained }) => trained);
    const passes = carries[below] || carries[skip] || false;
    carries[index] = trains || passes || (carries[group] ?? false);
    // what stands side by side in one row has one d
    if (carries[index] && group >= 0) carries.fill(true, group, index);
    return { trains, passes };
  });
  return flow.map((each, index) => ({ ...each, carries: carries[index] }));
}

/**
 * Derivatives go from the last node down: of the nodes that read one row, the last writes its derivative, and the
 * others add theirs.
 */
function addersOf(nodes: readonly LayerNode[]): Pick<PlannedNode, 'adds' | 'skipAdds'>[] {
  const written = new Set<number>();
  const adds = (source: number): boolean => {
    const isWritten = written.has(source);
    written.add(source);
    return isWritten;
  };
  const down = [...nodes].reverse().map(({ below, skip }) => ({
    skipAdds: skip !== undefined && adds(skip),
    adds: adds(below),
  }));
  return down.reverse();
}

/** Trained tensors one after another, layer by layer, the tables behind the others; then what is not trained. */
function placeTensors(
  nodes: readonly LayerNode[],
): Pick<Plan, 'dense' | 'count' | 'total'> & { tensors: PlannedTensor[][] } {
  const specs = nodes.map(({ kind, layer, inputs }) => kind.tensors(layer, inputs));
  const places = new Map<TensorSpec, number>();
  let total = 0;
  const place = (belongs: (spec: TensorSpec) => boolean): number => {
    for (const spec of specs.flat().filter(belongs)) {
      places.set(spec, total);
      total += spec.packing.floats;
    }
    return total;
  };
  const dense = place(({ trained, sparse }) => trained && !sparse);
  const count = place(({ trained, sparse }) => trained && sparse);
  place(({ trained }) => !trained);
  return { tensors: specs.map((own) => own.map((spec) => ({ ...spec, at: places.get(spec)! }))), dense, count, total };
}

/**
 * Floats behind the values of a node's rows that kernels leave as they are: of its own z and a, and of d, which the
 * readers of a write. A dense layer writes whole panels of 8, and leaves only what `rowStride` adds to keep rows apart.
 */
export function gapsOf(nodes: readonly PlannedNode[], index: number): { values: number; deltas: number } {
  const { outputs, ld, kind } = nodes[index];
  const behind = (isWhole: boolean | undefined): number => Math.max(0, ld - (isWhole ? padded(outputs) : outputs));
  const readers = nodes.filter(({ below, skip }) => below === index || skip === index);
  return { values: behind(kind.writesPanels), deltas: behind(readers.every((reader) => reader.kind.writesPanels)) };
}

/** Where a node stands among the others, as its first weights depend on it. */
export function roleOf(nodes: readonly LayerNode[], index: number): Role {
  const isLast = index + 1 === nodes.length;
  if (isLast && activationEntry((nodes[index].layer as DenseLayer).activation.name).rowwise) return 'rowwise';
  const isFirst = !nodes.slice(0, index).some(({ kind }) => kind === nodes[index].kind);
  return isFirst || isLast ? 'other' : 'inner';
}
