/**
 * `npm run check:size`: the size budget of what a user downloads. Needs the build.
 *
 * A wasm file may have 64 KiB (65,536 bytes); the core, minified and gzipped as one file with the plain kernels in it, 56 kB
 * (56,000 bytes). What is loaded when it is asked for (`'fused'`, threads, `quantize`, checkpoints) is told apart. Where a bundler splits
 * the core as well, by what later files share with it, the parts tell each other their names: the line below has that.
 */
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
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
  /** As one file, beside which lies what is loaded when it is asked for. */
  core: Uint8Array;
  /** The same as esbuild splits it: files that also tell each other their names. */
  split: Uint8Array;
  /** What is loaded besides when it is asked for. */
  fused: Uint8Array;
  threads: Uint8Array;
  fusedThreads: Uint8Array;
  int8: Uint8Array;
  checkpoints: Uint8Array;
}

/** A page that imports only `createNetwork`. */
const OPTIONS = {
  stdin: { contents: `export { createNetwork } from 'chainrule';`, resolveDir: root },
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  outdir: root,
  write: false,
} as const;

/** What a bundler makes of it. */
async function bundle(): Promise<Download> {
  const { outputFiles, metafile } = await build({ ...OPTIONS, splitting: true, metafile: true });
  const { outputs } = metafile;
  const names = Object.keys(outputs);
  /** A file, and all that it imports, but not what it loads later. */
  const withImports = (name: string, found = new Set<string>()): Set<string> => {
    if (found.has(name)) return found;
    found.add(name);
    for (const { path, kind } of outputs[name].imports) if (kind === 'import-statement') withImports(path, found);
    return found;
  };
  const core = withImports(names.find((name) => outputs[name].entryPoint === '<stdin>')!);
  /** What comes besides the core when these modules are loaded. */
  const more = (...modules: string[]): Uint8Array => {
    const asked = new Set<string>();
    for (const module of modules) {
      const name = names.find((each) => outputs[each].entryPoint === `dist/${module}.js`);
      if (name === undefined) throw new Error(`the bundle has no file for ${module}`);
      withImports(name, asked);
    }
    return joined([...asked].filter((each) => !core.has(each)));
  };
  const joined = (files: readonly string[]): Uint8Array =>
    Buffer.concat(files.map((name) => outputFiles.find(({ path }) => path === join(root, name))!.contents));
  const kernels = (variant: string): string => `engine/kernels.${variant}.generated`;
  return {
    core: await bundleCore(),
    split: joined(outputFiles.map(({ path }) => basename(path)).filter((name) => core.has(name))),
    fused: more(kernels('relaxed')),
    threads: more('threads/shared-engine', kernels('plain.shared')),
    fusedThreads: more('threads/shared-engine', kernels('relaxed.shared')),
    int8: more('api/quantized', kernels(INT8_VARIANTS[1])), // one of the three, which are as long
    checkpoints: more('training/resume'),
  };
}

async function bundleCore(): Promise<Uint8Array> {
  const { outputFiles } = await build({ ...OPTIONS, plugins: [laterApart] });
  return outputFiles[0].contents;
}

/** Leaves out what `import()` loads. */
const laterApart: Plugin = {
  name: 'later apart',
  setup(own) {
    own.onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

const gzipped = (code: Uint8Array): number => gzipSync(code, { level: 9 }).length;

async function measure(): Promise<Size[]> {
  const wasm = VARIANTS.map(async (variant) => {
    const { size } = await stat(wasmPath(variant));
    return { what: `${variant}.wasm`, bytes: size, limit: WASM_LIMIT };
  });
  const { core, split, ...more } = await bundle();
  const standalone = await readFile(join(root, 'dist/standalone.js'));
  return [
    ...(await Promise.all(wasm)),
    { what: 'createNetwork, minified', bytes: core.length },
    { what: 'createNetwork, gzip -9', bytes: gzipped(core), limit: GZIP_LIMIT },
    { what: 'as esbuild splits it', bytes: gzipped(split) },
    { what: "more with 'fused'", bytes: gzipped(more.fused) },
    { what: 'more with threads', bytes: gzipped(more.threads) },
    { what: 'more with both', bytes: gzipped(more.fusedThreads) },
    { what: 'more with quantize', bytes: gzipped(more.int8) },
    { what: 'more with checkpoints', bytes: gzipped(more.checkpoints) },
    { what: 'standalone.js, gzip -9', bytes: gzipped(standalone) },
  ];
}

const sizes = await measure();
for (const { what, bytes, limit } of sizes) {
  const verdict = limit === undefined ? '' : `  of ${String(limit).padStart(6)}  ${bytes > limit ? 'TOO LARGE' : 'ok'}`;
  console.log(`${what.padEnd(26)} ${String(bytes).padStart(7)} bytes${verdict}`);
}
if (sizes.some(({ bytes, limit }) => limit !== undefined && bytes > limit)) process.exitCode = 1;
