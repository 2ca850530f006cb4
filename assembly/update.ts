import { Network } from './network';
import { adagrad, adam, rmsProp, sgd } from './optimizer';
import { largest, sumOfSquares } from './vector';

export const SGD: i32 = 0;
export const ADAM: i32 = 1;
export const ADAM_W: i32 = 2;
export const RMS_PROP: i32 = 3;
export const ADAGRAD: i32 = 4;

/** Gradients up to here cannot overflow a weight in a step, nor make a NaN. */
const SAFE: f32 = 1e30;

/** An optimizer: its settings, and where it stands. Settings are float64, and rounded once where they are used. */
@unmanaged
export class Optimizer {
  kind: i32;
  nesterov: i32;
  /** State as long as the parameters, 0 where the kind has none: momentum or m; v or s; vMax or the average. */
  first: usize;
  second: usize;
  third: usize;
  momentum: f64;
  dampening: f64;
  weightDecay: f64;
  beta1: f64;
  beta2: f64;
  epsilon: f64;
  rateDecay: f64;
  /** 0 for no clipping. */
  clipNorm: f64;
  /** Steps done, and beta1, beta2 to that power, multiplied up so that no engine's pow takes part. */
  steps: f64;
  power1: f64;
  power2: f64;
  /** The factor that clips the gradients of the step under way. */
  scale: f32;
}

export function setOptimizer(
  at: usize,
  kind: i32,
  nesterov: i32,
  first: usize,
  second: usize,
  third: usize,
  momentum: f64,
  dampening: f64,
  weightDecay: f64,
  beta1: f64,
  beta2: f64,
  epsilon: f64,
  rateDecay: f64,
  clipNorm: f64,
): void {
  const optimizer = changetype<Optimizer>(at);
  optimizer.kind = kind;
  optimizer.nesterov = nesterov;
  optimizer.first = first;
  optimizer.second = second;
  optimizer.third = third;
  optimizer.momentum = momentum;
  optimizer.dampening = dampening;
  optimizer.weightDecay = weightDecay;
  optimizer.beta1 = beta1;
  optimizer.beta2 = beta2;
  optimizer.epsilon = epsilon;
  optimizer.rateDecay = rateDecay;
  optimizer.clipNorm = clipNorm;
  setProgress(at, 0, 1, 1);
}

/** Puts the optimizer where a saved one stood. */
export function setProgress(at: usize, steps: f64, power1: f64, power2: f64): void {
  const optimizer = changetype<Optimizer>(at);
  optimizer.steps = steps;
  optimizer.power1 = power1;
  optimizer.power2 = power2;
}

export function optimizerSteps(at: usize): f64 {
  return changetype<Optimizer>(at).steps;
}

export function optimizerPower1(at: usize): f64 {
  return changetype<Optimizer>(at).power1;
}

export function optimizerPower2(at: usize): f64 {
  return changetype<Optimizer>(at).power2;
}

/** Bytes of an optimizer's record. */
export function optimizerBytes(): i32 {
  return <i32>offsetof<Optimizer>();
}

/**
 * True when the batch's gradients can be applied and leave every weight finite. The bound that the backward pass
 * kept decides at once; only where it is large are the gradients themselves read.
 */
export function isSafe(network: Network, rate: f64): bool {
  if (network.overflow >= 0) return false;
  const reach = max(<f32>rate, <f32>1);
  if (network.bound * reach < SAFE) return true;
  if (largest(network.gradients, network.count) * reach < SAFE) return true;
  network.overflow = network.depth;
  return false;
}

/**
 * One step of the optimizer on the parameters `from` to `to` - 1 of the network's `count`, multiples of 4. A step may
 * be taken in slices, in order: the first fixes what depends on the step, the clipping included.
 */
export function update(network: Network, rate: f64, from: i32, to: i32): void {
  const optimizer = changetype<Optimizer>(network.optimizer);
  if (from == 0) beginStep(network, optimizer);
  const offset = (<usize>from) << 2, count = to - from, scale = optimizer.scale;
  const p = network.parameters + offset, g = network.gradients + offset;
  const first = at(optimizer.first, offset), second = at(optimizer.second, offset), third = at(optimizer.third, offset);
  const decay = <f32>optimizer.weightDecay, epsilon = <f32>optimizer.epsilon, kind = optimizer.kind;
  if (kind == SGD) {
    sgd(
      p, g, first, count, <f32>rate, <f32>optimizer.momentum, <f32>optimizer.dampening, optimizer.nesterov,
      decay, scale, optimizer.steps == 1 ? 1 : 0,
    );
  } else if (kind == ADAM || kind == ADAM_W) {
    adam(
      p, g, first, second, third, count, <f32>(rate / (1 - optimizer.power1)),
      <f32>optimizer.beta1, <f32>(1 - optimizer.beta1), <f32>optimizer.beta2, <f32>(1 - optimizer.beta2),
      epsilon, <f32>(1 / Math.sqrt(1 - optimizer.power2)),
      kind == ADAM_W ? 0 : decay, kind == ADAM_W ? <f32>(1 - rate * optimizer.weightDecay) : 1, scale,
    );
  } else if (kind == RMS_PROP) {
    rmsProp(
      p, g, second, third, first, count, <f32>rate, <f32>optimizer.beta2, <f32>(1 - optimizer.beta2),
      epsilon, <f32>optimizer.momentum, decay, scale,
    );
  } else {
    adagrad(p, g, second, count, <f32>(rate / (1 + (optimizer.steps - 1) * optimizer.rateDecay)), epsilon, decay, scale);
  }
}

// @ts-ignore: decorator
@inline
function at(state: usize, offset: usize): usize {
  return state ? state + offset : 0;
}

function beginStep(network: Network, optimizer: Optimizer): void {
  optimizer.steps += 1;
  optimizer.power1 *= optimizer.beta1;
  optimizer.power2 *= optimizer.beta2;
  optimizer.scale = 1;
  if (optimizer.clipNorm == 0) return;
  // PyTorch's clip_grad_norm_: min(1, clipNorm / (norm + 1e-6))
  const norm = Math.sqrt(sumOfSquares(network.gradients, network.count));
  optimizer.scale = <f32>Math.min(1, optimizer.clipNorm / (norm + 1e-6));
}
