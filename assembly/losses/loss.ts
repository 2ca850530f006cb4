import { elementwise } from './elementwise';
import { softmaxCrossEntropy } from './softmax';
import { isOfLogits, isOfRows, isSum, SOFTMAX_CROSS_ENTROPY } from './table';

/**
 * Returns Σ w_k C_k over the rows, C_k the cost of one example (not averaged over examples), and writes
 *
 *     d = scale * w_k * ∂C_k/∂a          (kinds 7 and 8: scale * w_k * ∂C_k/∂z)
 *
 * or 0 where that is below LEAST of flush.ts; a caller that passes scale = 1 / Σ w_k averages, once, here. w_k is row k
 * of `weights` [rows] >= 0, or 1 where that is 0. The formulas are PyTorch's and stand in
 * `terms.ts` and `softmax.ts`; quadratic adds up the outputs of an example, mse, mae, huber, smoothL1 and
 * both binary cross-entropies average them, cross-entropy is one number per example.
 *
 * z (logits; read by kinds 7 and 8 only) and a (outputs; not read by 7 and 8 where d = 0): [rows, columns], row
 * stride `ld` floats, ld >= columns. Targets: y, dense, the same shape and stride, with labels = 0; or, kinds 5 and 7,
 * labels: rows class indices (4-byte integers) with y = 0. d: [rows, ld], overwritten, columns..ld with zeros; d = 0
 * computes the cost alone. All are float32 at any alignment, and nothing behind rows * ld floats is touched. d may be
 * one of z, a and y; otherwise nothing overlaps. `parameter`: δ of huber, β of smoothL1, label smoothing ε of the
 * cross-entropies (t := (1 - ε) t + ε / columns, labels and dense rows alike).
 *
 * Terms are float32 (their errors stand with their formulas) and are added in float64, in one order that depends on
 * rows and columns only. About 5 to 10 flops an element, and the exp or log of the formula. A NaN in what the cost is
 * made of makes it NaN. A label outside 0..columns-1 is no column's, and reads nothing.
 */
export function loss(
  kind: i32,
  z: usize,
  a: usize,
  y: usize,
  labels: usize,
  d: usize,
  rows: i32,
  columns: i32,
  ld: i32,
  parameter: f32,
  scale: f64,
  weights: usize,
): f64 {
  if (kind == SOFTMAX_CROSS_ENTROPY) {
    return softmaxCrossEntropy(z, a, y, labels, d, rows, columns, ld, parameter, scale, weights);
  }
  const x = isOfLogits(kind) ? z : a,
    smoothing = isOfRows(kind) ? parameter : 0,
    divisor = isSum(kind) ? 1 : columns;
  return elementwise(kind, x, a, y, labels, d, rows, columns, ld, parameter, smoothing, scale, divisor, weights);
}
