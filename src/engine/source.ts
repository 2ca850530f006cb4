import { isArrayBuffer } from '../support/arrays.js';
import { isUrl, type UrlLike } from '../support/platform.js';
import { fileOf, type Variant } from './variants.js';

/**
 * Where the kernels come from when they are not the inlined ones: a `WebAssembly.Module`, the bytes of a file, a
 * `Response`, a `URL` or a string. Most of these have names in the DOM's types alone.
 */
export type KernelSource = object | string;

/** As much of a `Response` as is asked for. */
interface ResponseLike {
  readonly ok: boolean;
  readonly status: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

const isModule = (source: unknown): source is WebAssembly.Module =>
  Object.prototype.toString.call(source) === '[object WebAssembly.Module]';

const isBytes = (source: unknown): source is BufferSource => ArrayBuffer.isView(source) || isArrayBuffer(source);

const isAddress = (source: unknown): source is UrlLike | string => typeof source === 'string' || isUrl(source);

// known by its methods: Node loads all of `fetch` when `Response` is named (50 ms of the start, measured: bench:start)
const isResponse = (source: unknown): source is ResponseLike =>
  typeof (source as Partial<ResponseLike> | undefined)?.arrayBuffer === 'function';

/** Whether kernels can be had from it. */
export function isKernelSource(source: unknown): source is KernelSource {
  return [isModule, isBytes, isAddress, isResponse].some((is) => is(source));
}

/** The compiled kernels; `name` is that of the variant that they should be. */
export async function compileKernels(source: KernelSource, name: Variant['name']): Promise<WebAssembly.Module> {
  if (isModule(source)) return source;
  if (isBytes(source)) return compile(source, name);
  const response = isAddress(source) ? await fetch(String(source)) : (source as ResponseLike);
  if (response.ok) return compile(await response.arrayBuffer(), name);
  throw new Error(
    `the kernels could not be fetched${isAddress(source) ? ` from ${String(source)}` : ''}: ${response.status}`,
  );
}

async function compile(bytes: BufferSource, name: Variant['name']): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    if (!WebAssembly.validate(bytes)) throw cause;
    throw new Error(
      `this host forbids compiling WebAssembly (${String(cause)}). A page needs 'wasm-unsafe-eval' in its ` +
        `Content-Security-Policy. A host such as Cloudflare Workers compiles ${fileOf(name)} itself, where it is ` +
        'imported: pass that module to provideKernels, before the first network is made',
      { cause },
    );
  }
}
