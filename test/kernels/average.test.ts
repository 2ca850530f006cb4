import { beforeAll, describe, expect, it } from 'vitest';
import { randomNumbers } from '../reference/samples.js';
import { loadKernels, VARIANTS, type Kernels } from './harness.js';

const COUNTS = [4, 8, 36, 1000];
const LEAST = 2 ** -63;
const { fround } = Math;

describe.each(VARIANTS)('average, %s', (variant) => {
  let kernels: Kernels;

  beforeAll(async () => (kernels = await loadKernels(variant)));

  function averaged(mean: Float32Array, w: Float32Array, share: number, shift: number): Float32Array {
    const [out, values] = [mean, w].map((array) => kernels.f32(array.length, { values: array, shift }));
    kernels.call('average', out, values, w.length, share);
    expect(kernels.readF32(values, w.length)).toEqual(w);
    return kernels.readF32(out, w.length);
  }

  it.each(COUNTS)('moves %i floats by a share, each operation rounded once', (count) => {
    const [mean, w] = [1, 2].map((seed) => Float32Array.from({ length: count }, randomNumbers(seed)));
    for (const [share, shift] of [
      [0.1, 0],
      [1 / 3, 4],
      [0.5, 8],
    ]) {
      const expected = mean.map((old, i) => old + fround(fround(share) * fround(w[i] - old)));
      expect(averaged(mean, w, share, shift)).toEqual(expected);
    }
  });

  it('copies where the share is 1, whatever the average was', () => {
    const w = Float32Array.from({ length: 12 }, randomNumbers(3));
    expect(averaged(new Float32Array(12).fill(Infinity), w, 1, 0)).toEqual(w);
  });

  it('makes 0 of what is too small to be kept', () => {
    const mean = Float32Array.of(1.5 * LEAST, -1.5 * LEAST, 4 * LEAST, 0);
    const moved = averaged(mean, new Float32Array(4), 0.5, 0);
    expect([...moved].map(Math.abs)).toEqual([0, 0, 2 * LEAST, 0]);
  });
});
