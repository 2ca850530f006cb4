/** What threads mean for the program around them: it ends, and they cost nothing between calls. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNetwork, dense } from '../../src/index.js';
import { refusal } from '../errors/support.js';

const SETUP = `
  import { createNetwork, dense } from 'chainrule';
  const x = new Float32Array(256 * 128).fill(0.5), y = new Float32Array(256).fill(1);
  const net = await createNetwork({ inputs: 128, layers: [dense(256, 'tanh'), dense(1)], seed: 1, threads: 4 });
  await net.fit(x, y, { epochs: 20 });`;

/** Runs a program to its end, and returns what it printed. */
function run(program: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: join(import.meta.dirname, '../..'),
      timeout: 50_000,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
    child.on('close', (code) => {
      resolve({ code, output });
    });
  });
}

describe('a program with threads', () => {
  it('ends when it is through, though the network is not disposed of', async () => {
    expect(await run(`${SETUP} console.log('trained', net.threads);`)).toEqual({ code: 0, output: 'trained 4\n' });
  });

  it('ends when it fails, and in the midst of an epoch', async () => {
    const thrown = await run(`${SETUP} throw new Error('enough');`);
    expect(thrown.code).toBe(1);
    expect(thrown.output).toContain('enough');
    expect(await run(`${SETUP} void net.fit(x, y, { epochs: 1e6 }); setTimeout(() => process.exit(3), 50);`)).toEqual({
      code: 3,
      output: '',
    });
  });

  it('uses no processor time between calls', async () => {
    const { output } = await run(`${SETUP}
      const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));
      await sleep(200);
      const before = process.cpuUsage();
      await sleep(1000);
      const { user, system } = process.cpuUsage(before);
      console.log((user + system) / 1000);`);
    // milliseconds of a second: three workers that spun would take up to 3000
    expect(Number(output)).toBeLessThan(100);
  });
});

describe('the option "threads"', () => {
  const make = (threads: unknown): Promise<unknown> =>
    createNetwork({ inputs: 1, layers: [dense(1)], threads: threads as number });

  it.each([
    [0, 'RangeError', '0'],
    [65, 'RangeError', '65'],
    [1.5, 'RangeError', '1.5'],
    [NaN, 'RangeError', 'NaN'],
    ['2', 'TypeError', '"2"'],
    ['all', 'TypeError', '"all"'],
    [null, 'TypeError', 'null'],
  ])('is not %j', async (value, kind, shown) => {
    const expected = `${kind}: "threads" must be a whole number from 1 to 64 (or "auto"): got ${shown}`;
    expect(await refusal(() => make(value))).toBe(expected);
  });

  it('is "auto" for one a processor', async () => {
    const net = await createNetwork({ inputs: 1, layers: [dense(1)], threads: 'auto' });
    expect(net.threads).toBeGreaterThanOrEqual(1);
    expect(net.predict([1])).toHaveLength(1);
    net.dispose();
    expect(() => net.predict([1])).toThrow('the network has been disposed');
  });
});
