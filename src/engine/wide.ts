import type { Kernels } from './kernels.js';

/** As much of Node as is asked for. */
interface NodeProcess {
  readonly execPath: string;
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly getBuiltinModule?: (name: string) => unknown;
}

interface V8 {
  setFlagsFromString(flag: string): void;
}

interface ChildProcess {
  readonly execFileSync: (file: string, args: readonly string[], options: object) => string;
}

/** Tiles of `assembly/gemm/tiles.generated.ts` and `tiles.wide.generated.ts`, which a wide build exports. */
interface Tiles extends Kernels {
  productTile5(a: number, lda: number, w: number, k: number, b: number, z: number, ldz: number): void;
  productTile5Wide(
    a: number,
    lda: number,
    w: number,
    panelStep: number,
    k: number,
    b: number,
    z: number,
    ldz: number,
  ): void;
}

/** What V8 has called the flag, or may come to call it. */
const FLAGS = ['--experimental-wasm-revectorize', '--wasm-revectorize'];

/** Of the time that two narrow tiles take, what one wide tile may: half of it, or a little more, where vectors are fused. */
const FUSED = 0.8;
const TRIES = 15;
const CALLS = 20;
/** Tries that are not timed: in the first of them V8 turns to its optimising compiler, for the tiles and then for what calls them. */
const WARM_UP = 60;

/** Inputs of the tiles that are timed. Not a power of two: panels whole pages apart would contend for the same cache lines. */
const K = 200;

/**
 * Has V8 fuse pairs of 128-bit vectors into 256 bits, in all modules that are compiled from now on, and gives `provide` the
 * kernels for it, compiled. Where they are no faster, it returns why; then, and where `provide` throws, everything is as
 * it was.
 */
export function widen(
  bytes: Uint8Array<ArrayBuffer>,
  provide: (kernels: WebAssembly.Module) => void,
): string | undefined {
  const { process } = globalThis as { process?: Partial<NodeProcess> };
  const v8 = process?.getBuiltinModule?.('node:v8') as V8 | undefined;
  if (!v8 || !process?.versions) return 'only Node can be asked for vectors of 256 bits';
  let known: string;
  try {
    known = flagsOf(process as NodeProcess);
  } catch (error) {
    return `Node does not say which flags it has: ${String(error)}`;
  }
  const flag = FLAGS.find((name) => known.includes(`${name} `));
  if (!flag) return `V8 ${process.versions['v8']} has no ${FLAGS[0]}`;
  let took = false;
  try {
    const kernels = compileFaster(v8, flag, bytes);
    if (!kernels) return `V8 ${process.versions['v8']} has ${flag}, but gains nothing by it here`;
    provide(kernels);
    took = true;
  } finally {
    if (!took) v8.setFlagsFromString(flag.replace('--', '--no-'));
  }
  return undefined;
}

/**
 * What flags V8 knows, as text. It is asked of Node's own program, for to set an unknown one writes to the error stream.
 * Any other program that holds a Node would be started, and is not asked.
 */
function flagsOf({ execPath, getBuiltinModule }: NodeProcess): string {
  if (!/(^|[\\/])node(\.exe)?$/i.test(execPath)) return '';
  const { execFileSync } = getBuiltinModule?.('node:child_process') as ChildProcess;
  return execFileSync(execPath, ['--v8-options'], { encoding: 'utf8', env: {}, timeout: 10_000 });
}

/** The kernels as they are compiled once the flag is set; `undefined` where their wide tiles are no faster than narrow ones. */
function compileFaster(v8: V8, flag: string, bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module | undefined {
  // Optimised code has to be there when it is timed. Node 26 dies of `--no-liftoff`, which would be the other way.
  v8.setFlagsFromString('--wasm-sync-tier-up');
  try {
    // V8 keeps what it has compiled of the same bytes: an empty section makes these others
    const narrow = timer(new WebAssembly.Module(Uint8Array.of(...bytes, 0, 1, 0)), false);
    v8.setFlagsFromString(flag);
    const module = new WebAssembly.Module(bytes);
    const wide = timer(module, true);
    let [fused, apart] = [Infinity, Infinity];
    for (let i = 0; i < TRIES; i++) {
      fused = Math.min(fused, wide());
      apart = Math.min(apart, narrow());
    }
    return fused / apart < FUSED ? module : undefined;
  } finally {
    v8.setFlagsFromString('--no-wasm-sync-tier-up');
  }
}

/** What runs some tiles of two panels, or as many pairs of narrow ones, and returns how long they took. */
function timer(module: WebAssembly.Module, isWide: boolean): () => number {
  const tiles = new WebAssembly.Instance(module).exports as unknown as Tiles;
  const panelStep = K * 32;
  const [aBytes, wBytes, zBytes] = [K * 20, 2 * panelStep, 5 * 64];
  const a = tiles.allocate(aBytes + wBytes + zBytes + 64);
  const w = a + aBytes;
  const z = w + wBytes;
  const b = z + zBytes;
  const time = (): number => {
    const began = performance.now();
    for (let i = 0; i < CALLS; i++) {
      if (isWide) tiles.productTile5Wide(a, 0, w, panelStep, K, b, z, 64);
      else {
        tiles.productTile5(a, 0, w, K, b, z, 64);
        tiles.productTile5(a, 0, w + panelStep, K, b + 32, z + 32, 64);
      }
    }
    return performance.now() - began;
  };
  for (let i = 0; i < WARM_UP; i++) time();
  return time;
}
