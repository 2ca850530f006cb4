/** The first half of the build: from AssemblyScript to wasm, and from wasm to TypeScript modules that inline it. */
import { mkdtemp, mkdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { generateFusedTiles, generateTiles, generateWideTiles } from '../assembly/gemm/generate.js';
import { toText } from '../src/engine/text.js';
import { root, runNode, timed } from './project.js';
import { generateRecords, RECORDS_MODULE } from './records.js';
import { completeStage, filesBelow, inputsIfStale, writeWhole, type Outputs, type Stage } from './stage.js';

/** The targets of asconfig.json, one binary each: how they round, and whether threads can share their memory. */
export const VARIANTS = ['plain', 'relaxed', 'plain.shared', 'relaxed.shared'] as const;

/** Those for engines that fuse vectors into 256 bits: see `src/wide.ts`. They are no files of the package. */
export const WIDE_VARIANTS = ['plain.wide', 'relaxed.wide', 'plain.shared.wide', 'relaxed.shared.wide'] as const;

/** Those for int8 predictions, beside kernels of the others: see `src/engine/int8.ts`. They are no files of the package. */
export const INT8_VARIANTS = ['plain.int8', 'relaxed.int8', 'relaxed.dot.int8'] as const;

export const ALL_VARIANTS = [...VARIANTS, ...WIDE_VARIANTS, ...INT8_VARIANTS] as const;
export type Variant = (typeof ALL_VARIANTS)[number];

export const wasmPath = (variant: Variant): string => join(root, wasmName(variant));

const wasmName = (variant: Variant): string => `build/${variant}.wasm`;

/** What a variant's file is called in the package: `kernels.wasm` is the plain one, for one thread. */
export const wasmFile = (variant: Variant): string => `kernels.${variant}.wasm`.replace('.plain', '');

const TILES = 'assembly/gemm/tiles.generated.ts';
const FUSED_TILES = 'assembly/gemm/tiles.fused.generated.ts';
const WIDE_TILES = 'assembly/gemm/tiles.wide.generated.ts';
const SHARED = 'assembly/shared.ts';
const INT8 = 'assembly/int8/';

const isInt8 = (variant: Variant): boolean => variant.endsWith('.int8');

/** What a variant is made of. */
export const entriesOf = (variant: Variant): string[] => {
  if (isInt8(variant)) return [`${INT8}index.ts`];
  return ['assembly/index.ts', ...extraEntries(variant)];
};

const extraEntries = (variant: Variant): string[] => [
  ...(variant.includes('.shared') ? [SHARED] : []),
  ...(variant.startsWith('relaxed') ? [FUSED_TILES] : []),
  ...(variant.endsWith('.wide') ? [WIDE_TILES] : []),
];

/** Writes the tiles, and compiles those of the variants whose sources have changed. Returns those. */
export async function buildKernels(variants: readonly Variant[] = ALL_VARIANTS): Promise<Variant[]> {
  await writeWhole(TILES, generateTiles());
  await writeWhole(FUSED_TILES, generateFusedTiles());
  await writeWhole(WIDE_TILES, generateWideTiles());
  await writeWhole(RECORDS_MODULE, await generateRecords());
  const stale = new Map<Variant, { stage: Stage; inputs: string }>();
  for (const variant of variants) {
    const stage = await kernelStage(variant);
    const inputs = await inputsIfStale(stage);
    if (inputs !== undefined) stale.set(variant, { stage, inputs });
  }
  if (stale.size === 0) return [];
  const names = [...stale.keys()];
  await timed(`compiling the kernels: ${names.join(', ')}`, async () => {
    const binaries = await compile(names);
    for (const [variant, { stage, inputs }] of stale) {
      await completeStage(stage, inputs, outputsOf(variant, binaries[variant]!));
    }
  });
  return names;
}

/** What a variant is compiled from. */
export async function kernelStage(variant: Variant): Promise<Stage> {
  const sources = await filesBelow('assembly', (path) => path.endsWith('.ts') && !path.endsWith('generate.ts'));
  const entries = entriesOf(variant);
  const foreign = [SHARED, FUSED_TILES, WIDE_TILES].filter((path) => !entries.includes(path));
  return {
    name: `kernels.${variant}`,
    inputs: [
      ...sources.filter((path) => !foreign.includes(path) && (isInt8(variant) || !path.startsWith(INT8))),
      ...['asconfig.json', 'scripts/kernels.ts', 'scripts/compile.ts', 'src/engine/text.ts'],
      ...['node_modules/assemblyscript/package.json', 'node_modules/binaryen/package.json'],
    ],
  };
}

/** On each core a process, which compiles its share of the variants. */
async function compile(variants: readonly Variant[]): Promise<Partial<Record<Variant, Uint8Array>>> {
  const parent = join(root, 'build');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'compiling-'));
  try {
    const lanes = Math.min(availableParallelism(), variants.length);
    const compilers = Array.from({ length: lanes }, (_, lane) => {
      const share = variants.filter((_variant, i) => i % lanes === lane);
      // Binaryen is large, and runs too shortly for V8 to optimise it: a quarter less time for one variant (measured: build)
      return runNode(['--liftoff-only', '--import', 'tsx', 'scripts/compile.ts', folder, ...share]);
    });
    process.stderr.write((await Promise.all(compilers)).join(''));
    const binaries = variants.map(async (variant) => [variant, await readFile(join(folder, `${variant}.wasm`))]);
    return Object.fromEntries(await Promise.all(binaries)) as Partial<Record<Variant, Uint8Array>>;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The binary, and a module that inlines it. */
function outputsOf(variant: Variant, wasm: Uint8Array): Outputs {
  const { frequent, text } = toText(wasm);
  const source = [
    '// Written by scripts/kernels.ts during the build: compiled kernels. Never edit it.',
    `import { fromText } from './text.js';`,
    '',
    `export const bytes = (): Uint8Array<ArrayBuffer> => fromText('${frequent}', '${text}');\n`,
  ];
  return { [wasmName(variant)]: wasm, [`src/engine/kernels.${variant}.generated.ts`]: source.join('\n') };
}
