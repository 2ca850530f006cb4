/** The short examples run by the command in their first lines, and print what they promise. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'examples');
const files = readdirSync(folder).filter((name) => /\.[jt]s$/.test(name));

/** What each prints, as far as a reader relies on it. */
const PRINTS: Record<string, RegExp[]> = {
  'autoencoder.ts': [
    /^mean squared error before: 0\.\d+$/m,
    /^after 1500 steps: 0\.000\d\d, from two numbers a point$/m,
  ],
  'cart-pole.ts': [/^after \d+ steps the pole stands for (?:19[5-9]|200)\.\d of 200 pushes$/m],
  'digits.ts': [/^epoch 3: loss 0\.2\d\d, \d+ digits a second$/m, /^right on 9\d\.\d % of 10000 /m],
  'explain.ts': [
    /^example 14 pulls hardest: /,
    /^ {10}= -?[\d.]+ · -?[\d.]+ · -?[\d.]+\n {10}= -?[\d.]+$/m,
    /^(?:path through neuron [012]: -?[\d.]+ · -?[\d.]+ = -?[\d.]+\n){3}they sum to -?[\d.]+: /m,
  ],
  'regression.ts': [
    /^stopped after \d{2,3} of 2000 epochs; /,
    /^validation loss 0\.01\d\d; /m,
    /^at 0\.5: [01]\.\d\d,/m,
  ],
  'resume.ts': [/^40 steps, saved in \d+ bytes; 80 steps after going on$/m, /^the same bits: true$/m],
  'worker.js': [/^epoch 50: loss 0\.\d+$/m, /^stopped after \d+ steps: right on (?:9[89](?:\.\d+)?|100) %$/m],
  'xor.ts': [/^\[ '0\.0\d', '(?:0\.9\d|1\.00)', '(?:0\.9\d|1\.00)', '0\.0\d' \]$/m],
};

it('every short example is tested', () => {
  expect(files).toEqual(Object.keys(PRINTS));
});

describe.each(files)('examples/%s', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');

  it('is ten to forty lines long, or shorter', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

  it('runs as its comment says', async () => {
    const command = /Run it with: node (.*)$/m.exec(text)![1];
    expect(command).toMatch(new RegExp(`(?:^| )examples/${file}$`));
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command.split(' '), { cwd: root });
    expect(stderr).toBe('');
    for (const line of PRINTS[file]) expect(stdout).toMatch(line);
  });
});
