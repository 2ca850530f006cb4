import { Layer } from '../abi/layer';
import { layerOf, Network } from '../abi/network';
import { isWanted } from './flow';
import { ActivationLayer } from './activation';
import { Add } from './add';
import { BatchNorm, keepStatistics } from './batchNorm';
import { Copy } from './copy';
import { Dense } from './dense/kind';
import { prepare } from './dense/prepare';
import { Embedding } from './embedding';
import { LayerNorm } from './layerNorm';
import { Normalize } from './normalize';
import { Dropout } from './dropout';

/*
 * The kinds of layers by number. Each is a class in a folder or file of its own, of which no object is made: it says
 * what a layer does in the three stages. A kind is added there, and by one line here and in `dispatch`.
 *
 * A phase of a step is one stage of one layer. It begins with one call and ends with one; between them its parts divide
 * what is written, and never a sum.
 */
export const DENSE: i32 = 0;
export const ADD: i32 = 1;
export const COPY: i32 = 2;
export const LAYER_NORM: i32 = 3;
export const BATCH_NORM: i32 = 4;
export const NORMALIZE: i32 = 5;
export const ACTIVATION: i32 = 6;
export const DROPOUT: i32 = 7;
export const EMBEDDING: i32 = 8;

/** a is made of x. */
export const FORWARD: i32 = 0;
/** d = dC/da becomes delta, and the gradients of the parameters are made of it and x. */
export const GRADIENT: i32 = 1;
/** dC/dx is made of delta. */
export const DELTA: i32 = 2;

/** What is asked of a kind: its methods of these names. */
const BEGIN: i32 = 0;
const RUN: i32 = 1;
const END: i32 = 2;
const UNITS: i32 = 3;
const COST: i32 = 4;

/** Runs a stage of a layer, whole: of a dense one without a dispatch, since small networks do little else. */
export function runWhole(network: Network, index: i32, stage: i32): void {
  const layer = layerOf(network, index);
  if (layer.kind == DENSE) {
    if (!isWanted(network, layer, stage)) return;
    ask<Dense>(BEGIN, network, layer, index, stage, 0, 1);
    prepare(network, layer, index, stage, 0, 1);
    ask<Dense>(RUN, network, layer, index, stage, 0, 1);
    ask<Dense>(END, network, layer, index, stage, 0, 1);
    return;
  }
  beginLayer(network, index, stage);
  runLayer(network, index, stage, 0, 1);
  endLayer(network, index, stage);
}

/** Begins a stage of a layer. */
export function beginLayer(network: Network, index: i32, stage: i32): void {
  dispatch(BEGIN, network, index, stage, 0, 1);
}

/** Does part `part` of `parts` of a stage that has begun. */
export function runLayer(network: Network, index: i32, stage: i32, part: i32, parts: i32): void {
  dispatch(RUN, network, index, stage, part, parts);
}

/** Ends a stage, all of whose parts are done. */
export function endLayer(network: Network, index: i32, stage: i32): void {
  dispatch(END, network, index, stage, 0, 1);
}

/** How many parts of a stage can have something to do: more are allowed, and idle; 0 where there is nothing to do. */
export function layerUnits(network: Network, index: i32, stage: i32): i32 {
  return <i32>dispatch(UNITS, network, index, stage, 0, 1);
}

/** About what a stage costs in flops. */
export function layerCost(network: Network, index: i32, stage: i32): f64 {
  return dispatch(COST, network, index, stage, 0, 1);
}

/** Has layers keep what they learn of a batch beside their parameters, once its step is made. */
export function keepLayers(network: Network): void {
  if (!network.wholeBatches) return;
  for (let index = 0; index < network.depth; index++) {
    const layer = layerOf(network, index);
    if (layer.kind == BATCH_NORM) keepStatistics(network, layer);
  }
}

/** Asks a layer's kind; `what` is known when this is compiled. */
// @ts-ignore: decorator
@inline
function dispatch(what: i32, network: Network, index: i32, stage: i32, part: i32, parts: i32): f64 {
  const layer = layerOf(network, index);
  if (!isWanted(network, layer, stage)) return 0;
  switch (layer.kind) {
    case DENSE:
      return ask<Dense>(what, network, layer, index, stage, part, parts);
    case ADD:
      return ask<Add>(what, network, layer, index, stage, part, parts);
    case COPY:
      return ask<Copy>(what, network, layer, index, stage, part, parts);
    case LAYER_NORM:
      return ask<LayerNorm>(what, network, layer, index, stage, part, parts);
    case BATCH_NORM:
      return ask<BatchNorm>(what, network, layer, index, stage, part, parts);
    case NORMALIZE:
      return ask<Normalize>(what, network, layer, index, stage, part, parts);
    case ACTIVATION:
      return ask<ActivationLayer>(what, network, layer, index, stage, part, parts);
    case DROPOUT:
      return ask<Dropout>(what, network, layer, index, stage, part, parts);
    case EMBEDDING:
      return ask<Embedding>(what, network, layer, index, stage, part, parts);
    default:
      return unreachable();
  }
}

// @ts-ignore: decorator
@inline
function ask<Kind>(what: i32, network: Network, layer: Layer, index: i32, stage: i32, part: i32, parts: i32): f64 {
  const kind = changetype<Kind>(0);
  switch (what) {
    case BEGIN:
      kind.begin(network, layer, index, stage);
      return 0;
    case RUN:
      kind.run(network, layer, index, stage, part, parts);
      return 0;
    case END:
      kind.end(network, layer, index, stage);
      return 0;
    case UNITS:
      return <f64>kind.units(network, layer, stage);
    case COST:
      return kind.cost(network, layer, stage);
    default:
      return unreachable();
  }
}
