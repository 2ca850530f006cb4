/**
 * What the build need not do again. A stage is skipped while all files that it reads, and all that it wrote, are what
 * they were when it ended: its stamp in build/stamps/ holds the hash of each.
 *
 * Builds may be interrupted, and may run at the same time. A file appears whole, since it is renamed to its place; the
 * stamp comes last; and a stamp counts only while the files on the disk are those that it names. So the worst that can
 * happen is that a stage runs once more.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from './project.js';

export interface Stage {
  /** The name of its stamp. */
  readonly name: string;
  /** The files that it reads. All paths are from the root of the project. */
  readonly inputs: readonly string[];
}

/** What a stage wrote, by path. */
export type Outputs = Readonly<Record<string, string | Uint8Array>>;

interface Stamp {
  readonly inputs: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Runs a stage unless nothing has changed. Returns whether it ran. */
export async function runStage(stage: Stage, make: () => Promise<Outputs>, folder = root): Promise<boolean> {
  const inputs = await inputsIfStale(stage, folder);
  if (inputs === undefined) return false;
  await completeStage(stage, inputs, await make(), folder);
  return true;
}

/** The hash of what the stage reads, where it has to run; undefined where all that it wrote is still right. */
export async function inputsIfStale({ name, inputs }: Stage, folder = root): Promise<string | undefined> {
  const now = hash(JSON.stringify(await hashFiles(inputs, folder)));
  const stamp = await readStamp(name, folder);
  if (stamp?.inputs !== now) return now;
  const written = await hashFiles(Object.keys(stamp.outputs), folder);
  return Object.keys(stamp.outputs).every((path) => written[path] === stamp.outputs[path]) ? undefined : now;
}

/** Writes what a stage made, and then its stamp. `inputs` is what `inputsIfStale` returned before it ran. */
export async function completeStage({ name }: Stage, inputs: string, outputs: Outputs, folder = root): Promise<void> {
  for (const [path, content] of Object.entries(outputs)) await writeWhole(path, content, folder);
  const hashes = Object.fromEntries(Object.entries(outputs).map(([path, content]) => [path, hash(content)]));
  const stamp: Stamp = { inputs, outputs: hashes };
  await writeWhole(stampPath(name), `${JSON.stringify(stamp, undefined, 2)}\n`, folder);
}

/** The files below a folder of the project whose path in it is accepted. */
export async function filesBelow(folder: string, accepts: (path: string) => boolean = () => true): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const paths = files.map((path) => path.slice(root.length + 1).replaceAll('\\', '/'));
  return paths.filter((path) => accepts(path.slice(folder.length + 1))).sort();
}

/** Writes a file so that it is never seen half. One that is right already stays, so that a watcher has nothing to do. */
export async function writeWhole(path: string, content: string | Uint8Array, folder = root): Promise<void> {
  const before = await readFile(join(folder, path)).catch(() => undefined);
  if (before?.equals(Buffer.from(content))) return;
  const unfinished = join(folder, 'build/unfinished', randomUUID());
  for (const each of [unfinished, join(folder, path)]) await mkdir(dirname(each), { recursive: true });
  await writeFile(unfinished, content);
  await rename(unfinished, join(folder, path));
}

async function hashFiles(paths: readonly string[], folder: string): Promise<Record<string, string>> {
  const hashes = paths.map(async (path) => {
    const content = await readFile(join(folder, path)).catch(() => undefined);
    return [path, content ? hash(content) : 'absent'] as const;
  });
  return Object.fromEntries(await Promise.all(hashes));
}

const hash = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

const stampPath = (name: string): string => `build/stamps/${name}.json`;

async function readStamp(name: string, folder: string): Promise<Stamp | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, stampPath(name)), 'utf8')) as Stamp;
  } catch {
    return undefined;
  }
}
