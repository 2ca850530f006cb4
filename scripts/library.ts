/** The second half of the build: from TypeScript to dist/. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { WORKER_SOURCE } from '../src/threads/worker.js';
import { ALL_VARIANTS, buildKernels, VARIANTS, wasmFile, wasmPath } from './kernels.js';
import { installed, root, runNode, timed } from './project.js';
import { RECORDS_MODULE } from './records.js';
import { filesBelow, runStage, type Outputs } from './stage.js';

/** What each bundle is made of. */
const ENTRIES: Readonly<Record<string, string>> = {
  'node.js': 'src/index.ts',
  'standalone.js': 'src/index.ts',
  'index.cjs': 'src/index.ts',
  'wide.js': 'src/wide.ts',
  'wide.cjs': 'src/wide.ts',
  'tabular.js': 'src/tabular/index.ts',
  'tabular.cjs': 'src/tabular/index.ts',
};
const BUNDLES = Object.keys(ENTRIES).map((file) => `dist/${file}`);
const OTHER_KERNELS = /kernels\.(relaxed(\.shared)?(\.wide)?|plain\.shared(\.wide)?|[a-z.]+\.int8)\.generated/;

/** What `chainrule/wide` is where there is no Node. */
const NONE = `export const vectors = 128;\nexport const reason = 'only Node can be asked for vectors of 256 bits';\n`;

/** What `import 'chainrule'` in Node takes for one thread and reproducible results: the least that trains. */
export async function buildNodeEntry(): Promise<boolean> {
  const compiled = await buildKernels(['plain']);
  return (await bundle('node.js', [otherKernels, bareKernels])) || compiled.length > 0;
}

/** All of dist/. Returns whether there was anything to do. */
export async function buildLibrary(): Promise<boolean> {
  const compiled = await buildKernels();
  const done = [
    await compileSources(),
    await bundle('standalone.js', [otherKernels]),
    await bundle('node.js', [otherKernels, bareKernels]),
    await bundle('index.cjs'),
    await bundle('wide.js', [otherKernels, sameLibrary('./node.js')]),
    await bundle('wide.cjs', [sameLibrary('./index.cjs')]),
    await bundle('tabular.js', [sameLibrary('./node.js')]),
    await bundle('tabular.cjs', [sameLibrary('./index.cjs')]),
  ];
  return compiled.length > 0 || done.includes(true);
}

/** The modules and their types by TypeScript, beside them the kernels and the worker as files. */
async function compileSources(): Promise<boolean> {
  const inputs = [
    ...(await filesBelow('src', (path) => path.endsWith('.ts'))),
    ...ALL_VARIANTS.map((variant) => `build/${variant}.wasm`),
    ...['tsconfig.json', 'tsconfig.build.json', 'scripts/library.ts', 'scripts/types.ts'],
    ...['node_modules/typescript/package.json', 'node_modules/rollup-plugin-dts/package.json'],
  ];
  return runStage({ name: 'library', inputs }, () => timed('compiling dist/ and its types', makeLibrary));
}

async function makeLibrary(): Promise<Outputs> {
  const outputs: Record<string, string | Uint8Array> = { 'dist/worker.js': WORKER_SOURCE, 'dist/wide.none.js': NONE };
  for (const variant of VARIANTS) outputs[`dist/${wasmFile(variant)}`] = await readFile(wasmPath(variant));
  await removeOldKernels();
  const folder = await mkdtemp(join(root, 'build/compiling-'));
  try {
    await runNode([installed('typescript/bin/tsc'), '--project', 'tsconfig.build.json', '--outDir', folder]);
    const made = folder.slice(root.length + 1);
    const { bundleTypes } = await import('./types.js'); // it takes long to load
    Object.assign(outputs, await bundleTypes(folder));
    for (const path of await filesBelow(made, (file) => file.endsWith('.js'))) {
      const output = `dist${path.slice(made.length)}`;
      if (!BUNDLES.includes(output)) outputs[output] = await readFile(join(root, path));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await removeStrangers(outputs);
  return outputs;
}

/** Modules that an earlier revision generated would be compiled. */
async function removeOldKernels(): Promise<void> {
  const known = [RECORDS_MODULE, ...ALL_VARIANTS.map((variant) => `src/engine/kernels.${variant}.generated.ts`)];
  for (const path of await filesBelow('src', (file) => file.endsWith('.generated.ts'))) {
    if (!known.includes(path)) await rm(join(root, path), { force: true });
  }
}

/** What an earlier revision left in dist/ would be packed. */
async function removeStrangers(outputs: Outputs): Promise<void> {
  await mkdir(join(root, 'dist'), { recursive: true });
  const known = [...BUNDLES, ...Object.keys(outputs)];
  for (const path of await filesBelow('dist')) if (!known.includes(path)) await rm(join(root, path), { force: true });
}

/**
 * The library as one file: for pages that have no bundler, see `chainrule/standalone`, and for Node, which would
 * otherwise read forty files, and unpack the kernels, before the first step. The kernels that few need stay outside; but
 * CommonJS has them all, since what runs it, Jest for one, need not know `import()`.
 */
async function bundle(file: string, plugins: readonly Plugin[] = []): Promise<boolean> {
  const inputs = [
    ...(await filesBelow(
      'src',
      (path) => path.endsWith('.ts') && !(plugins.includes(otherKernels) && OTHER_KERNELS.test(path)),
    )),
    ...['build/plain.wasm', 'tsconfig.json', 'scripts/library.ts', 'node_modules/esbuild/package.json'],
  ];
  return runStage({ name: file, inputs }, () =>
    timed(`bundling dist/${file}`, async () => {
      const { build } = await import('esbuild');
      const { outputFiles } = await build({
        entryPoints: [join(root, ENTRIES[file])],
        bundle: true,
        minify: true,
        // esbuild tells Node the names that CommonJS exports, where it is for Node
        ...(file.endsWith('.cjs') ? { format: 'cjs', platform: 'node' } : { format: 'esm' }),
        target: 'es2022',
        write: false,
        plugins: [...plugins],
      });
      return { [`dist/${file}`]: outputFiles[0].contents };
    }),
  );
}

/** Leaves the kernels for fused sums, and for threads, where TypeScript puts them. They are loaded when they are asked for. */
const otherKernels: Plugin = {
  name: 'other kernels',
  setup(own) {
    own.onResolve({ filter: OTHER_KERNELS }, ({ path }) => ({ path: `./engine/${basename(path)}`, external: true }));
  },
};

/**
 * Has an entry beside the library ask the very file that its user has imported, for its state, and for the class of the
 * errors that its user catches.
 */
const sameLibrary = (path: string): Plugin => ({
  name: 'same library',
  setup(own) {
    own.onResolve({ filter: /\/(?:index|file-format-error)\.js$/ }, () => ({ path, external: true }));
  },
});

/** Has a bundle hold the kernels as they are: Node reads them in a tenth of the time. */
const bareKernels: Plugin = {
  name: 'bare kernels',
  setup(own) {
    own.onLoad({ filter: /kernels\.plain\.generated\.ts$/ }, async () => {
      const text = (await readFile(wasmPath('plain'))).toString('base64');
      return { contents: `export const bytes = () => new Uint8Array(Buffer.from('${text}', 'base64'));` };
    });
  },
};
