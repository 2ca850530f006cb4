/** A program that is killed at any instant, 200 times, and started again each time, ends in the bits of one that was not. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../../scripts/project.js';
import { randomStream } from '../../bench/random.js';

/** Chains of programs that are killed and started again, side by side, and the kills of each: 200 in all. */
const CHAINS = 4;
const KILLS = 50;
/** More epochs than any run comes to before it is killed. */
const ENDLESS = 1e6;
/** Epochs after the last kill. */
const REST = 5;
/** The most lines that are waited for before a kill, and the most milliseconds after them: an epoch, or the writing of its file. */
const MOST_LINES = 3;
const MOST_DELAY = 6;

/** Trains with momentum, dropout, an average and early stopping; a line for each epoch, and at the end the bits. */
const PROGRAM = `
  import { createHash } from 'node:crypto';
  import { writeSync } from 'node:fs';
  import { adam, createNetwork, dense, dropout } from '${pathToFileURL(join(root, 'dist/node.js')).href}';
  const x = Float32Array.from({ length: 1600 }, (_, i) => Math.sin(i * i));
  const y = Int32Array.from({ length: 400 }, (_, i) => Number(x[4 * i] > 0) + Number(x[4 * i + 1] > 0));
  const net = await createNetwork({
    inputs: 4,
    layers: [dense(24, 'tanh'), dropout(0.2), dense(3, 'softmax')],
    optimizer: adam({ rate: 0.003 }),
    seed: 5,
  });
  const [epochCount, path] = process.argv.slice(1);
  const epochs = net.epochs(x, y, {
    epochs: Number(epochCount),
    validationSplit: 0.2,
    earlyStopping: { patience: ${ENDLESS} },
    average: { decay: 0.9 },
    ...(path && { checkpoint: { path } }),
  });
  for await (const { number } of epochs) if (path) writeSync(1, number + '\\n');
  writeSync(1, createHash('sha256').update(net.save()).digest('hex') + '\\n');
`;

/** Runs the program; after more than so many lines, and some milliseconds, it is killed. Returns its last line. */
async function run(epochs: number, path: string, lines = Infinity, delay = 0): Promise<string> {
  const args = ['--input-type=module', '--eval', PROGRAM, String(epochs), path];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let [seen, last] = [0, ''];
  let timer: NodeJS.Timeout | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    if (++seen > lines) timer ??= setTimeout(() => child.kill('SIGKILL'), delay);
  }
  clearTimeout(timer);
  await ended;
  return last;
}

/** Kills a chain of programs, and returns how far each came. */
async function killed(path: string, seed: number): Promise<number[]> {
  const random = randomStream(seed);
  const reached: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    // the epochs of earlier runs are told at once: so many lines, and some of its own
    const lines = (reached.at(-1) ?? 0) + Math.floor(random() * MOST_LINES);
    reached.push(Number(await run(ENDLESS, path, lines, random() * MOST_DELAY)));
  }
  return reached;
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chainrule-killed-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('ends in the same bits, however it was killed', async () => {
  const chains = Array.from({ length: CHAINS }, async (_, seed) => {
    const path = join(folder, `${seed}.checkpoint`);
    const reached = await killed(path, seed);
    expect(reached).toHaveLength(KILLS);
    expect(reached).toEqual(reached.toSorted((a, b) => a - b));
    const epochs = reached.at(-1) + REST;
    const end = await run(epochs, path);
    expect(end).toMatch(/^[0-9a-f]{64}$/);
    expect(end).toBe(await run(epochs, ''));
  });
  await Promise.all(chains);
  const files = Array.from({ length: CHAINS }, (_, seed) => `${seed}.checkpoint`);
  expect((await readdir(folder)).sort()).toEqual(files);
});
