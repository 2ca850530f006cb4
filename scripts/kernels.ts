/** The first half of the build: from AssemblyScript to wasm, and from wasm to a TypeScript module that inlines it. */
import zopfli from '@gfx/zopfli';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateFusedTiles, generateTiles } from '../assembly/gemm/generate.js';
import { encodeDelta } from './delta.js';
import { pairProducts } from './pair-products.js';
import { installed, root, runNode } from './project.js';

/** The targets of asconfig.json, one binary each: how they round, and whether threads can share their memory. */
export const VARIANTS = ['plain', 'relaxed', 'plain.shared', 'relaxed.shared'] as const;
export type Variant = (typeof VARIANTS)[number];

export const wasmPath = (variant: Variant): string => join(root, 'build', `${variant}.wasm`);

/** What a variant's file is called in the package: `kernels.wasm` is the plain one, for one thread. */
export const wasmFile = (variant: Variant): string => `kernels.${variant}.wasm`.replace('.plain', '');

/** How long zopfli looks for a shorter file: these make it 6 % shorter than zlib's best, in about a second (measured). */
const ITERATIONS = 15;

/** The modules of `src/engine` that inline kernels, by name: the bytes of the plain build, or of what makes another of it. */
export type Inlined = Record<string, Record<string, Uint8Array>>;

/**
 * Writes the tiles, compiles every variant (a process each, side by side), puts its sums in pairs, and writes the modules
 * with their bytes.
 */
export async function buildKernels(): Promise<Inlined> {
  await writeIfChanged(join(root, 'assembly/gemm/tiles.generated.ts'), generateTiles());
  await writeIfChanged(join(root, 'assembly/gemm/tiles.fused.generated.ts'), generateFusedTiles());
  await mkdir(join(root, 'build'), { recursive: true });
  await Promise.all(VARIANTS.map(compile));
  const [plain, relaxed, shared, relaxedShared] = await Promise.all(
    VARIANTS.map((variant) => readFile(wasmPath(variant))),
  );
  const inlined: Inlined = {
    'kernels.generated': { plain, relaxedPatch: encodeDelta(plain, relaxed) },
    'kernels.shared.generated': {
      sharedPatch: encodeDelta(plain, shared),
      relaxedSharedPatch: encodeDelta(Buffer.concat([relaxed, shared]), relaxedShared),
    },
  };
  for (const [name, bytes] of Object.entries(inlined)) await writeModule(`${name}.ts`, bytes);
  return inlined;
}

async function compile(variant: Variant): Promise<void> {
  const more = [
    ...(variant.endsWith('.shared') ? ['assembly/shared.ts'] : []),
    ...(variant.startsWith('relaxed') ? ['assembly/gemm/tiles.fused.generated.ts'] : []),
  ];
  const messages = await runNode([installed('assemblyscript/bin/asc.js'), ...more, '--target', variant]);
  if (messages !== '') process.stderr.write(messages);
  await writeFile(wasmPath(variant), pairProducts(await readFile(wasmPath(variant))));
}

/** A module that inlines kernels, each gzipped. */
async function writeModule(file: string, inlined: Record<string, Uint8Array>): Promise<void> {
  const constants = await Promise.all(
    Object.entries(inlined).map(async ([name, bytes]) => {
      const packed = Buffer.from(await zopfli.gzipAsync(bytes, { numiterations: ITERATIONS }));
      return `export const ${name} = (): Promise<Uint8Array<ArrayBuffer>> =>\n  inflate('${packed.toString('base64')}');\n`;
    }),
  );
  const header = [
    '// Written by scripts/kernels.ts during the build: the compiled kernels, gzipped, in base64. Never edit it.',
    `import { inflate } from './inflate.js';`,
    '',
  ].join('\n');
  await writeIfChanged(join(root, 'src/engine', file), [header, ...constants].join('\n'));
}

/** The same module as JavaScript for Node, which has room for the bytes as they are and then need not load its zlib. */
export function moduleForNode(inlined: Record<string, Uint8Array>): string {
  return Object.entries(inlined)
    .map(([name, bytes]) => {
      const text = Buffer.from(bytes).toString('base64');
      return `export const ${name} = async () => new Uint8Array(Buffer.from('${text}', 'base64'));\n`;
    })
    .join('');
}

/** Leaves a file that is already right alone, so that a watcher doesn't run everything again. */
async function writeIfChanged(path: string, text: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before !== text) await writeFile(path, text);
}
