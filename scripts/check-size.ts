/**
 * `npm run check:size`: the size budget of what a user downloads. Needs the build.
 *
 * A wasm file may have 64 KiB (65,536 bytes); the core's bundle, minified and gzipped with the kernels for one thread
 * in it, 40 kB (40,000 bytes). What threads need is loaded when they are asked for.
 */
import { stat } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { VARIANTS, wasmPath } from './kernels.js';
import { root } from './project.js';

const WASM_LIMIT = 64 * 1024;
const GZIP_LIMIT = 40 * 1000;

interface Size {
  what: string;
  bytes: number;
  limit?: number;
}

/** What a bundler makes of a page that imports only `createNetwork`: what it loads at once, and what with threads. */
async function bundle(): Promise<{ core: Uint8Array; threads: Uint8Array }> {
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
  // what is imported dynamically comes as files of its own
  const [core, threads] = [true, false].map((atOnce) =>
    outputFiles.filter(({ path }) => !/(team|shared\.generated)-\w+\.js$/.test(path) === atOnce),
  );
  return { core: join(core), threads: join(threads) };
}

const join = (files: readonly { contents: Uint8Array }[]): Uint8Array =>
  Buffer.concat(files.map((file) => file.contents));

const gzipped = (code: Uint8Array): number => gzipSync(code, { level: 9 }).length;

async function measure(): Promise<Size[]> {
  const wasm = VARIANTS.map(async (variant) => {
    const { size } = await stat(wasmPath(variant));
    return { what: `${variant}.wasm`, bytes: size, limit: WASM_LIMIT };
  });
  const { core, threads } = await bundle();
  return [
    ...(await Promise.all(wasm)),
    { what: 'createNetwork, minified', bytes: core.length },
    { what: 'createNetwork, gzip -9', bytes: gzipped(core), limit: GZIP_LIMIT },
    { what: 'more with threads, gzip -9', bytes: gzipped(threads) },
  ];
}

const sizes = await measure();
for (const { what, bytes, limit } of sizes) {
  const verdict = limit === undefined ? '' : `  of ${String(limit).padStart(6)}  ${bytes > limit ? 'TOO LARGE' : 'ok'}`;
  console.log(`${what.padEnd(26)} ${String(bytes).padStart(7)} bytes${verdict}`);
}
if (sizes.some(({ bytes, limit }) => limit !== undefined && bytes > limit)) process.exitCode = 1;
