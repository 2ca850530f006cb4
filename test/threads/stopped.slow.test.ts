/** A process that is stopped for a while, or a machine that sleeps, has waited for nobody, and goes on as it was. */
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** Longer than anything is waited for. */
const STOPPED = 6000;

/**
 * Trains on two threads while it predicts, and stops itself in a wait for another thread. Both kinds are there: that of
 * a caller that leads, and with `page` that of one that may not wait, in which a worker leads.
 */
const program = (page: boolean): string => `
  import { createHash } from 'node:crypto';
  import { writeSync } from 'node:fs';
  import { createNetwork, dense } from 'chainrule';
  let stopped = 0, armed = false;
  const stop = () => {
    if (!armed || stopped) return false;
    stopped++;
    writeSync(1, 'stopping\\n');
    process.kill(process.pid, 'SIGSTOP');
    return true;
  };
  let seen;
  const { load, wait } = Atomics;
  Atomics.load = (...args) => {
    const found = load(...args);
    // whoever looks again is waiting, and sees what was there before the stop
    const last = seen;
    seen = found;
    return last !== undefined && stop() ? last : found;
  };
  Atomics.wait = (...args) => {
    if (${page}) throw new TypeError('Atomics.wait cannot be called in this context');
    stop();
    return wait(...args);
  };
  const [rows, inputs] = [256, 512];
  const x = Float32Array.from({ length: rows * inputs }, (_, i) => ((i * 7919) % 1013) / 1013 - 0.5);
  const y = Float32Array.from({ length: rows }, (_, i) => i % 3);
  const train = async (threads) => {
    const net = await createNetwork({ inputs, layers: [dense(512, 'tanh'), dense(1)], seed: 3, threads });
    let epochs = 0;
    for (; epochs < 3 || (threads > 1 && !stopped); epochs++) {
      const timer = setInterval(() => {
        armed = threads > 1;
        seen = undefined;
        net.predict(x);
        armed = false;
      });
      await net.fit(x, y);
      clearInterval(timer);
    }
    return [net, epochs];
  };
  process.on('warning', ({ message }) => console.log(message));
  const [net, epochs] = await train(2);
  const twin = await createNetwork({ inputs, layers: [dense(512, 'tanh'), dense(1)], seed: 3 });
  for (let epoch = 0; epoch < epochs; epoch++) await twin.fit(x, y);
  const [one, two] = [net, twin].map((each) => createHash('sha256').update(each.save()).digest('hex'));
  console.log(net.threads, one === two ? 'the same bits' : 'other bits');
`;

/** Runs a program that stops itself, has it go on after a while, and returns what it printed. */
async function run(text: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], {
    cwd: join(import.meta.dirname, '../..'),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += String(part)));
  const ended = new Promise((resolve) => child.on('close', resolve));
  const state = async (): Promise<string> => {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(child.pid)]).catch(() => ({
      stdout: '',
    }));
    return stdout;
  };
  while (child.exitCode === null && !(await state()).startsWith('T'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, STOPPED));
  child.kill('SIGCONT');
  await ended;
  return output;
}

describe.skipIf(process.platform === 'win32').concurrent('a process that is stopped while it waits', () => {
  it.each([
    ['for another thread in its own call', false],
    ['for a worker that leads', true],
  ])('%s goes on, with the same bits', async (_, page) => {
    expect(await run(program(page))).toBe('stopping\n2 the same bits\n');
  });
});
