import { isRowwise } from '../../../activations/table';
import { countHits } from '../../../step/hits';
import { isOfRows } from '../../../losses/table';
import { Layer } from '../../../abi/layer';
import { layerOf, Network } from '../../../abi/network';
import { Optimizer } from '../../../optimizers/record';
import { isDescent } from '../../../optimizers/table';
import { descentStays, stays } from '../../../step/safety';
import { beginStep, isSwept, sweep, updatePart } from '../../../step/update';
import { backward } from './backward';
import { forward } from './forward';
import { outer } from './outer';
import { DENSE } from '../../kinds';
import { WIDEST } from './vectors';

/*
 * A step on one example of a network no layer of which has more than 8 outputs. A layer is then two vectors, and what
 * the phases of a step spend on finding out how much there is to do would be two thirds of the time (measured: bench,
 * W5). Every sum is taken in the order of the phases, so the bits are theirs.
 */

/** True when `narrowStep` may be tried on the network's examples, one by one. */
export function isNarrow(network: Network): bool {
  if (isOfRows(network.lossKind) || !network.sourceY || network.sourceWeights || network.given) return false;
  if (network.inputScale != 0 || network.inputGradient || !layerOf(network, 0).panels) return false;
  for (let index = 0; index < network.depth; index++) {
    const layer = layerOf(network, index);
    if (layer.kind != DENSE || layer.below != index - 1 || !layer.trains) return false;
    if (layer.outputs > WIDEST || isRowwise(layer.activation)) return false;
  }
  return true;
}

/** Whether a step is rate * gradient, the same for every parameter, and nothing else: `narrowStep` wants to know. */
export function isBare(network: Network): bool {
  const optimizer = changetype<Optimizer>(network.optimizer);
  if (!isDescent(optimizer) || network.average || optimizer.bySpans) return false;
  return optimizer.weightDecay == 0 && optimizer.clipNorm == 0;
}

/**
 * Makes a step with example `index` of the source, as a batch of one: its loss and hits are then the network's. Or
 * returns false and has changed no weight, because something may overflow: the bound that it takes of the gradients is
 * coarser than that of the phases, whose word counts then.
 */
export function narrowStep(network: Network, index: i32, rate: f64, bare: bool): bool {
  const depth = network.depth,
    first = layerOf(network, 0),
    last = layerOf(network, depth - 1);
  const row = network.order ? load<i32>(network.order + ((<usize>index) << 2)) : index;
  const x = network.sourceX + ((<usize>row * first.inputs) << 2),
    y = network.sourceY + ((<usize>row * last.outputs) << 2);
  const cost = forward(network, x, y);
  if (!(cost < f64.MAX_VALUE)) return false;
  backward(network);
  const optimizer = changetype<Optimizer>(network.optimizer),
    bound = network.bound;
  if (!(bare ? descentStays(optimizer, bound, rate) : stays(optimizer, bound, rate))) return false;
  network.loss = cost;
  if (network.hitRule) network.hits = hits(network, last, y);
  if (bare) {
    optimizer.steps += 1;
    outer(network, x, true, f32x4.splat(<f32>rate));
    if (isSwept(optimizer)) sweep(network.parameters, 0, network.count);
  } else {
    network.rate = rate;
    outer(network, x, false, f32x4.splat(0));
    beginStep(network);
    updatePart(network, 0, 1);
  }
  return true;
}

// @ts-ignore: decorator
@inline
function hits(network: Network, last: Layer, y: usize): f64 {
  const rule = network.hitRule,
    a = last.a;
  if (rule == 2 && last.outputs == 1) return f64(load<f32>(a) > 0.5 == load<f32>(y) > 0.5);
  return countHits(rule, a, y, 0, 1, last.outputs, last.ld, 0);
}
