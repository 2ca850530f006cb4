/** Kernels that come from elsewhere: the right file works, and any other is refused by the name of the right one. */
import { beforeEach, expect, it, vi } from 'vitest';
import type * as Library from '../../src/index.js';
import { readBytes } from '../files.js';
import { refusal } from './support.js';

let library: typeof Library;

// the kernels are chosen once in a realm
beforeEach(async () => {
  vi.resetModules();
  library = await import('../../src/index.js');
});

const files = {
  plain: await readBytes('build/plain.wasm'),
  relaxed: await readBytes('build/relaxed.wasm'),
  'plain.shared': await readBytes('build/plain.shared.wasm'),
};
const other = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
const fused = WebAssembly.validate(files.relaxed);
const uncompiled =
  /^TypeError: provideKernels was given what this engine cannot compile, such as .*: expected "chainrule\/kernels\.wasm"$/s;

const create = (options: object): Promise<Library.Network> =>
  library.createNetwork({ inputs: 1, layers: [library.dense(1)], seed: 1, ...options });

it.each([
  ['bytes', () => files.plain, 'reproducible', 'local'],
  ['a module', () => WebAssembly.compile(files.plain), 'reproducible', 'local'],
  [
    'an address',
    () => `data:application/wasm;base64,${Buffer.from(files.plain).toString('base64')}`,
    'reproducible',
    'local',
  ],
  ['bytes for the kernels of this engine', () => (fused ? files.relaxed : files.plain), 'fused', 'local'],
  ['bytes for threads', () => files['plain.shared'], 'reproducible', 'shared'],
] as const)('the right %s', async (_, source, numerics, sharing) => {
  library.provideKernels(await source(), numerics, sharing);
  const net = await create({ numerics, threads: sharing === 'shared' ? 2 : 1 });
  expect(net.predict([[1]])).toHaveLength(1);
  net.dispose();
});

type Wrong = readonly [
  what: string,
  source: () => Library.KernelSource,
  numerics: 'reproducible' | 'fused',
  sharing: 'local' | 'shared',
  expected: RegExp,
];

const wrong: Wrong[] = [
  [
    'an empty module',
    () => other,
    'reproducible',
    'local',
    /a module that is not of this version of chainrule: expected "chainrule\/kernels\.wasm"$/,
  ],
  ['a page', () => 'data:text/html,<!doctype html>not found', 'reproducible', 'local', uncompiled],
  ['text', () => new TextEncoder().encode('not found'), 'reproducible', 'local', uncompiled],
  ['nothing', () => new Uint8Array(0), 'reproducible', 'local', uncompiled],
  [
    'those of one thread for threads',
    () => files.plain,
    'reproducible',
    'shared',
    /given "chainrule\/kernels\.wasm": expected "chainrule\/kernels\.shared\.wasm"$/,
  ],
  [
    'those of threads for one',
    () => files['plain.shared'],
    'reproducible',
    'local',
    /given "chainrule\/kernels\.shared\.wasm": expected "chainrule\/kernels\.wasm"$/,
  ],
  [
    'those of another rounding',
    () => (fused ? files.plain : files.relaxed),
    'fused',
    'local',
    fused ? /given "chainrule\/kernels\.wasm": expected "chainrule\/kernels\.relaxed\.wasm"$/ : uncompiled,
  ],
];

it.each(wrong)('%s', async (_, source, numerics, sharing, expected) => {
  library.provideKernels(source(), numerics, sharing);
  const options = { numerics, threads: sharing === 'shared' ? 2 : 1 };
  expect(await refusal(() => create(options))).toMatch(expected);
  // a source that was wrong may be mended
  const right = sharing === 'shared' ? 'plain.shared' : numerics === 'fused' && fused ? 'relaxed' : 'plain';
  library.provideKernels(files[right], numerics, sharing);
  (await create(options)).dispose();
});
