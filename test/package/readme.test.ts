/** The documents' code does what it says: every block is type-checked against the built package, and run. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandProblems, findSnippets, type Snippet } from './snippets.js';

const root = join(import.meta.dirname, '../..');
// Inside the project, so that `import ... from 'chainrule'` is the package itself, as package.json exports it.
const folder = join(root, 'build/snippets');
const LIMIT_MS = 20_000;

const snippets = (await Promise.all((await documents()).map(read))).flat();
const programs = snippets.filter(({ language, notRun }) => ['ts', 'js'].includes(language) && notRun === undefined);
const shells = snippets.filter(({ language }) => ['sh', 'bash'].includes(language));
const exceptions = snippets.filter(({ notRun }) => notRun !== undefined);

async function documents(): Promise<string[]> {
  const docs = join(root, 'docs');
  const guides = existsSync(docs) ? (await readdir(docs)).map((file) => `docs/${file}`) : [];
  return ['README.md', 'CONTRIBUTING.md', ...guides.filter((file) => file.endsWith('.md'))];
}

async function read(file: string): Promise<Snippet[]> {
  return findSnippets(file, await readFile(join(root, file), 'utf8'));
}

function pathOf({ where, language }: Snippet): string {
  return join(folder, `${where.replaceAll(/\W/g, '-')}.${language}`);
}

/** The README is for who has JavaScript only: its blocks run letter for letter. */
const isPasted = ({ where }: Snippet): boolean => where.startsWith('README.md');

async function withoutTypes(source: string): Promise<string> {
  const { code } = await transform(source, { loader: 'ts', target: 'es2022' });
  return code;
}

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await Promise.all(programs.map((snippet) => writeFile(pathOf(snippet), snippet.code)));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('the README has code', () => {
  for (const { where, notRun } of exceptions) console.log(`${where} is not run: ${notRun}`);
  expect(programs.some(({ where }) => where.startsWith('README.md'))).toBe(true);
  expect(exceptions.filter((snippet) => snippet.notRun === '' || isPasted(snippet))).toEqual([]);
});

it('the TypeScript blocks agree with the types of the package', () => {
  const typed = programs.filter(({ language }) => language === 'ts').map(pathOf);
  expect(typeErrors(typed)).toEqual([]);
});

describe('each block runs', () => {
  it.each(programs.map((snippet) => [snippet.where, snippet] as const))('%s', async (_where, snippet) => {
    const file = `${pathOf(snippet)}.mjs`;
    await writeFile(file, isPasted(snippet) ? snippet.code : await withoutTypes(snippet.code));
    await promisify(execFile)(process.execPath, [file], { cwd: root, timeout: LIMIT_MS });
  });
});

describe('each command exists', () => {
  it.each(shells.map(({ where, code }) => [where, code] as const))('%s', async (_where, code) => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(commandProblems(code, scripts, (file) => existsSync(join(root, file)))).toEqual([]);
  });
});

it('CI runs the test line of the README', async () => {
  const line = 'npm ci && npm test';
  expect(shells.some(({ code }) => code.includes(line))).toBe(true);
  expect(await readFile(join(root, '.ci/run'), 'utf8')).toContain(`\nstep '${line}'\n`);
});

function typeErrors(files: string[]): string[] {
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.esnext.disposable.d.ts'],
    types: ['node'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? '' : `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1} `;
    return line + ts.flattenDiagnosticMessageText(messageText, '\n');
  });
}
