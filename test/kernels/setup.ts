/**
 * Before any test: compiles `math.as.ts` into build/, for `math.test.ts`. The compiler needs Node, and the test runs in
 * browsers too. What is newer than all of assembly/ is left as it is.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { installed, root, runNode } from '../../scripts/project.js';

const FEATURES = { plain: ['simd'], relaxed: ['simd', 'relaxed-simd'] };
const source = join(import.meta.dirname, 'math.as.ts');

export async function setup(): Promise<void> {
  const assembly = join(root, 'assembly');
  const inputs = (await readdir(assembly, { recursive: true })).map((name) => join(assembly, name));
  const changed = Math.max(...(await Promise.all([source, ...inputs].map(changeOf))));
  await Promise.all(Object.entries(FEATURES).map(([variant, features]) => compile(variant, features, changed)));
}

async function compile(variant: string, features: string[], changed: number): Promise<void> {
  const binary = join(root, `build/math.${variant}.wasm`);
  if ((await changeOf(binary)) > changed) return;
  const enabled = features.flatMap((feature) => ['--enable', feature]);
  const options = ['--runtime', 'stub', '--noAssert', '-O3', ...enabled, '--outFile', binary];
  // from the folder of the source, so that asc finds no asconfig.json to merge
  await runNode([installed('assemblyscript/bin/asc.js'), 'math.as.ts', ...options], import.meta.dirname);
}

async function changeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
}
