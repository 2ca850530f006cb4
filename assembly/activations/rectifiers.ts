import { exp } from '../math/exp';
import { expm1 } from '../math/expm1';

/*
 * The activations that are linear on one side of 0 or both: a = `value`, da/dz = `slope`, in four lanes. At 0 the
 * slope is that of the left side. A class is a compile-time name: its methods are inlined into the loops of
 * `activation.ts`.
 */

/** z; 1. */
@unmanaged
export class Linear {
  @inline value(z: v128, _p: v128): v128 {
    return z;
  }
  @inline slope(_z: v128, _a: v128, _p: v128): v128 {
    return f32x4.splat(1);
  }
}

/** max(z, 0); 1 above 0, else 0. */
@unmanaged
export class Relu {
  @inline value(z: v128, _p: v128): v128 {
    // z comes first: a NaN z is then returned
    return f32x4.pmax(z, f32x4.splat(0));
  }
  @inline slope(z: v128, _a: v128, _p: v128): v128 {
    return v128.and(f32x4.gt(z, f32x4.splat(0)), f32x4.splat(1));
  }
}

/** z above 0, else p z; 1 above 0, else p. */
@unmanaged
export class LeakyRelu {
  @inline value(z: v128, p: v128): v128 {
    return v128.bitselect(z, f32x4.mul(p, z), f32x4.gt(z, f32x4.splat(0)));
  }
  @inline slope(z: v128, _a: v128, p: v128): v128 {
    return v128.bitselect(f32x4.splat(1), p, f32x4.gt(z, f32x4.splat(0)));
  }
}

/** z above 0, else p (e^z - 1); 1 above 0, else p e^z. */
@unmanaged
export class Elu {
  @inline value(z: v128, p: v128): v128 {
    return v128.bitselect(z, f32x4.mul(p, expm1(z)), f32x4.gt(z, f32x4.splat(0)));
  }
  @inline slope(z: v128, _a: v128, p: v128): v128 {
    return v128.bitselect(f32x4.splat(1), f32x4.mul(p, exp(z)), f32x4.gt(z, f32x4.splat(0)));
  }
}
