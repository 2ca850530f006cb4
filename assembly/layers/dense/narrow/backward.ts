import { activateBackward } from '../../../activations/activate';
import { LINEAR, SIGMOID } from '../../../activations/table';
import { isFused } from '../backward';
import { flush, least } from '../../../lanes/flush';
import { gemmDelta } from '../../../gemm/delta';
import { Layer } from '../../../abi/layer';
import { layerOf, Network } from '../../../abi/network';
import { largestLane, raised } from './vectors';

/** delta = dC/dz of every layer, from d of the last; the bound on the inputs becomes that on every |gradient|. */
// @ts-ignore: decorator
@inline
export function backward(network: Network): void {
  const depth = network.depth;
  let size = f32x4.splat(0),
    d0 = size,
    d1 = size,
    ready = false;
  for (let index = depth - 1; ; index--) {
    const layer = layerOf(network, index),
      d = layer.d,
      kind = layer.activation;
    const fused = isFused(network, index);
    if (!fused && kind != SIGMOID && kind != LINEAR) {
      if (ready) put(layer, d0, d1);
      activateBackward(kind, layer.z, layer.a, d, layer.ld, layer.parameter);
      ready = false;
    }
    if (!ready) {
      d0 = layer.panels ? v128.load(d) : v128.load32_splat(d);
      d1 = layer.panels ? v128.load(d, 16) : d0;
    }
    if (kind == SIGMOID && !fused) {
      const one = f32x4.splat(1),
        a0 = layer.panels ? v128.load(layer.a) : v128.load32_splat(layer.a),
        a1 = layer.panels ? v128.load(layer.a, 16) : a0;
      d0 = f32x4.mul(d0, f32x4.mul(a0, f32x4.sub(one, a0)));
      d1 = f32x4.mul(d1, f32x4.mul(a1, f32x4.sub(one, a1)));
    }
    d0 = flush(d0, least());
    d1 = flush(d1, least());
    put(layer, d0, d1);
    size = raised(raised(size, d0), d1);
    if (!index) break;
    ready = !layer.panels;
    if (ready) {
      const w = layer.weight;
      d0 = f32x4.mul(d0, layer.lda == 1 ? v128.load32_splat(w) : v128.load(w));
      d1 = layer.lda == 1 ? d0 : f32x4.mul(d1, v128.load(w, 16));
    } else {
      const below = layerOf(network, index - 1).d;
      gemmDelta(
        d,
        layer.ld,
        layer.weight,
        layer.panelStride,
        layer.outputs,
        below,
        layer.lda,
        1,
        0,
        1,
        network.scratch,
      );
    }
  }
  network.bound *= largestLane(size);
}

// @ts-ignore: decorator
@inline
function put(layer: Layer, d0: v128, d1: v128): void {
  if (layer.panels) {
    v128.store(layer.d, d0);
    v128.store(layer.d, d1, 16);
  } else {
    v128.store_lane<f32>(layer.d, d0, 0);
  }
}
