/** What the lock file must hold, so that `npm ci` works the same on every machine. */

export interface Manifest {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

interface LockEntry {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

export interface Lockfile {
  name: string;
  version: string;
  packages: Record<string, LockEntry>;
}

/** The machines that people develop on. A native tool without a binary for one of them can't be installed there. */
const MACHINES = [
  { os: 'linux', cpu: 'x64', libc: 'glibc' },
  { os: 'linux', cpu: 'x64', libc: 'musl' },
  { os: 'linux', cpu: 'arm64', libc: 'glibc' },
  { os: 'linux', cpu: 'arm64', libc: 'musl' },
  { os: 'darwin', cpu: 'x64' },
  { os: 'darwin', cpu: 'arm64' },
  { os: 'win32', cpu: 'x64' },
  { os: 'win32', cpu: 'arm64' },
] as const;
type Machine = (typeof MACHINES)[number];

/** Every way in which the lock file falls short, as sentences; none when all is well. */
export function lockfileProblems(manifest: Manifest, lock: Lockfile): string[] {
  const problems = manifestProblems(manifest, lock);
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || entry.link) continue;
    if (entry.resolved !== undefined) problems.push(`${path} has a download address ("resolved")`);
    if (entry.integrity === undefined) problems.push(`${path} has no "integrity"`);
    for (const name of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
      if (find(lock, path, name) === undefined) problems.push(`${path} needs ${name}, which has no entry`);
    }
    for (const machine of missingMachines(lock, path, entry)) {
      problems.push(`${path} has no binary for ${Object.values(machine).join(' ')}`);
    }
  }
  return problems;
}

/** npm itself refuses a lock whose versions don't satisfy it; that it was made from this manifest is for us to see. */
function manifestProblems(manifest: Manifest, lock: Lockfile): string[] {
  const problems: string[] = [];
  const top = lock.packages[''] ?? {};
  if (lock.name !== manifest.name) problems.push(`the lock's name is "${lock.name}", not "${manifest.name}"`);
  for (const version of new Set([lock.version, top.version])) {
    if (version !== manifest.version) problems.push(`the lock's version is "${version}", not "${manifest.version}"`);
  }
  for (const field of ['dependencies', 'devDependencies'] as const) {
    const wanted = manifest[field] ?? {};
    const locked = top[field] ?? {};
    for (const name of new Set([...Object.keys(wanted), ...Object.keys(locked)])) {
      if (wanted[name] === locked[name]) continue;
      problems.push(`${field}.${name} is ${wanted[name]} in package.json, ${locked[name]} in the lock`);
    }
  }
  return problems;
}

/**
 * The machines without a binary of the tool at `path`; a tool is native when it offers binaries by processor. One that is
 * optional itself is done without.
 */
function missingMachines(lock: Lockfile, path: string, tool: LockEntry): Machine[] {
  if (tool.optional) return [];
  const binaries = Object.keys(tool.optionalDependencies ?? {})
    .map((name) => find(lock, path, name))
    .filter((entry): entry is LockEntry => entry?.cpu !== undefined);
  if (binaries.length === 0) return [];
  return MACHINES.filter((machine) => !binaries.some((binary) => runsOn(binary, machine)));
}

/** A field that is left out allows everything: esbuild's Linux binaries, say, are static and name no libc. */
function runsOn({ os, cpu, libc }: LockEntry, machine: Machine): boolean {
  const allows = (list: string[] | undefined, value: string): boolean => list === undefined || list.includes(value);
  return allows(os, machine.os) && allows(cpu, machine.cpu) && (!('libc' in machine) || allows(libc, machine.libc));
}

/** The entry that Node would find for `name` from the package at `path`: its own folder first, then outwards. */
function find(lock: Lockfile, path: string, name: string): LockEntry | undefined {
  for (let folder = path; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const entry = lock.packages[`${folder}${folder === '' ? '' : '/'}node_modules/${name}`];
    if (entry !== undefined || folder === '') return entry;
  }
}
