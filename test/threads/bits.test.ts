/** Threads divide the work and leave no trace in the results: whatever their number, the bits are those of one. */
import { createHash } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  adam,
  createNetwork,
  dense,
  elu,
  loadNetwork,
  rmsProp,
  sgd,
  type Network,
  type NetworkOptions,
  type Numerics,
  type DenseLayer,
} from '../../src/index.js';
import { getThreadedEngine } from '../../src/threads/engines.js';
import { Pace } from '../../src/threads/pace.js';
import { teamOf } from '../../src/threads/shared-engine.js';
import { randomNumbers } from '../reference/samples.js';

/** Odd sizes, rows with gaps, layers of one output, every kind of row operation, and batches of two passes. */
const SHAPES: [name: string, options: NetworkOptions, batchSize: number][] = [
  [
    '37-61-43 tanh and softmax, adam',
    { inputs: 37, layers: [dense(61, 'tanh'), dense(43, 'softmax')], optimizer: adam() },
    67,
  ],
  [
    '131-512-9 gelu and sigmoid, momentum, clipped',
    {
      inputs: 131,
      layers: [dense(512, 'gelu'), dense(9, 'sigmoid')],
      optimizer: sgd({ rate: 0.1, momentum: 0.9 }),
      clipNorm: 0.5,
    },
    31,
  ],
  [
    '65-40-1-33-1 with layers of one output, rmsProp',
    {
      inputs: 65,
      layers: [dense(40, 'softplus'), dense(1, 'tanh'), dense(33, elu(0.5)), dense(1)],
      optimizer: rmsProp({ momentum: 0.5, centered: true }),
    },
    300,
  ],
  [
    '245-128-128-5 relu without biases, mae, gradients in blocks',
    {
      inputs: 245,
      layers: [dense(128, 'relu', { bias: false }), dense(128, 'silu'), dense(5, 'softplus')],
      loss: 'mae',
      optimizer: sgd({ rate: 0.01 }),
    },
    256,
  ],
  ['1-90-70 from one input', { inputs: 1, layers: [dense(90, 'relu'), dense(70)], optimizer: adam() }, 129],
];

const NUMERICS: Numerics[] = ['reproducible', 'fused'];
const EXAMPLES = 411;

const sha256 = (values: Uint8Array | Float32Array): string => createHash('sha256').update(values).digest('hex');

function dataOf({ inputs, layers }: NetworkOptions): [x: Float32Array, y: Float32Array] {
  const outputs = (layers.at(-1) as DenseLayer).units;
  const [x, y] = [inputs, outputs].map((columns, i) =>
    Float32Array.from({ length: EXAMPLES * Number(columns) }, randomNumbers(i + 1)),
  );
  return [x, y.map((value) => Math.abs(value) / outputs)];
}

/** Everything that a network computes, by every way that it does. */
async function resultsOf(net: Network, options: NetworkOptions, batchSize: number): Promise<unknown> {
  const [x, y] = dataOf(options);
  const history = await net.fit(x, y, { epochs: 2, batchSize, validation: [x, y] });
  const few = [x.subarray(0, batchSize * net.inputs), y.subarray(0, batchSize * net.outputs)] as const;
  const loss = net.trainBatch(...few);
  const { parameters, inputs, norm } = net.gradients(...few);
  const sampleWeight = Float32Array.from({ length: EXAMPLES }, (_, i) => i % 4);
  const [weighted] = await net.fit(x, y, { batchSize, sampleWeight });
  const steered = net.backward(few[0], few[1]);
  net.applyGradients(steered.parameters);
  net.trainBatch(few[0], (outputs, dOutputs) => dOutputs.set(outputs.map((a) => a / 8)));
  return {
    history: history.map(({ loss: mean, accuracy, validation }) => [mean, accuracy, validation]),
    loss,
    norm,
    weighted: [weighted.loss, weighted.accuracy, net.evaluate(x, y, { sampleWeight })],
    steered: [steered.norm, sha256(steered.inputs)],
    evaluated: net.evaluate(x, y),
    predicted: sha256(net.predict(x)),
    gradients: Object.values(parameters).map(({ data }) => sha256(data)),
    inputs: sha256(inputs),
    network: sha256(net.save()),
  };
}

const choose = vi.spyOn(Pace.prototype, 'choose');

afterEach(() => {
  choose.mockReset();
});

describe.each(NUMERICS)('%s', (numerics) => {
  describe.each(SHAPES)('%s', (_, options, batchSize) => {
    let alone: unknown;

    beforeAll(async () => {
      const net = await createNetwork({ ...options, seed: 5, numerics });
      alone = await resultsOf(net, options, batchSize);
      net.dispose();
    });

    it.each([1, 2, 3, 8])('on %i threads, also when there are fewer processors', async (threads) => {
      choose.mockReturnValue(threads);
      const net = await createNetwork({ ...options, seed: 5, numerics, threads });
      expect(net.threads).toBe(threads);
      expect(await resultsOf(net, options, batchSize)).toEqual(alone);
      if (threads > 1) expect(choose).toHaveBeenCalled();
      net.dispose();
    });

    it('on a number of threads that changes all the time', async () => {
      let calls = 0;
      choose.mockImplementation(() => [3, 1, 4, 2][calls++ % 4]);
      const net = await createNetwork({ ...options, seed: 5, numerics, threads: 4 });
      expect(await resultsOf(net, options, batchSize)).toEqual(alone);
      expect(calls).toBeGreaterThan(4);
      net.dispose();
    });
  });
});

describe('a network with threads', () => {
  it('has parts of its steps done by every worker', async () => {
    const [, options] = SHAPES[1];
    const [x, y] = dataOf(options);
    choose.mockReturnValue(4);
    const net = await createNetwork({ ...options, seed: 5, threads: 4 });
    const engine = await getThreadedEngine('reproducible', 4);
    // a thread's report begins with how many parts it did of its latest job
    const done = (worker: number): number => engine.i32(teamOf(engine)!.at + 128 * (2 + 2 * worker), 1)[0];
    const idle = new Set([1, 2, 3]);
    for (const limit = performance.now() + 30_000; idle.size > 0 && performance.now() < limit;) {
      net.trainBatch(x, y);
      for (const worker of idle) if (done(worker) > 0) idle.delete(worker);
    }
    expect([...idle]).toEqual([]);
    net.dispose();
  });

  it('goes on from the file of one without, with the same bits', async () => {
    const [, options] = SHAPES[0];
    const [x, y] = dataOf(options);
    const alone = await createNetwork({ ...options, seed: 5 });
    const together = await loadNetwork(alone.save(), { threads: 2 });
    choose.mockReturnValue(2);
    for (const net of [alone, together]) await net.fit(x, y, { batchSize: 67 });
    expect(sha256(together.save())).toBe(sha256(alone.save()));
    expect(together.threads).toBe(2);
  });

  it('gives way to others that share its memory, in the midst of a step', async () => {
    const wide: NetworkOptions = { inputs: 512, layers: [dense(512, 'tanh'), dense(512, 'relu'), dense(3)] };
    const [x, y] = dataOf(wide);
    choose.mockReturnValue(2);
    const [alone, asked, other] = await Promise.all(
      [1, 2, 2].map((threads) => createNetwork({ ...wide, seed: 5, threads })),
    );
    await alone.fit(x, y, { batchSize: 200 });
    let turns = 0;
    const timer = setInterval(() => {
      if (turns++ > 4) return;
      asked.evaluate(x, y);
      other.trainBatch(x, y);
    });
    await asked.fit(x, y, { batchSize: 200 });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
    expect(sha256(asked.save())).toBe(sha256(alone.save()));
  });
});
