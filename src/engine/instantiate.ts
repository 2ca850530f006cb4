import type { instantiateSync } from '@assemblyscript/loader';

/**
 * An instance of the kernels, by AssemblyScript's loader, which is asked for late and done without where it cannot be
 * loaded: it makes itself a TextDecoder, which jsdom lacks, and writes to `Object`, which a realm with frozen intrinsics
 * forbids. Its own exports wrap each call in a closure, so those of the instance are returned.
 */
export async function instantiate(
  module: WebAssembly.Module,
  imports: Parameters<typeof instantiateSync>[1] & WebAssembly.Imports = {},
): Promise<WebAssembly.Exports> {
  const loader = await import('@assemblyscript/loader').catch(() => undefined);
  return loader?.instantiateSync(module, imports).instance.exports ?? new WebAssembly.Instance(module, imports).exports;
}
