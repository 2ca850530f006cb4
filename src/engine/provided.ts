import type { Kernels, SharedKernels } from './kernels.js';
import { compileKernels, type KernelSource } from './source.js';
import { fileOf, type Variant } from './variants.js';

/** What the host calls. A build of another version is known by what it lacks. */
const CALLED: Record<keyof Kernels, true> = {
  memory: true,
  allocate: true,
  release: true,
  clear: true,
  scratchFloats: true,
  forgetBounds: true,
  setSource: true,
  beginBatch: true,
  beginStep: true,
  runBatchPhase: true,
  runBatch: true,
  trainBatches: true,
  applyGradients: true,
  advance: true,
  readOutputs: true,
  batchLoss: true,
  batchHits: true,
  batchOverflow: true,
  batchWeight: true,
  activateBackward: true,
  average: true,
  settle: true,
  sumOfSquares: true,
  uniform: true,
  identityOrder: true,
  shuffle: true,
};

/** And of a build for shared memory. */
const CALLED_SHARED: Record<Exclude<keyof SharedKernels, keyof Kernels>, true> = {
  setCrew: true,
  isUpdating: true,
  teamBytes: true,
  takeStall: true,
  isBusy: true,
};

/** What the relaxed builds alone export. */
const RELAXED_ALONE = 'productTile6';

/**
 * Compiles kernels that the user provides, if they are those of a variant.
 *
 * @throws TypeError for any other file, which names the one that is wanted
 */
export async function compileProvided(source: KernelSource, wanted: Variant['name']): Promise<WebAssembly.Module> {
  const module = await compileKernels(source, wanted).catch((cause: unknown) => {
    if (!(cause instanceof WebAssembly.CompileError)) throw cause;
    const text = `what this engine cannot compile, such as a page that a server sends for a missing file (${cause.message})`;
    throw new TypeError(refusal(text, wanted), { cause });
  });
  const given = nameOf(module);
  if (given === wanted) return module;
  throw new TypeError(refusal(given ? fileOf(given) : 'a module that is not of this version of chainrule', wanted));
}

function refusal(given: string, wanted: Variant['name']): string {
  return `provideKernels was given ${given}: expected ${fileOf(wanted)}`;
}

/** The variant whose exports and imports a module has. */
function nameOf(module: WebAssembly.Module): Variant['name'] | undefined {
  const exported = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  const exportsAll = (names: object): boolean => Object.keys(names).every((name) => exported.has(name));
  const shared = exportsAll(CALLED_SHARED);
  const imported = WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`);
  const known = imported.sort().join() === (shared ? 'env.memory,env.sleep,env.wake' : '');
  if (!known || !exportsAll(CALLED)) return undefined;
  return `${exported.has(RELAXED_ALONE) ? 'relaxed' : 'plain'}${shared ? '.shared' : ''}`;
}
