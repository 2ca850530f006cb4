import { Network } from '../abi/network';
import { largestRatio } from '../optimizers/quotient';
import { Optimizer } from '../optimizers/record';
import { carry, hasRatio, isDecoupled } from '../optimizers/table';
import { largest } from '../lanes/vector';

/**
 * No useful weight, velocity or gradient is as large, and what is made of them stays far below the largest float32,
 * 3.4e38.
 */
const LIMIT: f64 = 1e30;
/** The same of gradients that an optimizer squares. */
const SQUARED_LIMIT: f64 = 1e18;

/**
 * True when a step leaves every weight finite. This is decided before the step, from bounds that are carried from step
 * to step: on every |gradient| of the batch, on every |weight| and on what the optimizer goes along. They only grow, so
 * where they have become too large the arrays themselves are read, once, and the bounds begin anew from there.
 */
export function isSafe(network: Network): bool {
  if (network.overflow >= 0) return false;
  const optimizer = changetype<Optimizer>(network.optimizer),
    rate = network.rate;
  if (stays(optimizer, network.bound, rate)) return true;
  const count = network.total,
    size = largest(network.gradients, count);
  optimizer.largestWeight = largest(network.parameters, count);
  optimizer.largestVelocity = optimizer.velocity ? largest(optimizer.velocity, count) : 0;
  if (stays(optimizer, size, rate)) return true;
  if (hasRatio(optimizer.kind)) {
    const squares = optimizer.largestSquares ? optimizer.largestSquares : optimizer.squares;
    optimizer.largestRatio = largestRatio(optimizer.velocity, squares, count, 1 - optimizer.squareDecay);
    if (stays(optimizer, size, rate)) return true;
  }
  network.overflow = network.depth;
  return false;
}

/**
 * Carries the bounds over a step with gradients up to `size`; false, and they stay, when it could overflow something.
 */
export function stays(optimizer: Optimizer, size: f64, networkRate: f64): bool {
  const weight = optimizer.largestWeight,
    velocity = optimizer.largestVelocity,
    ratio = optimizer.largestRatio;
  // every change grows with the rate, and so does a decoupled decay's factor where it is above 1
  const decoupled = isDecoupled(optimizer.kind),
    decay = optimizer.weightDecay,
    rate = networkRate * optimizer.largestScale,
    shrink = decoupled ? Math.abs(1 - rate * decay) : 1,
    gradient = size + (decoupled ? 0 : decay * weight);
  optimizer.largestStep = rate;
  const change = carry(optimizer, gradient),
    step = optimizer.largestStep,
    next = max(shrink, 1) * weight + step * change,
    along = optimizer.largestVelocity;
  const fits = gradient < (optimizer.squares ? SQUARED_LIMIT : LIMIT) && next < LIMIT && along < LIMIT;
  // what the kernels round to float32 before anything divides it, or multiplies it by 0
  if (fits && step < f32.MAX_VALUE && step * max(gradient, along) < LIMIT && shrink < LIMIT) {
    optimizer.largestWeight = next;
    return true;
  }
  optimizer.largestVelocity = velocity;
  optimizer.largestRatio = ratio;
  return false;
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
