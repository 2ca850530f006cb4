import { beforeAll, describe, expect, it } from 'vitest';
import { createNetwork, dense, type Network } from '../../src/index.js';
import { turn } from '../../src/support/event-loop.js';
import { BUSY, DISPOSED, fingerprint, refusal } from './support.js';

/** A network whose step takes several turns of the event loop. */
const WIDE = 512;
const x = Float32Array.from({ length: 96 * WIDE }, (_, i) => (i % 17) / 17 - 0.5);
const y = Float32Array.from({ length: 96 }, (_, i) => i % 3);
const options = { epochs: 2, batchSize: 48 };

function wide(): Promise<Network> {
  return createNetwork({ inputs: WIDE, layers: [dense(WIDE, 'tanh'), dense(WIDE, 'relu'), dense(1)], seed: 3 });
}

/** Calls `meanwhile` at every turn of the event loop until `training` is over. */
async function during(training: Promise<unknown>, meanwhile: (turns: number) => void): Promise<number> {
  const state = { over: false };
  const end = (): void => void (state.over = true);
  training.then(end, end);
  let turns = 0;
  for (; !state.over; turns++) {
    await turn();
    if (!state.over) meanwhile(turns);
  }
  return turns;
}

describe('a step in slices', () => {
  let alone = '';
  let predicted: Float32Array;

  beforeAll(async () => {
    const net = await wide();
    await net.fit(x, y, options);
    alone = fingerprint(net);
    predicted = net.predict(x);
  });

  it('gives way to every question, and comes out with the same bits', async () => {
    const net = await wide();
    const other = await createNetwork({ inputs: 2, layers: [dense(3, 'tanh'), dense(1)], seed: 1 });
    const questions = [
      () => net.evaluate(x, y),
      () => net.explain(x.subarray(0, WIDE), [1]),
      () => net.save(),
      () => net.gradients(x.subarray(0, WIDE), [1]),
      () => other.trainBatch([1, 2], [1]),
      () => other.predict([1, 2]),
    ];
    const training = net.fit(x, y, options);
    const turns = await during(training, () => questions.forEach((ask) => ask()));
    await training;
    expect(turns).toBeGreaterThan(0);
    expect(fingerprint(net) === alone).toBe(true);
    expect(net.predict(x)).toEqual(predicted);
  });

  it('refuses to be changed on the way', async () => {
    const net = await wide();
    const heard = new Set<string>();
    const training = net.fit(x, y, options);
    const noting = async (call: () => unknown): Promise<void> => void heard.add(await refusal(call));
    await during(training, () => {
      void noting(() => net.trainBatch(x, y));
      void noting(() => net.fit(x, y));
      void noting(() => net.setParameters({}));
    });
    await training;
    expect([...heard]).toEqual([BUSY]);
    expect(fingerprint(net) === alone).toBe(true);
  });

  it('is made whole when the signal is aborted in the middle', async () => {
    const reason = new Error('enough');
    for (const last of [1, 3]) {
      const [net, twin] = [await wide(), await wide()];
      const controller = new AbortController();
      const training = net.fit(x, y, { ...options, epochs: 99, signal: controller.signal });
      await during(training, (turns) => {
        if (turns === last) controller.abort(reason);
      });
      await expect(training).rejects.toBe(reason);
      const { steps } = net;
      expect(steps).toBeGreaterThan(0);
      const onBatch = ({ step }: { step: number }): void => {
        if (step === steps) throw reason;
      };
      await expect(twin.fit(x, y, { ...options, epochs: 99, onBatch })).rejects.toBe(reason);
      expect(fingerprint(net) === fingerprint(twin), `after ${steps} steps`).toBe(true);
    }
  });

  it('stops when the network is disposed of in the middle, and tells no callback of it', async () => {
    const net = await wide();
    const seen: number[] = [];
    const state = { disposed: false };
    const training = net.fit(x, y, {
      ...options,
      epochs: 99,
      onBatch: ({ step }) => {
        expect(state.disposed).toBe(false);
        seen.push(step);
      },
    });
    await during(training, (turns) => {
      if (turns !== 3) return;
      net.dispose();
      state.disposed = true;
    });
    expect(await refusal(() => training)).toBe(DISPOSED);
    const next = await wide();
    await next.fit(x, y, options);
    expect(fingerprint(next) === alone).toBe(true);
  });
});
