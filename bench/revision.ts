/** Another revision of the project, built beside this one. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root, runNpm } from '../scripts/project.js';

export interface Revision {
  readonly commit: string;
  /** The first line of the commit's message. */
  readonly subject: string;
  /** The path of the library's built entry. */
  readonly entry: string;
  remove(): Promise<void>;
}

const execute = promisify(execFile);

async function git(...args: string[]): Promise<string> {
  const { stdout } = await execute('git', args, { cwd: root });
  return stdout.trim();
}

/** The hash of the commit that a tag, branch or expression such as `HEAD~2` names. */
export function resolveCommit(ref: string): Promise<string> {
  return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`).catch(() => {
    throw new Error(`git knows no revision "${ref}"`);
  });
}

/** Checks `ref` out into a temporary git worktree and builds it there. The caller removes it. */
export async function buildRevision(ref: string): Promise<Revision> {
  const commit = await resolveCommit(ref);
  const folder = await mkdtemp(join(tmpdir(), 'chainrule-'));
  const remove = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    await git('worktree', 'prune');
  };
  try {
    await git('worktree', 'add', '--detach', folder, commit);
    await provideDependencies(folder);
    await runNpm(['run', 'build'], folder);
    return {
      commit,
      subject: await git('log', '-1', '--format=%s', commit),
      entry: join(folder, 'dist/index.js'),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Ours where they are the same; installing takes longer than the whole build. */
async function provideDependencies(folder: string): Promise<void> {
  const [ours, theirs] = await Promise.all([root, folder].map((each) => readFile(join(each, 'package-lock.json'))));
  if (ours.equals(theirs)) await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  else await runNpm(['ci'], folder);
}
