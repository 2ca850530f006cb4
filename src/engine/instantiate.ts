import type { instantiateSync } from '@assemblyscript/loader';

/**
 * An instance of the kernels, by AssemblyScript's loader. That makes itself a TextDecoder as soon as it is loaded, which
 * jsdom lacks: it is asked for late, and done without there. Its own exports wrap each call in a closure, so those of
 * the instance are returned.
 */
export async function instantiate(
  module: WebAssembly.Module,
  imports: Parameters<typeof instantiateSync>[1] & WebAssembly.Imports = {},
): Promise<WebAssembly.Exports> {
  if (typeof TextDecoder !== 'function') return new WebAssembly.Instance(module, imports).exports;
  const loader = await import('@assemblyscript/loader');
  return loader.instantiateSync(module, imports).instance.exports;
}
