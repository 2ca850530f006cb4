import { checkOneOf, describe } from '../support/check.js';
import { Engine } from './engine.js';
import type { Kernels } from './kernels.js';
import { compileKernels, isKernelSource, type KernelSource } from './source.js';
import { chooseVariant, type Numerics, type Sharing, type Variant } from './variants.js';

/** The engines of this realm, and the kernels that the user provided for them, by variant. */
const engines = new Map<Variant['name'], Promise<Engine>>();
const sources = new Map<Variant['name'], KernelSource>();

/** This realm's engine for `numerics`, of one thread, compiled on first use. */
export function getEngine(numerics: Numerics): Promise<Engine> {
  return engineOf(chooseVariant(numerics, 'local'));
}

/** This realm's engine of a variant, compiled on first use. */
export function engineOf(variant: Variant): Promise<Engine> {
  let starting = engines.get(variant.name);
  if (!starting) {
    starting = start(variant, sources.get(variant.name));
    engines.set(variant.name, starting);
    // a source that failed may be mended: the next call tries again
    starting.catch(() => engines.delete(variant.name));
  }
  return starting;
}

/** Whether the user provided the kernels of a variant: where they are of no use, that is an error. */
export function isProvided(variant: Variant): boolean {
  return sources.has(variant.name);
}

/**
 * Takes the kernels from elsewhere than the package's own inlined bytes: a compiled module (for hosts that forbid
 * compiling from bytes), or the bytes or address of a file of the package. `chainrule/kernels.wasm` is that for
 * `numerics: 'reproducible'`, `chainrule/kernels.relaxed.wasm` for `'fused'`; networks with threads take, and `sharing:
 * 'shared'` provides, `chainrule/kernels.shared.wasm` and `chainrule/kernels.relaxed.shared.wasm`. Call it before the
 * first network is created.
 *
 * Another file than that is refused, by a TypeError of `createNetwork` and `loadNetwork` that names the one expected.
 *
 * @throws TypeError for anything else; Error when the kernels are already in use
 */
export function provideKernels(
  source: KernelSource,
  numerics: Numerics = 'reproducible',
  sharing: Sharing = 'local',
): void {
  const { name } = chooseVariant(
    checkOneOf('numerics', numerics, ['reproducible', 'fused']) as Numerics,
    checkOneOf('sharing', sharing, ['local', 'shared']) as Sharing,
  );
  if (!isKernelSource(source)) {
    throw new TypeError(`"source" must be a WebAssembly module, its bytes or its address: got ${describe(source)}`);
  }
  if (engines.has(name)) {
    throw new Error('provideKernels comes too late: the kernels are in use. Call it before the first createNetwork');
  }
  sources.set(name, source);
}

async function start({ name, bytes }: Variant, source: KernelSource | undefined): Promise<Engine> {
  // few programs provide kernels
  const provided = source === undefined ? undefined : (await import('./provided.js')).compileProvided(source, name);
  const module = await (provided ?? compileKernels(await bytes(), name));
  const imports = name.endsWith('.shared') ? sharedImports() : {};
  const { exports } = new WebAssembly.Instance(module, imports);
  return new Engine(exports as unknown as Kernels, name, module);
}

/** The largest linear memory, in pages: 4 GiB. A memory that is shared has to say so. */
const MOST_PAGES = 65_536;

/** What kernels for shared memory import: see `assembly/step/barrier.ts`. Workers have the same, in `worker.ts`. */
function sharedImports(): { env: WebAssembly.ModuleImports } {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  const words = (): Int32Array => new Int32Array(memory.buffer);
  return {
    env: {
      memory,
      sleep: (bell: number, seen: number, milliseconds: number): void => {
        Atomics.wait(words(), bell >>> 2, seen, milliseconds);
      },
      wake: (bell: number): void => void Atomics.notify(words(), bell >>> 2, 1),
    },
  };
}
