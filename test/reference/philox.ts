/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3" (SC 2011), and what is drawn from it: the specification of `assembly/random/philox.ts`.
 */

export type Words = [number, number, number, number];

/** The two 32-bit halves of the seed. */
export type Key = [number, number];

/** Ten rounds over the counter, with a key that grows by a Weyl sequence. Unsigned 32-bit words. */
export function philox(counter: Words, key: Key): Words {
  let [c0, c1, c2, c3] = counter.map(BigInt);
  let [k0, k1] = key.map(BigInt);
  for (let round = 0; round < 10; round++) {
    const product0 = 0xd2511f53n * c0;
    const product1 = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [high(product1) ^ c1 ^ k0, low(product1), high(product0) ^ c3 ^ k1, low(product0)];
    k0 = low(k0 + 0x9e3779b9n);
    k1 = low(k1 + 0xbb67ae85n);
  }
  return [c0, c1, c2, c3].map(Number) as Words;
}

/** Word i of a stream: word i mod 4 of the block whose counter is (counter + ⌊i / 4⌋, 0, stream, 0). */
export function word(i: number, key: Key, stream: number, counter: number): number {
  return philox([(counter + Math.floor(i / 4)) % 2 ** 32, 0, stream, 0], key)[i % 4];
}

/** low + (high − low) · u with u the top 24 bits over 2^24, in float32 as the kernel rounds it. */
export function uniform(i: number, low: number, high: number, key: Key, stream: number, counter: number): number {
  const u = (word(i, key, stream, counter) >>> 8) / 2 ** 24;
  const range = Math.fround(Math.fround(high) - Math.fround(low));
  return Math.fround(Math.fround(low) + Math.fround(range * u));
}

/** Fisher–Yates over i from `from` down to `to`: i changes places with j = ⌊(i + 1) · word(i) / 2^32⌋. */
export function shuffle(order: number[], from: number, to: number, key: Key, stream: number, counter: number): void {
  for (let i = from; i >= to; i--) {
    const j = Number((BigInt(i + 1) * BigInt(word(i, key, stream, counter))) >> 32n);
    [order[i], order[j]] = [order[j], order[i]];
  }
}

function high(x: bigint): bigint {
  return x >> 32n;
}

function low(x: bigint): bigint {
  return x & 0xffffffffn;
}
