/** The first half of the build: from AssemblyScript to wasm, and from wasm to a TypeScript module that inlines it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { generateTiles } from '../assembly/gemm/generate.js';
import { encodeDelta } from './delta.js';
import { installed, root, runNode } from './project.js';

/** The targets of asconfig.json: one binary each, and one constant each in the generated module. */
export const VARIANTS = ['plain', 'relaxed'] as const;
export type Variant = (typeof VARIANTS)[number];

export const wasmPath = (variant: Variant): string => join(root, 'build', `${variant}.wasm`);

/** Writes the tiles, compiles every variant (a process each, side by side), and writes the module with their bytes. */
export async function buildKernels(): Promise<void> {
  await writeIfChanged(join(root, 'assembly/gemm/tiles.generated.ts'), generateTiles());
  await mkdir(join(root, 'build'), { recursive: true });
  await Promise.all(VARIANTS.map(compile));
  await writeIfChanged(join(root, 'src/engine/kernels.generated.ts'), await inlinedModule());
}

async function compile(variant: Variant): Promise<void> {
  const messages = await runNode([installed('assemblyscript/bin/asc.js'), '--target', variant]);
  if (messages !== '') process.stderr.write(messages);
}

/** The module that inlines the kernels: the plain build, and the relaxed one as a patch on it, each gzipped. */
async function inlinedModule(): Promise<string> {
  const [plain, relaxed] = await Promise.all(VARIANTS.map((variant) => readFile(wasmPath(variant))));
  const inlined = { plain, relaxedPatch: encodeDelta(plain, relaxed) };
  const constants = Object.entries(inlined).map(([name, bytes]) => {
    return `export const ${name}: string =\n  '${gzipSync(bytes, { level: 9 }).toString('base64')}';\n`;
  });
  const header =
    '// Written by scripts/kernels.ts during the build: the compiled kernels, gzipped, in base64. Never edit it.\n';
  return [header, ...constants].join('\n');
}

/** Leaves a file that is already right alone, so that a watcher doesn't run everything again. */
async function writeIfChanged(path: string, text: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before !== text) await writeFile(path, text);
}
