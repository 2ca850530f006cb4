import { activationEntry } from '../choices/activations.js';
import { checkLoss, checkOutputs, type Loss } from '../choices/losses.js';
import { checkOptimizer, type Optimizer } from '../choices/optimizers.js';
import type { InputPart } from '../data/parts.js';
import type { Numerics } from '../engine/variants.js';
import type { ConcatLayer } from '../layers/concat.js';
import { type Columns, COPY } from '../layers/copy.js';
import { type DenseLayer, MOST_UNITS } from '../layers/dense.js';
import { Graph, type LayerNode } from '../layers/graph.js';
import type { Layer } from '../layers/kind.js';
import { checkLayers, kindOf, MOST_LAYERS } from '../layers/kinds.js';
import { checkInteger, checkNumber, checkOneOf, checkOptions, checkParts, describe } from '../support/check.js';

/** A network's options, all of them, checked and with the defaults filled in. */
export interface Definition {
  /** Columns of a row of inputs, those of all parts. */
  readonly inputs: number;
  /** The columns of each named part, in order, where the inputs have any. */
  readonly parts: Readonly<Record<string, number>> | undefined;
  readonly layers: readonly Layer[];
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** 0 for no clipping. */
  readonly clipNorm: number;
  readonly seed: number;
  readonly numerics: Numerics;
}

/** The last layer, of a kind that the loss can be taken of. */
export function lastLayer({ layers }: Pick<Definition, 'layers'>): DenseLayer {
  return layers[layers.length - 1] as DenseLayer;
}

/** What says which nodes there are. */
export type Topology = Pick<Definition, 'inputs' | 'layers'> & Partial<Pick<Definition, 'parts'>>;

/** The nodes that layers are made of. */
export function nodesOf({ inputs, parts, layers }: Topology): readonly LayerNode[] {
  const graph = new Graph(parts);
  graph.append(layers, '', { node: -1, size: inputs });
  return graph.nodes;
}

/** The options that say what a network is. */
export const DEFINING = ['inputs', 'layers', 'loss', 'optimizer', 'clipNorm', 'seed', 'numerics'];

const NUMERICS: readonly Numerics[] = ['reproducible', 'fused'];

/** Checks the options and fills in the defaults. */
export function checkDefinition(options: unknown): Definition {
  const given = checkOptions('createNetwork', options, DEFINING);
  const { inputs, parts } = checkInputs(given['inputs']);
  const layers = checkLayers('layers', given['layers']);
  checkLast(layers);
  if (parts) checkFirst(layers[0], Object.keys(parts));
  checkNodes(nodesOf({ inputs, parts, layers }));
  const last = lastLayer({ layers });
  const loss = checkLoss(given['loss'], last.activation.name);
  checkOutputs(loss.name, last.activation.name, last.units);
  const { clipNorm, seed, numerics } = given;
  return {
    inputs,
    parts,
    layers,
    loss,
    optimizer: checkOptimizer(given['optimizer']),
    clipNorm: clipNorm === undefined ? 0 : checkNumber('clipNorm', clipNorm, { above: 0 }),
    seed: seed === undefined ? drawSeed() : checkInteger('seed', seed, 0, Number.MAX_SAFE_INTEGER),
    numerics: numerics === undefined ? 'reproducible' : checkNumerics(numerics),
  };
}

/** A number of columns, or those of each named part. */
function checkInputs(value: unknown): Pick<Definition, 'inputs' | 'parts'> {
  if (typeof value !== 'object' || value === null) {
    return { inputs: checkInteger('inputs', value, 1, MOST_UNITS), parts: undefined };
  }
  const given = checkParts('"inputs"', value, 'a number of columns or an object with that of each part');
  const parts = Object.fromEntries(
    Object.entries(given).map(([name, count]) => [name, checkInteger(`inputs.${name}`, count, 1, MOST_UNITS)]),
  );
  const inputs = Object.values(parts).reduce((sum, count) => sum + count, 0);
  return { inputs: checkInteger('inputs', inputs, 1, MOST_UNITS), parts };
}

/** Inputs with names go into branches of the same names. */
function checkFirst(first: Layer, names: readonly string[]): void {
  const { kind, branches } = first as Partial<ConcatLayer>;
  const isNamed = kind === 'concat' && !Array.isArray(branches);
  const missing = isNamed ? names.find((name) => !Object.hasOwn(branches!, name)) : names[0];
  if (missing === undefined) return;
  throw new RangeError(
    `"inputs" has a part ${describe(missing)}, of which the first layer knows nothing: it must be a concat with a branch ` +
      `for each part, such as concat({ ${names.map((name) => `${name}: []`).join(', ')} })`,
  );
}

function checkLast(layers: readonly Layer[]): void {
  if (layers.length === 0) throw new RangeError('"layers" must hold at least one layer, such as dense(1)');
  const last = layers[layers.length - 1];
  if (kindOf(last).isHead) return;
  throw new RangeError(
    `the last layer is of the kind ${last.kind}: the loss is taken of a dense one, such as dense(1)`,
  );
}

function checkNodes(nodes: readonly LayerNode[]): void {
  if (nodes.length > MOST_LAYERS) {
    throw new RangeError(`"layers" has ${nodes.length} layers, one within another: at most ${MOST_LAYERS} can be had`);
  }
  nodes.forEach((node) => {
    if (!node.kind.categories || partRead(nodes, node)) return;
    throw new RangeError(
      `"layers[${node.name}]" is an embedding of what another layer gives: it takes indices, and so has to be the first ` +
        'layer, or the first in a branch of a concat with names',
    );
  });
  nodes.slice(0, -1).forEach(({ name, layer }) => {
    const activation = Object.hasOwn(layer, 'activation') && (layer as DenseLayer).activation;
    if (!activation || !activationEntry(activation.name).head) return;
    throw new RangeError(`"layers[${name}]" has the activation ${activation.name}: only the last layer can`);
  });
}

/** Whether a node takes a named part out of the inputs. */
export function isPart({ kind, below, group }: LayerNode): boolean {
  return kind.code === COPY.code && below < 0 && group === undefined;
}

/**
 * The columns of the inputs that a node reads as they are: the first, and how many. `undefined` where it reads none.
 */
function partRead(nodes: readonly LayerNode[], { below, inputs }: LayerNode): { from: number } | undefined {
  if (below < 0) return { from: 0 };
  const source = nodes[below];
  const { from, count } = source.layer as Partial<Columns>;
  return isPart(source) && count === inputs ? { from: from! } : undefined;
}

/** The parts of the inputs in order, and which of them are indices. */
export function partsOf(definition: Topology): InputPart[] {
  const nodes = nodesOf(definition);
  let from = 0;
  // without names all columns are one part
  return Object.entries(definition.parts ?? { '': definition.inputs }).map(([name, columns]) => {
    const readers = nodes.filter((node) => node.kind.categories && partRead(nodes, node)?.from === from);
    const categories = readers.map(({ kind, layer }) => kind.categories!(layer));
    from += columns;
    return { name, columns, categories: categories.length > 0 ? Math.min(...categories) : 0 };
  });
}

export function checkNumerics(value: unknown): Numerics {
  return checkOneOf('numerics', value, NUMERICS) as Numerics;
}

function drawSeed(): number {
  if (typeof globalThis.crypto?.getRandomValues === 'function') return crypto.getRandomValues(new Uint32Array(1))[0];
  // eslint-disable-next-line no-restricted-properties -- this is the one place, in a host without better
  return Math.floor(Math.random() * 0x100000000);
}
