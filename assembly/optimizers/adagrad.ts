import { effectiveGradient, squaredFloor, squaredSize } from './gradient';
import { quotient } from './quotient';
import { Optimizer } from './record';

@unmanaged
export class Adagrad {
  @inline move(o: Optimizer, p: usize, g: usize, offset: usize, count: i32, rate: f64, weightDecay: f64): void {
    const step = <f32>(rate / (1 + (o.steps - 1) * o.rateDecay));
    adagrad(p, g, o.squares + offset, count, step, <f32>o.epsilon, <f32>weightDecay, o.scale);
  }

  @inline carry(o: Optimizer, gradient: f64): f64 {
    o.largestVelocity = quotient(gradient, 1, 1, o.epsilon);
    return o.largestVelocity;
  }
}

/**
 * Adagrad; g as in `table.ts`:
 *
 *     s := s + g^2        p := p - rate * g / (sqrt(s) + epsilon)
 *
 * where g^2 is the square of `squaredSize`, and the caller passes rate / (1 + (t - 1) * rateDecay) as `rate`, t from 1.
 * 8 flops, a root and a division an element; bound by the divider. Duchi, Hazan and Singer 2011; torch.optim.Adagrad.
 */
export function adagrad(
  p: usize,
  g: usize,
  s: usize,
  count: i32,
  rate: f32,
  epsilon: f32,
  weightDecay: f32,
  gradientScale: f32,
): void {
  const end = p + ((<usize>count) << 2);
  const step = f32x4.splat(rate);
  const eps = f32x4.splat(epsilon);
  const lambda = f32x4.splat(weightDecay);
  const scale = f32x4.splat(gradientScale);
  const floor = squaredFloor(1);
  for (; p < end; p += 16, g += 16, s += 16) {
    const parameter = v128.load(p);
    const gradient = effectiveGradient(parameter, g, lambda, scale);
    const size = squaredSize(gradient, floor);
    const square = f32x4.add(v128.load(s), f32x4.mul(size, size));
    v128.store(s, square);
    const root = f32x4.add(f32x4.sqrt(square), eps);
    v128.store(p, f32x4.sub(parameter, f32x4.div(f32x4.mul(step, gradient), root)));
  }
}
