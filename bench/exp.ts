/** exp for float32 results, about three times as fast as Math.exp: the pure trainer's sigmoid, tanh and softmax. */

const LIMIT = 32; // exp(-32) is far below half an ulp of 1 in float32; beyond, sigmoid and tanh no longer change
const STEPS = 16; // per unit of x
const TABLE = Float64Array.from({ length: 2 * LIMIT * STEPS + 1 }, (_, i) => Math.exp(i / STEPS - LIMIT));

/** exp of x clamped to [-32, 32]: exp(n / 16) from a table times a Taylor polynomial; relative error below 3e-10. */
export function exp(x: number): number {
  const clamped = x < -LIMIT ? -LIMIT : x > LIMIT ? LIMIT : x;
  const n = (clamped * STEPS + (LIMIT * STEPS + 0.5)) | 0;
  const r = clamped - (n - LIMIT * STEPS) * (1 / STEPS); // |r| <= 1/32
  return TABLE[n] * (1 + r * (1 + r * (0.5 + r * (1 / 6 + r * (1 / 24)))));
}
