/** The first half of the build: from AssemblyScript to wasm, and from wasm to a TypeScript module that inlines it. */
import zopfli from '@gfx/zopfli';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateTiles } from '../assembly/gemm/generate.js';
import { encodeDelta } from './delta.js';
import { installed, root, runNode } from './project.js';

/** The targets of asconfig.json, one binary each: how they round, and whether threads can share their memory. */
export const VARIANTS = ['plain', 'relaxed', 'plain.shared', 'relaxed.shared'] as const;
export type Variant = (typeof VARIANTS)[number];

export const wasmPath = (variant: Variant): string => join(root, 'build', `${variant}.wasm`);

/** What a variant's file is called in the package: `kernels.wasm` is the plain one, for one thread. */
export const wasmFile = (variant: Variant): string => `kernels.${variant}.wasm`.replace('.plain', '');

/** How long zopfli looks for a shorter file: these make it 6 % shorter than zlib's best, in about a second (measured). */
const ITERATIONS = 15;

/** Writes the tiles, compiles every variant (a process each, side by side), and writes the modules with their bytes. */
export async function buildKernels(): Promise<void> {
  await writeIfChanged(join(root, 'assembly/gemm/tiles.generated.ts'), generateTiles());
  await mkdir(join(root, 'build'), { recursive: true });
  await Promise.all(VARIANTS.map(compile));
  const [plain, relaxed, shared, relaxedShared] = await Promise.all(
    VARIANTS.map((variant) => readFile(wasmPath(variant))),
  );
  await writeModule('kernels.generated.ts', { plain, relaxedPatch: encodeDelta(plain, relaxed) });
  await writeModule('kernels.shared.generated.ts', {
    sharedPatch: encodeDelta(plain, shared),
    relaxedSharedPatch: encodeDelta(Buffer.concat([relaxed, shared]), relaxedShared),
  });
}

async function compile(variant: Variant): Promise<void> {
  const more = variant.endsWith('.shared') ? ['assembly/shared.ts'] : [];
  const messages = await runNode([installed('assemblyscript/bin/asc.js'), ...more, '--target', variant]);
  if (messages !== '') process.stderr.write(messages);
}

/** A module that inlines kernels, each gzipped: the plain build, or what makes another of it. */
async function writeModule(file: string, inlined: Record<string, Uint8Array>): Promise<void> {
  const constants = await Promise.all(
    Object.entries(inlined).map(async ([name, bytes]) => {
      const packed = await zopfli.gzipAsync(bytes, { numiterations: ITERATIONS });
      return `export const ${name}: string =\n  '${Buffer.from(packed).toString('base64')}';\n`;
    }),
  );
  const header =
    '// Written by scripts/kernels.ts during the build: the compiled kernels, gzipped, in base64. Never edit it.\n';
  await writeIfChanged(join(root, 'src/engine', file), [header, ...constants].join('\n'));
}

/** Leaves a file that is already right alone, so that a watcher doesn't run everything again. */
async function writeIfChanged(path: string, text: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before !== text) await writeFile(path, text);
}
