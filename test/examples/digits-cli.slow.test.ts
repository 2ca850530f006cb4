/** The main example as a person meets it: its progress, its command line, and one short run of the whole. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { percent } from '../../examples/digits/format.js';
import { loadTest } from '../../examples/digits/mnist.js';
import { createCommand, type Options } from '../../examples/digits/options.js';
import { createProgress, type EpochResult, type OutputStream } from '../../examples/digits/progress.js';
import { loadNetwork } from '../../src/index.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chainrule-digits-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function epoch(number: number): EpochResult {
  return {
    number,
    loss: 0.5 / number,
    accuracy: 0.9,
    testLoss: 0.4,
    testAccuracy: 0.875,
    seconds: 1.5,
    samplesPerSecond: 40_000,
  };
}

/** What is written to a stream that is, or is not, a terminal of 100 columns. */
function capture(isTTY: boolean): { stream: OutputStream; text: () => string } {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns: 100 });
  let text = '';
  // a read gives all that was written, or only the first of it: that differs between versions of Node
  const read = (): string => {
    for (let part = stream.read() as string | null; part !== null; part = stream.read() as string | null) text += part;
    return text;
  };
  return { stream, text: read };
}

describe('progress', () => {
  const plan = { epochs: 2, samplesPerEpoch: 64 };

  test('writes one plain line for each epoch where there is no terminal', () => {
    const { stream, text } = capture(false);
    const progress = createProgress(stream, plan);
    for (const number of [1, 2]) {
      progress.batch({ loss: 0.5, samples: 32 });
      progress.batch({ loss: 0.25, samples: 32 });
      progress.epoch(epoch(number));
    }
    progress.stop();
    const lines = text().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /^epoch 1\/2 {2}loss 0\.5000 {2}accuracy 90\.00 % {2}test loss 0\.4000 {2}test accuracy 87\.50 % {2}40,000 samples\/s {2}\S+ s left$/,
    );
    expect(lines[1]).toMatch(/^epoch 2\/2 .* 40,000 samples\/s$/);
  });

  test('draws a bar below the lines in a terminal', () => {
    const { stream, text } = capture(true);
    const progress = createProgress(stream, plan);
    progress.batch({ loss: 0.5, samples: 32 });
    progress.epoch(epoch(1));
    progress.stop();
    const shown = text();
    expect(shown).toMatch(/█+░+ epoch 1\/2 {2}loss 0\.5000 {2}accuracy – {2}[\d,]+ samples\/s {2}\S+ s left/);
    expect(shown).toMatch(/epoch 1\/2 {2}loss 0\.5000 {2}accuracy 90\.00 % .*\n/);
    // Settings that would outlive a killed process: the cursor hidden, lines no longer wrapped.
    expect(shown).not.toContain('\u001b[?');
  });
});

interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the example; `onOutput` sees all that it has written so far. */
function runMain(args: string[], onOutput?: (text: string, interrupt: () => void) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'examples/digits/main.ts', ...args]);
    const result: Result = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (data) => {
      result.stdout += String(data);
      onOutput?.(result.stdout, () => child.kill('SIGINT'));
    });
    child.stderr.on('data', (data) => (result.stderr += String(data)));
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...result, code }));
  });
}

/** What the command line makes of some arguments, or its message where it refuses them. */
function parse(...args: string[]): Options | string {
  let message = '';
  const command = createCommand()
    .exitOverride()
    .configureOutput({ writeErr: (text) => (message += text) });
  try {
    return command.parse(args, { from: 'user' }).opts<Options>();
  } catch {
    return message;
  }
}

describe('the command line', () => {
  test('has defaults', () => {
    expect(parse()).toEqual({
      epochs: 10,
      batchSize: 32,
      hidden: [128],
      seed: 42,
      rate: 0.001,
      output: 'results/digits',
      limit: 60_000,
    });
  });

  test('reads every option', () => {
    expect(
      parse(
        ...['--epochs', '3', '--batch-size', '64', '--hidden', '128, 64', '--seed', '0', '--rate', '1e-2'],
        ...['--output', 'out', '--limit=100'],
      ),
    ).toEqual({ epochs: 3, batchSize: 64, hidden: [128, 64], seed: 0, rate: 0.01, output: 'out', limit: 100 });
  });

  test.each([
    [['--epochs', '0'], 'Expected a whole number from 1 to 1,000.'],
    [['--epochs', '-1'], 'Expected a whole number from 1 to 1,000.'],
    [['--epochs', '2.5'], 'Expected a whole number from 1 to 1,000.'],
    [['--epochs', '0x10'], 'Expected a whole number from 1 to 1,000.'],
    [['--epochs', ''], 'Expected a whole number from 1 to 1,000.'],
    [['--epochs'], "option '--epochs <n>' argument missing"],
    [['--batch-size', '60001'], 'Expected a whole number from 1 to 60,000.'],
    [['--hidden', '128,'], 'Expected the number of neurons of each hidden layer, from 1 to 4,096'],
    [['--hidden', '0'], 'Expected the number of neurons of each hidden layer, from 1 to 4,096'],
    [['--hidden', '128,5000'], 'Expected the number of neurons of each hidden layer, from 1 to 4,096'],
    [['--hidden', '1,1,1,1,1,1,1,1,1'], 'Expected at most 8 hidden layers, came 9.'],
    [['--seed', '4294967296'], 'Expected a whole number from 0 to 4,294,967,295.'],
    [['--rate', '0'], 'Expected a number above 0 and at most 1'],
    [['--rate', 'Infinity'], 'Expected a number above 0 and at most 1'],
    [['--rate', '1e-3x'], 'Expected a number above 0 and at most 1'],
    [['--output', ' '], 'Expected the name of a folder.'],
    [['--limit', '70000'], 'Expected a whole number from 1 to 60,000.'],
    [['--epoch', '3'], "unknown option '--epoch'\n(Did you mean --epochs?)"],
    [['twice'], 'too many arguments'],
  ])('refuses %j', (args, message) => {
    const said = parse(...args);
    expect(said).toContain(message);
    expect(said).toContain('"npm start -- --help" lists the options.');
  });

  test('--help lists the options', async () => {
    const { code, stdout } = await runMain(['--help']);
    expect(code).toBe(0);
    for (const name of ['epochs', 'batch-size', 'hidden', 'seed', 'rate', 'output', 'limit', 'help']) {
      expect(stdout).toContain(`--${name}`);
    }
    expect(stdout).toContain('Usage: npm start -- [options]');
  });

  test('a wrong value, or a folder that cannot be, ends it with code 1 before anything is read', async () => {
    const [value, place] = await Promise.all([
      runMain(['--epochs', 'many']),
      runMain(['--output', join(import.meta.filename, 'below-a-file')]),
    ]);
    expect([value.code, value.stdout]).toEqual([1, '']);
    expect(value.stderr).toContain("option '--epochs <n>' argument 'many' is invalid");
    expect([place.code, place.stdout]).toEqual([1, '']);
    expect(place.stderr).toMatch(/^error: The folder ".*" could not be made: ENOTDIR[^\n]*\n$/);
  });
});

describe('the whole job, on few digits', () => {
  const line = (result: Result, name: string): string | undefined =>
    new RegExp(`^${name} +(.*)$`, 'm').exec(result.stdout)?.[1];

  test('trains, reports and saves; the same seed gives the same bits', async () => {
    const run = (output: string): Promise<Result> =>
      runMain([
        ...['--limit', '2000', '--epochs', '1', '--hidden', '32', '--rate', '0.01'],
        ...['--output', join(folder, output)],
      ]);
    const [first, second] = await Promise.all([run('first'), run('second')]);
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    expect(first.stdout).not.toContain('\u001b');
    expect(first.stdout.match(/^epoch /gm)).toHaveLength(1);
    expect(first.stdout).toMatch(/^precision % /m);
    expect(line(first, 'took')).toMatch(/ of training, [\d,]+ samples\/s; .* in all$/);
    expect(line(first, 'final loss')).toMatch(/^\d\.\d{10,}$/);
    expect(line(second, 'final loss')).toBe(line(first, 'final loss'));
    expect(line(second, 'test loss')).toBe(line(first, 'test loss'));

    const [model, report] = [line(first, 'model')!, line(first, 'report')!];
    expect(readFileSync(model).equals(readFileSync(line(second, 'model')!))).toBe(true);
    expect(readFileSync(report, 'utf8')).toContain('784-32-10 reads');
    const net = await loadNetwork(readFileSync(model));
    const { images, labels } = loadTest();
    const { loss, accuracy } = net.evaluate(images, labels);
    net.dispose();
    expect(String(loss)).toBe(line(first, 'test loss'));
    expect(first.stdout).toMatch(new RegExp(`^test accuracy ${percent(accuracy!, 1)}\n$`, 'm'));
    expect(accuracy).toBeGreaterThan(0.8);
  });

  test('what was learnt outlives a folder that is gone when it is to be written', async () => {
    const output = join(folder, 'taken-away');
    const result = await runMain(['--limit', '2000', '--epochs', '3', '--hidden', '8', '--output', output], (text) => {
      if (!text.includes('epoch 1/3') || !existsSync(output)) return;
      rmSync(output, { recursive: true, force: true });
      writeFileSync(output, 'a file in its place');
    });
    const elsewhere = /^model +(.*)$/m.exec(result.stdout)![1];
    expect(result.stderr).toMatch(/^".*model\.safetensors" could not be written: ENOTDIR.*\. It is ".*" instead\.\n$/);
    expect(result.stderr).toContain(elsewhere);
    expect(result.stdout).toMatch(/^report +none: ENOTDIR/m);
    expect(result.stdout).toMatch(/^test accuracy \d+\.\d %$/m);
    expect(result.code).toBe(1);
    (await loadNetwork(readFileSync(elsewhere))).dispose();
    rmSync(dirname(elsewhere), { recursive: true });
  });

  test('Ctrl-C stops it cleanly, and what was learnt is reported', async () => {
    let interrupted = false;
    const output = join(folder, 'interrupted');
    const result = await runMain(['--limit', '2000', '--epochs', '1000', '--output', output], (text, interrupt) => {
      if (interrupted || !text.includes('epoch    1/1000')) return;
      interrupted = true;
      interrupt();
    });
    expect(result.stderr).toBe('');
    expect(result.code).toBe(130);
    expect(result.stdout).toContain('Stopped: what follows is the network after its last whole step.');
    expect(result.stdout).toMatch(/^test accuracy \d+\.\d %$/m);
    expect(existsSync(join(output, 'model.safetensors'))).toBe(true);
    expect(readFileSync(join(output, 'report.html'), 'utf8')).toContain('Stopped by Ctrl-C');
  });
});
