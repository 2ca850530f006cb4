import { Gelu, GeluTanh } from './gelu';
import { Sigmoid, Silu, Softplus, Tanh } from './logistic';
import { Elu, LeakyRelu, Linear, Relu } from './rectifiers';
import { ELU, GELU, GELU_TANH, LEAKY_RELU, LINEAR, RELU, SIGMOID, SILU, SOFTPLUS, TANH } from './codes';

export * from './codes';

/**
 * Runs `Loop`'s method `run` for the activation `kind`, which is a compile-time name there: what it does is inlined
 * into the loop once for each. The pointers, the count, the parameter and the bound are what that loop takes; they
 * are in all lanes before the branch, once for all activations.
 */
// @ts-ignore: decorator
@inline
export function dispatch<Loop>(kind: i32, z: usize, a: usize, d: usize, count: i32, p: v128, bound: v128): f32 {
  const loop = changetype<Loop>(0);
  switch (kind) {
    case LINEAR:
      return loop.run<Linear>(z, a, d, count, p, bound);
    case SIGMOID:
      return loop.run<Sigmoid>(z, a, d, count, p, bound);
    case TANH:
      return loop.run<Tanh>(z, a, d, count, p, bound);
    case RELU:
      return loop.run<Relu>(z, a, d, count, p, bound);
    case LEAKY_RELU:
      return loop.run<LeakyRelu>(z, a, d, count, p, bound);
    case ELU:
      return loop.run<Elu>(z, a, d, count, p, bound);
    case SILU:
      return loop.run<Silu>(z, a, d, count, p, bound);
    case SOFTPLUS:
      return loop.run<Softplus>(z, a, d, count, p, bound);
    case GELU:
      return loop.run<Gelu>(z, a, d, count, p, bound);
    case GELU_TANH:
      return loop.run<GeluTanh>(z, a, d, count, p, bound);
    default:
      return unreachable();
  }
}
