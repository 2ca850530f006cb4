/** The built package's types, by this project's TypeScript; test/runtimes asks others. */
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as library from '../../dist/index.js';
import { installed, root } from '../../scripts/project.js';
import { complaints, PROGRAMS, RESOLUTIONS, type Program, type Resolution } from './type-programs.js';

let project = '';

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'chainrule-types-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(root, join(project, 'node_modules/chainrule'), 'junction');
});

afterAll(() => rm(project, { recursive: true, force: true }));

const compile = (resolution: Resolution, program: Program): Promise<string> =>
  complaints(installed('typescript/bin/tsc'), ts.version, project, resolution, program);

describe('the types compile without skipLibCheck', () => {
  it.each(RESOLUTIONS)('moduleResolution $moduleResolution', async (resolution) => {
    expect(await compile(resolution, PROGRAMS[0])).toBe('');
  });

  it.each(PROGRAMS.slice(1))('host: $host', async (program) => {
    expect(await compile(RESOLUTIONS[3], program)).toBe('');
  });
});

describe.each(['index.d.ts', 'index.d.cts'])('%s', (file) => {
  it('declares the values that the package exports, and no others', () => {
    const program = ts.createProgram([join(root, 'dist', file)], { types: [] });
    const checker = program.getTypeChecker();
    const module = checker.getSymbolAtLocation(program.getSourceFile(join(root, 'dist', file))!)!;
    const values = checker.getExportsOfModule(module).filter((symbol) => isValue(checker, symbol));
    expect(values.map(({ name }) => name).sort()).toEqual(Object.keys(library).sort());
  });
});

function isValue(checker: ts.TypeChecker, symbol: ts.Symbol): boolean {
  if (symbol.declarations?.some(ts.isTypeOnlyExportDeclaration)) return false;
  const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (meant.flags & ts.SymbolFlags.Value) !== 0;
}
