/** `chainrule/wide`, in programs of its own: whether it takes or not, the bits are those of a program without it. */
import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary } from '../../scripts/library.js';
import { root, runNode } from '../../scripts/project.js';

interface Report {
  vectors: 128 | 256;
  own: number;
  ofCrew: number;
  bits: number;
  together: number;
  reason?: string;
}

/** Trains a network, and says what there is to say. */
const TRAIN = `
  const [net, crew] = await Promise.all([1, 2].map((threads) => createNetwork({
    inputs: 37, layers: [dense(61, 'relu'), dense(43, 'tanh'), dense(9, 'softmax')], seed: 3, numerics, threads })));
  const x = Float32Array.from({ length: 37 * 67 }, (_, i) => ((i * 7919) % 1009) / 1009 - 0.5);
  const y = Int32Array.from({ length: 67 }, (_, i) => i % 9);
  for (const each of [net, crew]) await each.fit(x, y, { epochs: 3, batchSize: 29 });
  const [bits, together] = [net, crew].map((each) =>
    new Uint32Array(each.predict(x).buffer).reduce((sum, word) => (sum * 31 + word) | 0, 0));
  const { vectors, reason } = wide ?? {};
  console.log(JSON.stringify({ vectors, reason, own: net.vectors, ofCrew: crew.vectors, bits, together }));`;

const PROGRAMS: Record<string, (numerics: string, wide: boolean) => string> = {
  'import.mjs': (numerics, wide) => `
    const numerics = '${numerics}', wide = ${wide ? `await import('chainrule/wide')` : 'undefined'};
    const { createNetwork, dense } = await import('chainrule');${TRAIN}`,
  'require.cjs': (numerics, wide) => `
    const numerics = '${numerics}', wide = ${wide ? `require('chainrule/wide')` : 'undefined'};
    const { createNetwork, dense } = require('chainrule');(async () => {${TRAIN}\n})();`,
};

let folder = '';
beforeAll(async () => {
  await buildLibrary();
  folder = await mkdtemp(join(tmpdir(), 'chainrule-wide-'));
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules/chainrule'), 'junction');
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(file: string, text: string): Promise<string> {
  await writeFile(join(folder, file), text);
  return runNode([file], folder);
}

describe.each(['reproducible', 'fused'])('%s', (numerics) => {
  it.each(Object.keys(PROGRAMS))('changes no bit (%s)', async (file) => {
    const [without, with_] = await Promise.all(
      [false, true].map(async (wide): Promise<Report> => {
        const name = wide ? file.replace('.', '.wide.') : file;
        return JSON.parse(await run(name, PROGRAMS[file](numerics, wide))) as Report;
      }),
    );
    expect(without.own).toBe(128);
    expect(new Set([without.bits, without.together, with_.bits, with_.together]).size).toBe(1);
    expect([with_.own, with_.ofCrew]).toEqual([with_.vectors, with_.vectors]);
    expect(with_.vectors === 256 ? with_.reason === undefined : with_.reason !== '').toBe(true);
  });
});

it('comes too late behind the first network', async () => {
  const text = `
    import { createNetwork, dense } from 'chainrule';
    await createNetwork({ inputs: 1, layers: [dense(1)] });
    await import('chainrule/wide').then(({ vectors }) => console.log(vectors), ({ message }) => console.log(message));`;
  expect(await run('late.mjs', text)).toMatch(/^(128|provideKernels comes too late)/);
});
