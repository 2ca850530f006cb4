import { Layer } from '../abi/layer';
import { Network } from '../abi/network';
import { NORMAL } from '../lanes/flush';
import { loadLanes } from '../lanes/lanes';
import { largest } from '../lanes/vector';
import { raise } from '../step/barrier';
import { firstColumn, noteOverflow, noteSize } from './flow';
import { DELTA, FORWARD } from './kinds';
import { standardise, standardiseBackward } from './norms/columns';
import { highPair, lowPair, rounded, scaleGradient } from './norms/gradient';

/**
 * z = (x - mean) / sqrt(variance + epsilon), a = weight * z + bias. Ioffe and Szegedy 2015. In training the mean and
 * variance are those of each column of the batch, all of whose rows are one pass; otherwise the running ones. A layer
 * that is not trained has the running ones always. It keeps the batch's means and, behind whole panels of them, its
 * variances.
 */
@unmanaged
export class BatchNorm {
  @inline begin(_network: Network, layer: Layer, _index: i32, stage: i32): void {
    if (stage == FORWARD) layer.size = 0;
  }

  @inline run(network: Network, layer: Layer, _index: i32, stage: i32, part: i32, parts: i32): void {
    const from = firstColumn(layer, part, parts),
      to = firstColumn(layer, part + 1, parts),
      rows = network.rows,
      ofBatch = isOfBatch(network, layer);
    if (from >= to) return;
    if (stage == FORWARD) {
      if (ofBatch) measureColumns(layer, rows, from, to);
      standardise(
        layer,
        rows,
        from,
        to,
        ofBatch ? layer.kept : layer.mean,
        ofBatch ? variances(layer) : layer.variance,
      );
      noteSize(layer, layer.a + ((<usize>from) << 2), rows, min((to - from + 7) & ~7, layer.ld - from));
    } else if (stage == DELTA) {
      standardiseBackward(network, layer, from, to, ofBatch ? variances(layer) : layer.variance, ofBatch);
    } else {
      // a column's squares have the mean 1 at most
      scaleGradient(network, layer, from, to, <f32>Math.sqrt(<f64>rows));
    }
  }

  @inline end(network: Network, layer: Layer, index: i32, stage: i32): void {
    if (stage == FORWARD) noteOverflow(network, layer, index);
  }

  @inline units(_network: Network, layer: Layer, _stage: i32): i32 {
    return layer.panels;
  }

  @inline cost(network: Network, layer: Layer, _stage: i32): f64 {
    return 16 * <f64>network.rows * <f64>layer.outputs;
  }
}

// @ts-ignore: decorator
@inline
function isOfBatch(network: Network, layer: Layer): bool {
  return network.training != 0 && layer.trains != 0;
}

// @ts-ignore: decorator
@inline
function variances(layer: Layer): usize {
  return layer.kept + ((<usize>layer.panels) << 5);
}

/** The mean and variance of some columns, each summed in float64 in the order of the rows. */
function measureColumns(layer: Layer, rows: i32, from: i32, to: i32): void {
  const lda = layer.lda,
    count = f64x2.splat(<f64>rows);
  for (let j = from; j < to; j += 4) {
    const offset = (<usize>j) << 2,
      first = layer.x + offset;
    let low = f64x2.splat(0),
      high = low,
      x = first;
    for (let row = 0; row < rows; row++) {
      const value = loadLanes(x, lda - j);
      low = f64x2.add(low, lowPair(value));
      high = f64x2.add(high, highPair(value));
      x += (<usize>lda) << 2;
    }
    const lowMean = f64x2.div(low, count),
      highMean = f64x2.div(high, count);
    low = high = f64x2.splat(0);
    x = first;
    for (let row = 0; row < rows; row++) {
      const value = loadLanes(x, lda - j),
        lowRest = f64x2.sub(lowPair(value), lowMean),
        highRest = f64x2.sub(highPair(value), highMean);
      low = f64x2.add(low, f64x2.mul(lowRest, lowRest));
      high = f64x2.add(high, f64x2.mul(highRest, highRest));
      x += (<usize>lda) << 2;
    }
    v128.store(layer.kept + offset, rounded(lowMean, highMean));
    v128.store(variances(layer) + offset, rounded(f64x2.div(low, count), f64x2.div(high, count)));
  }
  // z of a variance that float32 does not hold would be 0, which nobody would see; the running one is up to twice as
  // much
  const isHeld = largest(variances(layer) + ((<usize>from) << 2), to - from) < f32.MAX_VALUE / 2;
  if (!isHeld) raise(changetype<usize>(layer) + offsetof<Layer>('size'), Infinity);
}

/**
 * After a step: running = (1 - momentum) * running + momentum * that of the batch, the variance as PyTorch has it, of
 * which the batch is a sample: its squares divided by one less than its rows.
 */
export function keepStatistics(network: Network, layer: Layer): void {
  if (!isOfBatch(network, layer)) return;
  const rows = <f64>network.batch,
    momentum = layer.momentum;
  for (let at: usize = 0; at < (<usize>layer.outputs) << 2; at += 4) {
    move(layer.mean + at, <f64>load<f32>(layer.kept + at), momentum);
    move(layer.variance + at, (<f64>load<f32>(variances(layer) + at) * rows) / (rows - 1), momentum);
  }
}

// @ts-ignore: decorator
@inline
function move(at: usize, to: f64, momentum: f64): void {
  const value = <f32>((1 - momentum) * <f64>load<f32>(at) + momentum * to);
  store<f32>(at, Mathf.abs(value) < NORMAL ? 0 : value);
}
