/** The runtimes and bundlers of test/runtimes/tools, each at the version that its package.json names. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { root, runNpm } from './project.js';

const project = join(root, 'test/runtimes/tools');

/** Where they lie once they are installed. */
export const tools = join(project, 'node_modules');

/** The versions of Node that are installed there. */
export const NODES = ['20', '22', '24', '26'] as const;

/** The program of one of `NODES`. */
export function nodeProgram(version: string): string {
  return join(tools, `node${version}-${process.platform}-${process.arch}/bin/node`);
}

/** Installs the runtimes and bundlers, unless the last installation is newer than the lock file. It takes minutes. */
export async function installTools(): Promise<void> {
  const changed = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
  const [installed, locked] = [join(tools, '.package-lock.json'), join(project, 'package-lock.json')];
  if ((await changed(installed)) > (await changed(locked))) return;
  console.error('installing the runtimes and bundlers of test/runtimes/tools/package.json');
  await runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], project);
}
