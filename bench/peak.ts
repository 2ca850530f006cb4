/** Measures the 128-bit peak: the rate that every share in the benchmark is a share of. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Multiply-adds a turn, each of two operations in four lanes. */
const FLOPS_PER_TURN = { separate: 6 * 4 * 2, fused: 12 * 4 * 2 };
const TURNS = 100_000; // 0.08 to 0.15 ms a call: short enough that some calls are left undisturbed
const FACTOR = 0.999;

type Form = 'separate' | 'fused';
type Kernel = (turns: number, x: number) => number;

export interface PeakKernels {
  readonly separate: Kernel;
  /** Missing where the engine has no relaxed SIMD, such as Node 20 without --experimental-wasm-relaxed-simd. */
  readonly fused?: Kernel;
}

/** In GFLOP/s. */
export interface Peak {
  /** The better of the two forms: the denominator of every share. */
  readonly best: number;
  readonly separate: number;
  readonly fused?: number;
}

/** Compiles peak.as.ts in memory, with multiply and add apart and, where the engine takes it, with the fused form. */
export async function compilePeak(): Promise<PeakKernels> {
  const source = await readFile(join(import.meta.dirname, 'peak.as.ts'), 'utf8');
  const separate = await compile(source, 'simd');
  const fused = await compile(source, 'simd', 'relaxed-simd');
  return {
    separate: await instantiate(separate, 'separate'),
    ...(WebAssembly.validate(fused) && { fused: await instantiate(fused, 'fused') }),
  };
}

async function compile(source: string, ...features: string[]): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const enabled = features.flatMap((feature) => ['--enable', feature]);
  const options = ['--outFile', 'peak.wasm', '--runtime', 'stub', '--noAssert', '-O3', ...enabled];
  const { default: asc } = await import('assemblyscript/asc'); // it takes long to load
  const { error } = await asc.main(['peak.ts', ...options], {
    // the source and nothing else: asc would merge an asconfig.json that it found
    readFile: (name) => (name === 'peak.ts' ? source : null),
    writeFile: (name, contents) => {
      if (name === 'peak.wasm') binary = contents as Uint8Array<ArrayBuffer>;
    },
    listFiles: () => [],
    stderr: process.stderr,
  });
  if (error || !binary) throw new Error('peak.as.ts does not compile', { cause: error });
  return binary;
}

async function instantiate(binary: Uint8Array<ArrayBuffer>, form: Form): Promise<Kernel> {
  const { instance } = await WebAssembly.instantiate(binary);
  return instance.exports[form] as Kernel;
}

/**
 * The best rate of each form within `milliseconds`, after a warm-up. The best and not the median: the peak is what
 * the machine can do, and whatever disturbs a call only makes it slower.
 */
export function measurePeak({ separate, fused }: PeakKernels, milliseconds: number): Peak {
  return peakOf(bestRate('separate', separate, milliseconds), fused && bestRate('fused', fused, milliseconds));
}

/** The best of each form over several measurements. */
export function bestPeak(peaks: readonly Peak[]): Peak {
  const fused = peaks.flatMap((peak) => peak.fused ?? []);
  return peakOf(Math.max(...peaks.map((peak) => peak.separate)), fused.length > 0 ? Math.max(...fused) : undefined);
}

function peakOf(separate: number, fused: number | undefined): Peak {
  return { best: Math.max(separate, fused ?? 0), separate, ...(fused !== undefined && { fused }) };
}

function bestRate(form: Form, kernel: Kernel, milliseconds: number): number {
  for (const end = performance.now() + milliseconds / 4; performance.now() < end;) kernel(TURNS, FACTOR);
  let best = Infinity;
  for (const end = performance.now() + milliseconds; performance.now() < end;) {
    const start = performance.now();
    kernel(TURNS, FACTOR);
    best = Math.min(best, performance.now() - start);
  }
  return (FLOPS_PER_TURN[form] * TURNS) / best / 1e6;
}
