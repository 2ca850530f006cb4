import { flush, least } from '../lanes/flush';

/**
 * out := out + share * (w - out), and out := w where share is 1: a moving average of weights, or with a share of 1 / n
 * the mean of n. What comes to be below LEAST of flush.ts is 0, as among the weights.
 *
 * out and w hold `count` floats, a multiple of 4, and do not overlap; w is read. 3 flops an element, bound by loads and
 * stores. Three roundings, each of half an ulp. torch.optim.swa_utils.AveragedModel, and its `avg_fn`.
 */
export function average(out: usize, w: usize, count: i32, share: f32): void {
  if (share == 1) return memory.copy(out, w, (<usize>count) << 2);
  const end = out + ((<usize>count) << 2);
  const part = f32x4.splat(share);
  for (; out < end; out += 16, w += 16) {
    const mean = v128.load(out);
    const moved = f32x4.add(mean, f32x4.mul(part, f32x4.sub(v128.load(w), mean)));
    v128.store(out, flush(moved, least()));
  }
}
