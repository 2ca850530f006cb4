import { Layer } from '../../abi/layer';
import { Network } from '../../abi/network';
import { flush, least } from '../../lanes/flush';
import { laneMask, loadLanes, storeLanes } from '../../lanes/lanes';
import { madd } from '../../lanes/simd';
import { deltaOf } from '../flow';

/*
 * Columns that are standardised by a mean and a variance that are known: what normalize does, and batchNorm once it has
 * them. Columns `from` to `to` - 1, `from` a multiple of 4.
 */

/**
 * Of four columns from j on 1 / sqrt(variance + epsilon). 0 where that sum is 0, and behind the last column: there x
 * may be anything finite.
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

/**
 * dC/dx = weight / sqrt(variance + epsilon) * d, where d = dC/da and neither mean nor variance depends on x. Where they
 * are those `ofBatch`, x moves them too, and d - mean of d - z * mean of d * z takes the place of d: the sums of d and
 * of d * z over the batch are the gradients of bias and weight.
 */
export function standardiseBackward(
  network: Network,
  layer: Layer,
  from: i32,
  to: i32,
  variances: usize,
  ofBatch: bool,
): void {
  const out = deltaOf(network, layer),
    lda = layer.lda,
    ld = layer.ld,
    share = f32x4.splat(<f32>(1 / <f64>network.rows)),
    keep = i32x4.splat(layer.adds ? -1 : 0);
  for (let j = from; j < to; j += 4) {
    const offset = (<usize>j) << 2,
      slope = f32x4.mul(weightsOf(layer, j), factorOf(layer, variances, j));
    let mean = f32x4.splat(0),
      meanZ = mean;
    if (ofBatch) {
      mean = flush(f32x4.mul(v128.load(layer.biasGradient + offset), share), least());
      meanZ = flush(f32x4.mul(v128.load(layer.weightGradient + offset), share), least());
    }
    let d = layer.d + offset,
      z = layer.z + offset,
      dx = out + offset;
    for (let row = 0; row < network.rows; row++) {
      const away = f32x4.add(mean, f32x4.mul(loadLanes(z, ld - j), meanZ)),
        value = f32x4.mul(slope, flush(f32x4.sub(loadLanes(d, ld - j), away), least()));
      storeLanes(dx, f32x4.add(v128.and(loadLanes(dx, lda - j), keep), value), lda - j);
      d += (<usize>ld) << 2;
      z += (<usize>ld) << 2;
      dx += (<usize>lda) << 2;
    }
  }
}
