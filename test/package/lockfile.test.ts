import { describe, expect, it } from 'vitest';
import { lockfileProblems, type Lockfile, type Manifest } from '../../scripts/lockfile.js';

const manifest: Manifest = { name: 'app', version: '1.0.0', devDependencies: { tool: '^2.0.0' } };

const MACHINES = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];

/** A lock with one native tool, which has a binary (a package of its own) for each machine. */
function wholeLock(): Lockfile {
  const top = { version: '1.0.0', devDependencies: { tool: '^2.0.0' } };
  const lock: Lockfile = { name: 'app', version: '1.0.0', packages: { '': top } };
  const binaries = MACHINES.map((machine) => [`@tool/${machine}`, '2.1.0']);
  lock.packages['node_modules/tool'] = {
    version: '2.1.0',
    integrity: 'sha512-',
    optionalDependencies: Object.fromEntries(binaries),
  };
  for (const machine of MACHINES) {
    const [os = '', cpu = ''] = machine.split('-');
    lock.packages[`node_modules/@tool/${machine}`] = { version: '2.1.0', integrity: 'sha512-', os: [os], cpu: [cpu] };
  }
  return lock;
}

describe('lockfileProblems', () => {
  it('finds nothing wrong with a whole lock', () => {
    expect(lockfileProblems(manifest, wholeLock())).toEqual([]);
  });

  it('names a binary that has no entry, and the machine that it leaves without one', () => {
    const lock = wholeLock();
    delete lock.packages['node_modules/@tool/darwin-arm64'];
    expect(lockfileProblems(manifest, lock)).toEqual([
      'node_modules/tool needs @tool/darwin-arm64, which has no entry',
      'node_modules/tool has no binary for darwin arm64',
    ]);
  });

  it('does without a binary of a tool that is optional itself', () => {
    const lock = wholeLock();
    const tool = lock.packages['node_modules/tool'];
    delete tool.optionalDependencies?.['@tool/win32-arm64'];
    expect(lockfileProblems(manifest, lock)).toEqual(['node_modules/tool has no binary for win32 arm64']);
    tool.optional = true;
    expect(lockfileProblems(manifest, lock)).toEqual([]);
  });

  it('tells glibc from musl where the binaries do', () => {
    const lock = wholeLock();
    lock.packages['node_modules/@tool/linux-x64'].libc = ['glibc'];
    expect(lockfileProblems(manifest, lock)).toEqual(['node_modules/tool has no binary for linux x64 musl']);
  });

  it('finds a dependency in the nearest folder, outwards', () => {
    const lock = wholeLock();
    const inner = 'node_modules/tool/node_modules/inner';
    lock.packages[inner] = { version: '1.0.0', integrity: 'sha512-', dependencies: { tool: '2', leaf: '1' } };
    lock.packages['node_modules/tool/node_modules/leaf'] = { version: '1.0.0', integrity: 'sha512-' };
    expect(lockfileProblems(manifest, lock)).toEqual([]);
    lock.packages['node_modules/elsewhere/node_modules/leaf'] = lock.packages['node_modules/tool/node_modules/leaf'];
    delete lock.packages['node_modules/tool/node_modules/leaf'];
    expect(lockfileProblems(manifest, lock)).toEqual([`${inner} needs leaf, which has no entry`]);
  });

  it('refuses download addresses and entries without a checksum', () => {
    const lock = wholeLock();
    lock.packages['node_modules/tool'].resolved = 'https://example.com/tool.tgz';
    delete lock.packages['node_modules/tool'].integrity;
    expect(lockfileProblems(manifest, lock)).toEqual([
      'node_modules/tool has a download address ("resolved")',
      'node_modules/tool has no "integrity"',
    ]);
  });

  it('compares the lock with package.json', () => {
    const other: Manifest = { name: 'app', version: '1.1.0', dependencies: { tool: '^3.0.0' } };
    expect(lockfileProblems(other, wholeLock())).toEqual([
      'the lock\'s version is "1.0.0", not "1.1.0"',
      'dependencies.tool is ^3.0.0 in package.json, undefined in the lock',
      'devDependencies.tool is undefined in package.json, ^2.0.0 in the lock',
    ]);
  });
});
