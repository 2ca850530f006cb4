/** The kernels for int8 against the reference, to the last bit in every build. */
import { beforeAll, describe, expect, it } from 'vitest';
import { nearest, productOf, quantiseRow } from '../reference/quantised.js';
import { randomNumbers } from '../reference/samples.js';
import { INT8_BINARIES, INT8_VARIANTS, type Kernels, loadInt8Kernels } from './harness.js';

const sizes = [...Array.from({ length: 21 }, (_, i) => i + 1), 31, 33, 64, 127, 257];
const random = randomNumbers(13);

/** Rows of `k` numbers of many kinds. */
const rowsOf = (k: number): number[][] => {
  const row = (make: (i: number) => number): number[] => Array.from({ length: k }, (_, i) => Math.fround(make(i)));
  return [
    row(random),
    row(() => Math.abs(random())),
    row(() => -Math.abs(random())),
    row(() => 0),
    row((i) => (i % 2 ? 0 : -0)),
    row((i) => (i === k - 1 ? 5 : 0)),
    row((i) => (i === k - 1 ? -5 : 1e-3)),
    row((i) => (i % 2 ? 63.5 : -63.5)), // both halves round up
    row((i) => (i % 2 ? 1 : -1) * 3.4e38),
    row(() => 2e-38 * random()), // the scale would not be normal
    row(() => 1e-30 * random()),
    row((i) => i),
  ];
};

/** The weights [outputs][inputs] in strips, as `product.ts` has them: panels of 8 outputs, four of them side by side. */
function strips(weights: readonly (readonly number[])[], unit: number): number[] {
  const [panels, inputs] = [weights.length / 8, weights[0].length];
  const packed: number[] = [];
  for (let first = 0; first < panels; first += 4) {
    for (let k = 0; k < Math.ceil(inputs / 4) * 4; k += unit) {
      for (let j = first * 8; j < Math.min(first + 4, panels) * 8; j++) {
        for (let i = k; i < k + unit; i++) packed.push(weights[j][i] ?? 0);
      }
    }
  }
  return packed;
}

const bytes = (kernels: Kernels, at: number, count: number): Uint8Array =>
  new Uint8Array(kernels.memory.buffer, at, count);

it.each(Object.keys(INT8_BINARIES) as (keyof typeof INT8_BINARIES)[])(
  '%s brings no memory and no data of its own',
  (variant) => {
    if (!(INT8_VARIANTS as string[]).includes(variant)) return;
    const module = new WebAssembly.Module(INT8_BINARIES[variant]);
    const imported = WebAssembly.Module.imports(module).map(({ name }) => name);
    expect(imported.sort()).toEqual(['activate', 'memory', 'runBatchPhase', 'softmax']);
    expect(sectionsOf(INT8_BINARIES[variant])).not.toContain(11);
  },
);

/** The numbers of a binary's sections: 11 is that of data. */
function sectionsOf(binary: Uint8Array): number[] {
  const sections: number[] = [];
  for (let at = 8; at < binary.length;) {
    sections.push(binary[at++]);
    let [size, shift, byte] = [0, 0, 0x80];
    for (; byte & 0x80; shift += 7) size += ((byte = binary[at++]) & 0x7f) << shift;
    at += size;
  }
  return sections;
}

describe.each(INT8_VARIANTS)('%s', (variant) => {
  let kernels: Kernels;
  let unit: number;
  beforeAll(async () => {
    kernels = await loadInt8Kernels(variant);
    unit = kernels.call('unitInputs');
  });

  /** Quantises rows, and returns where their units and what is kept of them lie. */
  function quantise(rows: readonly (readonly number[])[]): { q: number; kept: number; step: number } {
    const k = rows[0].length;
    const step = rows.length === 1 ? 4 : 16;
    const units = (Math.ceil(k / 4) * 4) / unit;
    const [q, kept] = [kernels.f32((units * step) / 4), kernels.i32(8)];
    rows.forEach((row, i) => {
      const x = kernels.f32(k, { values: row, shift: i });
      kernels.call('quantiseRow', x, k, q + 4 * i, step, kept + 8 * i);
    });
    return { q, kept, step };
  }

  it('quantiseRow', () => {
    for (const k of sizes) {
      for (const row of rowsOf(k)) {
        kernels.reset();
        const expected = quantiseRow(row);
        const { q, kept, step } = quantise([row]);
        const got: number[] = [];
        for (let i = 0; i < k; i++) {
          const at = q + Math.floor(i / unit) * step;
          const view = new DataView(kernels.memory.buffer, at);
          got.push(unit === 4 ? view.getInt8(i % 4) : view.getInt16(2 * (i % 2), true));
        }
        expect(kernels.readF32(kept, 1)[0]).toBe(expected.scale);
        expect(kernels.readI32(kept + 4, 1)[0]).toBe(expected.zero);
        expect(got).toEqual(expected.q);
        expect(Math.min(...got)).toBeGreaterThanOrEqual(0);
        kernels.expectIntact();
      }
    }
  });

  it('quantiseRow marks a row that is not finite', () => {
    for (const value of [NaN, -NaN, Infinity, -Infinity]) {
      for (const place of [0, 4, 6]) {
        kernels.reset();
        const row = Array.from({ length: 7 }, (_, i) => (i === place ? value : i));
        expect(kernels.readF32(quantise([row]).kept, 1)[0]).toBeNaN();
      }
    }
  });

  function products(rows: number[][], weights: number[][], scales: number[], biases: number[], ld: number): number[][] {
    kernels.reset();
    const [outputs, k] = [weights.length, rows[0].length];
    const units = (Math.ceil(k / 4) * 4) / unit;
    const packed = strips(weights, unit);
    const w = kernels.f32(packed.length / 4);
    bytes(kernels, w, packed.length).set(packed.map((value) => value & 255));
    const [scaleAt, biasAt] = [scales, biases].map((values) => kernels.f32(outputs, { values }));
    const sums = kernels.i32(outputs, { values: weights.map((row) => row.reduce((sum, value) => sum + value, 0)) });
    const z = kernels.f32(rows.length * ld);
    const { q, kept } = quantise(rows);
    for (let panel = 0; panel < outputs / 8; panel++) {
      const width = Math.min(4, outputs / 8 - (panel - (panel % 4)));
      const at = panel * 32;
      const columns = [kept, scaleAt + at, biasAt + at, sums + at, z + at];
      if (rows.length === 1 && width === 4) {
        const strip = w + panel * units * 8 * unit;
        if (panel % 4 === 0) kernels.call('productRowFour', q, units, strip, ...columns);
        continue;
      }
      const from = w + (panel - (panel % 4)) * units * 8 * unit + (panel % 4) * 8 * unit;
      const operands = [q, units, from, width * 8 * unit, ...columns, ld];
      if (rows.length === 1) kernels.call('productRow', ...operands);
      else kernels.call('productTile4', ...operands, rows.length);
    }
    kernels.expectIntact();
    return rows.map((_, i) => [...kernels.readF32(z + i * ld * 4, ld)]);
  }

  it('products of 1 to 4 rows', () => {
    for (const k of [1, 2, 3, 4, 5, 7, 16, 33, 130]) {
      for (const outputs of [8, 16, 24, 32, 40, 72]) {
        for (const count of [1, 2, 3, 4]) {
          const rows = Array.from({ length: count }, () => rowsOf(k)[Math.floor(Math.abs(random()) * 7) % 7]);
          const weights = Array.from({ length: outputs }, () =>
            Array.from({ length: k }, () => nearest(127 * random())),
          );
          const scales = Array.from({ length: outputs }, () => Math.fround(Math.abs(random())));
          const biases = Array.from({ length: outputs }, () => Math.fround(random()));
          const expected = rows.map((row) => productOf(quantiseRow(row), { q: weights, scales }, biases));
          expect(products(rows, weights, scales, biases, outputs)).toEqual(expected);
        }
      }
    }
  });

  it('the largest products do not saturate', () => {
    for (const k of [4, 9, 4096]) {
      for (const sign of [127, -127]) {
        for (const count of [1, 3]) {
          const rows = Array.from({ length: count }, () => new Array<number>(k).fill(127));
          const weights = Array.from({ length: 32 }, () => new Array<number>(k).fill(sign));
          const z = products(rows, weights, new Array<number>(32).fill(1), new Array<number>(32).fill(0), 32);
          expect(z.flat()).toEqual(new Array<number>(count * 32).fill(Math.fround(127 * sign * k)));
        }
      }
    }
  });

  it('a row that has room for one output is written no further', () => {
    const rows = [[1], [2], [4]];
    const weights = Array.from({ length: 8 }, (_, j) => [j ? 0 : 127]);
    expect(products(rows, weights, new Array<number>(8).fill(1), new Array<number>(8).fill(0), 1)).toEqual(
      rows.map((row) => productOf(quantiseRow(row), { q: [[127]], scales: [1] }, [0])),
    );
  });
});
