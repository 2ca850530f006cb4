/** When a stage of the build runs, and when it is skipped. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kernelStage } from '../../scripts/kernels.js';
import { completeStage, inputsIfStale, runStage, type Stage } from '../../scripts/stage.js';

const STAGE: Stage = { name: 'shout', inputs: ['a.txt', 'b.txt'] };
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chainrule-stage-'));
  await write('a.txt', 'one');
  await write('b.txt', 'two');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (path: string, text: string): Promise<void> => writeFile(join(folder, path), text);
const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');

/** The stage: both inputs in capitals, each in a file. */
const shout = async (): Promise<Record<string, string>> => ({
  'out/a.txt': (await read('a.txt')).toUpperCase(),
  'out/b.txt': (await read('b.txt')).toUpperCase(),
});

const run = (): Promise<boolean> => runStage(STAGE, shout, folder);

describe('a stage', () => {
  it('runs once, and then not while nothing changes', async () => {
    expect(await run()).toBe(true);
    expect(await read('out/b.txt')).toBe('TWO');
    expect(await run()).toBe(false);
    expect(await readdir(join(folder, 'out'))).toEqual(['a.txt', 'b.txt']);
  });

  it('runs when an input has changed, appeared or gone, and not when it was only written again', async () => {
    await run();
    await write('a.txt', 'one');
    expect(await run()).toBe(false);
    await write('a.txt', 'three');
    expect(await run()).toBe(true);
    expect(await read('out/a.txt')).toBe('THREE');
    const { name, inputs } = STAGE;
    const more = { name, inputs: [...inputs, 'c.txt'] };
    expect(await runStage(more, shout, folder)).toBe(true);
    await write('c.txt', '');
    expect(await runStage(more, shout, folder)).toBe(true);
    expect(await run()).toBe(true);
  });

  it('runs when what it wrote is gone or was written over', async () => {
    await run();
    await rm(join(folder, 'out/a.txt'));
    expect(await run()).toBe(true);
    await write('out/b.txt', 'half');
    expect(await run()).toBe(true);
    expect(await read('out/b.txt')).toBe('TWO');
  });

  it('runs again after one that failed, or that ended before its stamp was written', async () => {
    await run();
    await write('a.txt', 'three');
    const failing = runStage(STAGE, () => Promise.reject(new Error('interrupted')), folder);
    await expect(failing).rejects.toThrow('interrupted');
    await write('out/a.txt', 'THREE'); // the first of two files, and no stamp
    expect(await run()).toBe(true);
    expect(await run()).toBe(false);
  });

  it('runs again after two at once of different sources, whichever ends last', async () => {
    const old = (await inputsIfStale(STAGE, folder))!;
    const oldOutputs = await shout();
    await write('a.txt', 'three');
    expect(await run()).toBe(true);
    await write('out/a.txt', oldOutputs['out/a.txt']); // the older one is killed in the middle of its files
    expect(await inputsIfStale(STAGE, folder)).toBeDefined();
    await completeStage(STAGE, old, oldOutputs, folder); // or comes to its end
    expect(await run()).toBe(true);
    expect(await read('out/a.txt')).toBe('THREE');
  });

  it('may run many times at once', async () => {
    await Promise.all(Array.from({ length: 8 }, run));
    expect(await run()).toBe(false);
    expect(await readdir(join(folder, 'out'))).toEqual(['a.txt', 'b.txt']);
  });

  it('runs where the stamp is not whole', async () => {
    await run();
    await write('build/stamps/shout.json', '{"inputs":');
    expect(await run()).toBe(true);
  });
});

describe('the kernels', () => {
  it('are compiled again for what they are made of, and for nothing else', async () => {
    const [plain, relaxed, shared] = await Promise.all(
      (['plain', 'relaxed', 'plain.shared'] as const).map(async (variant) => (await kernelStage(variant)).inputs),
    );
    for (const inputs of [plain, relaxed, shared]) {
      expect(inputs).toContain('assembly/gemm/product.ts');
      expect(inputs).toContain('asconfig.json');
      expect(inputs.filter((path) => path.startsWith('src/'))).toEqual(['src/engine/text.ts']); // what writes them as text
      expect(inputs).not.toContain('assembly/gemm/generate.ts'); // its text counts, which is among the inputs
      expect(inputs).toContain('assembly/gemm/tiles.generated.ts');
    }
    expect([plain, relaxed, shared].map((inputs) => inputs.includes('assembly/shared.ts'))).toEqual([
      ...[false, false, true],
    ]);
    expect(relaxed).toContain('assembly/gemm/tiles.fused.generated.ts');
    expect(shared).not.toContain('assembly/gemm/tiles.fused.generated.ts');
  });
});
