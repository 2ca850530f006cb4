import { flush, least } from '../lanes/flush';
import { one } from '../math/constant';
import { expm1 } from '../math/expm1';
import { normalExp } from '../math/normal';

/*
 * The activations that are linear on one side of 0 or both: a = `value`, da/dz = `slope`, in four lanes. At 0 the
 * slope is that of the left side. A value below `bound` is 0 (see flush.ts). A class is a compile-time name: its methods
 * are inlined into the loops of `activate.ts`.
 */

/** z; 1. */
@unmanaged
export class Linear {
  @inline value(z: v128, _p: v128, bound: v128): v128 {
    return flush(z, bound);
  }
  @inline slope(_z: v128, _a: v128, _p: v128): v128 {
    return one();
  }
}

/** max(z, 0); 1 above 0, else 0. */
@unmanaged
export class Relu {
  @inline value(z: v128, _p: v128, bound: v128): v128 {
    // a NaN is not below the bound
    return v128.andnot(z, f32x4.lt(z, bound));
  }
  @inline slope(z: v128, _a: v128, _p: v128): v128 {
    return v128.and(f32x4.gt(z, f32x4.splat(0)), one());
  }
}

/** z above 0, else p z; 1 above 0, else p. */
@unmanaged
export class LeakyRelu {
  @inline value(z: v128, p: v128, bound: v128): v128 {
    return flush(v128.bitselect(z, f32x4.mul(p, z), f32x4.gt(z, f32x4.splat(0))), bound);
  }
  @inline slope(z: v128, _a: v128, p: v128): v128 {
    return v128.bitselect(one(), p, f32x4.gt(z, f32x4.splat(0)));
  }
}

/** z above 0, else p (e^z - 1); 1 above 0, else p e^z. */
@unmanaged
export class Elu {
  @inline value(z: v128, p: v128, bound: v128): v128 {
    const y = flush(z, bound); // what expm1 squares
    return flush(v128.bitselect(y, f32x4.mul(p, expm1(y)), f32x4.gt(y, f32x4.splat(0))), bound);
  }
  @inline slope(z: v128, _a: v128, p: v128): v128 {
    const power = flush(f32x4.mul(p, normalExp(z)), least());
    return v128.bitselect(one(), power, f32x4.gt(z, f32x4.splat(0)));
  }
}
