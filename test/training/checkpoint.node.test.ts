/** A fit that is ended and goes on from its checkpoint ends in the bits of one that was never ended. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  adam,
  batchNorm,
  concat,
  cosine,
  createNetwork,
  dense,
  dropout,
  embedding,
  FileFormatError,
  normalize,
  scaled,
  sgd,
  type Epoch,
  type FitOptions,
  type Inputs,
  type Network,
  type NetworkOptions,
} from '../../src/index.js';
import { decodeSafetensors } from '../../src/files/read-safetensors.js';
import { encodeSafetensors, type Tensor } from '../../src/files/write-safetensors.js';
import { randomNumbers } from '../reference/samples.js';
import { sha256 } from '../sha256.js';

let folder = '';
let path = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chainrule-checkpoint-'));
  path = join(folder, 'fit.checkpoint');
});
afterAll(() => rmSync(folder, { recursive: true }));

const alive: Network[] = [];
afterEach(() => {
  for (const net of alive.splice(0)) net.dispose();
  for (const file of readdirSync(folder)) rmSync(join(folder, file));
});

const EPOCHS = 7;
const N = 60;
const x = Float32Array.from({ length: N * 4 }, randomNumbers(1));
const y = Array.from({ length: N }, (_, i) => Number(x[4 * i] > 0) + Number(x[4 * i + 1] > 0));
const held: [Float32Array, number[]] = [x.subarray(0, 80).map((value) => 1 - value), y.slice(0, 20)];

interface Case {
  readonly network?: Partial<NetworkOptions>;
  readonly fit?: FitOptions;
  readonly x?: Inputs;
}

/** Everything that a network or a fit remembers from one epoch to the next. */
const CASES: Readonly<Record<string, Case>> = {
  'momentum, and a schedule': {
    network: { optimizer: sgd({ rate: cosine({ from: 0.1, to: 0, steps: 50 }), momentum: 0.9 }) },
  },
  'examples in their order': { fit: { shuffle: false, batchSize: 60 } },
  'a rate of its own': { network: { optimizer: adam({ rate: (step) => 0.1 / (step + 1) }) } },
  'dropout and batchNorm': {
    network: { layers: [dense(9), batchNorm(), dropout(0.3), dense(3, 'softmax')] },
    fit: { batchSize: 12 },
  },
  'normalize, which learns at the first epoch': {
    network: { layers: [normalize(), dense(9, 'tanh'), dense(3, 'softmax')] },
  },
  'a mean of epochs': { fit: { average: { from: 3 } } },
  'an average of steps': { fit: { average: { decay: 0.9 } } },
  'early stopping at the last epoch': { fit: { validation: held, earlyStopping: { patience: 5 } } },
  'early stopping before it': {
    network: { optimizer: adam({ rate: 0.3 }) },
    fit: {
      validation: held,
      earlyStopping: { patience: 2 },
      metrics: ['f1', { ['__proto__']: () => 1, doubts: () => NaN }],
    },
  },
  'weights and validation': {
    fit: { validationSplit: 0.25, sampleWeight: y.map((value) => 1 + value), metrics: ['f1'] },
  },
  bytes: {
    x: scaled(
      Uint8Array.from(x, (value) => 100 * Math.abs(value)),
      1 / 255,
    ),
  },
  categories: {
    network: {
      inputs: { numbers: 4, kind: 1 },
      layers: [concat({ numbers: [], kind: [embedding(3, 2)] }), dense(3, 'softmax')],
    },
    x: { numbers: x, kind: Int32Array.from({ length: N }, (_, i) => i % 3) },
  },
  threads: { network: { threads: 2, layers: [dense(40, 'relu'), dense(3, 'softmax')] } },
  'fused sums': { network: { numerics: 'fused' } },
};

async function make({ network }: Case): Promise<Network> {
  const net = await createNetwork({
    inputs: 4,
    layers: [dense(9, 'tanh'), dense(3, 'softmax')],
    optimizer: adam({ rate: 0.02 }),
    seed: 3,
    ...network,
  });
  alive.push(net);
  return net;
}

const bits = (net: Network): string => sha256(net.save());

/** What does not depend on the clock. */
const told = (history: readonly Epoch[]): object[] =>
  history.map((epoch) => ({ ...epoch, seconds: 0, samplesPerSecond: 0 }));

interface Ended {
  readonly bits: string;
  readonly history: object[];
}

async function straight(of: Case, epochs = EPOCHS): Promise<Ended> {
  const net = await make(of);
  const history = await net.fit(of.x ?? x, y, { batchSize: 16, epochs, ...of.fit });
  return { bits: bits(net), history: told(history) };
}

/** A fit by a new network, as by another process, from the checkpoint; it is ended after `most` epochs of its own. */
async function run(of: Case, most: number, every = 1, epochs = EPOCHS): Promise<Ended> {
  const net = await make(of);
  const done = existsSync(path) ? readHistoryLength() : 0;
  const history: Epoch[] = [];
  for await (const epoch of net.epochs(of.x ?? x, y, {
    batchSize: 16,
    epochs,
    ...of.fit,
    checkpoint: { path, every },
  })) {
    history.push(epoch);
    if (history.length - done >= most) break;
  }
  return { bits: bits(net), history: told(history) };
}

function readHistoryLength(): number {
  const header = readFileSync(path, 'latin1');
  return Number(/"history":\{"dtype":"F64","shape":\[(\d+),/.exec(header)![1]);
}

describe.each(Object.keys(CASES))('%s', (name) => {
  const of = CASES[name];

  it.each([1, 2, 3])('goes on after every %i epochs', async (most) => {
    const whole = await straight(of);
    let last: Ended | undefined;
    for (let runs = 0; runs < EPOCHS + 1; runs++) last = await run(of, most);
    expect(last).toEqual(whole);
  });

  it('loses what came after the last that was kept, and makes it again', async () => {
    const whole = await straight(of);
    await run(of, 2, 3);
    expect(existsSync(path)).toBe(false);
    await run(of, 5, 3);
    expect(await run(of, Infinity, 3)).toEqual(whole);
  });
});

it('tells the epochs of earlier runs first', async () => {
  await run({}, 4);
  const { history } = await run({}, Infinity);
  expect(history).toHaveLength(EPOCHS);
  expect(history).toEqual((await straight({})).history);
});

it('is done at once where it was done, and goes on for more epochs', async () => {
  const of = { fit: { validation: held, earlyStopping: true } };
  await run(of, Infinity);
  const kept = readFileSync(path);
  expect(await run(of, Infinity)).toEqual(await straight(of));
  expect(readFileSync(path).equals(kept)).toBe(true);
  expect(await run(of, Infinity, 1, EPOCHS + 3)).toEqual(await straight(of, EPOCHS + 3));
});

it('is told by an abort too where it stood', async () => {
  const net = await make({});
  const stop = new AbortController();
  const onBatch = ({ epoch, batch }: { epoch: number; batch: number }): void => {
    if (epoch === 4 && batch === 2) stop.abort();
  };
  const fit = net.fit(x, y, { batchSize: 16, epochs: EPOCHS, onBatch, signal: stop.signal, checkpoint: { path } });
  await expect(fit).rejects.toThrow();
  expect(readHistoryLength()).toBe(3);
  expect(await run({}, Infinity)).toEqual(await straight({}));
});

it('takes a URL, leaves no other file, and asks for no more than a folder', async () => {
  const net = await make({});
  await net.fit(x, y, { epochs: 2, checkpoint: { path: pathToFileURL(path) } });
  expect(readdirSync(folder)).toEqual(['fit.checkpoint']);
  const missing = join(folder, 'none', 'a.checkpoint');
  const before = bits(net);
  await expect(net.fit(x, y, { checkpoint: { path: missing } })).rejects.toThrow(/ENOENT.*none/);
  expect(bits(net)).toBe(before);
});

describe('refuses, and changes nothing', () => {
  const expectRefused = async (
    of: Case,
    given: Inputs,
    message: string,
    kind: new () => Error = RangeError,
  ): Promise<void> => {
    const kept = existsSync(path) && readFileSync(path);
    const net = await make(of);
    const before = bits(net);
    const fit = net.fit(given, y, { batchSize: 16, epochs: EPOCHS, ...of.fit, checkpoint: { path } });
    const error: unknown = await fit.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(kind);
    expect(String(error)).toContain(message);
    expect(bits(net)).toBe(before);
    if (kept) expect(readFileSync(path).equals(kept)).toBe(true);
    expect(existsSync(`${path}.part`)).toBe(false);
  };

  it.each<[string, Case, Inputs, string]>([
    ['another batch size', { fit: { batchSize: 32 } }, x, 'its batchSize is 16, here 32'],
    ['another order', { fit: { shuffle: false } }, x, 'its shuffle is true, here false'],
    ['an average', { fit: { average: { decay: 0.5 } } }, x, 'its average is none, here {"from":1,"decay":0.5}'],
    ['other examples', {}, x.map((value) => value + 1e-6), 'its data is 60 examples with the digest'],
    ['other metrics', { fit: { metrics: ['f1'] } }, x, 'its metrics is [], here ["f1"]'],
    ['another seed', { network: { seed: 4 } }, x, 'its network is made otherwise'],
    [
      'other layers',
      { network: { layers: [dense(8, 'tanh'), dense(3, 'softmax')] } },
      x,
      'its network is made otherwise',
    ],
  ])('%s', async (_, of, given, message) => {
    await run({}, 2);
    await expectRefused(of, given, message);
  });

  it('what is no checkpoint', async () => {
    const net = await make({});
    writeFileSync(path, net.save());
    await expectRefused({}, x, 'the file is no checkpoint of a fit', FileFormatError);
  });

  it('a file that is cut off anywhere, or whose bytes changed', async () => {
    await run({ fit: { validation: held, earlyStopping: true } }, 2);
    const whole = readFileSync(path);
    const of = { fit: { validation: held, earlyStopping: true } };
    for (let length = 0; length < whole.length; length += 331) {
      writeFileSync(path, whole.subarray(0, length));
      await expectRefused(of, x, '', FileFormatError);
    }
    // each name of the same length, so that the header stays as long as it says
    for (const name of ['history', 'standing', 'best', 'network', 'columns', 'settings', 'isOver']) {
      const changed = Buffer.from(whole);
      changed.write(name.toUpperCase(), whole.indexOf(`"${name}"`) + 1);
      writeFileSync(path, changed);
      await expectRefused(of, x, 'the checkpoint', FileFormatError);
    }
  });

  it('one with the network of another, a history that claims epochs without bytes, or weights that are none', async () => {
    const of = { fit: { validation: held, earlyStopping: true } };
    await run(of, 2);
    const whole = readFileSync(path);
    const { tensors, metadata } = decodeSafetensors(whole);
    const change = async (part: string, tensor: Tensor, message: string, kind: new () => Error, more = {}) => {
      const changed = new Map<string, Tensor>(tensors).set(part, tensor);
      writeFileSync(path, encodeSafetensors(changed, { ...Object.fromEntries(metadata), ...more }));
      await expectRefused(of, x, message, kind);
    };
    const other = (await make({ network: { layers: [dense(8, 'tanh'), dense(3, 'softmax')] } })).save();
    await change('network', { shape: [other.length], data: other }, 'its network is made otherwise', RangeError);
    const empty = { shape: [4e9, 0], data: new Float64Array() };
    await change('history', empty, 'damaged in "history"', FileFormatError, { columns: '[]' });
    const best = tensors.get('best')!;
    const infinite = Float32Array.from(best.data, () => Infinity);
    await change('best', { shape: best.shape, data: infinite }, 'damaged in "best"', FileFormatError);
    await change('best', { shape: [1], data: Float32Array.of(1) }, 'no best epoch of this network', FileFormatError);
  });

  it('fewer epochs than it has', async () => {
    await run({}, 5);
    await expect(run({}, Infinity, 1, 4)).rejects.toThrow('it is at epoch 5, and "epochs" is 4');
    expect(readdirSync(folder)).toEqual(['fit.checkpoint']);
  });

  it.each<[unknown, string]>([
    ['fit.checkpoint', 'checkpoint expects an object of options'],
    [{ path: 7 }, '"checkpoint.path" must be the path of a file'],
    [{ path: '' }, '"checkpoint.path" must be the path of a file'],
    [{ path: 'a', every: 0 }, '"checkpoint.every"'],
    [{ path: 'a', evry: 2 }, 'evry'],
  ])('%o', async (checkpoint, message) => {
    const net = await make({});
    await expect(net.fit(x, y, { checkpoint: checkpoint as { path: string } })).rejects.toThrow(message);
  });
});
