/** What a report says about where it was measured. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { root } from '../scripts/project.js';

export interface Machine {
  readonly cpu: string;
  readonly platform: string;
  readonly node: string;
  readonly v8: string;
  readonly date: string;
  /** The commit that was measured, and whether it was changed. */
  readonly revision: string;
  /** The load average of the last minute. */
  readonly load: number;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    date: new Date().toISOString().slice(0, 10),
    revision: describeRevision(),
    load: loadavg()[0],
  };
}

/** What was measured, in a sentence's beginning that all reports share. */
export function renderMachine({ cpu, platform, node, v8, date, revision, load }: Machine): string {
  return `${cpu}, ${platform}, Node ${node} (V8 ${v8}), ${date}, revision ${revision}; load average ${load.toFixed(2)} when it began.`;
}

/** What is measured decides whether a revision counts as changed: documents do not. */
const MEASURED = ['src', 'assembly', 'bench', 'scripts', 'asconfig.json', 'package-lock.json', ':!bench/sessions'];

function describeRevision(): string {
  try {
    const commit = git('rev-parse', '--short=10', 'HEAD');
    return isChanged() ? `${commit} with changes` : commit;
  } catch {
    return 'unknown';
  }
}

/** Whether what is measured differs from the commit. */
export function isChanged(): boolean {
  return git('status', '--porcelain', '--', ...MEASURED) !== '';
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}
