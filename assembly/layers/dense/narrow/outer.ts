import { laneMask } from '../../../lanes/lanes';
import { layerOf, Network } from '../../../abi/network';
import { madd } from '../../../lanes/simd';

/**
 * The outer products of deltas and inputs, into the gradients; or, where `descend`, which is known when it is compiled,
 * `rate` of them off the weights.
 */
// @ts-ignore: decorator
@inline
export function outer(network: Network, x: usize, descend: bool, rate: v128): void {
  const depth = network.depth,
    zero = f32x4.splat(0);
  for (let index = 0; index < depth; index++) {
    const layer = layerOf(network, index),
      end = x + ((<usize>layer.inputs) << 2),
      bias = descend ? layer.bias : layer.biasGradient;
    let w = descend ? layer.weight : layer.weightGradient;
    if (layer.panels) {
      const d0 = v128.load(layer.d),
        d1 = v128.load(layer.d, 16);
      if (layer.hasBias) {
        assign(descend, bias, f32x4.add(zero, d0), rate);
        assign(descend, bias + 16, f32x4.add(zero, d1), rate);
      }
      for (; x < end; x += 4, w += 32) {
        const s = v128.load32_splat(x);
        assign(descend, w, madd(s, d0, zero), rate);
        assign(descend, w + 16, madd(s, d1, zero), rate);
      }
    } else {
      const d = v128.load32_splat(layer.d);
      if (layer.hasBias) assign(descend, bias, f32x4.add(zero, v128.load32_zero(layer.d)), rate);
      for (; x + 16 <= end; x += 16, w += 16) assign(descend, w, madd(v128.load(x), d, zero), rate);
      if (x < end) {
        const inside = laneMask(<i32>((end - x) >> 2));
        assign(descend, w, v128.and(madd(v128.load(x), d, zero), inside), rate);
      }
    }
    x = layer.a;
  }
}

// @ts-ignore: decorator
@inline
function assign(descend: bool, at: usize, gradient: v128, rate: v128): void {
  if (descend) v128.store(at, f32x4.sub(v128.load(at), f32x4.mul(rate, gradient)));
  else v128.store(at, gradient);
}
