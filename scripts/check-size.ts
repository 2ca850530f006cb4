/**
 * `npm run check:size`: the size budget of what a user downloads. Needs the build.
 *
 * A wasm file may have 64 KiB (65,536 bytes); the core's bundle, minified and gzipped with both wasm files in it,
 * 40 kB (40,000 bytes).
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

/** What a bundler makes of a page that imports only `createNetwork`. */
async function bundle(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: `export { createNetwork } from 'chainrule';`, resolveDir: root },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

async function measure(): Promise<Size[]> {
  const wasm = VARIANTS.map(async (variant) => {
    const { size } = await stat(wasmPath(variant));
    return { what: `${variant}.wasm`, bytes: size, limit: WASM_LIMIT };
  });
  const code = await bundle();
  return [
    ...(await Promise.all(wasm)),
    { what: 'createNetwork, minified', bytes: code.length },
    { what: 'createNetwork, gzip -9', bytes: gzipSync(code, { level: 9 }).length, limit: GZIP_LIMIT },
  ];
}

const sizes = await measure();
for (const { what, bytes, limit } of sizes) {
  const verdict = limit === undefined ? '' : `  of ${String(limit).padStart(6)}  ${bytes > limit ? 'TOO LARGE' : 'ok'}`;
  console.log(`${what.padEnd(24)} ${String(bytes).padStart(7)} bytes${verdict}`);
}
if (sizes.some(({ bytes, limit }) => limit !== undefined && bytes > limit)) process.exitCode = 1;
