/** The package loads in every runtime, bundler and browser that its users have, and gives the same bits in each. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/project.js';
import { BROWSERS, OPENERS, readPage } from './browsers.js';
import { BUNDLERS } from './bundlers.js';
import type { Host } from './host.js';
import { JEST } from './jest.js';
import { openChromium, openFirefox } from './pages.js';
import { PROCESSES } from './processes.js';
import { installTools } from '../../scripts/tools.js';
import { createProject, removeProject } from './project.js';
import { documentOf, tableRow, versionless } from './table.js';
import { WORKERD } from './workers.js';

const HOSTS: Host[] = [...PROCESSES, WORKERD, ...JEST, ...BUNDLERS, ...BROWSERS];
const RECORDING = process.env['MODE'] === 'record';
const page = join(root, 'docs/runtimes.md');
const rows: string[] = [];
let project = '';
let hashes: Record<string, string> = {};

beforeAll(async () => {
  hashes = JSON.parse(await readFile(join(root, 'test/runtimes/hashes.json'), 'utf8')) as typeof hashes;
  await installTools();
  project = await createProject();
}, 900_000);

afterAll(async () => {
  await Promise.all(OPENERS.map((opener) => opener.close()));
  await removeProject(project);
});

/** A browser that is missing is an error where everything has to be tested, and elsewhere a test that is left out. */
function require(missing: string | undefined, skip: (note: string) => void): void {
  if (missing === undefined) return;
  if (process.env['CI']) throw new Error(missing);
  skip(missing);
}

describe.each(HOSTS)('$runtime, $way', (host) => {
  it('learns XOR and gives the recorded bits', async ({ skip }) => {
    require(host.missing, skip);
    const said = await host.run(project);
    const { xor, trained } = said.report;
    const bits = Object.fromEntries(Object.entries(trained).map(([name, { sha256 }]) => [name, sha256]));
    rows.push(tableRow(host, said, JSON.stringify(bits) === JSON.stringify(hashes)));
    expect(xor.map(Math.round)).toEqual([0, 1, 1, 0]);
    expect(bits).toEqual(hashes);
  });
});

describe.each([openChromium, openFirefox])('$name', (opener) => {
  it(`obeys a policy without 'wasm-unsafe-eval', so that the strict one above was in force`, async ({ skip }) => {
    require(opener.missing, skip);
    const policy = { 'Content-Security-Policy': `default-src 'none'; script-src 'self'` };
    expect(await readPage(opener, project, 'standalone.html', policy)).toMatch(
      /^failed: Error: this host forbids compiling WebAssembly \(CompileError: .*provideKernels/,
    );
  });
});

describe('docs/runtimes.md', () => {
  it('says what the runtimes said', async ({ skip }) => {
    if (rows.length < HOSTS.length && !RECORDING) skip('some runtime is missing or failed');
    expect(rows).toHaveLength(HOSTS.length);
    const options = await resolveConfig(page);
    const text = await format(documentOf(rows, hashes), { ...options, parser: 'markdown' });
    if (RECORDING) await writeFile(page, text);
    expect(versionless(await readFile(page, 'utf8'))).toBe(versionless(text));
  });
});
