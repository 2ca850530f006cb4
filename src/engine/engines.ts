import { checkOneOf, wrongType } from '../support/check.js';
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

/** This realm's engine of a variant, compiled on first use; `imports` are what its kernels import. */
export function engineOf(variant: Variant, imports: () => WebAssembly.Imports = () => ({})): Promise<Engine> {
  let starting = engines.get(variant.name);
  if (!starting) {
    starting = start(variant, sources.get(variant.name), imports);
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
    throw wrongType('source', 'a WebAssembly module, its bytes or its address', source);
  }
  if (engines.has(name)) {
    throw new Error('provideKernels comes too late: the kernels are in use. Call it before the first createNetwork');
  }
  sources.set(name, source);
}

async function start(
  { name, bytes }: Variant,
  source: KernelSource | undefined,
  imports: () => WebAssembly.Imports,
): Promise<Engine> {
  // few programs provide kernels
  const provided = source === undefined ? undefined : (await import('./provided.js')).compileProvided(source, name);
  const module = await (provided ?? compileKernels(await bytes(), name));
  const { exports } = new WebAssembly.Instance(module, imports());
  return new Engine(exports as unknown as Kernels, name, module);
}
