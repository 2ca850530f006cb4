import { activate } from '../../../activations/activate';
import { boundOf, isBounded, SIGMOID } from '../../../activations/table';
import { flushBeside, LEAST } from '../../../lanes/flush';
import { gatherRows } from '../../../step/gather';
import { loss } from '../../../losses/loss';
import { MSE, QUADRATIC } from '../../../losses/table';
import { SquaredError } from '../../../losses/terms';
import { sigmoidFrom, sigmoidOfFirst } from '../../../math/sigmoid';
import { Layer } from '../../../abi/layer';
import { layerOf, Network } from '../../../abi/network';
import { madd, sumLane } from '../../../lanes/simd';
import { largestLane, raised, WIDEST } from './vectors';

/**
 * z = W * x + b and a = activation(z), layer by layer, then the cost, and d of the last layer. A layer's values stay in
 * a0 and a1; of a layer with one output all lanes are alike.
 */
// @ts-ignore: decorator
@inline
export function forward(network: Network, x: usize, y: usize): f64 {
  const depth = network.depth;
  let a0 = f32x4.splat(0),
    a1 = a0,
    size = f32x4.splat(max(network.inputSize, <f32>1));
  for (let index = 0; index < depth; index++) {
    const layer = layerOf(network, index),
      kind = layer.activation,
      isLast = index + 1 == depth,
      bound = boundOf(kind, isLast);
    if (layer.panels) {
      const end = x + ((<usize>layer.inputs) << 2);
      let w = layer.weight,
        z0 = v128.load(layer.bias),
        z1 = v128.load(layer.bias, 16);
      for (; x < end; x += 4, w += 32) {
        const s = v128.load32_splat(x);
        z0 = madd(s, v128.load(w), z0);
        z1 = madd(s, v128.load(w, 16), z1);
      }
      v128.store(layer.z, z0);
      v128.store(layer.z, z1, 16);
      if (kind == SIGMOID) {
        a0 = sigmoidFrom(z0, f64x2.splat(bound));
        a1 = sigmoidFrom(z1, f64x2.splat(bound));
        v128.store(layer.a, a0);
        v128.store(layer.a, a1, 16);
      } else {
        activate(kind, layer.z, layer.a, WIDEST, layer.parameter, bound);
        a0 = v128.load(layer.a);
        a1 = v128.load(layer.a, 16);
      }
    } else {
      const z = singleValue(layer, a0, a1);
      store<f32>(layer.z, z);
      if (kind == SIGMOID) {
        const a = sigmoidOfFirst(f32x4.splat(z), f64x2.splat(bound));
        store<f32>(layer.a, a);
        a0 = f32x4.splat(a);
      } else {
        activate(kind, layer.z, layer.a, 1, layer.parameter, bound);
        a0 = v128.load32_splat(layer.a);
      }
      a1 = a0;
    }
    if (!isBounded(kind) && !isLast) size = raised(raised(size, a0), a1);
    x = layer.a;
  }
  network.bound = largestLane(size);
  return measure(network, a0, y);
}

// @ts-ignore: decorator
@inline
function singleValue(layer: Layer, x0: v128, x1: v128): f32 {
  const w = layer.weight,
    bias = load<f32>(layer.bias);
  if (layer.lda == 1) return f32x4.extract_lane(x0, 0) * load<f32>(w) + bias;
  const zero = f32x4.splat(0);
  return sumLane(f32x4.add(madd(x0, v128.load(w), zero), madd(x1, v128.load(w, 16), zero))) + bias;
}

/** The cost; d of the last layer = dC/da, or dC/dz for a fused pair. */
// @ts-ignore: decorator
@inline
function measure(network: Network, a: v128, y: usize): f64 {
  const last = layerOf(network, network.depth - 1),
    kind = network.lossKind,
    outputs = last.outputs;
  if (outputs > 1 || (kind != QUADRATIC && kind != MSE)) {
    // a row of as many floats as the kernel may read
    gatherRows(y, outputs, 0, 0, 1, network.target, last.ld);
    return loss(kind, last.z, last.a, network.target, 0, last.d, 1, outputs, last.ld, network.lossParameter, 1, 0);
  }
  const term = changetype<SquaredError>(0),
    target = v128.load32_splat(y);
  const slope = term.slope(a, target, a);
  store<f32>(last.d, f32x4.extract_lane(flushBeside(slope, f32x4.sub(a, target), f32x4.splat(LEAST / 2)), 0));
  return f32x4.extract_lane(term.value(a, target, a), 0);
}
