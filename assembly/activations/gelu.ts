import { flush, least } from '../lanes/flush';
import { erf } from '../math/erf';
import { normalExp, normalSigmoid } from '../math/normal';
import { madd } from '../lanes/simd';

/*
 * z times the probability that a normal variable lies below z, and its approximation (Hendrycks and Gimpel 2016,
 * arXiv 1606.08415): a = `value`, da/dz = `slope`, in four lanes. z is squared, so it is 0 from where its square would be
 * too small (see flush.ts); a value below `bound` is 0. A class is a compile-time name: its methods are inlined into the
 * loops of `activate.ts`.
 */

/** z Φ(z), Φ(z) = (1 + erf(z / √2)) / 2; Φ(z) + z φ(z), φ(z) = e^(-z^2 / 2) / √(2π). */
@unmanaged
export class Gelu {
  @inline value(z: v128, _p: v128, bound: v128): v128 {
    const y = flush(z, bound);
    return flush(f32x4.mul(y, below(y)), bound);
  }
  @inline slope(z: v128, _a: v128, _p: v128): v128 {
    const y = flush(z, least());
    const density = f32x4.mul(f32x4.splat(0.39894228), normalExp(f32x4.mul(f32x4.mul(f32x4.splat(-0.5), y), y)));
    return flush(f32x4.add(below(y), f32x4.mul(y, density)), least());
  }
}

// @ts-ignore: decorator
@inline
function below(z: v128): v128 {
  const half = f32x4.splat(0.5);
  return madd(half, erf(f32x4.mul(z, f32x4.splat(0.707106781))), half);
}

/**
 * z (1 + tanh u) / 2 = z s with s = sigmoid(2u), u = √(2/π) (z + 0.044715 z^3);
 * s + z s (1 - s) 2u' with 2u' = 2 √(2/π) (1 + 3 * 0.044715 z^2).
 */
@unmanaged
export class GeluTanh {
  @inline value(z: v128, _p: v128, bound: v128): v128 {
    const y = flush(z, bound);
    return flush(f32x4.mul(y, gate(y)), bound);
  }
  @inline slope(z: v128, _a: v128, _p: v128): v128 {
    // beyond 16, s (1 - s) is 0 in float32, and the square of z could be infinite
    const y = flush(f32x4.pmax(f32x4.pmin(z, f32x4.splat(16)), f32x4.splat(-16)), least());
    const s = gate(y);
    const inner = madd(f32x4.mul(y, y), f32x4.splat(0.214064449), f32x4.splat(1.59576912));
    const curve = f32x4.mul(f32x4.mul(s, f32x4.sub(f32x4.splat(1), s)), f32x4.mul(y, inner));
    return flush(f32x4.add(s, curve), least());
  }
}

// @ts-ignore: decorator
@inline
function gate(z: v128): v128 {
  const inner = madd(f32x4.mul(z, z), f32x4.splat(0.0713548163), f32x4.splat(1.59576912));
  return normalSigmoid(f32x4.mul(z, inner));
}
