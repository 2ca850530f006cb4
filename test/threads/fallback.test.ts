/** Hosts that cannot have threads: one thread does all, and it is said once, with why and what helps. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type * as published from '../../src/index.js';
import type { Network } from '../../src/index.js';

const warnings: string[] = [];

beforeEach(() => {
  vi.resetModules();
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void warnings.push(String(warning)));
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  warnings.length = 0;
});

async function twoNetworks(threads: number | 'auto', numerics: 'reproducible' | 'fused' = 'reproducible') {
  const { createNetwork, dense }: typeof published = await import('../../src/index.js');
  const make = (): Promise<Network> => createNetwork({ inputs: 2, layers: [dense(1)], seed: 1, threads, numerics });
  return [await make(), await make()];
}

const withoutNode = (): void => void vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);

// first: Node keeps what it finds of SharedArrayBuffer when it starts its first worker
it('says nothing where nobody asked for threads, or they can be had', async () => {
  await twoNetworks(1);
  await twoNetworks(2);
  expect(warnings).toEqual([]);
});

it.each([
  {
    host: 'a page that is not isolated',
    arrange: () => {
      withoutNode();
      vi.stubGlobal('crossOriginIsolated', false);
    },
    why: /the page is not cross-origin isolated.*Cross-Origin-Opener-Policy.*Cross-Origin-Embedder-Policy/,
  },
  {
    host: 'without SharedArrayBuffer',
    arrange: () => void vi.stubGlobal('SharedArrayBuffer', undefined),
    why: /this host has no SharedArrayBuffer$/,
  },
  { host: 'without workers', arrange: withoutNode, why: /this host starts no threads$/ },
  {
    host: 'an engine without shared memory for WebAssembly',
    arrange: () => {
      const { validate } = WebAssembly;
      const isShared = (probe: Uint8Array): boolean => probe.length === 14;
      vi.spyOn(WebAssembly, 'validate').mockImplementation(
        (probe) => !isShared(probe as Uint8Array) && validate(probe),
      );
    },
    why: /this engine has no threads for WebAssembly$/,
  },
  {
    host: 'a host that forbids compiling what threads need',
    arrange: () => {
      const { compile } = WebAssembly;
      vi.spyOn(WebAssembly, 'compile').mockImplementation((bytes) => {
        const isShared = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).length > 0;
        return isShared ? Promise.reject(new WebAssembly.CompileError('disallowed by embedder')) : compile(bytes);
      });
    },
    why: /forbids compiling WebAssembly.*disallowed by embedder.*"chainrule\/kernels\.shared\.wasm".*provideKernels/,
  },
])('$host: works on one thread, and says so once', async ({ arrange, why }) => {
  arrange();
  for (const net of await twoNetworks(3)) {
    expect(net.threads).toBe(1);
    expect(net.trainBatch([1, 2], [1])).toBeGreaterThan(0);
  }
  expect(warnings).toEqual([expect.stringMatching(why)]);
  expect(warnings[0]).toContain('of the 3 that were asked for');
});
