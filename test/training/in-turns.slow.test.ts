/** predictAsync, evaluateAsync and gradientsAsync: the bits of the synchronous forms, and turns for everybody else. */
import { describe, expect, it } from 'vitest';
import { createNetwork, dense, sgd, type Gradients, type Network } from '../../src/index.js';
import { getEngine } from '../../src/engine/engines.js';
import { turn } from '../../src/support/event-loop.js';

const INPUTS = 300;
const ROWS = 700; // three passes, of which the last is shorter
const x = Float32Array.from({ length: ROWS * INPUTS }, (_, i) => ((i * 7) % 23) / 23 - 0.5);
const y = Uint8Array.from({ length: ROWS }, (_, i) => i % 10);

const make = (threads = 1): Promise<Network> =>
  createNetwork({
    inputs: INPUTS,
    layers: [dense(256, 'tanh'), dense(70, 'relu'), dense(10, 'softmax')],
    optimizer: sgd({ rate: 0.1 }),
    seed: 11,
    threads,
  });

interface Answers {
  predicted: Float32Array;
  measured: unknown;
  gradients: Gradients;
  each: Gradients[];
}

const few = x.subarray(0, 9 * INPUTS);

const atOnce = (net: Network): Answers => ({
  predicted: net.predict(x),
  measured: net.evaluate(x, y),
  gradients: net.gradients(x, y),
  each: net.gradients(few, y.subarray(0, 9), { each: true }),
});

async function inTurns(net: Network): Promise<Answers> {
  const [predicted, measured, gradients, each] = await Promise.all([
    net.predictAsync(x),
    net.evaluateAsync(x, y),
    net.gradientsAsync(x, y),
    net.gradientsAsync(few, y.subarray(0, 9), { each: true }),
  ]);
  return { predicted, measured, gradients, each };
}

const settled = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: unknown) => error,
  );

/** How often the event loop turns before something is over. */
async function turnsUntil(promise: Promise<unknown>): Promise<number> {
  let over = false;
  void settled(promise).then(() => (over = true));
  let turns = 0;
  for (; !over; turns++) await turn();
  return turns;
}

describe.each([1, 2])('work in turns, on %i threads', (threads) => {
  it('gives the bits of the same work at once', async () => {
    const net = await make(threads);
    expect(await inTurns(net)).toEqual(atOnce(net));
  });

  it('answers for the network as it was when it was asked, however it is trained meanwhile', async () => {
    const [net, twin] = [await make(threads), await make(threads)];
    const before = atOnce(net);
    const answers = inTurns(net);
    net.trainBatch(few, y.subarray(0, 9));
    const training = net.fit(x, y, { batchSize: 100 });
    expect(await answers).toEqual(before);
    await training;
    twin.trainBatch(few, y.subarray(0, 9));
    await twin.fit(x, y, { batchSize: 100 });
    expect(net.save()).toEqual(twin.save());
  });

  it('is done within a training too: between two epochs, and in onBatch', async () => {
    const net = await make(threads);
    for await (const { number } of net.epochs(x, y, { epochs: 2, batchSize: 100 })) {
      expect(await net.evaluateAsync(x, y), `epoch ${number}`).toEqual(net.evaluate(x, y));
    }
    const onBatch = async (): Promise<void> => expect(await net.predictAsync(x)).toEqual(net.predict(x));
    await net.fit(few, y.subarray(0, 9), { batchSize: 3, onBatch });
  });

  it('comes out the same when others use the engine between its turns', async () => {
    const [net, other] = [await make(threads), await make(threads)];
    const before = atOnce(net);
    const answers = inTurns(net);
    let over = false;
    void settled(answers).then(() => (over = true));
    while (!over) {
      other.predict(few);
      net.evaluate(few, y.subarray(0, 9));
      await turn();
    }
    expect(await answers).toEqual(before);
  });
});

describe('work in turns', () => {
  it('lets the event loop turn', async () => {
    const net = await make();
    // more than any machine does within one turn
    const [manyX, manyY] = [new Float32Array(20_000 * INPUTS), new Uint8Array(20_000)];
    expect(await turnsUntil(net.predictAsync(manyX))).toBeGreaterThan(3);
    expect(await turnsUntil(net.evaluateAsync(manyX, manyY))).toBeGreaterThan(3);
    expect(
      await turnsUntil(net.gradientsAsync(manyX.subarray(0, 6000 * INPUTS), manyY.subarray(0, 6000))),
    ).toBeGreaterThan(3);
  });

  it('fills an array that lies over its inputs', async () => {
    const net = await createNetwork({ inputs: 4, layers: [dense(4, 'tanh')], seed: 3 });
    const own = x.slice(0, 2400);
    const expected = net.predict(own);
    expect(await net.predictAsync(own, { into: own })).toBe(own);
    expect(own).toEqual(expected);
  });

  const calls: Record<string, (net: Network, options?: { signal?: AbortSignal }) => Promise<unknown>> = {
    predictAsync: (net, options) => net.predictAsync(x, options),
    evaluateAsync: (net, options) => net.evaluateAsync(x, y, options),
    gradientsAsync: (net, options) => net.gradientsAsync(x, y, options),
    'gradientsAsync of each': (net, options) => net.gradientsAsync(few, y.subarray(0, 9), { ...options, each: true }),
  };

  describe.each(Object.entries(calls))('%s', (_, call) => {
    it('stops when it is aborted, before or on the way, with the reason', async () => {
      const net = await make();
      const reason = new Error('enough');
      expect(await settled(call(net, { signal: AbortSignal.abort(reason) }))).toBe(reason);
      const controller = new AbortController();
      const answer = settled(call(net, { signal: controller.signal }));
      controller.abort(reason);
      expect(await answer).toBe(reason);
      expect(await settled(call(net))).toBe('done');
    });

    it('stops when the network is disposed of', async () => {
      const net = await make();
      const answer = settled(call(net));
      net.dispose();
      expect(String(await answer)).toBe('Error: the network has been disposed');
      expect(String(await settled(call(net)))).toBe('Error: the network has been disposed');
    });

    it('gives its memory back, however it ends', async () => {
      const { kernels } = await getEngine('reproducible');
      const net = await make();
      const round = async (): Promise<void> => {
        await call(net);
        const controller = new AbortController();
        const answer = settled(call(net, { signal: controller.signal }));
        await turn();
        controller.abort();
        await answer;
      };
      await round();
      const size = kernels.memory.buffer.byteLength;
      for (let rounds = 0; rounds < 8; rounds++) await round();
      expect(kernels.memory.buffer.byteLength).toBe(size);
    });
  });

  it.each<[string, (net: Network) => Promise<unknown>, string]>([
    [
      'a signal',
      (net) => net.predictAsync(x, { signal: 5 as never }),
      'TypeError: "signal" must be an AbortSignal: got 5',
    ],
    ['an option', (net) => net.evaluateAsync(x, y, { each: true } as never), 'evaluateAsync has no option "each"'],
    ['into', (net) => net.predictAsync(x, { into: new Float32Array(3) }), 'RangeError: "into" has 3 values'],
    ['a value', (net) => net.predictAsync(x.slice().fill(NaN, 600 * INPUTS)), '"x" holds NaN at row 600, column 0'],
    [
      'a value',
      (net) => net.gradientsAsync(x.slice().fill(NaN, 600 * INPUTS), y),
      '"x" holds NaN at row 600, column 0',
    ],
  ])('refuses %s that cannot be used, and the network stays as it was', async (_, call, expected) => {
    const net = await make();
    const before = net.save();
    expect(String(await settled(call(net)))).toContain(expected);
    expect(net.save()).toEqual(before);
    await net.evaluateAsync(x, y);
  });
});
