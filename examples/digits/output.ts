/** The folder for the results: files that are whole whenever the program ends, and a model that is never lost. */
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** The folder for the results could not be made, or not be written to. */
export class FolderError extends Error {}

/** Makes the folder and writes to it: before the training rather than after it, so that a wrong name costs no time. */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new FolderError(`The folder "${folder}" could not be made: ${(cause as Error).message}`, { cause });
  }
  try {
    const trial = join(folder, '.writable');
    replaceFile(trial, '');
    rmSync(trial);
  } catch (cause) {
    throw new FolderError(`The folder "${folder}" cannot be written to: ${(cause as Error).message}`, { cause });
  }
}

/** Writes a file beside the one that it is to be, and renames it: whatever ends the program, the old or the new is whole. */
export function replaceFile(file: string, content: string | Uint8Array): void {
  const part = `${file}.${process.pid}.part`;
  try {
    const opened = openSync(part, 'w');
    try {
      writeFileSync(opened, content);
      fsyncSync(opened); // on the disk before the name is, should the machine itself stop
    } finally {
      closeSync(opened);
    }
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** Writes what took long to make to `file`, or if that is not possible, to a temporary folder. Returns where it is. */
export function keepFile(file: string, content: Uint8Array): string {
  try {
    replaceFile(file, content);
    return file;
  } catch (error) {
    const elsewhere = join(mkdtempSync(join(tmpdir(), 'chainrule-')), basename(file));
    replaceFile(elsewhere, content);
    process.stderr.write(
      `"${file}" could not be written: ${(error as Error).message}. It is "${elsewhere}" instead.\n`,
    );
    return elsewhere;
  }
}
