/** Files that were made to do harm, or were changed anyhow: each is refused as a file, or is a network that works. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { getEngine } from '../../src/engine/engines.js';
import { decodeSafetensors } from '../../src/files/read-safetensors.js';
import { encodeSafetensors } from '../../src/files/write-safetensors.js';
import {
  adagrad,
  adam,
  constant,
  cosine,
  createNetwork,
  dense,
  elu,
  huber,
  loadNetwork,
  rmsProp,
  sgd,
  stepDecay,
  warmUp,
  type Network,
  type NetworkOptions,
} from '../../src/index.js';
import { refusal } from './support.js';

const X = Float32Array.of(0.5, -1, 0.25, 2, -0.75, 1);
const Y = Float32Array.of(0, 1, 1, 0, 0, 1);

const KINDS: Partial<NetworkOptions>[] = [
  { optimizer: adam({ rate: warmUp({ steps: 3, then: cosine({ from: 0.1, steps: 9 }) }), amsgrad: true }) },
  { optimizer: sgd({ rate: stepDecay({ rate: 0.1, every: 3 }), momentum: 0.9, nesterov: true }), clipNorm: 1 },
  { optimizer: rmsProp({ rate: constant(0.01), centered: true, momentum: 0.5 }), loss: huber({ delta: 2 }) },
  { optimizer: adagrad({ initialAccumulator: 0.5 }), layers: [dense(3, elu(0.5), { bias: false }), dense(2)] },
];

let files: Uint8Array[];

beforeAll(async () => {
  files = await Promise.all(
    KINDS.map(async (kind) => {
      const layers = [dense(4, 'tanh'), dense(2, 'sigmoid')];
      const net = await createNetwork({ inputs: 2, layers, loss: 'mse', seed: 7, ...kind });
      await net.fit(X, Y, { epochs: 2, batchSize: 2 });
      const file = net.save();
      net.dispose();
      return file;
    }),
  );
});

/** The file with another description. */
function described(file: Uint8Array, network: string): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(file);
  return encodeSafetensors(tensors, { ...Object.fromEntries(metadata), network });
}

function descriptionOf(file: Uint8Array): unknown {
  return JSON.parse(decodeSafetensors(file).metadata.get('network') ?? '');
}

/** Loads the file and works with it, or sees it refused as a file; anything else escapes. */
async function survive(file: Uint8Array): Promise<'loaded' | 'refused'> {
  let net: Network;
  try {
    net = await loadNetwork(file);
  } catch (error) {
    const { name, message } = error as Error;
    expect(message.length).toBeLessThan(600);
    if (name === 'TypeError') expect(message).toMatch('saved with a learning rate function');
    else expect(`${name}: ${message}`).toMatch(/^FileFormatError: /);
    return 'refused';
  }
  try {
    expect(net.predict(new Float32Array(net.inputs))).toHaveLength(net.outputs);
    try {
      await net.fit(new Float32Array(net.inputs), new Float32Array(net.outputs), { epochs: 2 });
    } catch (error) {
      // a rate may be any number, and its schedule may leave what float32 holds
      expect(String(error)).toMatch(/^DivergenceError: |^RangeError: "rate" gave /);
    }
    const saved = net.save();
    const again = await loadNetwork(saved);
    expect(Buffer.compare(again.save(), saved)).toBe(0);
    again.dispose();
  } finally {
    net.dispose();
  }
  return 'loaded';
}

const VALUES = [
  null,
  true,
  0,
  -1,
  0.5,
  1,
  2,
  3,
  1e39,
  -1e-320,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 53 - 1,
  2 ** 53,
  1e308,
  '',
  'constructor',
  '__proto__',
  'sgd',
  'relu',
  'mse',
  [],
  {},
  [[]],
  { schedule: 'warmUp', options: { steps: 1, then: 1 } },
];

/** Every place of a value in some JSON: what holds it, and under which key. */
function placesOf(value: unknown): { within: Record<string, unknown>; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const within = value as Record<string, unknown>;
  return Object.keys(within).flatMap((key) => [{ within, key }, ...placesOf(within[key])]);
}

describe('a file that was changed', () => {
  let memory: WebAssembly.Memory;
  let before: number;

  beforeAll(async () => {
    ({ memory } = (await getEngine('reproducible')).kernels);
    before = memory.buffer.byteLength;
  });

  afterAll(() => {
    expect(memory.buffer.byteLength - before).toBeLessThan(2 ** 20);
    for (const name of ['polluted', 'units', 'rate', 'data']) expect(name in {}).toBe(false);
  });

  it('in its bytes', async () => {
    const edit = fc.record({
      place: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.nat(6),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 6 }),
        fc
          .constantFrom('0', '9', '[', '{', '"', '\\"', ',', '-1', '1e999', '"__proto__":{"polluted":1},')
          .map((text) => Buffer.from(text)),
      ),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(KINDS.length - 1),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async (kind, edits, mendLength) => {
          let file = files[kind];
          for (const { place, remove, insert } of edits) {
            const at = 8 + Math.floor(place * (file.length - 8));
            file = Uint8Array.of(...file.subarray(0, at), ...insert, ...file.subarray(at + remove));
          }
          // otherwise nearly all would be refused for the length of their header alone
          const grown = file.length - files[kind].length;
          const view = new DataView(file.buffer, file.byteOffset);
          if (mendLength) view.setBigUint64(0, view.getBigUint64(0, true) + BigInt(grown), true);
          await survive(file);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('in its description', async () => {
    const change = fc.record({
      place: fc.nat(1000),
      value: fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue(), fc.constant(undefined)),
      key: fc.option(fc.constantFrom('__proto__', 'constructor', 'then', 'units', 'name', 'rate')),
    });
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(KINDS.length - 1),
        fc.array(change, { minLength: 1, maxLength: 2 }),
        async (kind, changes) => {
          const network = descriptionOf(files[kind]);
          for (const { place, value, key } of changes) {
            const places = placesOf(network);
            const { within, key: name } = places[place % places.length];
            const copy: unknown = structuredClone(value); // one that changes would change the next run's
            const own = key ?? name;
            Object.defineProperty(within, own, { value: copy, enumerable: true, configurable: true, writable: true });
          }
          outcomes.add(await survive(described(files[kind], JSON.stringify(network))));
        },
      ),
      { numRuns: 2000 },
    );
    expect([...outcomes].sort()).toEqual(['loaded', 'refused']);
  });

  it('in the numbers of its tensors', async () => {
    const number = fc.oneof(fc.float(), fc.constantFrom(0, -0, 3.4e38, -3.4e38, 1e-40, NaN, Infinity));
    await fc.assert(
      fc.asyncProperty(fc.nat(KINDS.length - 1), fc.nat(), fc.nat(), number, async (kind, which, at, value) => {
        const { tensors, metadata } = decodeSafetensors(files[kind]);
        const { data } = [...tensors.values()][which % tensors.size];
        data[at % data.length] = value;
        await survive(encodeSafetensors(tensors, Object.fromEntries(metadata)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what a network counts', () => {
  it('can be saved at its last value, and goes on from there', async () => {
    const last = { steps: Number.MAX_SAFE_INTEGER, shuffles: 0x7fffffff };
    for (const [name, value] of Object.entries(last)) {
      const network = descriptionOf(files[0]) as { progress: Record<string, number> };
      network.progress[name] = value;
      const net = await loadNetwork(described(files[0], JSON.stringify(network)));
      await net.fit(X, Y, { epochs: 3 });
      const again = await loadNetwork(net.save());
      for (const each of [net, again]) await each.fit(X, Y, { epochs: 3 });
      expect(again.getParameters()).toEqual(net.getParameters());
      expect(again.steps).toBe(name === 'steps' ? 2 ** 53 : net.steps);
      for (const each of [net, again]) each.dispose();
    }
  });
});

describe('a schedule', () => {
  it('may hold others, as deep as a file may say it', async () => {
    let rate = warmUp({ steps: 1, then: 0.1 });
    for (let i = 1; i < 32; i++) rate = warmUp({ steps: 1, then: rate });
    const net = await createNetwork({ inputs: 2, layers: [dense(1)], optimizer: sgd({ rate }), seed: 1 });
    const loaded = await loadNetwork(net.save());
    for (const each of [net, loaded]) await each.fit(X, Y.subarray(3), { epochs: 40 });
    expect(loaded.getParameters()).toEqual(net.getParameters());
    for (const each of [net, loaded]) each.dispose();
    expect(await refusal(() => warmUp({ steps: 1, then: rate }))).toBe(
      'RangeError: "then" holds 32 schedules of warmUp within each other: those are the most',
    );
  });
});

describe('memory that is short', () => {
  it('is not said to be the fault of the file', async () => {
    const RealArray = Float32Array;
    class NoArray extends RealArray {
      constructor(...given: [number]) {
        if (given[0] === 8) throw new RangeError('Array buffer allocation failed');
        super(...given);
      }
    }
    const loading = loadNetwork(files[0].slice());
    await loading.then((net) => net.dispose());
    vi.stubGlobal('Float32Array', NoArray);
    try {
      expect(await refusal(() => loadNetwork(files[0]))).toBe('RangeError: Array buffer allocation failed');
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe.concurrent('a description that would fill memory', () => {
  const source = (name: string): string => new URL(`../../src/files/${name}.ts`, import.meta.url).href;

  /** Loads the saved file with a hostile description in a process that has 256 MB, and prints what came of it. */
  const script = (file: Uint8Array, network: string): string => `
    import { loadNetwork } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)};
    import { decodeSafetensors } from ${JSON.stringify(source('read-safetensors'))};
    import { encodeSafetensors } from ${JSON.stringify(source('write-safetensors'))};
    const { tensors, metadata } = decodeSafetensors(Buffer.from('${Buffer.from(file).toString('base64')}', 'base64'));
    const text = new TextEncoder().encode(${network});
    const header = encodeSafetensors(tensors, { ...Object.fromEntries(metadata), network: '@' });
    // spliced in as bytes: so much text made into JSON would fill memory by itself
    const at = Buffer.from(header).indexOf('"@"') + 1;
    const grown = text.length - 1 + 7 - (text.length + 6) % 8;
    const file = new Uint8Array(header.length + grown).fill(0x20);
    const start = 8 + Number(new DataView(header.buffer).getBigUint64(0, true));
    new DataView(file.buffer).setBigUint64(0, BigInt(start - 8 + grown), true);
    file.set(header.subarray(8, at), 8);
    file.set(text, at);
    file.set(header.subarray(at + 1, start), at + text.length);
    file.set(header.subarray(start), start + grown);
    console.log(await loadNetwork(file).catch(String));
  `;

  async function outcome(network: string): Promise<string> {
    const code = script(files[0], network);
    const options = ['--max-old-space-size=256', '--import', 'tsx', '--input-type=module', '--eval', code];
    return (await promisify(execFile)(process.execPath, options)).stdout.trim();
  }

  const most = 16384 + 256 * 16;
  const refused = (count: number): string =>
    `FileFormatError: the file describes no valid network: "network" in its metadata has ${count} characters ` +
    `for 16 tensors: ${most} are the most`;

  const tooLong: unknown = expect.stringMatching(
    /^FileFormatError: the header has \d+ bytes: at most 2097152 are read$/,
  );

  it.each([
    ['2 MB of objects', "'{},'.repeat(6e5)", refused(18e5)],
    ['10 MB of brackets', "'['.repeat(1e7)", tooLong],
    ['90 MB of objects', "'{},'.repeat(3e7)", tooLong],
    ['90 MB of brackets', "'['.repeat(9e7)", tooLong],
    [
      'as many brackets as there may be characters',
      `'['.repeat(${most})`,
      'FileFormatError: the file describes no valid network: "network" in its metadata nests deeper than 72',
    ],
  ])('is refused: %s', async (_, network, expected) => {
    expect(await outcome(network)).toEqual(expected);
  });
});
