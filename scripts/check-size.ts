/**
 * `npm run check:size`: the size budget of what a user downloads. Needs the build.
 *
 * A wasm file may have 64 KiB (65,536 bytes); the core's bundle, minified and gzipped with the plain kernels in it, 56 kB
 * (56,000 bytes). What `'fused'` and threads need is loaded when they are asked for.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { INT8_VARIANTS, VARIANTS, wasmPath } from './kernels.js';
import { root } from './project.js';

const WASM_LIMIT = 64 * 1024;
const GZIP_LIMIT = 56 * 1000;

interface Size {
  what: string;
  bytes: number;
  limit?: number;
}

interface Download {
  core: Uint8Array;
  /** What is loaded besides when it is asked for. */
  fused: Uint8Array;
  threads: Uint8Array;
  fusedThreads: Uint8Array;
  int8: Uint8Array;
}

/** What a bundler makes of a page that imports only `createNetwork`. */
async function bundle(): Promise<Download> {
  const { outputFiles } = await build({
    stdin: { contents: `export { createNetwork } from 'chainrule';`, resolveDir: root },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    outdir: root,
    write: false,
  });
  // what is imported dynamically comes as files of its own, which keep the names of its modules
  const file = (name: string): (typeof outputFiles)[number] => {
    const found = outputFiles.find(({ path }) => path.slice(root.length + 1).startsWith(`${name}-`));
    if (!found) throw new Error(`the bundle has no file for ${name}`);
    return found;
  };
  const team = file('shared-engine');
  const [relaxed, shared, relaxedShared] = VARIANTS.slice(1).map((variant) => file(`kernels.${variant}.generated`));
  const int8 = INT8_VARIANTS.map((variant) => file(`kernels.${variant}.generated`));
  const quantized = file('quantized');
  // what `folded` and `provideKernels` need is loaded by their first call
  const later = [team, relaxed, shared, relaxedShared, quantized, ...int8, file('fold'), file('provided')];
  return {
    core: joined(outputFiles.filter((each) => !later.includes(each))),
    fused: joined([relaxed]),
    threads: joined([team, shared]),
    fusedThreads: joined([team, relaxedShared]),
    int8: joined([quantized, int8[1]]), // one of the three, which are as long
  };
}

const joined = (files: readonly { contents: Uint8Array }[]): Uint8Array =>
  Buffer.concat(files.map((file) => file.contents));

const gzipped = (code: Uint8Array): number => gzipSync(code, { level: 9 }).length;

async function measure(): Promise<Size[]> {
  const wasm = VARIANTS.map(async (variant) => {
    const { size } = await stat(wasmPath(variant));
    return { what: `${variant}.wasm`, bytes: size, limit: WASM_LIMIT };
  });
  const { core, ...more } = await bundle();
  const standalone = await readFile(join(root, 'dist/standalone.js'));
  return [
    ...(await Promise.all(wasm)),
    { what: 'createNetwork, minified', bytes: core.length },
    { what: 'createNetwork, gzip -9', bytes: gzipped(core), limit: GZIP_LIMIT },
    { what: "more with 'fused'", bytes: gzipped(more.fused) },
    { what: 'more with threads', bytes: gzipped(more.threads) },
    { what: 'more with both', bytes: gzipped(more.fusedThreads) },
    { what: 'more with quantize', bytes: gzipped(more.int8) },
    { what: 'standalone.js, gzip -9', bytes: gzipped(standalone) },
  ];
}

const sizes = await measure();
for (const { what, bytes, limit } of sizes) {
  const verdict = limit === undefined ? '' : `  of ${String(limit).padStart(6)}  ${bytes > limit ? 'TOO LARGE' : 'ok'}`;
  console.log(`${what.padEnd(26)} ${String(bytes).padStart(7)} bytes${verdict}`);
}
if (sizes.some(({ bytes, limit }) => limit !== undefined && bytes > limit)) process.exitCode = 1;
