/**
 * `npm run build`: makes dist/ from nothing. With `--kernels` it stops after the kernels (build/*.wasm and the
 * generated TypeScript), which is all that the tests of kernels need.
 */
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { WORKER_SOURCE } from '../src/engine/worker.js';
import { buildKernels, moduleForNode, VARIANTS, wasmFile, wasmPath, type Inlined } from './kernels.js';
import { installed, root, runNode } from './project.js';

const dist = join(root, 'dist');

async function buildLibrary(inlined: Inlined): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  await runNode([installed('typescript/bin/tsc'), '--project', 'tsconfig.build.json']);
  for (const variant of VARIANTS) await copyFile(wasmPath(variant), join(dist, wasmFile(variant)));
  await writeFile(join(dist, 'worker.js'), WORKER_SOURCE);
  await bundle('standalone.js');
  await bundle('node.js', [bare(inlined)]);
}

/**
 * The library as one file without imports: for pages that have no bundler, see `chainrule/standalone`, and for Node,
 * which would otherwise read forty files, and unpack the kernels, before the first step.
 */
async function bundle(file: string, plugins: Plugin[] = []): Promise<void> {
  await build({
    entryPoints: [join(dist, 'index.js')],
    outfile: join(dist, file),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    plugins,
  });
}

/** Has a bundle hold the kernels as they are, not gzipped. */
const bare = (inlined: Inlined): Plugin => ({
  name: 'bare kernels',
  setup(own) {
    for (const [name, bytes] of Object.entries(inlined)) {
      own.onLoad({ filter: new RegExp(`[/\\\\]${name.replaceAll('.', '[.]')}[.]js$`) }, () => ({
        contents: moduleForNode(bytes),
      }));
    }
  },
});

try {
  const inlined = await buildKernels();
  if (!process.argv.includes('--kernels')) await buildLibrary(inlined);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
