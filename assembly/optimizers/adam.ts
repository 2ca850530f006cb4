import { effectiveGradient, squaredFloor, squaredSize } from './gradient';
import { quotient, ROUNDED } from './quotient';
import { Optimizer, stateAt } from './record';
import { isDecoupled } from './table';

/** Adam, and AdamW, whose weight decay shrinks the weights by itself. */
@unmanaged
export class Adam {
  @inline move(o: Optimizer, p: usize, g: usize, offset: usize, count: i32, rate: f64, weightDecay: f64): void {
    const correction = Math.sqrt(1 - o.power2),
      decoupled = isDecoupled(o.kind);
    adam(
      p,
      g,
      o.velocity + offset,
      o.squares + offset,
      stateAt(o.largestSquares, offset),
      count,
      <f32>((rate * correction) / (1 - o.power1)),
      <f32>o.beta1,
      <f32>(1 - o.beta1),
      <f32>o.squareDecay,
      <f32>(1 - o.squareDecay),
      <f32>(o.epsilon * correction),
      decoupled ? 0 : <f32>weightDecay,
      decoupled ? <f32>(1 - rate * weightDecay) : 1,
      o.scale,
    );
  }

  @inline carry(o: Optimizer, gradient: f64): f64 {
    const beta1 = o.beta1,
      share = 1 - o.squareDecay,
      ratio = o.largestRatio,
      kept = ratio > 0 && beta1 > 0 ? (ratio * beta1) / Math.sqrt(o.squareDecay) : 0;
    // the mean of gradients is no larger than the largest of them
    o.largestVelocity = max(o.largestVelocity, gradient);
    o.largestRatio = (kept + (1 - beta1) / Math.sqrt(share)) * ROUNDED;
    o.largestStep /= 1 - o.power1 * beta1;
    return quotient(o.largestVelocity, o.largestRatio, share, o.epsilon);
  }
}

/**
 * Adam, AdamW and their amsgrad forms (`vMax` not 0); g as in `table.ts`:
 *
 *     p := decay * p
 *     m := beta1 * m + oneMinusBeta1 * g        v := beta2 * v + oneMinusBeta2 * g^2        vMax := max(vMax, v)
 *     p := p - stepSize * m / (sqrt(amsgrad ? vMax : v) + epsilon)
 *
 * where g^2 is the square of `squaredSize`, stepSize = rate * c / (1 - beta1^t) and the caller's epsilon times c, c =
 * sqrt(1 - beta2^t), t from 1: the second form of the paper, which is a factor less. Adam: weightDecay = λ and decay =
 * 1. AdamW: weightDecay = 0 and decay = 1 - rate * λ. `oneMinusBeta1` and `oneMinusBeta2` are float64 differences
 * rounded once, as in PyTorch: 1 - 0.999f is 1.3e-5 off 0.001. 15 flops, a root and a division an element; bound by the
 * divider. Kingma and Ba 2015; Loshchilov and Hutter 2019; torch.optim.Adam, AdamW.
 */
export function adam(
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  vMax: usize,
  count: i32,
  stepSize: f32,
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  epsilon: f32,
  weightDecay: f32,
  decay: f32,
  gradientScale: f32,
): void {
  const end = p + ((<usize>count) << 2);
  const step = f32x4.splat(stepSize);
  const b1 = f32x4.splat(beta1);
  const c1 = f32x4.splat(oneMinusBeta1);
  const b2 = f32x4.splat(beta2);
  const c2 = f32x4.splat(oneMinusBeta2);
  const eps = f32x4.splat(epsilon);
  const lambda = f32x4.splat(weightDecay);
  const shrink = f32x4.splat(decay);
  const scale = f32x4.splat(gradientScale);
  const floor = squaredFloor(oneMinusBeta2);
  for (; p < end; p += 16, g += 16, m += 16, v += 16) {
    const parameter = v128.load(p);
    const gradient = effectiveGradient(parameter, g, lambda, scale);
    const mean = f32x4.add(f32x4.mul(b1, v128.load(m)), f32x4.mul(c1, gradient));
    v128.store(m, mean);
    const size = squaredSize(gradient, floor);
    let square = f32x4.add(f32x4.mul(b2, v128.load(v)), f32x4.mul(f32x4.mul(c2, size), size));
    v128.store(v, square);
    if (vMax != 0) {
      square = f32x4.pmax(square, v128.load(vMax)); // a NaN in `square` stays
      v128.store(vMax, square);
      vMax += 16;
    }
    const root = f32x4.add(f32x4.sqrt(square), eps);
    v128.store(p, f32x4.sub(f32x4.mul(shrink, parameter), f32x4.div(f32x4.mul(step, mean), root)));
  }
}
