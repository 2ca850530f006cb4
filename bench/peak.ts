/** Measures the 128-bit peak that every share in the benchmark is a share of. */
import asc from 'assemblyscript/asc';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const FLOPS_PER_TURN = 12 * 4 * 2;
const TURNS = 100_000; // about 0.15 ms a call: short enough that some calls are left undisturbed

export interface PeakKernels {
  separate(turns: number): number;
  fused(turns: number): number;
}

/** Peaks in GFLOP/s. */
export interface Peak {
  readonly separate: number;
  readonly fused: number;
}

/** Compiles peak.as.ts in memory. */
export async function compilePeak(): Promise<PeakKernels> {
  const source = await readFile(join(import.meta.dirname, 'peak.as.ts'), 'utf8');
  let binary: Uint8Array | undefined;
  const options = ['--runtime', 'stub', '--noAssert', '-O3', '--enable', 'simd', '--enable', 'relaxed-simd'];
  const { error, stderr } = await asc.main(['peak.ts', '--outFile', 'peak.wasm', ...options], {
    // only the one source: asc would otherwise merge the asconfig.json that it finds
    readFile: (name) => (name === 'peak.ts' ? source : null),
    writeFile: (name, contents) => {
      if (name === 'peak.wasm') binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`peak.as.ts cannot be compiled\n${stderr.toString()}`, { cause: error });
  const { instance } = await WebAssembly.instantiate(binary as Uint8Array<ArrayBuffer>);
  return instance.exports as unknown as PeakKernels;
}

/**
 * The best rate of both forms within about `milliseconds`, after a warm-up. The best and not the median: a peak is
 * what the machine can do, and whatever disturbs a call makes it slower.
 */
export function measurePeak({ separate, fused }: PeakKernels, milliseconds: number): Peak {
  return { separate: bestRate(separate, milliseconds / 2), fused: bestRate(fused, milliseconds / 2) };
}

function bestRate(kernel: (turns: number) => number, milliseconds: number): number {
  const warm = performance.now() + milliseconds / 4;
  while (performance.now() < warm) kernel(TURNS);
  let best = Infinity;
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    const start = performance.now();
    kernel(TURNS);
    best = Math.min(best, performance.now() - start);
  }
  return (FLOPS_PER_TURN * TURNS) / best / 1e6;
}
