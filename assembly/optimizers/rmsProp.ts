import { flush, least } from '../lanes/flush';
import { effectiveGradient, squaredFloor, squaredSize } from './gradient';
import { quotient } from './quotient';
import { Optimizer, stateAt } from './record';

@unmanaged
export class RmsProp {
  @inline move(o: Optimizer, p: usize, g: usize, offset: usize, count: i32, rate: f64, weightDecay: f64): void {
    rmsProp(
      p,
      g,
      o.squares + offset,
      stateAt(o.centre, offset),
      stateAt(o.velocity, offset),
      count,
      <f32>rate,
      <f32>o.squareDecay,
      <f32>(1 - o.squareDecay),
      <f32>o.epsilon,
      <f32>o.momentum,
      <f32>weightDecay,
      o.scale,
    );
  }

  @inline carry(o: Optimizer, gradient: f64): f64 {
    const share = 1 - o.squareDecay,
      ratio = o.centre ? Infinity : 1 / Math.sqrt(share),
      rolled = o.velocity ? o.momentum * o.largestVelocity : 0;
    o.largestVelocity = rolled + quotient(gradient, ratio, share, o.epsilon);
    return o.largestVelocity;
  }
}

/**
 * RMSProp, centered when `average` h is not 0, with momentum when `momentumBuffer` b is not 0 (`momentum` is ignored
 * otherwise); g as in `table.ts`:
 *
 *     v := alpha * v + oneMinusAlpha * g^2        h := alpha * h + oneMinusAlpha * g
 *     u = g / (sqrt(centered ? v - h^2 : v) + epsilon)
 *     b := momentum * b + u,  p := p - rate * b                without momentum p := p - rate * u
 *
 * where the g^2 of v is the square of `squaredSize`, and an h below LEAST of flush.ts is 0. `oneMinusAlpha` is a
 * float64 difference rounded once. Rounding can leave v - h^2 below 0: it is then taken as 0, and never makes a NaN
 * (PyTorch's does). 11 to 17 flops, a root and a division an element; bound by the divider. Hinton 2012, lecture 6;
 * Graves 2013 (centered); torch.optim.RMSprop.
 */
export function rmsProp(
  p: usize,
  g: usize,
  v: usize,
  average: usize,
  momentumBuffer: usize,
  count: i32,
  rate: f32,
  alpha: f32,
  oneMinusAlpha: f32,
  epsilon: f32,
  momentum: f32,
  weightDecay: f32,
  gradientScale: f32,
): void {
  const end = p + ((<usize>count) << 2);
  const step = f32x4.splat(rate);
  const keep = f32x4.splat(alpha);
  const take = f32x4.splat(oneMinusAlpha);
  const eps = f32x4.splat(epsilon);
  const roll = f32x4.splat(momentum);
  const lambda = f32x4.splat(weightDecay);
  const scale = f32x4.splat(gradientScale);
  const zero = f32x4.splat(0),
    floor = squaredFloor(oneMinusAlpha);
  for (; p < end; p += 16, g += 16, v += 16) {
    const parameter = v128.load(p);
    const gradient = effectiveGradient(parameter, g, lambda, scale);
    const size = squaredSize(gradient, floor);
    let square = f32x4.add(f32x4.mul(keep, v128.load(v)), f32x4.mul(f32x4.mul(take, size), size));
    v128.store(v, square);
    if (average != 0) {
      const mean = flush(f32x4.add(f32x4.mul(keep, v128.load(average)), f32x4.mul(take, gradient)), least());
      v128.store(average, mean);
      average += 16;
      square = f32x4.pmax(f32x4.sub(square, f32x4.mul(mean, mean)), zero);
    }
    let direction = f32x4.div(gradient, f32x4.add(f32x4.sqrt(square), eps));
    if (momentumBuffer != 0) {
      direction = f32x4.add(f32x4.mul(roll, v128.load(momentumBuffer)), direction);
      v128.store(momentumBuffer, direction);
      momentumBuffer += 16;
    }
    v128.store(p, f32x4.sub(parameter, f32x4.mul(step, direction)));
  }
}
