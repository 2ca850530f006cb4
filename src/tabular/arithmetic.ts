/*
 * What tables need beyond + - * / and the square root, made of those alone: engines differ in the last bits of
 * `Math.log` and `Math.sin`, and a model has the same bits everywhere.
 */

const LN2 = 0.6931471805599453;
const SQRT2 = 1.4142135623730951;
const TERMS = 11;
const HALF_PI = 1.5707963267948966;

/**
 * The natural logarithm, within 1e-15 of it relative to 1: x = m 2^e with m within a factor of sqrt(2) of 1, and log m
 * the series of 2 artanh((m - 1) / (m + 1)).
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let m = x;
  let e = 0;
  for (; m > SQRT2; m /= 2) e++;
  for (; m < 1 / SQRT2; m *= 2) e--;
  const s = (m - 1) / (m + 1);
  const square = s * s;
  let sum = 0;
  for (let k = TERMS; k >= 0; k--) sum = sum * square + 1 / (2 * k + 1);
  return e * LN2 + 2 * s * sum;
}

/** The sine and cosine of a share of a full turn, within 1e-15. */
export function circle(turns: number): readonly [sine: number, cosine: number] {
  const quarters = (turns - Math.floor(turns)) * 4;
  const nearest = Math.round(quarters);
  const angle = (quarters - nearest) * HALF_PI; // within an eighth of a turn
  const square = angle * angle;
  let sine = 1;
  let cosine = 1;
  for (let k = 9; k >= 1; k--) {
    sine = 1 - (sine * square) / (2 * k * (2 * k + 1));
    cosine = 1 - (cosine * square) / (2 * k * (2 * k - 1));
  }
  sine *= angle;
  const turned: readonly (readonly [number, number])[] = [
    [sine, cosine],
    [cosine, -sine],
    [-sine, -cosine],
    [-cosine, sine],
  ];
  return turned[nearest % 4];
}

/** Of sorted values, the quantile as NumPy's default takes it: linear between two neighbours. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  const rest = at - below;
  return rest === 0 ? sorted[below] : sorted[below] * (1 - rest) + sorted[above] * rest; // no overflow between them
}

/** Numbers in ascending order, in a new array. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** The mean, in one order; NaN of nothing. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Random numbers of 32 bits: Chris Doty-Humphrey's sfc32, which passes PractRand. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  /** @param stream tells apart what draws from one seed */
  constructor(seed: number, stream: number) {
    this.#a = seed >>> 0;
    this.#b = Math.floor(seed / 0x100000000) >>> 0;
    this.#c = stream >>> 0;
    for (let i = 0; i < 12; i++) this.next();
  }

  next(): number {
    const sum = (this.#a + this.#b + this.#count++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A whole number from 0 to n - 1; the bias is below n / 2^32. */
  below(n: number): number {
    return Math.floor((this.next() / 0x100000000) * n);
  }

  /** The same items in an order of its own, in place. */
  shuffle<T extends unknown[] | Int32Array>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  }
}
