/**
 * Networks that share an engine and train at the same time, where the caller's thread may not wait: it is a page's, or
 * here one whose `Atomics.wait` throws as a page's does. A worker leads then, and makes one call at a time.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type * as published from '../../src/index.js';
import type { BatchReport, FitOptions, Network } from '../../src/index.js';

/** Half of the networks are small enough for many steps in a call, the others take several calls for each. */
const ROWS = 512;
const y = Float32Array.from({ length: ROWS }, (_, i) => i % 3);
const inputsOf = (index: number): number => (index % 2 ? 64 : 256);
const xOf = (inputs: number): Float32Array =>
  Float32Array.from({ length: ROWS * inputs }, (_, i) => ((i * 7919) % 1013) / 1013 - 0.5);
const bits = (net: Network): string => createHash('sha256').update(net.save()).digest('hex');

let library: typeof published;
const alone: string[] = [];

async function make(index: number, threads: number): Promise<Network> {
  const { createNetwork, dense } = library;
  const inputs = inputsOf(index);
  return createNetwork({ inputs, layers: [dense(4 * inputs, 'tanh'), dense(1)], seed: index, threads });
}

function train(net: Network, options?: FitOptions): Promise<unknown> {
  const x = xOf(net.inputs);
  return net.fit(x, y, { epochs: 2, batchSize: 128, validation: [x, y], ...options });
}

beforeAll(async () => {
  vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    throw new TypeError('Atomics.wait cannot be called in this context');
  });
  vi.resetModules();
  library = await import('../../src/index.js');
  const { Pace } = await import('../../src/threads/pace.js');
  vi.spyOn(Pace.prototype, 'choose').mockReturnValue(2);
  for (let index = 0; index < 8; index++) {
    const net = await make(index, 1);
    await train(net);
    alone.push(bits(net));
    net.dispose();
  }
});

afterAll(() => {
  vi.restoreAllMocks();
});

it.each([
  ['of several calls each', 0],
  ['of one call', 1],
])('a network that is asked for its steps, %s, tells those of whole ones', async (_, index) => {
  const net = await make(index, 2);
  let [told, asked] = [0, 0];
  const wrong = new Map<number, number>();
  const timer = setInterval(() => {
    const { steps } = net;
    if (steps !== told) wrong.set(told, steps);
    asked++;
  });
  // of one example each, so that most of their time goes into the update
  const onBatch = ({ step }: BatchReport): void => void (told = step);
  const x = xOf(net.inputs);
  while (asked < 50) await net.fit(x, y, { batchSize: 1, onBatch });
  clearInterval(timer);
  expect([...wrong]).toEqual([]);
  expect(net.steps).toBe(told);
});

describe.each([2, 3, 8])('%i networks that train at the same time, led by a worker', (count) => {
  async function together(work: (net: Network) => Promise<unknown>): Promise<void> {
    const nets = await Promise.all(Array.from({ length: count }, (_, index) => make(index, 2)));
    expect(nets.map(({ threads }) => threads)).toEqual(nets.map(() => 2));
    await Promise.all(nets.map(work));
    expect(nets.map(bits)).toEqual(alone.slice(0, count));
    for (const net of nets) net.dispose();
  }

  it('come to the bits of one thread', () => together((net) => train(net)));

  it('with a callback, also one that is waited for', async () => {
    const told: BatchReport[] = [];
    await together((net) =>
      train(net, {
        onBatch: (report) => {
          told.push(report);
          if (report.batch % 2) return new Promise((resolve) => setTimeout(resolve));
          return undefined;
        },
      }),
    );
    expect(told).toHaveLength(count * 2 * (ROWS / 128));
  });

  it('with predictions in between, which do not wait for their turn', async () => {
    let asked = 0;
    await together(async (net) => {
      const x = xOf(net.inputs).subarray(0, net.inputs);
      const timer = setInterval(() => (asked += net.predict(x).length));
      await train(net);
      clearInterval(timer);
    });
    expect(asked).toBeGreaterThan(0);
  });

  it('though one of them is stopped, and one is disposed of', async () => {
    const others = await Promise.all([make(0, 2), make(1, 2)]);
    const abort = new AbortController();
    const aborted = expect(train(others[0], { epochs: 1000, signal: abort.signal })).rejects.toBe('enough');
    const disposed = expect(train(others[1], { epochs: 1000 })).rejects.toThrow('disposed');
    let batches = 0;
    const onBatch = (): void => {
      if (++batches === 3) abort.abort('enough');
      if (batches === 5) others[1].dispose();
    };
    await together((net) => train(net, { onBatch }));
    await Promise.all([aborted, disposed]);
  });
});
