import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lossEntry, LOSSES, type LossName as TableName } from '../../src/choices/losses.js';
import { logitSlope, lossSlope, lossValue, oneHot, type LossName } from '../reference/losses.js';
import { loadKernels, VARIANTS, type Kernels } from './harness.js';

/** One code of `assembly/losses/table.ts`: its name in the reference, and what to try it with. */
interface Kind {
  code: number;
  name: LossName;
  lastActivation: 'linear' | 'softmax' | 'sigmoid';
  parameters: number[];
  /** Whether class indices are allowed as targets. */
  labels: boolean;
  outputs: 'any' | 'probabilities';
}

/** Each loss of the library's table, and behind it, where there is one, its fused pair, such as `crossEntropy of softmax`. */
const KINDS: Record<string, Kind> = Object.fromEntries(
  (Object.keys(LOSSES) as TableName[]).flatMap((name) => {
    const { code, parameter, suits, fused, targets, takesLabels = false } = lossEntry(name);
    const parameters = parameter === undefined ? [0] : [parameter, 0.25];
    const outputs = targets ? 'probabilities' : 'any';
    const plain: Kind = { code, name, lastActivation: 'linear', parameters, labels: takesLabels, outputs };
    if (fused === undefined) return [[name, plain]];
    const lastActivation = suits as Kind['lastActivation'];
    return [
      [name, plain],
      [`${name} of ${suits}`, { ...plain, code: fused, lastActivation, outputs: 'any' }],
    ];
  }),
);
/** Of no loss: see the same table. */
const GIVEN = 9;

const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17];
const COST_TOLERANCE = 4e-7;
const SLOPE_TOLERANCE = 4e-7;

/** A fixed sequence of numbers in [-1, 1), the same on every run. */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** A mini-batch: rows of logits, outputs and dense targets, all float32 numbers, and labels where they are wanted. */
interface Batch {
  z: number[][];
  a: number[][];
  y: number[][];
  labels: number[] | undefined;
}

const activations = {
  linear: (z: number[]) => z,
  sigmoid: (z: number[]) => z.map((x) => 1 / (1 + Math.exp(-x))),
  softmax: (z: number[]) => {
    const e = z.map((x) => Math.exp(x - Math.max(...z)));
    const total = e.reduce((sum, x) => sum + x, 0);
    return e.map((x) => x / total);
  },
};

/** Outputs belong to logits as float32 σ(z); targets are class rows, or probabilities, or any numbers. */
function batchOf(z: number[][], y: number[][], kind: Kind, labels?: number[]): Batch {
  const rounded = z.map((row) => row.map(Math.fround));
  const a = rounded.map((row) => {
    if (kind.lastActivation === 'linear' && kind.outputs === 'probabilities') return activations.sigmoid(row);
    return activations[kind.lastActivation](row);
  });
  const f = (rows: number[][]): number[][] => rows.map((row) => row.map(Math.fround));
  return { z: rounded, a: f(a), y: f(y), labels };
}

function randomBatch(kind: Kind, rows: number, columns: number, withLabels: boolean): Batch {
  const next = sequence(rows * 100 + columns);
  const z = Array.from({ length: rows }, () => Array.from({ length: columns }, () => 4 * next()));
  // both ends first, then anywhere
  const labels = Array.from({ length: rows }, (_, k) =>
    k === 0 ? columns - 1 : k === 1 ? 0 : Math.floor(((next() + 1) / 2) * columns),
  );
  const any = z.map((row) => row.map((x) => (next() > 0.8 ? x : 4 * next())));
  const unit = z.map((row) => row.map(() => Math.round((next() + 1) * 8) / 16));
  const isUnit = kind.outputs === 'probabilities' || kind.lastActivation !== 'linear';
  const y = withLabels ? labels.map((label) => oneHot(label, columns)) : isUnit ? unit : any;
  return batchOf(z, y, kind, withLabels ? labels : undefined);
}

interface Expected {
  cost: number;
  /** ∂C_k/∂a, or ∂C_k/∂z for the fused pairs, one row an example. */
  slopes: number[][];
}

function reference(kind: Kind, { z, a, y }: Batch, parameter: number): Expected {
  let cost = 0;
  const slopes = z.map((_, k) => {
    const args = [kind.name, a[k], z[k], y[k], parameter, kind.lastActivation] as const;
    cost += lossValue(...args);
    return logitSlope(...args) ?? lossSlope(...args);
  });
  return { cost, slopes };
}

interface Run {
  cost: number;
  d: number[][];
  padding: number[];
}

interface RunOptions {
  ld?: number;
  parameter?: number;
  scale?: number;
  costOnly?: boolean;
  shift?: number;
  /** The operand that the slopes are written over. */
  over?: 'z' | 'a' | 'y';
  /** A weight for each row. */
  weights?: number[];
}

/** Calls the kernel with padding of NaN behind the columns, so that a read of it shows. */
function run(
  kernels: Kernels,
  kind: Kind,
  batch: Batch,
  { ld = batch.z[0].length, parameter = 0, scale = 1, costOnly = false, shift = 0, over, weights }: RunOptions = {},
): Run {
  kernels.reset();
  const rows = batch.z.length;
  const columns = batch.z[0].length;
  const padded = (matrix: number[][]): number[] =>
    matrix.flatMap((row) => [...row, ...new Array<number>(ld - columns).fill(NaN)]);
  const place = (matrix: number[][]): number => kernels.f32(rows * ld, { values: padded(matrix), shift });
  const fused = kind.lastActivation !== 'linear';
  const z = fused ? place(batch.z) : 0;
  const a = fused && costOnly ? 0 : place(batch.a);
  const y = batch.labels ? 0 : place(batch.y);
  const labels = batch.labels ? kernels.i32(rows, { values: batch.labels, shift }) : 0;
  const d = costOnly ? 0 : over ? { z, a, y }[over] : place(batch.z.map((row) => row.map(() => NaN)));
  const w = weights ? kernels.f32(rows, { values: weights, shift }) : 0;
  const cost = kernels.call('loss', kind.code, z, a, y, labels, d, rows, columns, ld, parameter, scale, w);
  kernels.expectIntact();
  const written = d ? kernels.readF32(d, rows * ld) : new Float32Array();
  const lines = d ? batch.z.map((_, k) => Array.from(written.subarray(k * ld, (k + 1) * ld))) : [];
  return { cost, d: lines.map((row) => row.slice(0, columns)), padding: lines.flatMap((row) => row.slice(columns)) };
}

/** Each number within `tolerance` of its size, or of `floor` where it is smaller than that. */
function expectClose(actual: number[], expected: number[], tolerance: number, floor: number): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    const room = tolerance * Math.max(Math.abs(expected[i]), floor);
    if (!(Math.abs(value - expected[i]) <= room))
      expect.fail(`[${i}]: ${value}, expected ${expected[i]} within ${room}`);
  });
}

const strides = (columns: number): number[] => [
  ...new Set([columns, Math.ceil(columns / 8) * 8, Math.ceil(columns / 8) * 8 + 16, columns + 1]),
];

const targets = (kind: Kind): boolean[] => (kind.labels ? [false, true] : [false]);

describe.each(VARIANTS)('loss (%s)', (variant) => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await loadKernels(variant);
  });
  beforeEach(() => kernels.reset());

  describe.each(Object.entries(KINDS))('%s', (_, kind) => {
    test('gives the reference cost and slopes for every shape, stride and alignment', () => {
      for (const rows of SIZES) {
        for (const columns of SIZES) {
          for (const withLabels of targets(kind)) {
            const batch = randomBatch(kind, rows, columns, withLabels);
            for (const parameter of kind.parameters) {
              const expected = reference(kind, batch, parameter);
              const scale = Math.fround(1 / rows);
              const first = run(kernels, kind, batch, { parameter, scale });
              expectClose([first.cost], [expected.cost], COST_TOLERANCE, 1e-30);
              const slopes = expected.slopes.flat().map((slope) => slope * scale);
              expectClose(first.d.flat(), slopes, SLOPE_TOLERANCE, scale / 4);
              for (const ld of strides(columns)) {
                const again = run(kernels, kind, batch, { ld, parameter, scale, shift: ld % 4 });
                expect(again.cost).toBe(first.cost);
                expect(again.d).toEqual(first.d);
                expect(again.padding.every((value) => Object.is(value, 0))).toBe(true);
              }
              expect(run(kernels, kind, batch, { parameter, costOnly: true }).cost).toBe(first.cost);
            }
          }
        }
      }
    });

    test('multiplies the cost and the slopes of each row by its weight', () => {
      for (const columns of [1, 2, 5, 8]) {
        for (const withLabels of targets(kind)) {
          const batch = randomBatch(kind, 6, columns, withLabels);
          const options = { ld: columns + 3, parameter: kind.parameters[0] };
          const plain = run(kernels, kind, batch, options);
          const ones = run(kernels, kind, batch, { ...options, weights: new Array<number>(6).fill(1) });
          expectClose([ones.cost], [plain.cost], 1e-15, 0);
          expect(ones.d).toEqual(plain.d);
          const weights = [2, 0, 0.5, 1, 4, 0.25];
          const weighted = run(kernels, kind, batch, { ...options, weights });
          // powers of two: no product is rounded
          expect(weighted.d).toEqual(plain.d.map((row, i) => row.map((slope) => slope * weights[i] + 0)));
          expect(weighted.padding).toEqual(plain.padding);
          const costs = weights.map((weight, i) => {
            const single = Object.fromEntries(Object.entries(batch).map(([name, all]) => [name, all?.slice(i, i + 1)]));
            return weight * run(kernels, kind, single as unknown as Batch, options).cost;
          });
          const expected = costs.reduce((sum, cost) => sum + cost, 0);
          expectClose([weighted.cost], [expected], 1e-14, 0);
        }
      }
    });

    test('gives the same when the slopes are written over an operand', () => {
      for (const columns of [1, 7]) {
        const batch = randomBatch(kind, 5, columns, false);
        const options = { ld: 8, parameter: kind.parameters[0] };
        const apart = run(kernels, kind, batch, options);
        for (const over of kind.lastActivation === 'linear' ? (['a', 'y'] as const) : (['z', 'a', 'y'] as const)) {
          expect(run(kernels, kind, batch, { ...options, over })).toEqual(apart);
        }
      }
    });

    test('has slopes that are the finite differences of the reference cost', () => {
      for (const withLabels of targets(kind)) {
        for (const parameter of kind.parameters) {
          const batch = randomBatch(kind, 3, 5, withLabels);
          const { d } = run(kernels, kind, batch, { parameter });
          expectClose(d.flat(), differences(kind, batch, parameter).flat(), 2e-5, 1);
        }
      }
    });

    test('costs NaN when an output, a logit or a target that is read is NaN', () => {
      for (const column of [0, 3, 4, 6]) {
        for (const part of kind.lastActivation === 'linear' ? (['a', 'y'] as const) : (['z', 'y'] as const)) {
          const batch = randomBatch(kind, 3, 7, false);
          batch[part][1][column] = NaN;
          for (const parameter of kind.parameters) {
            expect(run(kernels, kind, batch, { parameter }).cost).toBeNaN();
          }
        }
      }
    });
  });

  test('mae, huber and smoothL1 have slope 0 where output and target are equal, also for beta 0', () => {
    for (const [kind, parameter] of [
      [KINDS['mae'], 0],
      [KINDS['huber'], 1],
      [KINDS['smoothL1'], 1],
      [KINDS['smoothL1'], 0],
    ] as const) {
      const result = run(kernels, kind, batchOf([[3, -1, 0, 2, 5]], [[3, -1, 0, 2, 4]], kind), { parameter });
      expect(result.d[0].slice(0, 4).every((value) => value === 0)).toBe(true);
      expect(result.d[0][4]).toBeCloseTo(1 / 5, 7);
    }
  });

  test('a probability of exactly 0 or 1 costs at most 100, and its slope stays finite', () => {
    const sure = { ...batchOf([[0, 0, 0, 0, 0]], [[1, 0, 1, 0, 0.5]], KINDS['binaryCrossEntropy']) };
    sure.a = [[0, 1, 1, 0, 0]];
    const binary = run(kernels, KINDS['binaryCrossEntropy'], sure);
    expectClose([binary.cost], [(100 + 100 + 0 + 0 + 50) / 5], 1e-7, 0);
    expectClose(binary.d[0], [-1e12 / 5, 1e12 / 5, 0, 0, -0.5e12 / 5], 1e-6, 0);
    const classes = run(kernels, KINDS['crossEntropy'], { ...sure, y: [[1, 0.5, 0, 0, 0]] });
    expectClose([classes.cost], [100], 1e-7, 0);
    expectClose(classes.d[0], [-1e12, -0.5, 0, 0, 0], 1e-6, 0);
  });

  test('GIVEN has y as its slope, and costs nothing, or NaN of an output that is not finite', () => {
    const batch = { z: [[0, 0]], a: [[3, -4]], y: [[1e30, -2]], labels: undefined };
    const given: Kind = { ...KINDS['mse'], code: GIVEN };
    expect(run(kernels, given, batch, { scale: 0.5 })).toMatchObject({ cost: 0, d: [[Math.fround(1e30) / 2, -1]] });
    expect(run(kernels, given, { ...batch, a: [[3, Infinity]] }).cost).toBeNaN();
  });

  test('a tiny cost keeps its relative accuracy', () => {
    for (const gap of [10, 20, 40, 80]) {
      const softmax = batchOf([[0, -gap, -gap, -1000, -gap]], [[1, 0, 0, 0, 0]], KINDS['crossEntropy of softmax'], [0]);
      const cost = reference(KINDS['crossEntropy of softmax'], softmax, 0).cost;
      expectClose([run(kernels, KINDS['crossEntropy of softmax'], softmax).cost], [cost], 4e-7, 0);
      const sigmoid = batchOf([[gap, -gap]], [[1, 0]], KINDS['binaryCrossEntropy of sigmoid']);
      const binary = reference(KINDS['binaryCrossEntropy of sigmoid'], sigmoid, 0).cost;
      expectClose([run(kernels, KINDS['binaryCrossEntropy of sigmoid'], sigmoid).cost], [binary], 4e-7, 0);
    }
    const near = { ...batchOf([[0, 0]], [[0, 1]], KINDS['binaryCrossEntropy']) };
    near.a = [[1e-10, 1].map(Math.fround)];
    expectClose([run(kernels, KINDS['binaryCrossEntropy'], near).cost], [near.a[0][0] / 2], 4e-7, 0);
  });

  test('huge logits give finite costs and slopes', () => {
    const huge = Math.fround(1e30);
    const kind = KINDS['crossEntropy of softmax'];
    for (const [z, label, cost] of [
      [[huge, -huge, 0, 0, 1], 0, 0],
      [[huge, -huge, 0, 0, 1], 1, 2 * huge],
      [[huge, huge, 0, -huge, huge], 4, Math.log(3)],
      [[-huge, -huge, -huge, -huge, -huge], 2, Math.log(5)],
    ] as const) {
      const batch = batchOf([[...z]], [oneHot(label, 5)], kind, [label]);
      for (const given of [batch, { ...batch, labels: undefined }]) {
        const result = run(kernels, kind, given);
        expectClose([result.cost], [cost], 4e-7, 0);
        expectClose(result.d[0], reference(kind, batch, 0).slopes[0], 4e-7, 1);
      }
    }
    const binary = KINDS['binaryCrossEntropy of sigmoid'];
    const batch = batchOf([[huge, -huge, huge, -huge, 0]], [[1, 0, 0, 1, 1]], binary);
    const result = run(kernels, binary, batch);
    expectClose([result.cost], [(2 * huge) / 5], 4e-7, 0);
    expectClose(result.d[0], [0, 0, 0.2, -0.2, -0.1], 4e-7, 1);
  });

  test('a class with target 0 costs nothing, however far away, also at minus infinity', () => {
    const kind = KINDS['crossEntropy of softmax'];
    const batch = batchOf([[1, -Infinity, 0]], [[1, 0, 0]], kind, [0]);
    expectClose([run(kernels, kind, batch).cost], [Math.log1p(Math.exp(-1))], 4e-7, 0);
  });

  test('dense targets that do not sum to 1 weigh the softmax with their sum', () => {
    const kind = KINDS['crossEntropy of softmax'];
    const batch = batchOf([[1, 2, 3, -1, 0]], [[0.5, 2, 0, 0.25, 1]], kind);
    const expected = reference(kind, batch, 0);
    const result = run(kernels, kind, batch);
    expectClose([result.cost], [expected.cost], 4e-7, 0);
    expectClose(result.d[0], expected.slopes[0], 4e-7, 1);
  });
});

/** ∂C_k by central differences of the float64 reference, the outputs of a fused pair following their logits. */
function differences(kind: Kind, batch: Batch, parameter: number): number[][] {
  const fused = kind.lastActivation !== 'linear';
  const step = 1e-6;
  return batch.z.map((z, k) =>
    z.map((_, j) => {
      const cost = (change: number): number => {
        const moved = (fused ? z : batch.a[k]).map((value, i) => (i === j ? value + change : value));
        const outputs = fused ? activations[kind.lastActivation](moved) : moved;
        return lossValue(kind.name, outputs, moved, batch.y[k], parameter, kind.lastActivation);
      };
      return (cost(step) - cost(-step)) / (2 * step);
    }),
  );
}
