import { activationEntry } from '../choices/activations.js';
import { checkLoss, checkOutputs, type Loss } from '../choices/losses.js';
import { checkOptimizer, type Optimizer } from '../choices/optimizers.js';
import type { Numerics } from '../engine/variants.js';
import { type DenseLayer, MOST_UNITS } from '../layers/dense.js';
import { Graph, type LayerNode } from '../layers/graph.js';
import type { Layer } from '../layers/kind.js';
import { checkLayers, kindOf, MOST_LAYERS } from '../layers/kinds.js';
import { checkInteger, checkNumber, checkOneOf, checkOptions } from '../support/check.js';

/** A network's options, all of them, checked and with the defaults filled in. */
export interface Definition {
  readonly inputs: number;
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

/** The nodes that layers are made of. */
export function nodesOf({ inputs, layers }: Pick<Definition, 'inputs' | 'layers'>): readonly LayerNode[] {
  const graph = new Graph();
  graph.append(layers, '', { node: -1, size: inputs });
  return graph.nodes;
}

/** The options that say what a network is. */
export const DEFINING = ['inputs', 'layers', 'loss', 'optimizer', 'clipNorm', 'seed', 'numerics'];

const NUMERICS: readonly Numerics[] = ['reproducible', 'fused'];

/** Checks the options and fills in the defaults. */
export function checkDefinition(options: unknown): Definition {
  const given = checkOptions('createNetwork', options, DEFINING);
  const inputs = checkInteger('inputs', given['inputs'], 1, MOST_UNITS);
  const layers = checkLayers('layers', given['layers']);
  checkLast(layers);
  checkNodes(nodesOf({ inputs, layers }));
  const last = lastLayer({ layers });
  const loss = checkLoss(given['loss'], last.activation.name);
  checkOutputs(loss.name, last.activation.name, last.units);
  const { clipNorm, seed, numerics } = given;
  return {
    inputs,
    layers,
    loss,
    optimizer: checkOptimizer(given['optimizer']),
    clipNorm: clipNorm === undefined ? 0 : checkNumber('clipNorm', clipNorm, { above: 0 }),
    seed: seed === undefined ? drawSeed() : checkInteger('seed', seed, 0, Number.MAX_SAFE_INTEGER),
    numerics: numerics === undefined ? 'reproducible' : checkNumerics(numerics),
  };
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
  nodes.slice(0, -1).forEach(({ name, layer }) => {
    const { activation } = layer as Partial<DenseLayer>;
    if (!activation || !activationEntry(activation.name).head) return;
    throw new RangeError(`"layers[${name}]" has the activation ${activation.name}: only the last layer can`);
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
