/**
 * The quantisation of a dense layer, number by number: integers where the kernels have integers, and float32 after each
 * operation where they have float32. The kernels give these very bits.
 */
const { fround } = Math;

const LEAST = 2 ** -63;
const SMALL = 2 ** -125;
const NORMAL = 2 ** -126;

/** A row of activations in 7 bits: x ~ (q - zero) * scale. */
export interface QuantisedRow {
  readonly q: readonly number[];
  readonly zero: number;
  readonly scale: number;
}

/** The nearest whole number, ties to even. */
export function nearest(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

export function quantiseRow(x: ArrayLike<number>): QuantisedRow {
  const values = Array.from(x, fround);
  const high = Math.max(0, ...values);
  const low = Math.min(0, ...values);
  let scale = fround(fround(high / 127) - fround(low / 127));
  if (!values.every(Number.isFinite)) scale = NaN;
  if (scale < NORMAL) scale = 0;
  const inverse = scale === 0 ? 0 : fround(1 / scale);
  const zero = nearest(fround(-low * inverse)) || 0; // not -0
  return { q: values.map((value) => Math.min(127, nearest(fround(value * inverse)) + zero)), zero, scale };
}

/** Weights [outputs][inputs] as whole numbers from -127 to 127, and the scale of each output. */
export function quantiseWeights(weights: readonly (readonly number[])[]): { q: number[][]; scales: number[] } {
  const scales = weights.map((row) => fround(Math.max(0, ...row.map((w) => Math.abs(fround(w)))) / 127));
  const q = weights.map((row, j) =>
    row.map((w) => (scales[j] === 0 ? 0 : Math.max(-127, Math.min(127, Math.round(fround(w) / scales[j]))))),
  );
  return { q, scales };
}

/** z = W x + b of one row, W being q times the scales. */
export function productOf(
  { q, zero, scale }: QuantisedRow,
  weights: { readonly q: readonly (readonly number[])[]; readonly scales: readonly number[] },
  biases: ArrayLike<number>,
): number[] {
  return weights.q.map((row, j) => {
    // exact: below 2^53
    const sum = row.reduce((total, w, k) => total + w * (q[k] - zero), 0);
    return fround(fround(fround(sum) * fround(scale * weights.scales[j])) + fround(biases[j]));
  });
}

/** A network of quantised dense layers, relu between them and linear at the end, for one row. */
export function predict(
  layers: readonly { readonly weights: readonly (readonly number[])[]; readonly biases: readonly number[] }[],
  x: ArrayLike<number>,
): number[] {
  return layers.reduce<number[]>(
    (a, { weights, biases }, index) => {
      const z = productOf(quantiseRow(a), quantiseWeights(weights), biases);
      if (index + 1 === layers.length) return z.map((value) => (Math.abs(value) < SMALL ? 0 : value));
      return z.map((value) => (value < LEAST ? 0 : value));
    },
    Array.from(x, fround),
  );
}
