/** Measures the 128-bit peak: the rate that every share in the benchmark is a share of. */
import asc from 'assemblyscript/asc';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const FLOPS_PER_TURN = 12 * 4 * 2;
const TURNS = 100_000; // about 0.15 ms a call: short enough that some calls are left undisturbed

type Chains = (turns: number) => number;

export interface PeakKernels {
  readonly separate: Chains;
  /** Missing where the engine has no relaxed SIMD, such as Node 20 without its flag. */
  readonly fused?: Chains;
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
    separate: await instantiate(separate),
    ...(WebAssembly.validate(fused) && { fused: await instantiate(fused) }),
  };
}

async function compile(source: string, ...features: string[]): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const enabled = features.flatMap((feature) => ['--enable', feature]);
  const options = ['--outFile', 'peak.wasm', '--runtime', 'stub', '--noAssert', '-O3', ...enabled];
  const { error, stderr } = await asc.main(['peak.ts', ...options], {
    // the source and nothing else: asc would merge an asconfig.json that it found
    readFile: (name) => (name === 'peak.ts' ? source : null),
    writeFile: (name, contents) => {
      if (name === 'peak.wasm') binary = contents as Uint8Array<ArrayBuffer>;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`peak.as.ts does not compile\n${stderr.toString()}`, { cause: error });
  return binary;
}

async function instantiate(binary: Uint8Array<ArrayBuffer>): Promise<Chains> {
  const { instance } = await WebAssembly.instantiate(binary);
  return instance.exports['chains'] as Chains;
}

/**
 * The best rate of each form within `milliseconds`, after a warm-up. The best and not the median: the peak is what
 * the machine can do, and whatever disturbs a call only makes it slower.
 */
export function measurePeak({ separate, fused }: PeakKernels, milliseconds: number): Peak {
  const rates = { separate: bestRate(separate, milliseconds), ...(fused && { fused: bestRate(fused, milliseconds) }) };
  return { ...rates, best: Math.max(...Object.values(rates)) };
}

/** The best of both forms over several measurements. */
export function bestPeak(peaks: readonly Peak[]): Peak {
  const fused = peaks.flatMap((peak) => peak.fused ?? []);
  const separate = Math.max(...peaks.map((peak) => peak.separate));
  return { best: Math.max(separate, ...fused), separate, ...(fused.length > 0 && { fused: Math.max(...fused) }) };
}

function bestRate(chains: Chains, milliseconds: number): number {
  for (const end = performance.now() + milliseconds / 4; performance.now() < end; ) chains(TURNS);
  let best = Infinity;
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    const start = performance.now();
    chains(TURNS);
    best = Math.min(best, performance.now() - start);
  }
  return (FLOPS_PER_TURN * TURNS) / best / 1e6;
}
