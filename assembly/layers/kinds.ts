import { Layer, layerOf, Network } from '../abi/records';
import { ActivationLayer } from './activation';
import { Add } from './add';
import { BatchNorm, keepStatistics } from './batchNorm';
import { Copy } from './copy';
import { Dense } from './dense/kind';
import { Embedding } from './embedding';
import { LayerNorm } from './layerNorm';
import { Normalize } from './normalize';
import { Dropout } from './dropout';

/*
 * The kinds of layers by number. Each is a class in a folder or file of its own, of which no object is made: it says what
 * a layer does in the three passes. A kind is added there, and by one line here and in `dispatch`.
 *
 * A phase of a step is one pass of one layer. It begins with one call and ends with one; between them its parts divide
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

/** Does a pass of a layer, whole: of a dense one in one call, for small networks have little else. */
export function passLayer(network: Network, index: i32, pass: i32): void {
  const layer = layerOf(network, index);
  if (layer.kind == DENSE) {
    if (isWanted(network, layer, pass)) changetype<Whole>(0).of<Dense>(network, layer, index, pass, 0, 1);
    return;
  }
  beginLayer(network, index, pass);
  runLayer(network, index, pass, 0, 1);
  endLayer(network, index, pass);
}

/** Begins a pass of a layer. */
export function beginLayer(network: Network, index: i32, pass: i32): void {
  dispatch<Begin>(network, index, pass, 0, 1);
}

/** Does part `part` of `parts` of a pass that has begun. */
export function runLayer(network: Network, index: i32, pass: i32, part: i32, parts: i32): void {
  dispatch<Run>(network, index, pass, part, parts);
}

/** Ends a pass, all of whose parts are done. */
export function endLayer(network: Network, index: i32, pass: i32): void {
  dispatch<End>(network, index, pass, 0, 1);
}

/** Once a step is made, has layers keep what they have learnt of its batch beside their parameters. */
export function keepLayers(network: Network): void {
  if (!network.wholeBatches) return;
  for (let index = 0; index < network.depth; index++) {
    const layer = layerOf(network, index);
    if (layer.kind == BATCH_NORM) keepStatistics(network, layer);
  }
}

/** How many parts of a pass can have something to do: more are allowed, and idle; 0 where there is nothing to do. */
export function layerUnits(network: Network, index: i32, pass: i32): i32 {
  return <i32>dispatch<Units>(network, index, pass, 0, 1);
}

/** About what a pass costs in flops. */
export function layerCost(network: Network, index: i32, pass: i32): f64 {
  return dispatch<Cost>(network, index, pass, 0, 1);
}

/** Whether a pass that goes back has anything to do in a layer. */
// @ts-ignore: decorator
@inline
export function isWanted(network: Network, layer: Layer, pass: i32): bool {
  if (pass == FORWARD) return true;
  return network.inputGradient != 0 || (pass == GRADIENT ? layer.carries != 0 : layer.passes != 0);
}

// @ts-ignore: decorator
@inline
function dispatch<Call>(network: Network, index: i32, pass: i32, part: i32, parts: i32): f64 {
  const call = changetype<Call>(0),
    layer = layerOf(network, index);
  if (!isWanted(network, layer, pass)) return 0;
  switch (layer.kind) {
    case DENSE:
      return call.of<Dense>(network, layer, index, pass, part, parts);
    case ADD:
      return call.of<Add>(network, layer, index, pass, part, parts);
    case COPY:
      return call.of<Copy>(network, layer, index, pass, part, parts);
    case LAYER_NORM:
      return call.of<LayerNorm>(network, layer, index, pass, part, parts);
    case BATCH_NORM:
      return call.of<BatchNorm>(network, layer, index, pass, part, parts);
    case NORMALIZE:
      return call.of<Normalize>(network, layer, index, pass, part, parts);
    case ACTIVATION:
      return call.of<ActivationLayer>(network, layer, index, pass, part, parts);
    case DROPOUT:
      return call.of<Dropout>(network, layer, index, pass, part, parts);
    case EMBEDDING:
      return call.of<Embedding>(network, layer, index, pass, part, parts);
    default:
      return unreachable();
  }
}

@unmanaged
class Whole {
  @inline of<Kind>(network: Network, layer: Layer, index: i32, pass: i32, part: i32, parts: i32): f64 {
    const kind = changetype<Kind>(0);
    kind.begin(network, layer, index, pass);
    kind.run(network, layer, index, pass, part, parts);
    kind.end(network, layer, index, pass);
    return 0;
  }
}

@unmanaged
class Begin {
  @inline of<Kind>(network: Network, layer: Layer, index: i32, pass: i32, _part: i32, _parts: i32): f64 {
    changetype<Kind>(0).begin(network, layer, index, pass);
    return 0;
  }
}

@unmanaged
class Run {
  @inline of<Kind>(network: Network, layer: Layer, index: i32, pass: i32, part: i32, parts: i32): f64 {
    changetype<Kind>(0).run(network, layer, index, pass, part, parts);
    return 0;
  }
}

@unmanaged
class End {
  @inline of<Kind>(network: Network, layer: Layer, index: i32, pass: i32, _part: i32, _parts: i32): f64 {
    changetype<Kind>(0).end(network, layer, index, pass);
    return 0;
  }
}

@unmanaged
class Units {
  @inline of<Kind>(network: Network, layer: Layer, _index: i32, pass: i32, _part: i32, _parts: i32): f64 {
    return <f64>changetype<Kind>(0).units(network, layer, pass);
  }
}

@unmanaged
class Cost {
  @inline of<Kind>(network: Network, layer: Layer, _index: i32, pass: i32, _part: i32, _parts: i32): f64 {
    return changetype<Kind>(0).cost(network, layer, pass);
  }
}
