/** The built library trains, to the same bits, in realms that lack what Node has beside the language. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/project.js';

const execute = promisify(execFile);
const program = join(root, 'test/package/globals/train.js');

interface Trained {
  file: number[];
  steps: number;
  /** What could not be taken away. */
  left: string[];
}

async function train(
  missing: readonly string[],
  library = 'standalone.js',
  options: readonly string[] = [],
): Promise<Trained> {
  const address = pathToFileURL(join(root, 'dist', library)).href;
  const { stdout } = await execute(process.execPath, [...options, program, address, ...missing]);
  return JSON.parse(stdout) as Trained;
}

/** What engines and their hosts are known to lack: workerd, jsdom, pages that are not isolated, older browsers. */
const MISSING = [
  ...[
    'AbortController',
    'AbortSignal',
    'Blob',
    'Buffer',
    'DecompressionStream',
    'DOMException',
    'Event',
    'EventTarget',
  ],
  ...['FinalizationRegistry', 'MessageChannel', 'MessagePort', 'ReadableStream', 'Response', 'SharedArrayBuffer'],
  ...['TextDecoder', 'TextEncoder', 'URL', 'WeakRef', 'Worker', 'atob', 'console', 'crypto', 'fetch'],
  ...['navigator', 'performance', 'process', 'queueMicrotask', 'setImmediate', 'setTimeout', 'structuredClone'],
];

/** What every engine has: the objects of ECMAScript that the library, or Node itself, cannot do without. */
const LANGUAGE = [
  ...['Array', 'ArrayBuffer', 'Atomics', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'Boolean', 'DataView', 'Date'],
  ...['Error', 'Float32Array', 'Float64Array', 'Function', 'Infinity', 'Int16Array', 'Int32Array', 'Int8Array', 'JSON'],
  ...[
    'Map',
    'Math',
    'NaN',
    'Number',
    'Object',
    'Promise',
    'Proxy',
    'RangeError',
    'ReferenceError',
    'Reflect',
    'RegExp',
  ],
  ...['Set', 'String', 'Symbol', 'SyntaxError', 'TypeError', 'URIError', 'Uint16Array', 'Uint32Array', 'Uint8Array'],
  ...['Uint8ClampedArray', 'WeakMap', 'WeakSet', 'decodeURIComponent', 'encodeURIComponent', 'globalThis', 'isFinite'],
  ...['isNaN', 'parseFloat', 'parseInt', 'undefined', 'WebAssembly'],
];

describe('a realm without', () => {
  let whole: Trained;

  beforeAll(async () => {
    whole = await train([]);
  });

  it.each(MISSING)('%s', async (name) => {
    expect(await train([name])).toEqual(whole);
  });

  it('anything beside the language', async () => {
    const names = Object.getOwnPropertyNames(globalThis).filter((name) => !LANGUAGE.includes(name));
    expect(await train(names)).toEqual(whole);
  });

  it.each(['index.js', 'node.js', 'index.cjs'])('nothing: dist/%s', async (library) => {
    expect(await train([], library)).toEqual(whole);
  });

  it.each(['standalone.js', 'index.js', 'node.js', 'index.cjs'])('anything to assign to: dist/%s', async (library) => {
    expect(await train([], library, ['--frozen-intrinsics'])).toEqual(whole);
  });
});
