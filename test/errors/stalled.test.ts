/** What the user is waited for: promises and iterators that never come to an end hold up neither abort nor dispose. */
import { createContext, runInContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BatchReport, Network } from '../../src/index.js';
import { classifier, DISPOSED, refusal, X, Y } from './support.js';

const reason = new Error('enough');
const never = new Promise<never>(() => undefined);
const pair = [X, Y] as const;

/** A rejection that nobody hears would end the user's process. */
const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve));
  process.off('unhandledRejection', note);
  expect(unhandled.splice(0)).toEqual([]);
});

/** A source that says when it is asked for a batch and when it is closed, and gives what it is told to. */
class Source implements AsyncIterator<unknown> {
  asked = 0;
  closed = 0;
  readonly #next: (asked: number) => unknown;
  readonly #close: () => unknown;

  constructor(next: (asked: number) => unknown, close: () => unknown = () => ({ done: true })) {
    this.#next = next;
    this.#close = close;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<unknown>> {
    return this.#next(++this.asked) as Promise<IteratorResult<unknown>>;
  }

  return(): Promise<IteratorResult<unknown>> {
    this.closed++;
    return this.#close() as Promise<IteratorResult<unknown>>;
  }
}

type Training = (net: Network, signal: AbortSignal, reached: () => void) => Promise<unknown>;
type Loose = Parameters<Network['fitBatches']>[0];

/** Gives a batch, then stalls. */
const stalling = (reached: () => void): Source =>
  new Source((asked) => {
    if (asked === 1) return { done: false, value: pair };
    reached();
    return never;
  });

const STALLS: Record<string, Training> = {
  'a promise of onBatch in fit': (net, signal, reached) =>
    net.fit(X, Y, { epochs: 9, signal, onBatch: () => (reached(), never) }),
  'a promise of onBatch in fitBatches': (net, signal, reached) =>
    net.fitBatches([pair, pair], { signal, onBatch: () => (reached(), never) }),
  'a promise of onBatch in epochs': (net, signal, reached) =>
    net.epochs(X, Y, { epochs: 9, signal, onBatch: () => (reached(), never) }).next(),
  'a thenable of onBatch': (net, signal, reached) => net.fit(X, Y, { signal, onBatch: () => ({ then: reached }) }),
  'the next batch of a source': (net, signal, reached) =>
    net.fitBatches(stalling(reached) as unknown as Loose, { signal }),
  'the next batch of a generator': (net, signal, reached) => {
    async function* batches(): AsyncGenerator<typeof pair> {
      yield pair;
      reached();
      yield await never;
    }
    return net.fitBatches(batches(), { signal });
  },
  'a batch that is a promise': (net, signal, reached) => {
    function* batches(): Generator {
      yield Promise.resolve(pair);
      reached();
      yield never;
    }
    return net.fitBatches(batches() as unknown as Loose, { signal });
  },
  'the end of a source that was stopped': (net, signal, reached) => {
    const next = (): unknown => ({ done: false, value: pair });
    const source = new Source(next, () => (reached(), never));
    const onBatch = (): never => {
      throw reason;
    };
    return net.fitBatches(source as unknown as Loose, { signal, onBatch });
  },
};

describe.each(Object.entries(STALLS))('while %s stalls', (name, train) => {
  it('an abort is heard, and the network can be used', async () => {
    const net = await classifier();
    const controller = new AbortController();
    let training: Promise<unknown> | undefined;
    await new Promise<void>((resolve) => {
      training = train(net, controller.signal, resolve);
      training.catch(() => undefined);
    });
    controller.abort(reason);
    await expect(training).rejects.toBe(reason);
    expect(await refusal(() => net.trainBatch(X, Y))).toBe('no refusal');
  });

  it('so is dispose', async () => {
    const net = await classifier();
    let training: Promise<unknown> | undefined;
    await new Promise<void>((resolve) => {
      training = train(net, new AbortController().signal, resolve);
      training.catch(() => undefined);
    });
    net.dispose();
    // what a callback has thrown before is still what has to be heard
    expect(await refusal(() => training)).toBe(name.startsWith('the end') ? 'Error: enough' : DISPOSED);
  });
});

describe('a source', () => {
  const run = (net: Network, source: Source, signal?: AbortSignal): Promise<unknown> =>
    net.fitBatches(source as unknown as Loose, signal && { signal });

  it('is closed once when it is stopped, and what it does then is of no interest', async () => {
    for (const close of [() => never, () => Promise.reject(new Error('closing')), () => undefined, () => ({})]) {
      const net = await classifier();
      const controller = new AbortController();
      const source = new Source((asked) => {
        if (asked > 1) queueMicrotask(() => controller.abort(reason));
        return asked > 1 ? never : { done: false, value: pair };
      }, close);
      await expect(run(net, source, controller.signal)).rejects.toBe(reason);
      expect([source.asked, source.closed]).toEqual([2, 1]);
    }
  });

  it('is not closed when it has failed or ended by itself', async () => {
    const net = await classifier();
    for (const fail of [
      () => Promise.reject(reason),
      () => {
        throw reason;
      },
    ]) {
      const source = new Source((asked) => (asked > 1 ? fail() : { done: false, value: pair }));
      await expect(run(net, source)).rejects.toBe(reason);
      expect(source.closed).toBe(0);
    }
    const ended = new Source((asked) => (asked > 1 ? { done: true } : { done: false, value: pair }));
    await run(net, ended);
    expect(ended.closed).toBe(0);
  });

  it('is closed, and waited for, when a batch is refused', async () => {
    const net = await classifier();
    let closed = false;
    const close = async (): Promise<unknown> => {
      await new Promise(setImmediate);
      closed = true;
      return { done: true };
    };
    const source = new Source(() => ({ done: false, value: 'no pair' }), close);
    expect(await refusal(() => run(net, source))).toMatch(/^TypeError: "batches\[0\]" must be a pair/);
    expect(closed).toBe(true);
  });

  it('may fail after it was given up, and so may a callback', async () => {
    const [one, two] = [await classifier(), await classifier()];
    const controller = new AbortController();
    let fail = (_: Error): void => undefined;
    const later = new Promise<never>((_, reject) => (fail = reject));
    const trainings = [
      run(one, new Source(() => later), controller.signal),
      two.fit(X, Y, { signal: controller.signal, onBatch: () => later }),
    ].map((training) => expect(training).rejects.toBe(reason));
    await new Promise(setImmediate);
    controller.abort(reason);
    await Promise.all(trainings);
    fail(new Error('too late'));
  });
});

describe('of another realm', () => {
  const realm = createContext({ setImmediate });

  it('a promise is waited for, and so is a thenable', async () => {
    const net = await classifier();
    const promise = '(told) => new Promise((resolve) => setImmediate(() => { told(); resolve(); }))';
    const thenable = '(told) => ({ then: (resolve) => void setImmediate(() => { told(); resolve(); }) })';
    for (const script of [promise, thenable]) {
      const tell = runInContext(script, realm) as (told: () => void) => unknown;
      const seen: number[] = [];
      const onBatch = ({ batch }: BatchReport): unknown => {
        seen.push(batch);
        return tell(() => seen.push(-batch));
      };
      await net.fit(X, Y, { batchSize: 1, onBatch });
      expect(seen).toEqual([1, -1, 2, -2, 3, -3]);
    }
    await expect(net.fit(X, Y, { onBatch: () => runInContext('Promise.reject(5)', realm) as unknown })).rejects.toBe(5);
  });

  /** A signal as libraries bring their own, with no `throwIfAborted`. */
  const SIGNAL = `(class {
    aborted = false;
    listeners = new Set();
    added = 0;
    addEventListener(type, listener) { this.added++; this.listeners.add(listener); }
    removeEventListener(type, listener) { this.listeners.delete(listener); }
    abort(reason) { this.aborted = true; this.reason = reason; for (const listener of this.listeners) listener(); }
  })`;
  type Foreign = AbortSignal & { added: number; listeners: Set<unknown>; abort(reason?: unknown): void };
  const Foreign = runInContext(SIGNAL, realm) as new () => Foreign;

  it('a signal is heard, and no listener stays with it', async () => {
    for (const why of [reason, 'a word', null]) {
      const net = await classifier();
      const signal = new Foreign();
      const onBatch = ({ batch }: BatchReport): unknown => {
        if (batch < 3) return Promise.resolve();
        setImmediate(() => signal.abort(why));
        return never;
      };
      const options = { batchSize: 1, signal, onBatch };
      await expect(net.fit(X, Y, options)).rejects.toBe(why);
      expect(signal.listeners.size).toBe(0);
      expect(signal.added).toBe(3);
      await expect(net.fit(X, Y, options)).rejects.toBe(why);
      expect(signal.listeners.size).toBe(0);
    }
  });

  it('a signal without a reason gives an AbortError', async () => {
    const net = await classifier();
    const signal = new Foreign();
    signal.abort();
    const failure = net.fit(X, Y, { signal });
    await expect(failure).rejects.toMatchObject({ name: 'AbortError', message: 'This operation was aborted' });
  });
});
