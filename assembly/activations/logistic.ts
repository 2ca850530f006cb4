import { flush } from '../lanes/flush';
import { one } from '../math/constant';
import { log1p } from '../math/log1p';
import { leastSigmoid, normalExp, normalSigmoid } from '../math/normal';
import { sigmoidFrom } from '../math/sigmoid';
import { tanh } from '../math/tanh';

/*
 * The activations made of exponentials: a = `value`, da/dz = `slope`, in four lanes. p is the parameter that some
 * activations have; a value below `bound` is 0, and so is a slope below LEAST (see flush.ts). The bound of a sigmoid is
 * given by its z, which is known sooner. A class is a compile-time
 * name: its methods are inlined into the loops of `activate.ts`.
 */

/** 1 / (1 + e^-z); a (1 - a). */
@unmanaged
export class Sigmoid {
  @inline value(z: v128, _p: v128, bound: v128): v128 {
    return sigmoidFrom(z, f64x2.promote_low_f32x4(bound));
  }
  @inline slope(_z: v128, a: v128, _p: v128): v128 {
    return f32x4.mul(a, f32x4.sub(one(), a));
  }
}

/** tanh z; 1 - a^2 as (1 - a) (1 + a), which does not cancel. */
@unmanaged
export class Tanh {
  @inline value(z: v128, _p: v128, bound: v128): v128 {
    return flush(tanh(z), bound);
  }
  @inline slope(_z: v128, a: v128, _p: v128): v128 {
    const unit = one();
    return f32x4.mul(f32x4.sub(unit, a), f32x4.add(unit, a));
  }
}

/** z s, s = sigmoid(z); s (1 + z (1 - s)). */
@unmanaged
export class Silu {
  @inline value(z: v128, _p: v128, bound: v128): v128 {
    return flush(f32x4.mul(z, normalSigmoid(z)), bound);
  }
  @inline slope(z: v128, _a: v128, _p: v128): v128 {
    const unit = one(),
      s = leastSigmoid(z);
    return f32x4.mul(s, f32x4.add(unit, f32x4.mul(z, f32x4.sub(unit, s))));
  }
}

/** ln(1 + e^z) as max(z, 0) + ln(1 + e^-|z|), which does not overflow; sigmoid(z). */
@unmanaged
export class Softplus {
  @inline value(z: v128, _p: v128, bound: v128): v128 {
    const tail = log1p(normalExp(f32x4.neg(f32x4.abs(z))));
    return flush(f32x4.add(f32x4.max(z, f32x4.splat(0)), tail), bound);
  }
  @inline slope(z: v128, _a: v128, _p: v128): v128 {
    return leastSigmoid(z);
  }
}
