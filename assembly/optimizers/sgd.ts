import { effectiveGradient } from './gradient';
import { Optimizer, stateAt } from './record';

@unmanaged
export class Sgd {
  @inline move(o: Optimizer, p: usize, g: usize, offset: usize, count: i32, rate: f64, weightDecay: f64): void {
    sgd(
      p,
      g,
      stateAt(o.velocity, offset),
      count,
      <f32>rate,
      <f32>o.momentum,
      <f32>o.dampening,
      o.nesterov,
      <f32>weightDecay,
      o.scale,
      o.steps == 1 ? 1 : 0,
    );
  }

  @inline carry(o: Optimizer, gradient: f64): f64 {
    // 1 - dampening is at most 1; the first step takes all of the gradient
    const velocity = o.velocity ? o.momentum * o.largestVelocity + gradient : 0;
    o.largestVelocity = velocity;
    return gradient + velocity;
  }
}

/**
 * Gradient descent, with momentum when `momentumBuffer` b is not 0 (`momentum`, `dampening`, `nesterov`, `first` are
 * ignored otherwise); g as in `table.ts`:
 *
 *     b := momentum * b + (1 - dampening) * g        but b := g on the first step, whatever b held (if finite)
 *     p := p - rate * (nesterov ? g + momentum * b : b)         without momentum p := p - rate * g
 *
 * 4 flops an element, 7 with momentum, 9 with Nesterov's; bound by loads and stores. torch.optim.SGD.
 */
export function sgd(
  p: usize,
  g: usize,
  momentumBuffer: usize,
  count: i32,
  rate: f32,
  momentum: f32,
  dampening: f32,
  nesterov: i32,
  weightDecay: f32,
  gradientScale: f32,
  first: i32,
): void {
  const keep: f32 = first ? 0 : momentum;
  const take: f32 = first ? 1 : 1 - dampening;
  const bare = weightDecay == 0 && gradientScale == 1;
  if (momentumBuffer == 0 && bare) descend(true, p, g, count, rate, weightDecay, gradientScale);
  else if (momentumBuffer == 0) descend(false, p, g, count, rate, weightDecay, gradientScale);
  else if (nesterov) roll(true, p, g, momentumBuffer, count, rate, momentum, keep, take, weightDecay, gradientScale);
  else roll(false, p, g, momentumBuffer, count, rate, momentum, keep, take, weightDecay, gradientScale);
}

/**
 * The loop without momentum. `bare` is known when it is compiled: the gradient is then taken as it is (a third faster
 * in W1 and W2; measured: bench), with the same bits.
 */
// @ts-ignore: decorator
@inline
function descend(bare: bool, p: usize, g: usize, count: i32, rate: f32, weightDecay: f32, gradientScale: f32): void {
  const end = p + ((<usize>count) << 2);
  const step = f32x4.splat(rate);
  const lambda = f32x4.splat(weightDecay);
  const scale = f32x4.splat(gradientScale);
  for (; p + 64 <= end; p += 64, g += 64) {
    descendLanes(bare, p, g, step, lambda, scale);
    descendLanes(bare, p + 16, g + 16, step, lambda, scale);
    descendLanes(bare, p + 32, g + 32, step, lambda, scale);
    descendLanes(bare, p + 48, g + 48, step, lambda, scale);
  }
  for (; p < end; p += 16, g += 16) descendLanes(bare, p, g, step, lambda, scale);
}

// @ts-ignore: decorator
@inline
function descendLanes(bare: bool, p: usize, g: usize, step: v128, lambda: v128, scale: v128): void {
  const parameter = v128.load(p);
  const gradient = bare ? v128.load(g) : effectiveGradient(parameter, g, lambda, scale);
  v128.store(p, f32x4.sub(parameter, f32x4.mul(step, gradient)));
}

/** The loop with momentum. `nesterov` is known when it is compiled: a test costs a quarter to a half on Node 20. */
// @ts-ignore: decorator
@inline
function roll(
  nesterov: bool,
  p: usize,
  g: usize,
  b: usize,
  count: i32,
  rate: f32,
  momentum: f32,
  keep: f32,
  take: f32,
  weightDecay: f32,
  gradientScale: f32,
): void {
  const end = p + ((<usize>count) << 2);
  const step = f32x4.splat(rate);
  const ahead = f32x4.splat(momentum);
  const kept = f32x4.splat(keep);
  const taken = f32x4.splat(take);
  const lambda = f32x4.splat(weightDecay);
  const scale = f32x4.splat(gradientScale);
  for (; p < end; p += 16, g += 16, b += 16) {
    const parameter = v128.load(p);
    const gradient = effectiveGradient(parameter, g, lambda, scale);
    const buffer = f32x4.add(f32x4.mul(kept, v128.load(b)), f32x4.mul(taken, gradient));
    v128.store(b, buffer);
    const direction = nesterov ? f32x4.add(gradient, f32x4.mul(ahead, buffer)) : buffer;
    v128.store(p, f32x4.sub(parameter, f32x4.mul(step, direction)));
  }
}
