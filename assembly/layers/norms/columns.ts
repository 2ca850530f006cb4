import { Layer, Network } from '../../abi/records';
import { flush, least } from '../../lanes/flush';
import { laneMask, loadLanes, storeLanes } from '../../lanes/lanes';
import { madd } from '../../lanes/simd';
import { deltaOf } from '../flow';

/*
 * Columns that are standardised by a mean and a variance that are known: what normalize does, and batchNorm once it has
 * them. Columns `from` to `to` - 1, `from` a multiple of 4.
 */

/**
 * Of four columns from j on 1 / sqrt(variance + epsilon). 0 where that sum is 0, and behind the last column: there x may be
 * anything finite.
 */
// @ts-ignore: decorator
@inline
export function factorOf(layer: Layer, variance: usize, j: i32): v128 {
  const sum = f32x4.add(v128.load(variance + ((<usize>j) << 2)), f32x4.splat(layer.epsilon)),
    factor = f32x4.div(f32x4.splat(1), f32x4.sqrt(sum));
  return v128.and(v128.and(factor, f32x4.gt(sum, f32x4.splat(0))), laneMask(layer.outputs - j));
}

/** The weights of four columns from j on, 1 where the layer has none. */
// @ts-ignore: decorator
@inline
export function weightsOf(layer: Layer, j: i32): v128 {
  return layer.weight ? v128.load(layer.weight + ((<usize>j) << 2)) : f32x4.splat(1);
}

/** a = weight * z + bias of four columns from j on; what is below LEAST is 0. */
// @ts-ignore: decorator
@inline
export function scaled(layer: Layer, z: v128, j: i32): v128 {
  const bias = layer.bias ? v128.load(layer.bias + ((<usize>j) << 2)) : f32x4.splat(0);
  return flush(madd(weightsOf(layer, j), z, bias), least());
}

/** z = (x - mean) / sqrt(variance + epsilon), and a of it. */
export function standardise(layer: Layer, rows: i32, from: i32, to: i32, means: usize, variances: usize): void {
  const lda = layer.lda,
    ld = layer.ld;
  for (let j = from; j < to; j += 4) {
    const offset = (<usize>j) << 2,
      mean = v128.load(means + offset),
      factor = factorOf(layer, variances, j);
    let x = layer.x + offset,
      z = layer.z + offset,
      a = layer.a + offset;
    for (let row = 0; row < rows; row++) {
      const value = flush(f32x4.mul(f32x4.sub(loadLanes(x, lda - j), mean), factor), least());
      storeLanes(z, value, ld - j);
      storeLanes(a, scaled(layer, value, j), ld - j);
      x += (<usize>lda) << 2;
      z += (<usize>ld) << 2;
      a += (<usize>ld) << 2;
    }
  }
}

/** dC/dx = dC/da * weight / sqrt(variance + epsilon), where neither mean nor variance depends on x. */
export function standardiseBackward(network: Network, layer: Layer, from: i32, to: i32, variances: usize): void {
  const out = deltaOf(network, layer),
    lda = layer.lda,
    ld = layer.ld,
    keep = i32x4.splat(layer.adds ? -1 : 0);
  for (let j = from; j < to; j += 4) {
    const slope = f32x4.mul(weightsOf(layer, j), factorOf(layer, variances, j));
    let d = layer.d + ((<usize>j) << 2),
      dx = out + ((<usize>j) << 2);
    for (let row = 0; row < network.rows; row++) {
      const before = v128.and(loadLanes(dx, lda - j), keep);
      storeLanes(dx, f32x4.add(before, f32x4.mul(flush(loadLanes(d, ld - j), least()), slope)), lda - j);
      d += (<usize>ld) << 2;
      dx += (<usize>lda) << 2;
    }
  }
}
