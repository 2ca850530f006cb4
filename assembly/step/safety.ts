import { Network } from '../abi/records';
import { ADAGRAD, ADAM_W, isAdam, Optimizer, RMS_PROP, SGD } from '../optimizers/record';
import { largest } from '../lanes/vector';

/** No weight, momentum or gradient of use is as large, and what is made of them stays far from float32's last, 3.4e38. */
const LIMIT: f64 = 1e30;
/** Where an optimizer squares the gradients. */
const SQUARED_LIMIT: f64 = 1e18;
/** What an average of squares may lose of a square where that is too small for float32. */
const LOST: f64 = 1.2e-38;
/** More than the roundings of a step can add to a quotient. */
const ROUNDED: f64 = 1.000001;

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
  const count = network.total,
    size = largest(network.gradients, count);
  optimizer.largestWeight = largest(network.parameters, count);
  optimizer.largestFirst = optimizer.first ? largest(optimizer.first, count) : 0;
  if (stays(optimizer, size, rate)) return true;
  if (isAdam(optimizer)) {
    const squares = optimizer.third ? optimizer.third : optimizer.second;
    optimizer.largestRatio = largestRatio(optimizer.first, squares, count, lost(optimizer));
    if (stays(optimizer, size, rate)) return true;
  }
  network.overflow = network.depth;
  return false;
}

/** Carries the bounds over a step with gradients up to `size`; false, and they stay, when it could overflow something. */
export function stays(optimizer: Optimizer, size: f64, networkRate: f64): bool {
  // every change grows with the rate, and so does adamW's factor where it is above 1
  const kind = optimizer.kind,
    decay = optimizer.weightDecay,
    rate = networkRate * optimizer.largestScale;
  const weight = optimizer.largestWeight,
    own = kind == ADAM_W ? 0 : decay * weight,
    gradient = size + own;
  let first = optimizer.largestFirst,
    ratio = optimizer.largestRatio,
    step = rate,
    change: f64;
  if (kind == SGD) {
    // 1 - dampening is at most 1; the first step takes all of the gradient
    first = optimizer.first ? optimizer.momentum * first + gradient : 0;
    change = rate * (gradient + first);
  } else if (kind == RMS_PROP || kind == ADAGRAD) {
    const rolled = optimizer.first ? optimizer.momentum * first : 0;
    first = rolled + quotient(optimizer, gradient, gradientRatio(optimizer));
    change = rate * first;
  } else if (isAdam(optimizer)) {
    // the mean of gradients is no larger than the largest of them
    first = max(first, gradient);
    ratio = averageRatio(optimizer, ratio);
    step = rate / (1 - optimizer.power1 * optimizer.beta1);
    change = step * quotient(optimizer, first, ratio);
  } else {
    return unreachable();
  }
  const shrink = kind == ADAM_W ? Math.abs(1 - rate * decay) : 1;
  const next = max(shrink, 1) * weight + change;
  const fits = gradient < (kind == SGD ? LIMIT : SQUARED_LIMIT) && next < LIMIT && first < LIMIT;
  // what the kernels round to float32 before anything divides it, or multiplies it by 0
  if (!(fits && step < f32.MAX_VALUE && step * max(gradient, first) < LIMIT && shrink < LIMIT)) return false;
  optimizer.largestWeight = next;
  optimizer.largestFirst = first;
  optimizer.largestRatio = ratio;
  return true;
}

/*
 * Adam, RMSprop and Adagrad divide by sqrt(s) + epsilon, where s is a sum or an average of squares. Epsilon alone bounds
 * the quotient only where it is not tiny. But what is divided, u, is made of the very gradients whose squares are in s:
 *
 *     u <= ratio * sqrt(s + t),        and so    u / (sqrt(s) + epsilon) <= ratio * max(1, sqrt(t) / epsilon)
 *
 * where t makes up for squares, or parts of s, that are too small for float32: s := keep * s + share * g^2 - LOST at
 * the least, so that with t = LOST / share, at least LOST / (1 - keep), the recursion of s + t loses nothing.
 *
 * - Adagrad (share 1) and RMSprop (share 1 - alpha): u is |g|, and share * g^2 <= s + t, so ratio = 1 / sqrt(share).
 *   Of the centred form s is a variance, which may be 0 beside any gradient: no ratio holds.
 * - Adam (share 1 - beta2): u is |m|. Of m := beta1 * m + (1 - beta1) * g and s := beta2 * s + share * g^2, the old m is at
 *   most ratio * sqrt(old s + t) <= ratio * sqrt((s + t) / beta2), and g at most sqrt((s + t) / share), so
 *       ratio := ratio * beta1 / sqrt(beta2) + (1 - beta1) / sqrt(share)
 *   It begins with 0, or with what the arrays say. With amsgrad s is the largest so far, which is never less than either.
 *   The correction of s, at least 1, and that of a clipped or a flushed gradient, only make the quotient smaller.
 */

/** A bound on `size` or less, divided by an optimizer's root: by epsilon, or by the ratio. */
// @ts-ignore: decorator
@inline
function quotient(optimizer: Optimizer, size: f64, ratio: f64): f64 {
  const epsilon = optimizer.epsilon;
  return min(size / epsilon, ratio * ROUNDED * max(1, Math.sqrt(lost(optimizer)) / epsilon));
}

/** What the optimizer takes of a square. */
// @ts-ignore: decorator
@inline
function shareOf(optimizer: Optimizer): f64 {
  return optimizer.kind == ADAGRAD ? 1 : 1 - optimizer.beta2;
}

/** t of the formula above. */
// @ts-ignore: decorator
@inline
function lost(optimizer: Optimizer): f64 {
  return LOST / shareOf(optimizer);
}

// @ts-ignore: decorator
@inline
function gradientRatio(optimizer: Optimizer): f64 {
  const centred = optimizer.kind == RMS_PROP && optimizer.third;
  return centred ? Infinity : 1 / Math.sqrt(shareOf(optimizer));
}

// @ts-ignore: decorator
@inline
function averageRatio(optimizer: Optimizer, ratio: f64): f64 {
  const beta1 = optimizer.beta1;
  const kept = ratio > 0 && beta1 > 0 ? (ratio * beta1) / Math.sqrt(optimizer.beta2) : 0;
  return (kept + (1 - beta1) / Math.sqrt(shareOf(optimizer))) * ROUNDED;
}

/** The largest |m| / sqrt(s + t) of `count` averages m and squares s. */
function largestRatio(m: usize, s: usize, count: i32, t: f64): f64 {
  let most: f64 = 0;
  for (let at: usize = 0; at < (<usize>count) << 2; at += 4) {
    most = max(most, Math.abs(<f64>load<f32>(m + at)) / Math.sqrt(<f64>load<f32>(s + at) + t));
  }
  return most;
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
