import { bare, checkOneOf, checkOptions, wrongType } from '../support/check.js';
import { BATCH_NORM } from './batch-norm.js';
import { ACTIVATION } from './activation.js';
import { CONCAT } from './concat.js';
import { DENSE } from './dense.js';
import { DROPOUT } from './dropout.js';
import { EMBEDDING } from './embedding.js';
import type { CompositeKind, Layer, LeafKind } from './kind.js';
import { LAYER_NORM } from './layer-norm.js';
import { NORMALIZE } from './normalize.js';
import { RESIDUAL } from './residual.js';

type Kind = LeafKind<Layer> | CompositeKind<Layer>;

/** Every kind of layers, in one table. */
export const KINDS = bare({
  dense: DENSE,
  residual: RESIDUAL,
  concat: CONCAT,
  layerNorm: LAYER_NORM,
  batchNorm: BATCH_NORM,
  normalize: NORMALIZE,
  activation: ACTIVATION,
  dropout: DROPOUT,
  embedding: EMBEDDING,
}) as unknown as Readonly<Record<string, Kind>>;

/** The entry of a layer's kind. */
export function kindOf({ kind }: Layer): Kind {
  return KINDS[kind];
}

/** The most layers of a network, and how deep they may nest: bounds on what a file makes the host build. */
export const MOST_LAYERS = 1000;
export const MOST_NESTED_LAYERS = 8;

/** The layers of `createNetwork`, each checked as if the function of its kind had just made it. */
export function checkLayers(place: string, value: unknown, depth = 0): Layer[] {
  if (!Array.isArray(value)) {
    throw wrongType(place, 'an array of layers, such as [dense(10, "relu")]', value);
  }
  if (value.length > MOST_LAYERS) {
    throw new RangeError(`"${place}" has ${value.length} layers: at most ${MOST_LAYERS} can be had`);
  }
  if (depth > MOST_NESTED_LAYERS) throw new RangeError(`"${place}" nests deeper than ${MOST_NESTED_LAYERS} layers`);
  // not map, which would skip what a sparse array lacks
  return Array.from({ length: value.length }, (_, index) => checkLayer(`${place}[${index}]`, value[index], depth));
}

function checkLayer(place: string, layer: unknown, depth: number): Layer {
  if (typeof layer !== 'object' || layer === null) {
    throw wrongType(place, 'a layer, such as dense(10, "relu")', layer);
  }
  const named = Object.hasOwn(layer, 'kind') ? (layer as { kind: unknown }).kind : 'dense';
  const name = checkOneOf(`${place}.kind`, named, Object.keys(KINDS));
  const kind = KINDS[name];
  const given = checkOptions(`"${place}"`, layer, ['kind', ...kind.options]);
  return kind.check(`${place}.`, given, (inner, value) => checkLayers(inner, value, depth + 1));
}
