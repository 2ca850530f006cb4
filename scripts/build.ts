/**
 * `npm run build`: makes dist/ from nothing. With `--kernels` it stops after the kernels (build/*.wasm and the
 * generated TypeScript), which is all that the tests of kernels need.
 */
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { WORKER_SOURCE } from '../src/engine/worker.js';
import { buildKernels, VARIANTS, wasmFile, wasmPath } from './kernels.js';
import { installed, root, runNode } from './project.js';

const dist = join(root, 'dist');

async function buildLibrary(): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  await runNode([installed('typescript/bin/tsc'), '--project', 'tsconfig.build.json']);
  for (const variant of VARIANTS) await copyFile(wasmPath(variant), join(dist, wasmFile(variant)));
  await writeFile(join(dist, 'worker.js'), WORKER_SOURCE);
  await bundle();
}

/** The library as one file without imports, for pages that have no bundler: see `chainrule/standalone`. */
async function bundle(): Promise<void> {
  await build({
    entryPoints: [join(dist, 'index.js')],
    outfile: join(dist, 'standalone.js'),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
  });
}

try {
  await buildKernels();
  if (!process.argv.includes('--kernels')) await buildLibrary();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
