/** The three matrix products alone, on the shapes of the workloads' layers. */
import { getEngine } from '../src/engine/engines.js';
import { panelled, rowStride, vector } from '../src/engine/layout.js';
import type { Numerics } from 'chainrule';
import type { KernelTable } from './kernel-calls.js';

/** rows, inputs, outputs: layers of W1, W2, W3, W4 and W6. */
export const SHAPES: readonly (readonly [rows: number, inputs: number, outputs: number])[] = [
  [10, 784, 30],
  [32, 784, 128],
  [64, 32, 32],
  [128, 784, 512],
  [128, 512, 512],
  [256, 1024, 2048],
  [256, 2048, 2048],
];

export const PRODUCTS = ['gemmProduct', 'gemmGradient', 'gemmDelta'] as const;
export type Product = (typeof PRODUCTS)[number];

/** GFLOP/s: of the middle slice, and of the best few. */
export interface ProductRate {
  readonly shape: string;
  readonly product: Product;
  readonly median: number;
  readonly best: number;
}

/** A slice is about this many flops, so that some are left undisturbed; each product takes this many milliseconds. */
const SLICE = 1e7;
const TIME = 300;

/** Measures every product on every shape. */
export async function measureProducts(numerics: Numerics): Promise<ProductRate[]> {
  const engine = await getEngine(numerics);
  const k = engine.kernels as unknown as KernelTable;
  const rates: ProductRate[] = [];
  for (const [rows, inputs, outputs] of SHAPES) {
    const [lda, ld] = [rowStride(inputs), rowStride(outputs)];
    const { panels, panelStride, floats } = panelled(outputs, inputs);
    const count = floats + vector(outputs).floats;
    const inBlocks = k['wantsBlocks'](rows, lda, ld, panels);
    const scratch = k['scratchFloats'](rows, inputs, outputs, lda, ld, panels);
    const sizes = [rows * lda, count, count, rows * ld, rows * ld, rows * lda, scratch];
    const blocks = sizes.map((floats) => engine.allocate(floats * 4 + 64, 'an operand'));
    const [x, p, g, z, d, e, t] = blocks;
    blocks.forEach((at, i) => engine.f32(at, sizes[i]).forEach((_, j, all) => (all[j] = (j % 17) / 17 - 0.5)));
    const [w, b] = [p, p + floats * 4];
    const rowsOf = (at: number, stride: number, width: number): number => {
      k['packRows'](at, stride, rows, width, t, 0, k['tilesOf'](rows));
      return k['rowsAt'](at, rows, t);
    };
    const strip = t + k['rowFloats'](rows, outputs) * 4;
    const columns = Math.ceil(inputs / 8);
    const calls: Record<Product, () => number> = {
      gemmProduct: () =>
        k['gemmProduct'](rowsOf(x, lda, inputs), lda, w, panelStride, b, z, ld, rows, inputs, 0, panels),
      gemmGradient: () => {
        const shape = [d, ld, g, panelStride, rows, inputs, 0, panels, 0];
        if (!inBlocks) return k['gemmGradient'](x, lda, ...shape);
        k['packBlocks'](x, lda, rows, inputs, 0, t, 0, rows);
        return k['gemmGradientBlocked'](t, ...shape, t + k['blockFloats'](rows, inputs) * 4);
      },
      gemmDelta: () =>
        k['gemmDelta'](rowsOf(d, ld, outputs), ld, w, panelStride, outputs, e, lda, rows, 0, columns, strip),
    };
    for (const product of PRODUCTS) {
      const seconds = timeSlices(calls[product], Math.max(1, Math.round(SLICE / (2 * rows * inputs * outputs))));
      const [median, best] = seconds.map((time) => (2 * rows * inputs * outputs) / time / 1e9);
      rates.push({ shape: `${rows} x ${inputs} x ${outputs}`, product, median, best });
    }
    for (const at of blocks) engine.release(at);
  }
  return rates;
}

/** Seconds a call: of the middle slice, and of the third in a hundred. */
function timeSlices(call: () => number, calls: number): [median: number, best: number] {
  const slices: number[] = [];
  for (let i = 0; i < calls; i++) call();
  for (const end = performance.now() + TIME; performance.now() < end;) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) call();
    slices.push((performance.now() - start) / calls / 1000);
  }
  slices.sort((a, b) => a - b);
  return [slices[slices.length >> 1], slices[Math.floor(slices.length * 0.03)]];
}
