import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNetwork, dense, type Network } from '../../src/index.js';
import { getEngine } from '../../src/engine/engines.js';
import { turn } from '../../src/support/event-loop.js';
import {
  BUSY,
  classifier,
  DISPOSED,
  everything,
  expectUntroubled,
  fingerprint,
  refusal,
  synchronousRefusal,
  X,
  Y,
  type Loose,
} from './support.js';

/** A rejection that nobody hears would end the user's process. */
const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve));
  process.off('unhandledRejection', note);
  expect(unhandled.splice(0)).toEqual([]);
});

describe('a network that is disposed', () => {
  it('refuses every call, but tells its sizes and can be disposed again', async () => {
    const net = await classifier();
    const { seed } = net;
    net.dispose();
    net.dispose();
    net[Symbol.dispose]();
    for (const [name, call] of Object.entries(everything(net))) expect(await refusal(call), name).toBe(DISPOSED);
    expect([net.inputs, net.outputs, net.seed, net.numerics]).toEqual([2, 3, seed, 'reproducible']);
  });

  it('refuses before it looks at what it is given', async () => {
    const net = await classifier();
    net.dispose();
    expect(await refusal(() => (net.predict as Loose).call(net, 'nonsense'))).toBe(DISPOSED);
  });

  it('leaves others alone, and its memory to the next', async () => {
    const { kernels } = await getEngine('reproducible');
    const other = await classifier();
    const before = fingerprint(other);
    const options = { inputs: 100, layers: [dense(100)], seed: 1 };
    for (let i = 0; i < 20; i++) (await createNetwork(options)).dispose();
    const size = kernels.memory.buffer.byteLength;
    for (let i = 0; i < 1000; i++) (await createNetwork(options)).dispose();
    expect(kernels.memory.buffer.byteLength).toBe(size);
    await expectUntroubled(other, before);
  });

  it('keeps nothing of a fit that is never asked to go on', async () => {
    const { kernels } = await getEngine('reproducible');
    const [x, y] = [new Float32Array(1e5), new Float32Array(1e3)];
    const abandon = async (): Promise<void> => {
      const net = await createNetwork({ inputs: 100, layers: [dense(1)], seed: 1 });
      const epochs = net.epochs(x, y, { epochs: 2, batchSize: 1000, validation: [x, y] });
      await epochs.next();
      net.dispose();
      await turn();
    };
    for (let i = 0; i < 3; i++) await abandon();
    const size = kernels.memory.buffer.byteLength;
    for (let i = 0; i < 30; i++) await abandon();
    expect(kernels.memory.buffer.byteLength).toBe(size);
  });

  it('may be disposed of by whatever code of the user runs within a call', async () => {
    const traps: Record<string, (net: Network, trap: number[]) => unknown> = {
      fit: (net, x) => net.fit(x, [0]),
      epochs: (net, x) => net.epochs(x, [0]).next(),
      trainBatch: (net, x) => net.trainBatch(x, [0]),
      predict: (net, x) => net.predict(x),
      evaluate: (net, x) => net.evaluate(x, [0]),
      gradients: (net, x) => net.gradients(x, [0]),
      explain: (net, x) => net.explain(x, [0]),
      setParameters: (net, x) => net.setParameters({ 'layers.0.weight': { data: [...x, ...x, ...x, ...x] } }),
    };
    const other = await classifier();
    const before = fingerprint(other);
    for (const [name, call] of Object.entries(traps)) {
      const net = await classifier();
      const x = Object.defineProperty([1, 2], 1, {
        get() {
          net.dispose();
          return 2;
        },
      });
      expect(await refusal(() => call(net, x)), name).toBe(DISPOSED);
    }
    await expectUntroubled(other, before);
  });
});

describe('a network in training', () => {
  it('refuses to be trained or changed meanwhile, and answers everything else', async () => {
    const [net, alone] = [await classifier(), await classifier()];
    const refused: Record<string, string> = {};
    const options = { epochs: 3, batchSize: 1 };
    await net.fit(X, Y, {
      ...options,
      onBatch: ({ epoch, batch }) => {
        if (epoch !== 2 || batch !== 2) return;
        for (const [name, call] of Object.entries(everything(net))) {
          if (name !== 'fit') refused[name] = synchronousRefusal(call);
        }
      },
    });
    const changes = ['epochs', 'trainBatch', 'setParameters', 'applyGradients'];
    expect(Object.keys(refused).filter((name) => refused[name] !== 'no refusal')).toEqual(changes);
    for (const name of changes) expect(refused[name]).toBe(BUSY);
    await alone.fit(X, Y, options);
    expect(fingerprint(net)).toBe(fingerprint(alone));
  });

  it('refuses a second fit, which does not disturb the first', async () => {
    const [net, alone] = [await classifier(), await classifier()];
    const first = net.fit(X, Y, { epochs: 3 });
    expect(await refusal(() => net.fit(X, Y))).toBe(BUSY);
    expect(await refusal(() => net.trainBatch(X, Y))).toBe(BUSY);
    expect(await first).toHaveLength(3);
    await alone.fit(X, Y, { epochs: 3 });
    expect(fingerprint(net)).toBe(fingerprint(alone));
  });

  it('is one from the first epoch that is asked for, until the last or a break', async () => {
    const net = await classifier();
    const before = fingerprint(net);
    const [one, two] = [net.epochs(X, Y, { epochs: 2 }), net.epochs(X, Y)];
    expect(await refusal(() => net.setParameters({}))).toBe('no refusal');
    await one.next();
    expect(await refusal(() => two.next())).toBe(BUSY);
    expect(await refusal(() => net.setParameters({}))).toBe(BUSY);
    await one.return();
    expect(await refusal(() => net.setParameters({}))).toBe('no refusal');
    expect(fingerprint(net)).not.toBe(before);
  });

  it('can be disposed of at any time: the fit stops and says so', async () => {
    const others = await classifier();
    const before = fingerprint(others);
    for (const [epoch, batch] of [
      [1, 1],
      [1, 3],
      [2, 3],
    ]) {
      const net = await classifier();
      const seen: number[] = [];
      const fit = net.fit(X, Y, {
        epochs: 2,
        batchSize: 1,
        onBatch: (report) => {
          seen.push(report.step);
          if (report.epoch === epoch && report.batch === batch) net.dispose();
        },
      });
      expect(await refusal(() => fit)).toBe(DISPOSED);
      expect(seen).toHaveLength((epoch - 1) * 3 + batch);
    }
    const net = await classifier();
    const fit = net.fit(X, Y, { epochs: 1000 });
    net.dispose();
    expect(await refusal(() => fit)).toBe(DISPOSED);
    const waiting = await classifier();
    const epochs = waiting.epochs(X, Y, { epochs: 2 });
    await epochs.next();
    waiting.dispose();
    expect(await refusal(() => epochs.next())).toBe(DISPOSED);
    await expectUntroubled(others, before);
  });

  it('trains on its own copy: what becomes of the arrays does not matter', async () => {
    const [net, alone] = [await classifier(), await classifier()];
    const options = { epochs: 3, batchSize: 1 };
    const [x, y, xv, yv] = [X.slice(), Y.slice(), X.slice(), Y.slice()];
    const fit = net.fit(x, y, { ...options, validation: [xv, yv] });
    structuredClone(x, { transfer: [x.buffer] });
    for (const array of [y, xv, yv]) array.fill(NaN);
    const history = await fit;
    const expected = await alone.fit(X, Y, { ...options, validation: [X, Y] });
    expect(history.map(({ loss, validation }) => [loss, validation])).toEqual(
      expected.map(({ loss, validation }) => [loss, validation]),
    );
    expect(fingerprint(net)).toBe(fingerprint(alone));
  });
});

describe('a fit that stops early', () => {
  const reason = new Error('enough');

  it('throws what a callback throws, at the last whole step, and leaves a usable network', async () => {
    const [net, alone] = [await classifier(), await classifier()];
    const stopAtFive = ({ step }: { step: number }): void => {
      if (step === 9) throw reason;
    };
    const options = { epochs: 3, batchSize: 1 };
    await expect(net.fit(X, Y, { ...options, onBatch: stopAtFive })).rejects.toBe(reason);
    expect(net.steps).toBe(9);
    await expect(alone.fit(X, Y, { ...options, onBatch: stopAtFive })).rejects.toBe(reason);
    for (const network of [net, alone]) await network.fit(X, Y, options);
    expect(fingerprint(net)).toBe(fingerprint(alone));
  });

  it('changes nothing when the signal is aborted already', async () => {
    const net = await classifier();
    const before = fingerprint(net);
    await expect(net.fit(X, Y, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(await refusal(() => net.fit(X, Y, { signal: AbortSignal.abort() }))).toBe(
      'DOMException: This operation was aborted',
    );
    await expectUntroubled(net, before);
  });

  it('is checked first, even when it is aborted already', async () => {
    const net = await classifier();
    expect(await refusal(() => net.fit(X, [0], { signal: AbortSignal.abort(reason) }))).toMatch(
      /^RangeError: "y" has 1 /,
    );
  });

  it('stops after the batch in which the signal is aborted', async () => {
    for (const last of [1, 2, 3, 4]) {
      const net = await classifier();
      const controller = new AbortController();
      const start = net.steps;
      const fit = net.fit(X, Y, {
        epochs: 3,
        batchSize: 1,
        signal: controller.signal,
        onBatch: ({ step }) => {
          if (step === start + last) controller.abort(reason);
        },
      });
      await expect(fit).rejects.toBe(reason);
      expect(net.steps).toBe(start + last);
      expect(await refusal(() => net.fit(X, Y))).toBe('no refusal');
    }
  });

  it('draws no order from the random stream, if it makes no step', async () => {
    const net = await classifier();
    const twin = await classifier();
    const controller = new AbortController();
    const epochs = net.epochs(X, Y, { epochs: 2, signal: controller.signal });
    await epochs.next();
    controller.abort(reason);
    await expect(epochs.next()).rejects.toBe(reason);
    await twin.fit(X, Y);
    expect(fingerprint(net)).toBe(fingerprint(twin));
  });

  it('gives the memory of its examples back, however it ends', async () => {
    const { kernels } = await getEngine('reproducible');
    const net = await createNetwork({ inputs: 100, layers: [dense(1)], seed: 1 });
    const [x, y] = [new Float32Array(1e6), new Float32Array(1e4)];
    const bad = x.slice().fill(NaN, 999_999);
    const stop = (): never => {
      throw reason;
    };
    const attempts: (() => Promise<unknown>)[] = [
      () => net.fit(x, y, { batchSize: 10_000 }),
      () => net.fit(x, y, { onBatch: stop }).catch(() => undefined),
      () => net.fit(bad, y).catch(() => undefined),
      () => net.fit(x, y, { validation: [bad, y] }).catch(() => undefined),
      async () => {
        const epochs = net.epochs(x, y, { epochs: 9, batchSize: 10_000 });
        for await (const { steps } of epochs) if (steps) break;
      },
    ];
    for (const attempt of attempts) await attempt();
    const size = kernels.memory.buffer.byteLength;
    for (let round = 0; round < 3; round++) for (const attempt of attempts) await attempt();
    expect(kernels.memory.buffer.byteLength).toBe(size);
  });
});

describe('a network as JSON', () => {
  it('is refused, and what to do is said', async () => {
    const net = await classifier();
    expect(() => JSON.stringify({ net })).toThrow(/^a network cannot be written as JSON: use the bytes of save\(\)/);
    expect(() => JSON.stringify(net)).toThrow(TypeError);
  });
});
