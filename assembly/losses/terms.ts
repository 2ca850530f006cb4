/**
 * The losses whose cost is a sum of one term per output, one class each: `value` is the term, `slope` its
 * derivative by the output a (by the logit z where `value` takes z), in four lanes. y is the target, p the loss's
 * parameter. A class is a compile-time name: its methods are inlined into `elementwise`, and no object is ever made.
 * An error that is squared counts as 0 below LEAST of flush.ts. A NaN in a, z or y gives a NaN value: pmin and pmax
 * keep the NaN of their first operand. Over random arguments values and slopes are within 4e-7 of their size
 * (measured: test/kernels/loss.test.ts).
 */
import { flush, least } from '../lanes/flush';
import { log } from '../math/log';
import { log1p } from '../math/log1p';
import { normalExp } from '../math/normal';

/** quadratic and mse: (a - y)^2. */
@unmanaged
export class SquaredError {
  @inline value(a: v128, y: v128, _p: v128): v128 {
    const e = flush(f32x4.sub(a, y), least());
    return f32x4.mul(e, e);
  }
  @inline slope(a: v128, y: v128, _p: v128): v128 {
    const e = f32x4.sub(a, y);
    return f32x4.add(e, e);
  }
}

/**
 * What a caller gives as y in place of targets: the slope itself. The cost is its own affair, and 0 here, or NaN where a
 * is not finite.
 */
@unmanaged
export class Given {
  @inline value(a: v128, _y: v128, _p: v128): v128 {
    return f32x4.mul(a, f32x4.splat(0));
  }
  @inline slope(_a: v128, y: v128, _p: v128): v128 {
    return y;
  }
}

/** mae: |a - y|; the slope at 0 is 0. */
@unmanaged
export class AbsoluteError {
  @inline value(a: v128, y: v128, _p: v128): v128 {
    return f32x4.abs(f32x4.sub(a, y));
  }
  @inline slope(a: v128, y: v128, _p: v128): v128 {
    return sign(f32x4.sub(a, y));
  }
}

/** huber, p = δ: e^2 / 2 where |e| < δ, else δ (|e| - δ / 2), with e = a - y. */
@unmanaged
export class Huber {
  @inline value(a: v128, y: v128, p: v128): v128 {
    const e = flush(f32x4.abs(f32x4.sub(a, y)), least());
    const half = f32x4.splat(0.5);
    const near = f32x4.mul(half, f32x4.mul(e, e));
    const far = f32x4.mul(p, f32x4.sub(e, f32x4.mul(half, p)));
    return v128.bitselect(near, far, f32x4.lt(e, p));
  }
  @inline slope(a: v128, y: v128, p: v128): v128 {
    return f32x4.pmin(f32x4.pmax(f32x4.sub(a, y), f32x4.neg(p)), p);
  }
}

/** smoothL1, p = β: e^2 / (2β) where |e| < β, else |e| - β / 2; β = 0 is mae. */
@unmanaged
export class SmoothL1 {
  @inline value(a: v128, y: v128, p: v128): v128 {
    const e = flush(f32x4.abs(f32x4.sub(a, y)), least());
    const half = f32x4.splat(0.5);
    const near = f32x4.div(f32x4.mul(half, f32x4.mul(e, e)), p);
    const far = f32x4.sub(e, f32x4.mul(half, p));
    return v128.bitselect(near, far, f32x4.lt(e, p));
  }
  @inline slope(a: v128, y: v128, p: v128): v128 {
    const e = f32x4.sub(a, y);
    return v128.bitselect(f32x4.div(e, p), sign(e), f32x4.lt(f32x4.abs(e), p));
  }
}

/** crossEntropy on probabilities: -y max(log a, -100); slope -y / max(a, 1e-12). */
@unmanaged
export class CrossEntropy {
  @inline value(a: v128, y: v128, _p: v128): v128 {
    return f32x4.neg(f32x4.mul(y, clampedLog(a)));
  }
  @inline slope(a: v128, y: v128, _p: v128): v128 {
    return f32x4.neg(f32x4.div(y, f32x4.pmax(a, f32x4.splat(1e-12))));
  }
}

/**
 * binaryCrossEntropy on probabilities: -(y log a + (1 - y) log(1 - a)), logs taken as at least -100; the slope is
 * (a - y) / max(a (1 - a), 1e-12).
 */
@unmanaged
export class BinaryCrossEntropy {
  @inline value(a: v128, y: v128, _p: v128): v128 {
    const one = f32x4.splat(1);
    // log1p keeps the cost of a probability near 0, which log(1 - a) would round away
    const rest = f32x4.pmax(log1p(f32x4.pmax(f32x4.neg(a), f32x4.splat(-1))), f32x4.splat(-100));
    return f32x4.neg(f32x4.add(f32x4.mul(y, clampedLog(a)), f32x4.mul(f32x4.sub(one, y), rest)));
  }
  @inline slope(a: v128, y: v128, _p: v128): v128 {
    const variance = f32x4.mul(a, f32x4.sub(f32x4.splat(1), a));
    return f32x4.div(f32x4.sub(a, y), f32x4.pmax(variance, f32x4.splat(1e-12)));
  }
}

/**
 * binaryCrossEntropy over a sigmoid, from the logits z: max(z, 0) - z y + log1p(exp(-|z|)), whose first two terms are
 * |z| (1 - y) for z > 0 and |z| y otherwise, without the cancellation. The slope by z is a - y.
 */
@unmanaged
export class SigmoidBinaryCrossEntropy {
  @inline value(z: v128, y: v128, _p: v128): v128 {
    const size = f32x4.abs(z);
    const miss = v128.bitselect(f32x4.sub(f32x4.splat(1), y), y, f32x4.gt(z, f32x4.splat(0)));
    return f32x4.add(f32x4.mul(size, miss), log1p(normalExp(f32x4.neg(size))));
  }
  @inline slope(a: v128, y: v128, _p: v128): v128 {
    return f32x4.sub(a, y);
  }
}

/** max(log a, -100), with a <= 0 taken as 0. */
// @ts-ignore: decorator
@inline
function clampedLog(a: v128): v128 {
  return f32x4.pmax(log(f32x4.pmax(a, f32x4.splat(0))), f32x4.splat(-100));
}

/** 1, 0 or -1; 0 for a NaN, as PyTorch has it. */
// @ts-ignore: decorator
@inline
function sign(x: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  return f32x4.sub(v128.and(f32x4.gt(x, zero), one), v128.and(f32x4.lt(x, zero), one));
}
