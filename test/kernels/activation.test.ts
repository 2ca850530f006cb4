/** The activation and softmax kernels against their float64 formulas. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ACTIVATIONS as TABLE } from '../../src/choices/activations.js';
import { ACTIVATIONS, softmax, softmaxJacobianProduct, type ElementwiseName } from '../reference/activations.js';
import { type Kernels, loadKernels, VARIANTS } from './harness.js';

/** The error allowed in a value and in a slope: `[relative, absolute]`, in units of 2^-24. */
interface Errors {
  value: [number, number];
  slope: [number, number];
}

/** The bounds below which a value is 0: of what another layer multiplies, and of outputs. A sigmoid's go by its z. */
const LEAST = 2 ** -63;
const SMALL = 2 ** -125;
const BOUNDS = [LEAST, SMALL];
const boundOf = (code: number, bound: number): number =>
  code === TABLE.sigmoid.code ? Math.log(bound) * (1 - 2e-6) : bound;
/** x, or 0 where it is below the bound; where it is next to it, either is right, and `got` decides. */
const flushed = (x: number, bound: number, got = x): number =>
  Math.abs(x) < bound * (1 - 1e-3) || (Math.abs(x) < bound * (1 + 1e-3) && got === 0) ? 0 : x;

const EXACT: [number, number] = [0, 0];
/** Of the activations that are held to less than `MOST`. */
const ERRORS: Partial<Record<ElementwiseName, Errors>> = {
  linear: { value: EXACT, slope: EXACT },
  sigmoid: { value: [2, 0], slope: [4, 2] },
  tanh: { value: [2, 0], slope: [4, 4] },
  relu: { value: EXACT, slope: EXACT },
  leakyRelu: { value: [1, 0], slope: [1, 0] },
  elu: { value: [4, 0], slope: [4, 0] },
  silu: { value: [4, 0], slope: [8, 4] },
  softplus: { value: [6, 0], slope: [2, 0] },
};
/** Those of gelu: (1 + erf) / 2 cancels on the left, and z multiplies what is left. */
const MOST: Errors = { value: [6, 8], slope: [8, 8] };

/** Every elementwise activation of the library's table. */
const KINDS = Object.entries(TABLE).flatMap(([key, entry]) => {
  if ('rowwise' in entry) return [];
  const name = key as ElementwiseName;
  const parameters = 'parameter' in entry ? [entry.parameter, 0, 0.3, 1.7] : [0];
  return [{ code: entry.code, name, parameters, ...(ERRORS[name] ?? MOST) }];
});

const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33];
const SLACK = 3; // whole vectors of four are processed
const UNIT = 2 ** -24;
const TINY = 2 ** -149;

/** Deterministic inputs: the usual range first, with both zeros, then what saturates, vanishes or is subnormal. */
const SAMPLES: readonly number[] = [
  0.5, -0.25, 0, -0, 1, -1, 2.5, -2.5, 0.93, -0.94, 4, -4, 1e-4, -1e-4, 9, -9, 17, -17, 1e-20, -1e-20, 1e-42, -1e-42,
  88, -88, 3, -3, 0.1, -0.1, 6, -6, 1.2, -1.2, 0.7,
].map(Math.fround);

const EXTREMES: readonly number[] = [
  3.4e38,
  -3.4e38,
  1e20,
  -1e20,
  1e10,
  -1e10,
  200,
  -200,
  -104,
  TINY,
  -TINY,
  0,
  -87.3,
  -86.7,
  -86.6,
  -60,
  -43.7,
  -43.6,
  -50,
  1.1e-19,
  -1.1e-19,
  1.05e-19,
  1e-37,
  -1e-37,
  2e-38,
  1e-38,
  9.4,
  -9.4,
  13,
  -13,
  104,
  120,
].map(Math.fround);

function expectClose(got: number, exact: number, [relative, absolute]: [number, number], what: string): void {
  if (Object.is(got, Math.fround(exact)) || got === exact) return;
  const allowed = UNIT * (relative * Math.abs(exact) + absolute);
  expect(Math.abs(got - exact), `${what}: ${got} against ${exact}`).toBeLessThanOrEqual(allowed);
}

describe.each(VARIANTS)('%s', (variant) => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await loadKernels(variant);
  });

  describe.each(KINDS)('$name', ({ code, name, parameters, value, slope }) => {
    const reference = ACTIVATIONS[name];

    test.each(parameters.flatMap((parameter) => BOUNDS.map((bound) => [parameter, bound] as const)))(
      'value and slope, parameter %d, bound %d',
      (parameter, bound) => {
        const p = Math.fround(parameter);
        for (const count of SIZES) {
          for (const shift of [0, 1, 2, 3]) {
            for (const source of [SAMPLES, EXTREMES]) {
              kernels.reset();
              const values = Array.from({ length: count }, (_, i) => source[i % source.length]);
              const slopes = values.map((_, i) => Math.fround(1 - i / 8));
              const z = kernels.f32(count, { values, shift, slack: SLACK });
              const a = kernels.f32(count, { shift: (shift + 1) % 4, slack: SLACK });
              const d = kernels.f32(count, { values: slopes, shift: (shift + 2) % 4, slack: SLACK });
              kernels.call('activate', code, z, a, count, p, boundOf(code, bound));
              const most = kernels.call('activateBackward', code, z, a, d, count, p);
              const got = { a: kernels.readF32(a, count), d: kernels.readF32(d, count) };
              for (const [i, zi] of values.entries()) {
                // what is z times a sigmoid is 0 where the sigmoid is
                const least = name === 'silu' ? bound * Math.max(1, Math.abs(zi)) : bound;
                const exactValue = got.a[i] === 0 ? flushed(reference.value(zi, p), least, 0) : reference.value(zi, p);
                expectClose(got.a[i], flushed(exactValue, bound, got.a[i]), value, `${name}(${zi})`);
                const exact = flushed(slopes[i] * reference.slope(zi, p), LEAST, got.d[i]);
                expectClose(got.d[i], exact, [slope[0] + 1, slope[1] * Math.abs(slopes[i])], `${name}'(${zi})`);
              }
              if (count % 4 === 0) expect(most).toBe(Math.max(...got.d.map(Math.abs)));
              for (const x of got.a) expect(x === 0 || Math.abs(x) >= bound, `${name} gave ${x}`).toBe(true);
              for (const x of got.d) expect(x === 0 || Math.abs(x) >= LEAST, `${name}' gave ${x}`).toBe(true);
              kernels.expectIntact();
            }
          }
        }
      },
    );

    test('may overwrite its input', () => {
      kernels.reset();
      const p = Math.fround(parameters[0]);
      for (const count of SIZES) {
        const values = SAMPLES.slice(0, count);
        const z = kernels.f32(count, { values, slack: SLACK });
        const a = kernels.f32(count, { slack: SLACK });
        kernels.call('activate', code, z, a, count, p, boundOf(code, SMALL));
        kernels.call('activate', code, z, z, count, p, boundOf(code, SMALL));
        expect(kernels.readF32(z, count)).toEqual(kernels.readF32(a, count));
      }
    });

    test('keeps NaN, and has its limits at infinity', () => {
      kernels.reset();
      const p = Math.fround(parameters[0]);
      const values = [NaN, Infinity, -Infinity, 1];
      const z = kernels.f32(4, { values });
      const a = kernels.f32(4);
      kernels.call('activate', code, z, a, 4, p, boundOf(code, SMALL));
      const expected = values.map((zi) => Math.fround(reference.value(zi, p)));
      const got = kernels.readF32(a, 4);
      expect(got[0]).toBeNaN();
      for (const i of [1, 2]) expect(got[i] + 0, `${name}(${values[i]})`).toBe(expected[i] + 0);

      const d = kernels.f32(4, { values: [1, 1, 1, NaN] });
      kernels.call('activateBackward', code, z, a, d, 4, p);
      expect(kernels.readF32(d, 4)[3]).toBeNaN();
    });

    test('leaves a zero of d a zero', () => {
      kernels.reset();
      const p = Math.fround(parameters[0]);
      const values = [...SAMPLES, ...EXTREMES];
      const count = values.length;
      const z = kernels.f32(count, { values, slack: SLACK });
      const a = kernels.f32(count, { slack: SLACK });
      const d = kernels.f32(count, { slack: SLACK });
      kernels.call('activate', code, z, a, count, p, boundOf(code, SMALL));
      kernels.call('activateBackward', code, z, a, d, count, p);
      for (const [i, di] of kernels.readF32(d, count).entries()) expect(di === 0, `${name}'(${values[i]})`).toBe(true);
    });
  });

  describe('softmax', () => {
    const COLUMNS = [1, 2, 3, 4, 5, 7, 8, 9, 10, 16, 17, 33];
    const ROWS = 3;
    const strides = (columns: number): number[] => [columns, columns + 1, Math.ceil(columns / 8) * 8];

    /** Rows of `columns` values, with `filler` behind them up to `ld`. */
    const padded = (rows: number[][], ld: number, filler: number): number[] =>
      rows.flatMap((row) => [...row, ...Array<number>(ld - row.length).fill(filler)]);
    const unpadded = (values: Float32Array, columns: number, ld: number): number[][] =>
      Array.from({ length: values.length / ld }, (_, row) => [...values.subarray(row * ld, row * ld + columns)]);
    const sample = (row: number, columns: number, scale = 1): number[] =>
      Array.from({ length: columns }, (_, j) => Math.fround(scale * SAMPLES[(row * 7 + j * 5) % 11]));

    /** The softmax of `rows`, whatever the padding holds; checks that the result's padding is 0. */
    function run(rows: number[][], ld: number, filler = NaN, inPlace = false): number[][] {
      kernels.reset();
      const columns = rows[0].length;
      const z = kernels.f32(rows.length * ld, { values: padded(rows, ld, filler), shift: 1 });
      const a = inPlace ? z : kernels.f32(rows.length * ld, { values: Array(rows.length * ld).fill(NaN), shift: 2 });
      kernels.call('softmax', z, a, rows.length, columns, ld);
      kernels.expectIntact();
      const result = kernels.readF32(a, rows.length * ld);
      result.forEach((value, i) => i % ld >= columns && expect(value).toBe(0));
      return unpadded(result, columns, ld);
    }

    test.each(COLUMNS)('of %d columns', (columns) => {
      const rows = Array.from({ length: ROWS }, (_, row) => sample(row, columns));
      const results = strides(columns).map((ld) => run(rows, ld));
      for (const [row, values] of rows.entries()) {
        softmax(values).forEach((exact, j) => expectClose(results[0][row][j], exact, [8, 0], `softmax ${row} ${j}`));
      }
      // one order of summing, whatever the stride
      for (const result of results) expect(result).toEqual(results[0]);
      expect(run(rows, columns, NaN, true)).toEqual(results[0]);
    });

    test('does not overflow', () => {
      expect(run([[1e30, -1e30, 1e30]], 3)).toEqual([[0.5, 0, 0.5]]);
      expect(run([[-1e30], [3.4e38], [-3.4e38]], 1)).toEqual([[1], [1], [1]]);
      expect(run([[-3.4e38, 3.4e38]], 8)).toEqual([[0, 1]]);
      expect(run([[-Infinity, 0]], 2)).toEqual([[0, 1]]);
    });

    test('probabilities too small to be normal are 0, and the others keep their digits', () => {
      const gaps = [0, 43, 44, 60, 80, 86, 86.6, 86.7, 87.3, 88, 95, 104, 200];
      for (let columns = 2; columns <= gaps.length; columns++) {
        const row = gaps.slice(0, columns).map((gap) => Math.fround(-gap));
        const exact = softmax(row);
        for (const [j, value] of run([row], columns)[0].entries()) {
          if (exact[j] > 1.01 * SMALL) expectClose(value, exact[j], [8, 0], `softmax ${j}`);
          else if (exact[j] < 0.99 * SMALL) expect(value).toBe(0);
        }
      }
    });

    test('a NaN or an infinite maximum spoils its own row only', () => {
      const rows = run(
        [
          [0, NaN, 1],
          [0, 0, 0],
          [1, Infinity, 2],
          [0, 0, 0],
        ],
        3,
      );
      const third = Math.fround(1 / 3);
      const even = [third, third, third];
      const nans = [NaN, NaN, NaN];
      expect(rows).toEqual([nans, even, nans, even]);
    });

    test.each(COLUMNS)('backward through %d columns', (columns) => {
      const rows = Array.from({ length: ROWS }, (_, row) => sample(row, columns));
      const a = run(rows, columns);
      const dA = Array.from({ length: ROWS }, (_, row) => sample(row + 2, columns, 3));
      const results = strides(columns).map((ld) => {
        kernels.reset();
        const pa = kernels.f32(ROWS * ld, { values: padded(a, ld, NaN), shift: 3 });
        const pd = kernels.f32(ROWS * ld, { values: padded(dA, ld, NaN), shift: 1 });
        kernels.call('softmaxBackward', pa, pd, ROWS, columns, ld);
        kernels.expectIntact();
        const result = kernels.readF32(pd, ROWS * ld);
        result.forEach((value, i) => i % ld >= columns && expect(value).toBe(0));
        return unpadded(result, columns, ld);
      });
      for (const [row, values] of a.entries()) {
        const exact = softmaxJacobianProduct(values, dA[row]);
        const size = Math.max(...dA[row].map(Math.abs));
        exact.forEach((dz, j) =>
          expectClose(results[0][row][j], dz, [4, 8 * size * values[j]], `backward ${row} ${j}`),
        );
      }
      for (const result of results) expect(result).toEqual(results[0]);
    });
  });
});
