import { constant } from '../math/constant';
import { SMALL } from '../lanes/flush';

const MAGNITUDE: usize = memory.data<u32>([0x7fffffff], 4);

/** The gradient that an optimizer works with: `gradientScale * g + weightDecay * p`, of 4 floats at g. */
// @ts-ignore: decorator
@inline
export function effectiveGradient(p: v128, g: usize, weightDecay: v128, gradientScale: v128): v128 {
  return f32x4.add(f32x4.mul(v128.load(g), gradientScale), f32x4.mul(weightDecay, p));
}

/**
 * |g|, but at least `floor`, for what averages or adds up the squares of gradients: `share` of each square is then
 * normal, and no average comes to 0, where a gradient would be divided by epsilon alone. A NaN stays.
 */
// @ts-ignore: decorator
@inline
export function squaredSize(g: v128, floor: v128): v128 {
  return f32x4.pmax(v128.and(g, constant(MAGNITUDE)), floor);
}

/** The floor whose square, times `share`, is SMALL of flush.ts: 5e-18 where that is 0.001. */
export function squaredFloor(share: f32): v128 {
  return f32x4.splat(sqrt<f32>(SMALL / share));
}
