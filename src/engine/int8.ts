import type { Engine } from './engine.js';
import { chooseVariant } from './variants.js';

/**
 * The kernels for int8, a module of its own that works in the memory of an engine's: `assembly/int8/index.ts` documents
 * each.
 */
export interface Int8Kernels {
  readonly runQuantised: (at: number) => number;
  quantisedBytes(rows: number, inputs: number): number;
  /** Inputs that lie side by side for each output: 4, or 2 where the engine has no dot products of bytes. */
  unitInputs(): number;
}

/**
 * `(func (export "d") (result i32) ...)`: the relaxed dot product of bytes of 127 and -1, added to 0, in lane 0. What it
 * gives for negative bytes is the engine's choice, and tells how it is made: in 16 bits that saturate, by x86's
 * `vpmaddubsw`, 65534; by one instruction for all of it, `vpdpbusd` or ARM's `sdot`, other numbers.
 */
const DOT = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 100, 0, 0, 10, 23, 1, 21, 0],
  ...[65, 255, 0, 253, 15, 65, 127, 253, 15, 65, 0, 253, 17, 253, 147, 2, 253, 27, 0, 11],
);
const SATURATED = 65534;

const instances = new WeakMap<Engine, Promise<Int8Kernels>>();

/** The kernels for int8 beside those of an engine, compiled on first use. */
export function int8KernelsOf(engine: Engine): Promise<Int8Kernels> {
  let starting = instances.get(engine);
  if (!starting) {
    starting = start(engine);
    instances.set(engine, starting);
    // what failed, such as a download, may go well the next time
    starting.catch(() => instances.delete(engine));
  }
  return starting;
}

async function start({ kernels }: Engine): Promise<Int8Kernels> {
  const { memory, runBatchPhase, activate, softmax } = kernels as unknown as WebAssembly.Exports;
  const { bytes } = await load();
  let module: WebAssembly.Module;
  try {
    module = await WebAssembly.compile(bytes());
  } catch (cause) {
    throw new Error('quantized networks compile kernels of their own, which this host forbids', { cause });
  }
  return new WebAssembly.Instance(module, { env: { memory, runBatchPhase, activate, softmax } })
    .exports as unknown as Int8Kernels;
}

/** The build that is fastest here. All give the same bits. */
function load(): Promise<{ bytes: () => Uint8Array<ArrayBuffer> }> {
  if (!chooseVariant('fused', 'local').name.startsWith('relaxed')) return import('./kernels.plain.int8.generated.js');
  const { d } = new WebAssembly.Instance(new WebAssembly.Module(DOT)).exports as { d: () => number };
  return d() === SATURATED
    ? import('./kernels.relaxed.int8.generated.js')
    : import('./kernels.relaxed.dot.int8.generated.js');
}
