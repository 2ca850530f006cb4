import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const LIMIT = 180_000;
const assets = join(import.meta.dirname, '../../build/playground/assets');

/** Kernels for threads, for `fused` and for int8, streams and checkpoints: fetched when they are asked for, and this page never does. */
const UNASKED = /^(kernels\.[a-z.]+\.generated|shared-engine|quantized|stream|resume)-/;

it('the JavaScript that a visit loads, wasm included, is at most 180 kB when gzipped', async () => {
  const all = (await readdir(assets)).filter((file) => file.endsWith('.js'));
  const scripts = all.filter((file) => !UNASKED.test(file));
  const sizes = await Promise.all(scripts.map(async (file) => gzipSync(await readFile(join(assets, file))).length));
  const sum = sizes.reduce((a, b) => a + b, 0);
  console.log(`${scripts.map((file, at) => `${file} ${sizes[at]}`).join(', ')}: ${sum} bytes`);
  expect(scripts.length).toBeGreaterThan(1);
  expect(sum).toBeLessThan(LIMIT);
});
