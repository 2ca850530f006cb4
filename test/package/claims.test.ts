/** What comments say was measured: each names the command, or the test, that shows it. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WORKLOADS } from '../../bench/workloads.js';

const ROOT = new URL('../../', import.meta.url);
const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { scripts: object };

/** The comments of the kernels, the library and the build that tell of a measurement, on one line each. */
const claims = ['assembly', 'src', 'scripts'].flatMap((folder) =>
  readdirSync(new URL(folder, ROOT), { encoding: 'utf8', recursive: true })
    .map((path) => `${folder}/${path.split(sep).join('/')}`)
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.generated.ts'))
    .flatMap((path) => claimsOf(path)),
);

function claimsOf(path: string): { path: string; claim: string }[] {
  const text = readFileSync(new URL(path, ROOT), 'utf8');
  const comments = text.match(/\/\*[^]*?\*\/|(?:^\s*\/\/.*\n)+/gm) ?? [];
  const lines = comments.map((comment) => comment.replace(/\n\s*(?:\*|\/\/)?\s*/g, ' '));
  return lines.flatMap((line) => (line.match(/\bmeasured(?::[^)]*|\)|,)/g) ?? []).map((claim) => ({ path, claim })));
}

describe('what was measured', () => {
  it('is found', () => expect(claims.length).toBeGreaterThan(15));

  it.each(claims)('$path: $claim', ({ claim }) => {
    const [, named = ''] = /^measured: ([\w:/.-]+)/.exec(claim) ?? [];
    const file = named.replace(/[.:]$/, '');
    expect(
      Object.hasOwn(scripts, file) || existsSync(new URL(file, ROOT)),
      `"${named}" is no command and no file`,
    ).toBe(named !== '');
    const [workload] = /\bW\d\b/.exec(claim.slice(9)) ?? [];
    if (workload) expect(WORKLOADS.map(({ name }) => name)).toContain(workload);
  });
});
