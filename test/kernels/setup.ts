/**
 * Before any test: brings the kernels up to date, and compiles `math.as.ts` into build/, for `math.test.ts`. The
 * compiler needs Node, and the tests run in browsers too.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildKernels } from '../../scripts/kernels.js';
import { installed, root, runNode, timed } from '../../scripts/project.js';
import { filesBelow, runStage } from '../../scripts/stage.js';

const FEATURES = { plain: ['simd'], relaxed: ['simd', 'relaxed-simd'] };

export async function setup(): Promise<void> {
  await buildKernels();
  const inputs = [
    ...(await filesBelow('assembly', (path) => path.endsWith('.ts'))),
    ...['test/kernels/math.as.ts', 'test/kernels/setup.ts', 'node_modules/assemblyscript/package.json'],
  ];
  for (const variant of ['plain', 'relaxed'] as const) {
    await runStage({ name: `math.${variant}`, inputs }, () =>
      timed(`compiling the mathematics for its tests: ${variant}`, () => compile(variant)),
    );
  }
}

async function compile(variant: keyof typeof FEATURES): Promise<Record<string, Uint8Array>> {
  const folder = await mkdtemp(join(root, 'build/compiling-'));
  try {
    const enabled = FEATURES[variant].flatMap((feature) => ['--enable', feature]);
    const binary = join(folder, 'math.wasm');
    const options = ['--runtime', 'stub', '--noAssert', '-O3', ...enabled, '--outFile', binary];
    // from the folder of the source, so that asc finds no asconfig.json to merge
    await runNode([installed('assemblyscript/bin/asc.js'), 'math.as.ts', ...options], import.meta.dirname);
    return { [`build/math.${variant}.wasm`]: await readFile(binary) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
