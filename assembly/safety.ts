import { Network } from './network';
import { ADAGRAD, ADAM_W, Optimizer, RMS_PROP, SGD } from './optimizers/record';
import { largest } from './vector';

/** No weight, momentum or gradient of use is as large, and what is made of them stays far from float32's last, 3.4e38. */
const LIMIT: f64 = 1e30;
/** Where an optimizer squares the gradients. */
const SQUARED_LIMIT: f64 = 1e18;

/**
 * True when a step leaves every weight finite. Decided before it, from bounds that are carried from step to step: on
 * every |gradient| of the batch, on every |weight| and on the first array of the optimizer's state. They only grow, so
 * where they have become too large the arrays themselves are read, once, and the bounds begin anew from there.
 */
export function isSafe(network: Network): bool {
  if (network.overflow >= 0) return false;
  const optimizer = changetype<Optimizer>(network.optimizer),
    rate = network.rate;
  if (stays(optimizer, network.bound, rate)) return true;
  optimizer.largestWeight = largest(network.parameters, network.count);
  optimizer.largestFirst = optimizer.first ? largest(optimizer.first, network.count) : 0;
  if (stays(optimizer, largest(network.gradients, network.count), rate)) return true;
  network.overflow = network.depth;
  return false;
}

/** Carries the bounds over a step with gradients up to `size`; false, and they stay, when it could overflow something. */
export function stays(optimizer: Optimizer, size: f64, rate: f64): bool {
  const kind = optimizer.kind,
    decay = optimizer.weightDecay;
  const weight = optimizer.largestWeight,
    own = kind == ADAM_W ? 0 : decay * weight,
    gradient = size + own;
  let first = optimizer.largestFirst,
    change: f64;
  if (kind == SGD) {
    // 1 - dampening is at most 1; the first step takes all of the gradient
    first = optimizer.first ? optimizer.momentum * first + gradient : 0;
    change = rate * (gradient + first);
  } else if (kind == RMS_PROP || kind == ADAGRAD) {
    first = (optimizer.first ? optimizer.momentum * first : 0) + gradient / optimizer.epsilon;
    change = rate * first;
  } else {
    // the mean of gradients is no larger than the largest of them
    first = max(first, gradient);
    change = (rate / (1 - optimizer.power1 * optimizer.beta1)) * (first / optimizer.epsilon);
  }
  const shrunk = kind == ADAM_W ? Math.abs(1 - rate * decay) * weight : weight;
  const next = max(shrunk, weight) + change;
  if (!(gradient < (kind == SGD ? LIMIT : SQUARED_LIMIT) && next < LIMIT && first < LIMIT)) return false;
  optimizer.largestWeight = next;
  optimizer.largestFirst = first;
  return true;
}

/** `stays` of a descent with neither momentum nor decay. */
// @ts-ignore: decorator
@inline
export function descentStays(optimizer: Optimizer, size: f64, rate: f64): bool {
  const next = optimizer.largestWeight + rate * size;
  if (!(size < LIMIT && next < LIMIT)) return false;
  optimizer.largestWeight = next;
  return true;
}
