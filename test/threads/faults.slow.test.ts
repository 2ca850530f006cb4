/** Workers that die, hang, or cannot start: training goes on with the rest or says why not, and nothing ever hangs. */
import { createHash } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import type * as published from '../../src/index.js';
import type { Network } from '../../src/index.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

type Library = typeof published;

const [INPUTS, UNITS, ROWS, BATCH] = [256, 256, 1024, 128];
const DEPTH = 2;
const x = Float32Array.from({ length: ROWS * INPUTS }, (_, i) => (i % 17) / 17 - 0.5);
const y = Float32Array.from({ length: ROWS }, (_, i) => i % 3);
const bits = (net: Network): string => createHash('sha256').update(net.save()).digest('hex');

/** How the library numbers the phases of a step: see `assembly/step/phases.ts`. */
const FORWARD = 1;
const GRADIENT = 3 * DEPTH;
const UPDATE = 3 * DEPTH + 2;

let library: Library;
let alone: string;
const warnings: string[] = [];
const workers: Worker[] = [];

const noteWarning = ({ message }: Error): void => void warnings.push(message);
const noteWorker = (worker: Worker): void => void workers.push(worker);

function make(threads: number): Promise<Network> {
  const { createNetwork, dense } = library;
  return createNetwork({ inputs: INPUTS, layers: [dense(UNITS, 'tanh'), dense(1)], seed: 3, threads });
}

async function trained(threads: number): Promise<Network> {
  const net = await make(threads);
  await net.fit(x, y, { batchSize: BATCH });
  return net;
}

beforeEach(async () => {
  // a realm of its own: the engine, its team and where its workers come from
  vi.resetModules();
  library = await import('../../src/index.js');
  const { Pace } = await import('../../src/threads/pace.js');
  alone = bits(await trained(1));
  vi.spyOn(Pace.prototype, 'choose').mockReturnValue(2);
  process.on('warning', noteWarning);
  process.on('worker', noteWorker);
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.off('warning', noteWarning);
  process.off('worker', noteWorker);
  warnings.length = 0;
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
});

/** Has the workers die with a part of a phase in hand, or hang. */
function faulty(phase: number, hang = ''): void {
  vi.stubEnv('FAULTY_PHASE', String(phase));
  vi.stubEnv('FAULTY_HANG', hang);
  library.provideWorker(new URL('./faulty-worker.mjs', import.meta.url));
}

it.each([
  ['dies with a part of a forward product', FORWARD, ''],
  ['dies with a part of a gradient', GRADIENT, ''],
  ['hangs with a part of a gradient', GRADIENT, 'yes'],
])('a worker that %s is reported, and fit goes on without it', async (_, phase, hang) => {
  faulty(phase, hang);
  const [net, twin] = [await make(2), await make(1)];
  // the worker comes for its part sooner or later
  while (net.threads > 1) for (const each of [net, twin]) await each.fit(x, y, { batchSize: BATCH });
  expect(bits(net)).toBe(bits(twin));
  expect(warnings).toEqual([expect.stringMatching(/^a worker thread of chainrule was lost/)]);
});

it('a worker that dies in the midst of one synchronous call is done without', async () => {
  faulty(FORWARD);
  const [net, twin] = [await make(2), await make(1)];
  while (net.threads > 1) net.predict(x);
  expect(net.predict(x)).toEqual(twin.predict(x));
  expect(net.trainBatch(x, y)).toBe(twin.trainBatch(x, y));
  expect(bits(net)).toBe(bits(twin));
});

it('a worker that dies while it changes the weights stops the training, and the network says so from then on', async () => {
  faulty(UPDATE);
  const { createNetwork, dense } = library;
  // most of its time goes into the update, so that the worker comes in time
  const net = await createNetwork({ inputs: INPUTS, layers: [dense(4096, 'relu'), dense(1)], threads: 2 });
  const other = await make(2);
  const lost = /a worker thread was lost while it changed the weights: the network cannot be used any more/;
  const train = (): void => {
    const limit = performance.now() + 50_000;
    while (performance.now() < limit) net.trainBatch(x.subarray(0, INPUTS), [1]);
  };
  expect(train).toThrow(lost);
  await expect(net.fit(x, y)).rejects.toThrow(lost);
  expect(() => net.predict(x)).toThrow(lost);
  expect(() => net.save()).toThrow(lost);
  net.dispose();
  await other.fit(x, y, { batchSize: BATCH });
  expect(bits(other)).toBe(alone);
});

it('a worker that dies while it is idle is reported', async () => {
  const net = await make(3);
  await workers[0].terminate();
  await net.fit(x, y, { batchSize: BATCH });
  expect(bits(net)).toBe(alone);
  expect(net.threads).toBe(2);
  expect(warnings).toEqual(['a worker thread of chainrule was lost (it ended): training goes on without it']);
});

it('workers that die while a network trains do not change what it learns', async () => {
  const net = await make(3);
  let batches = 0;
  await net.fit(x, y, {
    batchSize: BATCH,
    onBatch: () => {
      if (++batches === 3) for (const worker of workers) void worker.terminate();
    },
  });
  expect(bits(net)).toBe(alone);
});

it('workers that cannot start are reported, and one thread does all', async () => {
  library.provideWorker(new URL('./no-such-worker.mjs', import.meta.url));
  const net = await trained(3);
  expect(net.threads).toBe(1);
  expect(bits(net)).toBe(alone);
  expect(warnings).toEqual([
    expect.stringMatching(/^chainrule could not start 2 of 2 worker threads: .*no-such-worker/),
  ]);
});

it('an address for the workers has to be one', () => {
  expect(() => library.provideWorker(5 as never)).toThrow(new TypeError('"url" must be a URL or a string: got 5'));
});
