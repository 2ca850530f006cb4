/**
 * `npm run check:package`: packs the package as npm would publish it, asks publint and are-the-types-wrong, then
 * installs it in an empty project and uses it there, by `import` and by `require`.
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VARIANTS, wasmFile } from './kernels.js';
import { runNode, runNpm } from './project.js';

const WASM = VARIANTS.map(wasmFile);
const USE = `
  const net = await createNetwork({ inputs: 2, layers: [dense(3, 'tanh'), dense(1)], seed: 1 });
  if (!Number.isFinite(net.predict(Float32Array.of(1, 2))[0])) throw new Error('no prediction');
  net.dispose();`;
const USE_TABLES = `
  const rows = Array.from({ length: 20 }, (_, i) => ({ size: i % 7, big: i % 7 > 3 }));
  const { model } = await fitTable(rows, { target: 'big' });
  const again = await loadModel(model.save());
  if (again.predict({ size: 6 }).big !== true) throw new Error('no prediction');
  const damaged = await loadModel(new Uint8Array(9)).catch((error) => error);
  if (!(damaged instanceof FileFormatError)) throw new Error('another library: ' + damaged);`;
const PROGRAMS = {
  'import.mjs': `import { createNetwork, dense } from 'chainrule';${USE}`,
  'require.cjs': `const { createNetwork, dense } = require('chainrule');(async () => {${USE}\n})();`,
  'tables.mjs': `
    import { FileFormatError } from 'chainrule';
    import { fitTable, loadModel } from 'chainrule/tabular';${USE_TABLES}`,
  'tables.cjs': `
    const { FileFormatError } = require('chainrule');
    const { fitTable, loadModel } = require('chainrule/tabular');(async () => {${USE_TABLES}\n})();`,
  'wasm.mjs': `
    import { readFile } from 'node:fs/promises';
    for (const file of ${JSON.stringify(WASM)}) {
      const bytes = await readFile(new URL(import.meta.resolve('chainrule/' + file)));
      if (bytes.toString('latin1', 0, 4) !== '\\0asm') throw new Error(file + ' is no wasm');
    }`,
};

async function pack(folder: string): Promise<string> {
  await runNpm(['pack', '--pack-destination', folder]);
  const tarball = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack left no tarball');
  return join(folder, tarball);
}

async function lint(tarball: string): Promise<void> {
  console.log(await runNpm(['exec', '--no', '--', 'publint', tarball, '--strict']));
  // The worker is a script: it is never imported.
  const options = ['--no-definitely-typed', '--exclude-entrypoints', 'worker.js'];
  console.log(await runNpm(['exec', '--no', '--', 'attw', tarball, ...options]));
}

async function use(tarball: string, project: string): Promise<void> {
  await writeFile(join(project, 'package.json'), '{ "private": true }');
  await runNpm(['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], project);
  for (const [file, text] of Object.entries(PROGRAMS)) {
    await writeFile(join(project, file), text);
    await runNode([file], project);
    console.log(`${file}: ok`);
  }
}

const folder = await mkdtemp(join(tmpdir(), 'chainrule-package-'));
try {
  const tarball = await pack(folder);
  await lint(tarball);
  await use(tarball, folder);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
