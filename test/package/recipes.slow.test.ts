/**
 * CONTRIBUTING's recipes, applied to a copy of the repository: with them everything agrees with the reference, and with a
 * slip in each, everything that is wrong is found.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = new URL('../../', import.meta.url).pathname;
const COPIED = [
  'assembly',
  'bench',
  'scripts',
  'src',
  'test',
  'asconfig.json',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];
const RECIPES = ['activation', 'loss', 'optimizer', 'layer'];

/** A slip in each recipe: where, and what for what; and a test that must find it. */
const SLIPS = [
  [
    'assembly/activations/rectifiers.ts',
    'f32x4.lt(f32x4.abs(z), one)',
    'f32x4.gt(f32x4.abs(z), one)',
    'activation hardTanh',
  ],
  [
    'assembly/losses/terms.ts',
    'return f32x4.div(e, f32x4.sqrt(',
    'return f32x4.mul(e, f32x4.sqrt(',
    'loss pseudoHuber',
  ],
  [
    'assembly/optimizers/signSgd.ts',
    'f32x4.sub(f32x4.add(parameter, up), down)',
    'f32x4.sub(parameter, down)',
    'optimizer signSgd',
  ],
  ['assembly/layers/multiply.ts', 'rows, layer.adds)', 'rows, 0)', "'multiply' has the gradients of the reference"],
] as const;

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chainrule-recipes-'));
  for (const path of COPIED) {
    await cp(join(ROOT, path), join(folder, path), {
      recursive: true,
      filter: (from) => !from.includes('node_modules'),
    });
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const name of RECIPES) await run('git', ['apply', join(ROOT, `docs/recipes/${name}.diff`)], { cwd: folder });
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Report {
  readonly numPassedTests: number;
  readonly testResults: { readonly assertionResults: { readonly fullName: string; readonly status: string }[] }[];
}

/** Runs what goes through the tables; the names of the tests that fail, and how many pass. */
async function results(): Promise<{ failed: string[]; passed: number }> {
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    'test/kernels/tables.test.ts',
    'test/training/tables.test.ts',
    'test/training/layers.test.ts',
  ];
  const report = join(folder, 'report.json');
  // it ends with 1 where tests fail, which the report tells better
  await run(process.execPath, [...args, '--reporter=json', `--outputFile=${report}`], { cwd: folder }).catch(
    () => undefined,
  );
  const { numPassedTests, testResults } = JSON.parse(await readFile(report, 'utf8')) as Report;
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed'),
  );
  return { failed: failed.map(({ fullName }) => fullName), passed: numPassedTests };
}

describe('an activation, a loss, an optimizer and a kind of layers, each by its recipe', () => {
  it('agree with the reference', async () => {
    const { failed, passed } = await results();
    expect(failed).toEqual([]);
    expect(passed).toBeGreaterThan(100);
  });

  it('are found out, with a slip in each', async () => {
    for (const [path, right, wrong] of SLIPS) {
      const text = await readFile(join(folder, path), 'utf8');
      expect(text).toContain(right);
      await writeFile(join(folder, path), text.replace(right, wrong));
    }
    const { failed } = await results();
    for (const [, , , name] of SLIPS)
      expect(
        failed.some((each) => each.includes(name)),
        `${name}: ${failed.join('\n')}`,
      ).toBe(true);
  });
});
