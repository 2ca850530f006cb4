import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  bitsOf,
  bounds,
  delta,
  firstDifference,
  gradient,
  inPanels,
  inRows,
  LAYOUTS,
  magnitudes,
  mistakes,
  outputOf,
  pack,
  padded,
  padTo,
  PANEL,
  product,
  randomMatrix,
  scribble,
  zeros,
  type Layout,
  type Matrix,
  type Place,
} from '../reference/products.js';
import { randomNumbers } from '../reference/samples.js';
import { loadKernels, VARIANTS, WIDE_VARIANTS, type Kernels } from './harness.js';

type Named = [name: string, size: number];

/** A size by what it is to the tile that divides it, as in `m_gt_tile=6`. */
function named(dimension: 'm' | 'n' | 'k', tile: number, sizes: number[]): Named[] {
  const relation = (size: number): string => {
    if (size === 1) return 'eq_1';
    if (size <= tile) return size < tile ? 'lt_tile' : 'eq_tile';
    return size % tile ? 'gt_tile' : 'div_tile';
  };
  return sizes.map((size) => [`${dimension}_${relation(size)}=${size}`, size]);
}

/** Every pair of named sizes, for `test.each`. */
const pairs = (first: Named[], second: Named[]): [string, string, number, number][] =>
  first.flatMap(([a, x]) => second.map(([b, y]): [string, string, number, number] => [a, b, x, y]));

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** All parts between some of these cuts, those with nothing in them too. */
const parts = (cuts: number[]): [number, number][] =>
  cuts.flatMap((from, i) => cuts.slice(i).map((to): [number, number] => [from, to]));

const size = fc.integer({ min: 1, max: 40 });
const shapes = fc.record({ rows: size, inputs: size, outputs: size, gap: fc.nat(9), shift: fc.nat(3) });

function anyLayout({ inputs, outputs, gap, shift }: Record<'inputs' | 'outputs' | 'gap' | 'shift', number>): Layout {
  const { lda, lde, ld, panelStride } = LAYOUTS.tight(inputs, outputs);
  return { lda: lda + gap, lde: lde + gap, ld: ld + gap, panelStride: panelStride + gap, shift };
}

describe.each([...VARIANTS, ...WIDE_VARIANTS])('gemm (%s)', (variant) => {
  const tile = variant === 'relaxed' ? 6 : 5;
  const isPlain = variant.startsWith('plain');
  const panelsAtOnce = variant.endsWith('.wide') ? 2 : 1;
  /** Every height of a tile, and one tile, two and three in every balance. */
  const tiled = [...range(1, 2 * tile + 2), 3 * tile, 3 * tile + 1];

  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await loadKernels(variant);
  });

  interface Expected {
    values: Matrix;
    bound: Matrix;
    /** What plain SIMD makes of it, every rounding of which is known. */
    rounded: Matrix;
  }

  function check(actual: Float32Array, before: Float32Array, place: Place, expected: Expected, label: string): void {
    expect(mistakes(actual, before, place, expected.values, expected.bound), label).toEqual([]);
    if (isPlain) expect(mistakes(actual, before, place, expected.rounded), `${label}, bits`).toEqual([]);
  }

  function same(actual: Uint32Array, expected: Uint32Array, label: string): void {
    expect(firstDifference(actual, expected), label).toBe(-1);
  }

  test('scratch: for packed rows, the strips of the deltas, and blocks of inputs with a panel of deltas a part', () => {
    const rowFloats = (rows: number, k: number): number => (isPlain && rows > 1 ? rows * (k + 4) : 0);
    const scratch = (rows: number, inputs: number, outputs: number, ld: number): number =>
      kernels.call(
        'scratchFloats',
        rows,
        inputs,
        outputs,
        padded(inputs),
        ld,
        outputs === 1 ? 0 : Math.ceil(ld / PANEL),
      );
    expect(scratch(256, 2048, 1, 1)).toBe(0);
    expect(scratch(1, 30, 10, 16)).toBe(32 * 16);
    expect(scratch(32, 784, 16, 16)).toBe(Math.max(rowFloats(32, 784), rowFloats(32, 16) + 784 * 16));
    expect(scratch(512, 128, 128, 136)).toBe(Math.max(rowFloats(512, 128) + 128 * 136, 512 * (128 + 136)));
    expect(scratch(256, 800, 56, 56)).toBe(Math.max(rowFloats(256, 800), rowFloats(256, 56) + 800 * 56));
    expect(scratch(256, 801, 64, 64)).toBe(Math.max(rowFloats(256, 64) + 808 * 64, 256 * (801 + 64)));
  });

  test.each<[what: string, rows: number, lda: number, ld: number, panels: number, wanted: boolean]>([
    ['too few panels to pay', 512, 1024, 1024, 7, false],
    ['29 pages', 32, 784, 144, 16, false],
    ['41 pages', 41, 512, 512, 64, isPlain],
    ['64 pages, of rows a page apart and more', 32, 3072, 1040, 128, isPlain],
    ['66 pages', 33, 3072, 1040, 128, true],
    ['8 panels and many pages', 128, 784, 72, 8, true],
  ])('inputs are packed for the gradient, or not: %s', (_what, rows, lda, ld, panels, wanted) => {
    expect(kernels.call('wantsBlocks', rows, lda, ld, panels)).toBe(Number(wanted));
  });

  describe('gemmProduct', () => {
    interface Operands {
      a: Matrix;
      w: Matrix;
      b: number[];
    }

    function operandsOf(rows: number, inputs: number, outputs: number): Operands {
      const next = randomNumbers(rows + 100 * inputs + 10_000 * outputs);
      const [b] = randomMatrix(1, outputs, next);
      return { a: randomMatrix(rows, inputs, next), w: randomMatrix(outputs, inputs, next), b };
    }

    /** Z of the panels `from` to `to` - 1. */
    function run({ a, w, b }: Operands, { lda, ld, panelStride, shift }: Layout, from?: number, to?: number) {
      const [rows, inputs, outputs] = [a.length, w[0].length, padded(w.length)];
      const packedW = pack(padTo(outputs, inputs, w), inPanels(panelStride));
      const operands = [pack(a, inRows(lda)), packedW, pack(padTo(1, outputs, [b]), inRows(outputs))];
      const before = scribble((rows - 1) * ld + outputs);
      return outputOf(kernels, operands, before, { shift }, (z, [x, weights, bias]) => {
        const shape = [rows, inputs, from ?? 0, to ?? outputs / PANEL];
        kernels.call(
          'gemmProduct',
          kernels.packRows(x, lda, rows, inputs, shift),
          lda,
          weights,
          panelStride,
          bias,
          z,
          ld,
          ...shape,
        );
      });
    }

    function checkAll(operands: Operands, layout: Layout, label = ''): void {
      const { a, w, b } = operands;
      const pad = (matrix: Matrix): Matrix => padTo(a.length, padded(w.length), matrix);
      const z = run(operands, layout);
      const expected = {
        values: pad(product(a, w, b)),
        bound: pad(bounds(w[0].length, product(magnitudes(a), magnitudes(w), b.map(Math.abs)))),
        rounded: pad(product(a, w, b, Math.fround)),
      };
      check(z, scribble(z.length), inRows(layout.ld), expected, label);
    }

    // 83 outputs are two trips of four panels side by side and three of one
    const n = named('n', PANEL, [1, 3, 7, 8, 9, 24, 32, 48, 83]);

    test.each(pairs(named('m', tile, tiled), n))('%s, %s: b + A * W^T', (_m, _n, rows, outputs) => {
      for (const [k, inputs] of named('k', PANEL, [1, 2, 7, 8, 9, 33])) {
        const operands = operandsOf(rows, inputs, outputs);
        for (const [name, layout] of Object.entries(LAYOUTS)) {
          checkAll(operands, layout(inputs, outputs), `${k}, ${name}`);
        }
      }
    });

    test('any shape', () => {
      const property = fc.property(shapes, (shape) => {
        checkAll(operandsOf(shape.rows, shape.inputs, shape.outputs), anyLayout(shape));
      });
      fc.assert(property, { seed: 20_240_501, numRuns: 60 });
    });

    test('a row has the same bits alone and in a batch of any size', () => {
      const rows = 3 * tile + 1;
      const operands = operandsOf(rows, 33, 83);
      const layout = LAYOUTS.wide(33, 83);
      const rowOf = (z: Float32Array, i: number): Uint32Array => bitsOf(z).slice(i * layout.ld, i * layout.ld + 88);
      const whole = run(operands, layout);
      for (const count of range(1, rows)) {
        const first = run({ ...operands, a: operands.a.slice(0, count) }, layout);
        for (const i of range(0, count - 1)) same(rowOf(first, i), rowOf(whole, i), `${i} of ${count}`);
        const alone = run({ ...operands, a: [operands.a[count - 1]] }, layout);
        same(rowOf(alone, 0), rowOf(whole, count - 1), `${count - 1} alone`);
      }
    });

    test.each([1, 7])('panels in parts are the whole, and no other is written: %i rows', (rows) => {
      const operands = operandsOf(rows, 9, 83);
      const layout = LAYOUTS.wide(9, 83);
      const whole = run(operands, layout);
      for (const [from, to] of parts(range(0, 11))) {
        const expected = bitsOf(scribble(whole.length));
        for (const i of range(0, rows - 1)) {
          const at = i * layout.ld + from * PANEL;
          expected.set(bitsOf(whole).subarray(at, at + (to - from) * PANEL), at);
        }
        same(bitsOf(run(operands, layout, from, to)), expected, `${from} to ${to}`);
      }
    });
  });

  describe('gemmGradient', () => {
    interface Operands {
      a: Matrix;
      d: Matrix;
      /** What G holds when it is added to. */
      start: Matrix;
    }

    function operandsOf(rows: number, inputs: number, outputs: number): Operands {
      const next = randomNumbers(1 + rows + 100 * inputs + 10_000 * outputs);
      const start = randomMatrix(outputs, inputs, next);
      return { a: randomMatrix(rows, inputs, next), d: randomMatrix(rows, outputs, next), start };
    }

    /** G before the call, with the rows that pad its panels. */
    function held({ start }: Operands, { panelStride }: Layout, accumulate: boolean): Float32Array {
      const [inputs, outputs] = [start[0].length, padded(start.length)];
      const before = scribble((outputs / PANEL - 1) * panelStride + PANEL * padded(inputs));
      const place = inPanels(panelStride);
      const elements = accumulate ? padTo(outputs, inputs, start) : [];
      elements.forEach((row, j) => row.forEach((value, k) => (before[place(j, k)] = value)));
      return before;
    }

    /** G of the panels `from` to `to` - 1. */
    function run(
      { a, d }: Operands,
      { lda, ld, panelStride, shift }: Layout,
      before: Float32Array,
      accumulate: boolean,
      { from = 0, to = padded(d[0].length) / PANEL, blocked = false } = {},
    ): Float32Array {
      const [rows, inputs, outputs] = [a.length, a[0].length, padded(d[0].length)];
      const operands = [pack(a, inRows(lda)), pack(padTo(rows, outputs, d), inRows(ld))];
      return outputOf(kernels, operands, before, { shift }, (g, [x, deltas]) => {
        const shape = [deltas, ld, g, panelStride, rows, inputs, from, to, Number(accumulate)];
        if (!blocked) return void kernels.call('gemmGradient', x, lda, ...shape);
        const blocks = kernels.f32(kernels.call('blockFloats', rows, inputs), { shift });
        // in parts, of which the last comes first
        const middle = rows >> 1;
        kernels.call('packBlocks', x, lda, rows, inputs, Number(accumulate), blocks, middle, rows);
        kernels.call('packBlocks', x, lda, rows, inputs, Number(accumulate), blocks, 0, middle);
        kernels.call('gemmGradientBlocked', blocks, ...shape, kernels.f32(rows * PANEL * panelsAtOnce, { shift }));
      });
    }

    function checkAll(operands: Operands, layout: Layout, label = ''): void {
      const { a, d } = operands;
      const pad = (matrix: Matrix): Matrix => padTo(padded(d[0].length), a[0].length, matrix);
      for (const accumulate of [false, true]) {
        const start = accumulate ? operands.start : zeros(d[0].length, a[0].length);
        const before = held(operands, layout, accumulate);
        const g = run(operands, layout, before, accumulate);
        const expected = {
          values: pad(gradient(a, d, start)),
          bound: pad(bounds(a.length, gradient(magnitudes(a), magnitudes(d), magnitudes(start)))),
          rounded: pad(gradient(a, d, start, Math.fround)),
        };
        check(g, before, inPanels(layout.panelStride), expected, `${label}, accumulate ${accumulate}`);
      }
    }

    const m = named('m', 2, [1, 2, 3, 9]);

    test.each(pairs(m, named('k', tile, tiled)))('%s, %s: G + D^T * A', (_m, _k, rows, inputs) => {
      for (const [n, outputs] of named('n', PANEL, [1, 3, 8, 9, 24])) {
        const operands = operandsOf(rows, inputs, outputs);
        for (const [name, layout] of Object.entries(LAYOUTS)) {
          checkAll(operands, layout(inputs, outputs), `${n}, ${name}`);
        }
      }
    });

    test('any shape', () => {
      const property = fc.property(shapes, (shape) => {
        checkAll(operandsOf(shape.rows, shape.inputs, shape.outputs), anyLayout(shape));
      });
      fc.assert(property, { seed: 20_240_502, numRuns: 60 });
    });

    test('a batch in two parts has the bits of the whole', () => {
      const operands = operandsOf(9, 2 * tile + 1, 19);
      const layout = LAYOUTS.wide(2 * tile + 1, 19);
      const rows = (from: number, to: number): Operands => ({
        ...operands,
        a: operands.a.slice(from, to),
        d: operands.d.slice(from, to),
      });
      for (const accumulate of [false, true]) {
        const before = held(operands, layout, accumulate);
        const whole = run(operands, layout, before, accumulate);
        for (const cut of range(1, 8)) {
          const both = run(rows(cut, 9), layout, run(rows(0, cut), layout, before, accumulate), true);
          same(bitsOf(both), bitsOf(whole), `cut at ${cut}`);
        }
      }
    });

    test.each(pairs(m, named('k', tile, tiled)))('%s, %s: in blocks, the same bits', (_m, _k, rows, inputs) => {
      for (const outputs of [1, 24]) {
        for (const wide of [inputs, 48 * tile + inputs]) {
          const operands = operandsOf(rows, wide, outputs);
          const layout = LAYOUTS.wide(wide, outputs);
          for (const accumulate of [false, true]) {
            const before = held(operands, layout, accumulate);
            const blocked = run(operands, layout, before, accumulate, { blocked: true });
            same(bitsOf(blocked), bitsOf(run(operands, layout, before, accumulate)), `${wide} x ${outputs}`);
          }
        }
      }
    });

    test('an input has the same bits in any tile', () => {
      const inputs = 3 * tile + 1;
      const operands = operandsOf(9, inputs, 8);
      const layout = LAYOUTS.tight(inputs, 8);
      const before = held(operands, layout, false);
      const whole = bitsOf(run(operands, layout, before, false));
      for (const count of range(1, inputs)) {
        const a = operands.a.map((row) => row.slice(-count));
        const last = bitsOf(run({ ...operands, a }, { ...layout, lda: count }, before, false));
        const expected = whole.slice((inputs - count) * PANEL, inputs * PANEL);
        same(last.slice(0, count * PANEL), expected, `the last ${count}`);
      }
    });

    test.each([1, 5])('panels in parts are the whole, and no other is written: %i rows', (rows) => {
      const inputs = tile + 2;
      const operands = operandsOf(rows, inputs, 29);
      const layout = LAYOUTS.wide(inputs, 29);
      const before = held(operands, layout, true);
      const whole = bitsOf(run(operands, layout, before, true));
      for (const [from, to] of parts(range(0, 4))) {
        const expected = bitsOf(before).slice();
        for (let panel = from; panel < to; panel++) {
          const at = panel * layout.panelStride;
          expected.set(whole.subarray(at, at + PANEL * inputs), at);
        }
        same(bitsOf(run(operands, layout, before, true, { from, to })), expected, `${from} to ${to}`);
      }
    });
  });

  describe('gemmDelta', () => {
    interface Operands {
      d: Matrix;
      w: Matrix;
    }

    function operandsOf(rows: number, inputs: number, outputs: number): Operands {
      const next = randomNumbers(2 + rows + 100 * inputs + 10_000 * outputs);
      return { d: randomMatrix(rows, outputs, next), w: randomMatrix(outputs, inputs, next) };
    }

    /** E of the panels of eight inputs `from` to `to` - 1. */
    function run({ d, w }: Operands, { ld, lde, panelStride, shift }: Layout, from = 0, to?: number): Float32Array {
      const [rows, inputs, outputs] = [d.length, padded(w[0].length), padded(w.length)];
      const packedW = pack(padTo(outputs, inputs, w), inPanels(panelStride));
      const operands = [pack(padTo(rows, outputs, d), inRows(ld)), packedW];
      // one input needs no more than a column; its rows are written as eight floats all the same
      const column = lde === 1;
      const before = scribble((rows - 1) * lde + (column ? 1 : inputs));
      return outputOf(kernels, operands, before, { shift, slack: column ? 7 : 0 }, (e, [deltas, weights]) => {
        const shape = [rows, from, to ?? inputs / PANEL];
        const scratch = kernels.f32(outputs * PANEL * panelsAtOnce, { shift });
        const packedRows = kernels.packRows(deltas, ld, rows, w.length, shift);
        kernels.call('gemmDelta', packedRows, ld, weights, panelStride, w.length, e, lde, ...shape, scratch);
      });
    }

    function checkAll(
      { d, w }: Operands,
      layout: Layout,
      label = '',
      columns = padded(w[0].length),
      to?: number,
    ): void {
      const pad = (matrix: Matrix): Matrix => padTo(d.length, columns, matrix);
      const e = run({ d, w }, layout, 0, to);
      const expected = {
        values: pad(delta(d, w)),
        bound: pad(bounds(w.length, delta(magnitudes(d), magnitudes(w)))),
        rounded: pad(delta(d, w, Math.fround)),
      };
      check(e, scribble(e.length), inRows(layout.lde), expected, label);
    }

    const m = named('m', tile, tiled);
    const k = named('k', PANEL, [1, 4, 7, 8, 9, 16, 17, 40]);

    test.each(pairs(m, k))('%s, %s: D * W', (_m, _k, rows, inputs) => {
      for (const [n, outputs] of named('n', PANEL, [1, 4, 5, 7, 8, 9, 12, 24])) {
        const operands = operandsOf(rows, inputs, outputs);
        for (const [name, layout] of Object.entries(LAYOUTS)) {
          checkAll(operands, layout(inputs, outputs), `${n}, ${name}`);
        }
      }
    });

    test('any shape', () => {
      const property = fc.property(shapes, (shape) => {
        checkAll(operandsOf(shape.rows, shape.inputs, shape.outputs), anyLayout(shape));
      });
      fc.assert(property, { seed: 20_240_503, numRuns: 60 });
    });

    test.each(range(1, 5))('one input, as a dense column of %i rows', (rows) => {
      checkAll(operandsOf(rows, 1, 19), { ...LAYOUTS.wide(1, 19), lde: 1 }, '', 1, 1);
    });

    test('a row has the same bits alone and in a batch', () => {
      const operands = operandsOf(5, 137, 19);
      const layout = LAYOUTS.wide(137, 19);
      const whole = bitsOf(run(operands, layout));
      for (const i of range(0, 4)) {
        const alone = bitsOf(run({ ...operands, d: [operands.d[i]] }, layout));
        same(alone, whole.slice(i * layout.lde, i * layout.lde + padded(137)), `row ${i}`);
      }
    });

    test.each([1, 2, 5])('groups in parts are the whole, and no other is written: %i rows', (rows) => {
      const operands = operandsOf(rows, 139, 19);
      const layout = LAYOUTS.wide(139, 19);
      const whole = bitsOf(run(operands, layout));
      for (const [from, to] of parts([0, 1, 2, 16, 17, 18])) {
        const expected = bitsOf(scribble(whole.length));
        for (const i of range(0, rows - 1)) {
          const at = i * layout.lde + from * PANEL;
          expected.set(whole.subarray(at, at + (to - from) * PANEL), at);
        }
        same(bitsOf(run(operands, layout, from, to)), expected, `${from} to ${to}`);
      }
    });
  });
});
