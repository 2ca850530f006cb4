/** The float32 functions of `assembly/math` against float64, over the whole line of float32 numbers. */
import { beforeAll, describe, expect, test } from 'vitest';
import { readBytes } from '../files.js';
import { sigmoid } from '../reference/activations.js';
import { erf } from '../reference/erf.js';
import { Kernels, type Variant } from './harness.js';

interface Func {
  name: string;
  exact: (x: number) => number;
  /** The worst error allowed, in units of the last place of the exact value. */
  ulp: number;
  /** Intervals where every float32 is tried: around joins and limits, and where the error is largest. */
  windows: [number, number][];
  /** Inputs whose result is exactly this. */
  special: [x: number, y: number][];
}

const FUNCTIONS: readonly Func[] = [
  {
    name: 'exp',
    exact: Math.exp,
    ulp: 0.92,
    windows: [
      [-104.5, -86.5],
      [88.3, 89.5],
      [-80.73, -80.71],
      [-71.02, -71.01],
      [4.5, 4.55],
      [-0.36, -0.34],
      [0.34, 0.36],
    ],
    special: [
      [0, 1],
      [-0, 1],
      [Infinity, Infinity],
      [-Infinity, 0],
      [88.72284, Infinity],
      [-103.97209, 0],
    ],
  },
  {
    name: 'expm1',
    exact: Math.expm1,
    ulp: 1.23,
    windows: [
      [-17.5, -17],
      [-1.2, -0.9],
      [-0.4, -0.3],
      [0.3, 0.4],
      [88.5, 89.5],
    ],
    special: [
      [0, 0],
      [-0, -0],
      [Infinity, Infinity],
      [-Infinity, -1],
    ],
  },
  {
    name: 'log',
    exact: Math.log,
    ulp: 0.93,
    windows: [
      [0.49, 0.51],
      [0.7, 0.72],
      [0.99, 1.02],
      [1.4, 1.43],
      [1.17e-38, 1.19e-38],
    ],
    special: [
      [1, 0],
      [0, -Infinity],
      [-0, -Infinity],
      [-1, NaN],
      [-1e-45, NaN],
      [Infinity, Infinity],
      [-Infinity, NaN],
    ],
  },
  {
    name: 'log1p',
    exact: Math.log1p,
    ulp: 0.98,
    windows: [
      [-0.51, -0.49],
      [-0.3, -0.28],
      [0.4, 0.43],
      [-1, -0.99],
      [0.99, 1.02],
    ],
    special: [
      [0, 0],
      [-0, -0],
      [-1, -Infinity],
      [-2, NaN],
      [Infinity, Infinity],
      [-Infinity, NaN],
      [1e-45, 1e-45],
    ],
  },
  {
    name: 'sigmoid',
    exact: sigmoid,
    ulp: 0.55,
    windows: [
      [-104.5, -86.5],
      [-0.36, -0.3],
      [0.3, 0.36],
      [-1.1, -0.9],
      [-17.8, -17.6],
      [17, 17.5],
    ],
    special: [
      [0, 0.5],
      [-0, 0.5],
      [Infinity, 1],
      [-Infinity, 0],
      [-104, 0],
      [-103, 1e-45],
    ],
  },
  {
    name: 'tanh',
    exact: Math.tanh,
    ulp: 0.95,
    windows: [
      [0.9, 0.96],
      [-0.96, -0.92],
      [8.9, 9.2],
      [1.2, 1.25],
    ],
    special: [
      [0, 0],
      [-0, -0],
      [Infinity, 1],
      [-Infinity, -1],
      [1e-45, 1e-45],
      [-1e-45, -1e-45],
      [20, 1],
    ],
  },
  {
    name: 'erf',
    exact: erf,
    ulp: 0.99,
    windows: [
      [0.84, 0.95],
      [-0.89, -0.86],
      [3.8, 4.1],
    ],
    special: [
      [0, 0],
      [-0, -0],
      [Infinity, 1],
      [-Infinity, -1],
      [5, 1],
      [-5, -1],
    ],
  },
];

const BLOCK = 1 << 16;
const STRIDE = 257; // odd, so that every low bit of the significand is met
const variants: Partial<Record<Variant, Kernels>> = {};

beforeAll(async () => {
  for (const variant of ['plain', 'relaxed'] as const) {
    const binary = await readBytes(`build/math.${variant}.wasm`);
    // Node 20 has no relaxed SIMD
    if (variant === 'relaxed' && !WebAssembly.validate(binary)) continue;
    variants[variant] = new Kernels((await WebAssembly.instantiate(binary)).instance.exports);
  }
});

const doubleBits = new Float64Array(1);
const doubleWords = new Uint32Array(doubleBits.buffer);

/** The distance of neighbouring float32 numbers around a float64 value. */
function unitInTheLastPlace(value: number): number {
  doubleBits[0] = value;
  const exponent = ((doubleWords[1] >>> 20) & 0x7ff) - 1023;
  return 2 ** (Math.max(exponent, -126) - 23);
}

/** |result - exact| in ulp. An infinite result counts as the number that float32 would have after its largest. */
function ulpError(result: number, exact: number): number {
  if (Number.isNaN(exact)) return Number.isNaN(result) ? 0 : Infinity;
  if (result === exact) return 0;
  const next = 2 ** 128;
  const finite = Number.isFinite(result) ? result : Math.sign(result) * next;
  if (Math.abs(exact) >= next) return finite === Math.sign(exact) * next ? 0 : Infinity;
  return Math.abs(finite - exact) / unitInTheLastPlace(exact);
}

interface Worst {
  ulp: number;
  at: number;
}

/** Runs the kernel over the bit patterns `first`, `first` + `step`, … below `end`, and updates each variant's worst. */
function sweep(index: number, first: number, end: number, step: number, worst: Map<Variant, Worst>): void {
  const { exact } = FUNCTIONS[index];
  const bits = new Uint32Array(BLOCK);
  const inputs = new Float32Array(bits.buffer);
  const references = new Float64Array(BLOCK);
  for (let start = first; start < end; start += step * BLOCK) {
    const count = Math.min(BLOCK, Math.ceil((end - start) / step));
    for (let i = 0; i < BLOCK; i++) bits[i] = start + Math.min(i, count - 1) * step;
    for (let i = 0; i < count; i++) references[i] = exact(inputs[i]);
    for (const [variant, kernels] of Object.entries(variants) as [Variant, Kernels][]) {
      const results = evaluate(kernels, index, inputs);
      const record = worst.get(variant)!;
      for (let i = 0; i < count; i++) {
        const error = ulpError(results[i], references[i]);
        if (error > record.ulp) {
          record.ulp = error;
          record.at = inputs[i];
        }
      }
    }
  }
}

function evaluate(kernels: Kernels, index: number, inputs: Float32Array): Float32Array {
  kernels.reset();
  const x = kernels.f32(inputs.length);
  const y = kernels.f32(inputs.length);
  new Float32Array(kernels.memory.buffer, x, inputs.length).set(inputs);
  kernels.call('evaluate', index, x, y, inputs.length);
  return kernels.readF32(y, inputs.length);
}

function bitsOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}

describe.each(FUNCTIONS.map((func, index) => ({ ...func, index })))(
  '$name',
  ({ name, index, ulp, windows, special }) => {
    test(`is within ${ulp} ulp of the exact value over all float32 numbers`, () => {
      const worst = new Map<Variant, Worst>();
      for (const variant of Object.keys(variants) as Variant[]) worst.set(variant, { ulp: 0, at: 0 });
      sweep(index, 0, 2 ** 32, STRIDE, worst);
      for (const [from, to] of windows) {
        const ends = [bitsOf(from), bitsOf(to)].sort((a, b) => a - b);
        sweep(index, ends[0], ends[1] + 1, 1, worst);
      }
      for (const [variant, record] of worst) {
        console.log(`${name} ${variant}: at most ${record.ulp.toFixed(4)} ulp, at ${record.at}`);
        expect(record.ulp, `${name} ${variant} at ${record.at}`).toBeLessThanOrEqual(ulp);
      }
    });

    test('has exact special values, and keeps every NaN', () => {
      const nans = Uint32Array.of(0x7fc00000, 0xffc00000, 0x7f800001, 0xffffffff, 0x7fc0dead);
      for (const kernels of Object.values(variants)) {
        const inputs = new Float32Array(Math.ceil(special.length / 4) * 4);
        special.forEach(([x], i) => (inputs[i] = x));
        const results = evaluate(kernels, index, inputs);
        for (const [i, [x, y]] of special.entries()) expect(results[i], `${name}(${x})`).toBe(Math.fround(y));

        const patterns = new Float32Array(8);
        new Uint32Array(patterns.buffer).set(nans);
        expect([...evaluate(kernels, index, patterns)].slice(0, nans.length)).toEqual(Array(nans.length).fill(NaN));
      }
    });
  },
);
