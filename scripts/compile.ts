/**
 * Compiles variants of the kernels one after another, each to a file of its own: `compile.ts <folder> <variant>…`. In
 * one process the second takes half as long as the first (measured: build).
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { entriesOf, type Variant } from './kernels.js';

const [folder, ...variants] = process.argv.slice(2);

for (const variant of variants as Variant[]) {
  const { error } = await asc.main([...entriesOf(variant), '--target', variant], {
    stderr: process.stderr,
    writeFile: (_name, contents) => writeFile(join(folder, `${variant}.wasm`), contents),
  });
  if (error) process.exit(1);
}
