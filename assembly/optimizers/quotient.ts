/*
 * Adam, RMSprop and Adagrad divide by sqrt(s) + epsilon, where s is a sum or an average of squares. Epsilon alone
 * bounds the quotient only where it is not tiny. But what is divided, u, is made of the very gradients whose squares
 * are in s:
 *
 *     u <= ratio * sqrt(s + t),        and so    u / (sqrt(s) + epsilon) <= ratio * max(1, sqrt(t) / epsilon)
 *
 * where t makes up for squares, or parts of s, that are too small for float32: s := keep * s + share * g^2 - LOST at
 * the least, so that with t = LOST / share, at least LOST / (1 - keep), the recursion of s + t loses nothing.
 *
 * - Adagrad (share 1) and RMSprop (share 1 - alpha): u is |g|, and share * g^2 <= s + t, so ratio = 1 / sqrt(share).
 *   Of the centred form s is a variance, which may be 0 beside any gradient: no ratio holds.
 * - Adam (share 1 - beta2): u is |m|. Of m := beta1 * m + (1 - beta1) * g and s := beta2 * s + share * g^2, the old m
 *   is at most ratio * sqrt(old s + t) <= ratio * sqrt((s + t) / beta2), and g at most sqrt((s + t) / share), so
 *       ratio := ratio * beta1 / sqrt(beta2) + (1 - beta1) / sqrt(share)
 *   It begins with 0, or with what the arrays say. With amsgrad s is the largest so far, which is never less than
 *   either. The correction of s, at least 1, and that of a clipped or a flushed gradient only make the quotient
 *   smaller.
 */

/** What an average of squares may lose of a square where that is too small for float32. */
const LOST: f64 = 1.2e-38;
/** More than the roundings of a step can add to a quotient. */
export const ROUNDED: f64 = 1.000001;

/** A bound on `size` or less, divided by an optimizer's root: by epsilon, or by the ratio. */
export function quotient(size: f64, ratio: f64, share: f64, epsilon: f64): f64 {
  return min(size / epsilon, ratio * ROUNDED * max(1, Math.sqrt(LOST / share) / epsilon));
}

/** The largest |m| / sqrt(s + t) of `count` averages m and squares s. */
export function largestRatio(m: usize, s: usize, count: i32, share: f64): f64 {
  const t = LOST / share;
  let most: f64 = 0;
  for (let at: usize = 0; at < (<usize>count) << 2; at += 4) {
    most = max(most, Math.abs(<f64>load<f32>(m + at)) / Math.sqrt(<f64>load<f32>(s + at) + t));
  }
  return most;
}
