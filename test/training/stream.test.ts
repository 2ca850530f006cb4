/** Training on batches as they come: what `fitBatches` learns, tells and refuses. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  adam,
  createNetwork,
  dense,
  DivergenceError,
  scaled,
  sgd,
  type Batch,
  type BatchReport,
  type Network,
  type NetworkOptions,
} from '../../src/index.js';
import { randomNumbers } from '../reference/samples.js';

const N = 47;
const SIZE = 10;
const x = Float32Array.from({ length: N * 5 }, randomNumbers(1));
const labels = Int32Array.from({ length: N }, (_, i) => i % 3);

const alive: Network[] = [];
afterEach(() => {
  for (const net of alive.splice(0)) net.dispose();
});

async function make(options: Partial<NetworkOptions> = {}): Promise<Network> {
  const net = await createNetwork({
    inputs: 5,
    layers: [dense(9, 'tanh'), dense(3, 'softmax')],
    optimizer: adam({ rate: 0.01 }),
    seed: 4,
    ...options,
  });
  alive.push(net);
  return net;
}

function* batches(epochs = 1): Generator<Batch> {
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let from = 0; from < N; from += SIZE) {
      yield [x.subarray(from * 5, (from + SIZE) * 5), labels.subarray(from, from + SIZE)];
    }
  }
}

async function* later(): AsyncGenerator<Batch> {
  for (const batch of batches()) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    yield batch;
  }
}

/** One array of each kind for all batches, as a reader of a file would fill them. */
function* reused(): Generator<Batch> {
  const [x, y] = [new Float32Array(SIZE * 5), new Int32Array(SIZE)];
  for (const [rows, targets] of batches() as Iterable<[Float32Array, Int32Array]>) {
    x.set(rows);
    y.set(targets);
    yield [x.subarray(0, rows.length), y.subarray(0, targets.length)];
    x.fill(NaN);
    y.fill(-1);
  }
}

describe('fitBatches', () => {
  it.each([
    ['an array', (): Iterable<Batch> => [...batches()]],
    ['a generator', batches],
    ['an async generator', later],
    ['a generator that uses its arrays again', reused],
  ])('learns from %s what fit learns, and tells the same', async (_, source) => {
    const [whole, streamed] = [await make(), await make()];
    const [epoch] = await whole.fit(x, labels, { batchSize: SIZE, shuffle: false });
    const told = await streamed.fitBatches(source());
    expect(streamed.save()).toEqual(whole.save());
    expect([told.number, told.loss, told.accuracy, told.steps]).toEqual([1, epoch.loss, epoch.accuracy, epoch.steps]);
    expect(told.seconds).toBeGreaterThan(0);
    expect(told.samplesPerSecond).toBeCloseTo(N / told.seconds, 5);
  });

  it('goes over the data as often as they come', async () => {
    const [whole, streamed] = [await make(), await make()];
    await whole.fit(x, labels, { epochs: 3, batchSize: SIZE, shuffle: false });
    await streamed.fitBatches(batches(3));
    expect(streamed.save()).toEqual(whole.save());
  });

  it('takes bytes, and batches of any size', async () => {
    const pixels = Uint8Array.from({ length: 30 }, (_, i) => 8 * i);
    const parts: Batch[] = [
      [scaled(pixels.subarray(0, 5), 1 / 255), [0]],
      [scaled(pixels.subarray(5), 1 / 255), [1, 2, 0, 1, 2]],
    ];
    const [one, other] = [await make(), await make()];
    await one.fitBatches(parts);
    for (const [rows, targets] of parts) other.trainBatch(rows, targets);
    expect(one.getParameters()).toEqual(other.getParameters());
  });

  it('tells of each batch', async () => {
    const net = await make();
    const reports: BatchReport[] = [];
    const told = await net.fitBatches(batches(), { onBatch: (report) => reports.push(report) });
    expect(reports.map(({ epoch, batch, batches: of, step, samples }) => [epoch, batch, of, step, samples])).toEqual([
      [1, 1, 1, 1, 10],
      [1, 2, 2, 2, 10],
      [1, 3, 3, 3, 10],
      [1, 4, 4, 4, 10],
      [1, 5, 5, 5, 7],
    ]);
    expect(reports.reduce((sum, { loss, samples }) => sum + loss * samples, 0) / N).toBeCloseTo(told.loss, 12);
  });

  it('refuses what is no iterable of pairs, and an empty one', async () => {
    const net = await make();
    const before = net.save();
    const wrong = (value: unknown): Promise<unknown> => net.fitBatches(value as Batch[]);
    await expect(wrong(undefined)).rejects.toThrow(
      new TypeError('"batches" must be an iterable of pairs [x, y]: got undefined'),
    );
    await expect(wrong({ length: 2 })).rejects.toThrow(/"batches" must be an iterable of pairs \[x, y\]: got /);
    await expect(wrong([x])).rejects.toThrow(/"batches\[0\]" must be a pair \[x, y\] or \[x, y, sampleWeight\]: got /);
    await expect(wrong([])).rejects.toThrow(new RangeError('"batches" is empty: expected at least one pair [x, y]'));
    await expect(net.fitBatches(batches(), { epochs: 2 } as object)).rejects.toThrow(/"epochs"/);
    expect(net.save()).toEqual(before);
  });

  it('stands at its last whole step when a batch is refused, and closes the generator', async () => {
    const [net, twin] = [await make(), await make()];
    let closed = false;
    function* spoilt(): Generator<Batch> {
      try {
        yield [x.subarray(0, 50), labels.subarray(0, 10)];
        yield [x.subarray(0, 50), labels.subarray(0, 9)];
      } finally {
        closed = true;
      }
    }
    await expect(net.fitBatches(spoilt())).rejects.toThrow(/"batches\[1\]\[1\]"/);
    expect(closed).toBe(true);
    twin.trainBatch(x.subarray(0, 50), labels.subarray(0, 10));
    expect(net.getParameters()).toEqual(twin.getParameters());
    await net.fitBatches(batches());
  });

  it('rejects with what the generator throws', async () => {
    const net = await make();
    function* failing(): Generator<Batch> {
      yield [x, labels];
      throw new Error('no more disk');
    }
    await expect(net.fitBatches(failing())).rejects.toThrow('no more disk');
    expect(net.steps).toBe(1);
  });

  it('says which batch diverged', async () => {
    const net = await make({ layers: [dense(4, 'relu'), dense(3)], loss: 'mse', optimizer: sgd({ rate: 0.01 }) });
    const y = new Float32Array(N * 3);
    const error = await net
      .fitBatches([
        [x, y],
        [x, y],
        [x.map((value) => value * 3e38), y],
      ])
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DivergenceError);
    expect((error as DivergenceError).batch).toBe(3);
    expect(net.steps).toBe(2);
  });

  it('is stopped by its signal, by dispose, and lets no other training in', async () => {
    const [net, other] = [await make(), await make()];
    const controller = new AbortController();
    const stopped = net.fitBatches(batches(1e6), {
      signal: controller.signal,
      onBatch: ({ batch }) => batch === 3 && controller.abort('enough'),
    });
    expect(() => net.trainBatch(x, labels)).toThrow(/is being trained/);
    await expect(net.fitBatches(batches())).rejects.toThrow(/is being trained/);
    await expect(stopped).rejects.toBe('enough');
    expect(net.steps).toBe(3);
    net.trainBatch(x, labels);

    const disposed = other.fitBatches(batches(1e6), { onBatch: ({ batch }) => batch === 2 && other.dispose() });
    await expect(disposed).rejects.toThrow('the network has been disposed');
  });
});
