import { describe, expect, test } from 'vitest';
import {
  inPanels,
  inRows,
  LAYOUTS,
  outputOf,
  pack,
  padded,
  padTo,
  PANEL,
  randomMatrix,
} from '../reference/products.js';
import { randomNumbers } from '../reference/samples.js';
import { sha256 } from '../sha256.js';
import { BINARIES, loadKernels, VARIANTS, WIDE_VARIANTS } from './harness.js';

const LIMIT = 64 * 1024;

describe('the kernels as a module', () => {
  test.each(Object.keys(BINARIES) as (keyof typeof BINARIES)[])('%s is smaller than 64 KiB', (variant) => {
    expect(BINARIES[variant].byteLength).toBeLessThan(LIMIT);
  });

  test.each([...VARIANTS, ...WIDE_VARIANTS])('%s imports nothing', (variant) => {
    expect(WebAssembly.Module.imports(new WebAssembly.Module(BINARIES[variant]))).toEqual([]);
  });
});

/**
 * Recorded once, from the kernels and from the float32 reference alike. Every engine and processor gives these: where
 * they change, so does every network that was trained from a seed.
 */
describe.each(['plain', 'plain.wide'] as const)('the bits of the reproducible products (%s)', (variant) => {
  const [rows, inputs, outputs] = [13, 37, 43];
  const { lda, lde, ld, panelStride } = LAYOUTS.tight(inputs, outputs);
  const next = randomNumbers(2024);
  const panels = padded(outputs) / PANEL;
  const a = pack(randomMatrix(rows, inputs, next), inRows(lda));
  const d = pack(padTo(rows, padded(outputs), randomMatrix(rows, outputs, next)), inRows(ld));
  const w = pack(padTo(padded(outputs), padded(inputs), randomMatrix(outputs, inputs, next)), inPanels(panelStride));
  const b = pack(padTo(1, padded(outputs), randomMatrix(1, outputs, next)), inRows(padded(outputs)));

  const hash = (values: Float32Array): string => sha256(new Uint8Array(values.buffer));

  test('gemmProduct', async () => {
    const kernels = await loadKernels(variant);
    const z = outputOf(kernels, [a, w, b], new Float32Array(rows * ld), {}, (out, [x, weights, bias]) => {
      const packed = kernels.packRows(x, lda, rows, inputs);
      kernels.call('gemmProduct', packed, lda, weights, panelStride, bias, out, ld, rows, inputs, 0, panels);
    });
    expect(hash(z)).toBe('1decc32b275533d0018263007c386450df6ab731900ef537f518fbc2a53bcbba');
  });

  test('gemmGradient', async () => {
    const kernels = await loadKernels(variant);
    const g = outputOf(kernels, [a, d], new Float32Array(panels * panelStride), {}, (out, [x, deltas]) => {
      kernels.call('gemmGradient', x, lda, deltas, ld, out, panelStride, rows, inputs, 0, panels, 0);
    });
    expect(hash(g)).toBe('3b49a30582c1cd1b2514387c388a4a7feb7522afaf41adec5524a79cd8183837');
  });

  test('gemmDelta', async () => {
    const kernels = await loadKernels(variant);
    const e = outputOf(kernels, [d, w], new Float32Array(rows * lde), {}, (out, [deltas, weights]) => {
      const scratch = kernels.f32(panels * 64 * 2); // a wide build transposes two strips
      const shape = [rows, 0, padded(inputs) / 8];
      const packed = kernels.packRows(deltas, ld, rows, panels * 8);
      kernels.call('gemmDelta', packed, ld, weights, panelStride, panels * 8, out, lde, ...shape, scratch);
    });
    expect(hash(e)).toBe('e283e104aac9f7fb68f0220ff6acb5b3d55951155f220895fcf33efb1f7351b2');
  });
});
