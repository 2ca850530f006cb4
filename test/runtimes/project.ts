/** A project as a user has it: the packed package installed in a folder of its own, and the programs beside it. */
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runNpm } from '../../scripts/project.js';

const programs = join(root, 'test/runtimes/program');

/** The folder of a new project that has the package installed, and `program/`. */
export async function createProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chainrule-runtimes-'));
  // the caller has built it: another build would be the same
  await runNpm(['pack', '--ignore-scripts', '--pack-destination', folder]);
  const tarball = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack left no tarball');
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  await runNpm(['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`], folder);
  await cp(programs, join(folder, 'program'), { recursive: true });
  return folder;
}

/** A folder inside the project with only the page that imports the package by its name. */
export async function createPage(project: string, name: string): Promise<string> {
  const folder = join(project, name);
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  for (const file of ['index.html', 'page.js', 'report.js', 'networks.js']) {
    await cp(join(programs, file), join(folder, file));
  }
  return folder;
}

export async function removeProject(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
