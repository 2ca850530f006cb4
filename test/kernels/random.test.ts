import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { philox, shuffle, uniform, type Key, type Words } from '../reference/philox.js';
import { loadKernels, VARIANTS, type Kernels } from './harness.js';

/** Random123's published answers for philox4x32 with 10 rounds (kat_vectors): counter, key, words. */
const KNOWN: [Words, Key, Words][] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

const SEED: Key = [0x9e3779b9, 0x7f4a7c15];
const STREAM = 3;

test.each(KNOWN)('the reference generator gives the published words of %j', (counter, key, words) => {
  expect(philox(counter, key)).toEqual(words);
});

describe.each(VARIANTS)('random (%s)', (variant) => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await loadKernels(variant);
  });
  beforeEach(() => kernels.reset());

  const drawUniform = (count: number, low: number, high: number, counter = 0, [k0, k1] = SEED): Float32Array => {
    const out = kernels.f32(count);
    kernels.call('uniform', out, count, low, high, k0, k1, STREAM, counter);
    kernels.expectIntact();
    return kernels.readF32(out, count);
  };

  const identity = (count: number): number => {
    const order = kernels.i32(count);
    kernels.call('identityOrder', order, count);
    kernels.expectIntact();
    return order;
  };

  const drawOrder = (count: number, counter = 0, stream = STREAM): number[] => {
    kernels.reset();
    const order = identity(count);
    kernels.call('shuffle', order, count - 1, 0, ...SEED, stream, counter);
    kernels.expectIntact();
    return Array.from(kernels.readI32(order, count));
  };

  test.each(KNOWN)('philox gives the published words of %j', (counter, key, words) => {
    const out = kernels.i32(4);
    kernels.call('philox', out, ...counter, ...key);
    kernels.expectIntact();
    expect(Array.from(kernels.readI32(out, 4), (word) => word >>> 0)).toEqual(words);
  });

  test('uniform gives the words of the reference, for every count, also where the counter wraps', () => {
    for (const count of [1, 2, 3, 4, 5, 7, 8, 9, 33]) {
      for (const counter of [0, 12, 0xffffffff]) {
        for (const [low, high] of [
          [0, 1],
          [-0.25, 0.5],
        ]) {
          const expected = Array.from({ length: count }, (_, i) => uniform(i, low, high, SEED, STREAM, counter));
          expect(Array.from(drawUniform(count, low, high, counter))).toEqual(expected);
        }
      }
    }
  });

  test('uniform in slices is uniform as a whole', () => {
    const whole = drawUniform(100, -1, 1, 5);
    expect(drawUniform(60, -1, 1, 5)).toEqual(whole.slice(0, 60));
    expect(drawUniform(40, -1, 1, 5 + 60 / 4)).toEqual(whole.slice(60));
  });

  test('another seed, in either half, is another sequence', () => {
    const draws = [SEED, [SEED[0] + 1, SEED[1]], [SEED[0], SEED[1] + 1]].map((key) =>
      drawUniform(8, 0, 1, 0, key as Key),
    );
    expect(new Set(draws.map(String)).size).toBe(3);
  });

  test('uniform has the mean, the variance and the evenness that it should', () => {
    const count = 1 << 18;
    const u = drawUniform(count, 0, 1);
    const mean = u.reduce((sum, x) => sum + x, 0) / count;
    const variance = u.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count;
    expect(u.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / count));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / count));
    const bins = new Array<number>(64).fill(0);
    for (const x of u) bins[Math.floor(x * 64)]++;
    expect(chiSquare(bins)).toBeLessThan(upperChiSquare(63));
    const pairs = new Array<number>(64).fill(0);
    for (let i = 0; i < count; i += 2) pairs[Math.floor(u[i] * 8) * 8 + Math.floor(u[i + 1] * 8)]++;
    expect(chiSquare(pairs)).toBeLessThan(upperChiSquare(63));
  });

  test('identityOrder counts from 0', () => {
    expect(Array.from(kernels.readI32(identity(7), 7))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('shuffle is the Fisher-Yates of the reference', () => {
    for (const count of [1, 2, 3, 4, 5, 8, 33, 100]) {
      const expected = Array.from({ length: count }, (_, i) => i);
      shuffle(expected, count - 1, 0, SEED, STREAM, 7);
      expect(drawOrder(count, 7)).toEqual(expected);
      expect(expected.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
    }
  });

  test('a shuffle in slices is the whole shuffle', () => {
    const count = 103;
    const whole = drawOrder(count);
    for (const size of [1, 2, 3, 5, 64]) {
      kernels.reset();
      const order = identity(count);
      for (let from = count - 1; from >= 0; from -= size) {
        kernels.call('shuffle', order, from, Math.max(0, from - size + 1), ...SEED, STREAM, 0);
      }
      kernels.expectIntact();
      expect(Array.from(kernels.readI32(order, count))).toEqual(whole);
    }
  });

  test('shuffle sends every element to every position equally often', () => {
    const count = 8;
    const rounds = 4000;
    const hits = new Array<number>(count * count).fill(0);
    const permutations = new Map<string, number>();
    for (let round = 0; round < rounds; round++) {
      drawOrder(count, 0, round).forEach((element, position) => hits[element * count + position]++);
      const three = drawOrder(3, 0, round).join('');
      permutations.set(three, (permutations.get(three) ?? 0) + 1);
    }
    // rows and columns of the table of hits have fixed sums
    expect(chiSquare(hits)).toBeLessThan(upperChiSquare((count - 1) ** 2));
    expect(permutations.size).toBe(6);
    expect(chiSquare([...permutations.values()])).toBeLessThan(upperChiSquare(5));
  });
});

/** Pearson's statistic of counts that should be equal. */
function chiSquare(counts: number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** A bound that chance passes about once in 30,000 (4 sigma), by Wilson and Hilferty's approximation. */
function upperChiSquare(freedom: number): number {
  const width = 2 / (9 * freedom);
  return freedom * (1 - width + 4 * Math.sqrt(width)) ** 3;
}
