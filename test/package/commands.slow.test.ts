/** The commands of a clone say what they can do, and refuse what they cannot, before they build anything. */
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, runNode } from '../../scripts/project.js';

const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const COMMANDS = Object.keys(scripts).filter((name) => /^(start|playground|screenshots|bench(:\w+)?)$/.test(name));
/** What a clone that has only been installed holds. */
const CLONED = ['assembly', 'bench', 'examples', 'scripts', 'src', 'asconfig.json', 'package.json', 'tsconfig.json'];

let clone = '';
beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'chainrule-clone-'));
  const isSource = (path: string): boolean => !/node_modules|\.generated\./.test(path);
  for (const name of CLONED) await cp(join(root, name), join(clone, name), { recursive: true, filter: isSource });
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'), 'junction');
});
afterAll(() => rm(clone, { recursive: true, force: true }));

const isThere = (path: string): boolean => existsSync(join(clone, path));
const built = (): string[] => ['build', 'dist', 'results', 'bench/peers/node_modules'].filter(isThere);

/** Runs the program of a command, as the script of that name does, but without npm's own start. */
function run(name: string, ...args: string[]): Promise<string> {
  const [program] = /\S+\.ts$/.exec(scripts[name]) ?? [];
  if (program === undefined) throw new Error(`"${scripts[name]}" runs no program of ours`);
  return runNode(['--import', 'tsx', program, ...args], clone);
}

describe.each(COMMANDS)('npm run %s', (name) => {
  it('does nothing before its program runs', () => {
    expect(scripts).not.toHaveProperty(`pre${name}`);
  });

  it('shows its options, in words', async () => {
    const help = await run(name, '--help');
    expect(help).toContain(`Usage: npm ${name === 'start' ? '' : 'run '}${name} -- `);
    expect(help).not.toMatch(/[{}]|undefined|\[object/); // a default that was printed as it is
    expect(help.split('\n').length).toBeLessThan(50);
    expect(built()).toEqual([]);
  });

  it('refuses an option that it does not have', async () => {
    await expect(run(name, '--quickly')).rejects.toThrow("unknown option '--quickly'");
    expect(built()).toEqual([]);
  });
});
