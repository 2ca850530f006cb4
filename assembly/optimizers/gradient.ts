/** The gradient that an optimizer works with: `gradientScale * g + weightDecay * p`, of 4 floats at g. */
// @ts-ignore: decorator
@inline
export function effectiveGradient(p: v128, g: usize, weightDecay: v128, gradientScale: v128): v128 {
  return f32x4.add(f32x4.mul(v128.load(g), gradientScale), f32x4.mul(weightDecay, p));
}
