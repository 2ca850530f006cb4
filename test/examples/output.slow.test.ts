/** The files of the main example: whole whenever the process ends, and none without a word. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FolderError, prepareFolder, replaceFile } from '../../examples/digits/output.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chainrule-output-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('replaceFile', () => {
  test('leaves the old file, and nothing beside it, where it fails', () => {
    const place = join(folder, 'taken');
    mkdirSync(join(place, 'file'), { recursive: true });
    writeFileSync(join(place, 'file', 'old'), 'old');
    expect(() => replaceFile(join(place, 'file'), 'new')).toThrow(/^EISDIR|ENOTEMPTY|EEXIST|EPERM/);
    expect(readdirSync(place)).toEqual(['file']);
    expect(readFileSync(join(place, 'file', 'old'), 'utf8')).toBe('old');
  });

  test('leaves a whole file, whenever its process is killed', { timeout: 300_000 }, async () => {
    const file = join(folder, 'killed');
    replaceFile(file, new Uint8Array(2 ** 22));
    const script = `
      import { replaceFile } from ${JSON.stringify(new URL('../../examples/digits/output.ts', import.meta.url).href)};
      for (let i = 0; ; i++) {
        replaceFile(${JSON.stringify(file)}, new Uint8Array(2 ** 22).fill(i));
        process.stdout.write('.');
      }
    `;
    for (let kills = 0; kills < 12; kills++) {
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script]);
      await new Promise((resolve) => {
        // once it writes, so that the kill falls somewhere in the writing
        child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), Math.random() * 50));
        child.on('close', resolve);
      });
      const found = readFileSync(file);
      expect(found.length).toBe(2 ** 22);
      expect(found.every((value) => value === found[0])).toBe(true);
    }
  });
});

describe('prepareFolder', () => {
  test('makes a folder, and leaves nothing in it', () => {
    const place = join(folder, 'a', 'b');
    prepareFolder(place);
    expect(readdirSync(place)).toEqual([]);
  });

  test('refuses what is no folder, and one that takes no files', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => prepareFolder(file)).toThrow(FolderError);
    expect(() => prepareFolder(file)).toThrow(/could not be made: EEXIST/);
    // no permission would stop root: a folder in the place of the file that is tried does
    const full = join(folder, 'full');
    mkdirSync(join(full, '.writable'), { recursive: true });
    expect(() => prepareFolder(full)).toThrow(/^The folder ".*" cannot be written to: /);
  });
});
