/** Linear memory: one for all networks of a realm, taken by what is alive and given back by what is not. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { getEngine } from '../../src/engine/engine.js';
import { createNetwork, dense, sgd } from '../../src/index.js';
import { deviation, rowsOf } from '../reference/compare.js';
import { oneHot } from '../reference/losses.js';
import { predict, trainStep, type Network } from '../reference/network.js';
import { createOptimizer } from '../reference/optimizers.js';
import { randomNumbers } from '../reference/samples.js';
import type { LibraryNetwork } from './support.js';

let memory: WebAssembly.Memory;

beforeAll(async () => {
  memory = (await getEngine('reproducible')).kernels.memory;
});

/** What a network of 4-16-3 takes, at the least: four arrays of parameters. */
const SMALL = 4 * 4 * (4 * 16 + 16 + 16 * 3 + 3);

function small(seed: number): Promise<LibraryNetwork> {
  const layers = [dense(16, 'tanh'), dense(3, 'softmax')];
  return createNetwork({ inputs: 4, layers, optimizer: sgd({ rate: 0.1, momentum: 0.9 }), seed });
}

const N = 32;
const x = Float32Array.from({ length: N * 4 }, randomNumbers(1));
const labels = Int32Array.from({ length: N }, (_, i) => i % 3);

/** The float64 reference with the weights that the library's network has. */
function referenceOf(net: LibraryNetwork): Network {
  const parameters = net.getParameters();
  const layer = (l: number) => {
    const { shape, data } = parameters[`layers.${l}.weight`];
    return { weights: rowsOf(data, shape[1]), biases: Array.from(parameters[`layers.${l}.bias`].data) };
  };
  return {
    layers: [
      { ...layer(0), activation: { name: 'tanh' } },
      { ...layer(1), activation: { name: 'softmax' } },
    ],
    loss: { name: 'crossEntropy' },
  };
}

describe('memory stays as it is', () => {
  /** Does `work` a few times, then `times` times more, and holds that only the first of them took memory. */
  async function expectFlat(name: string, times: number, work: (i: number) => unknown): Promise<void> {
    for (let i = 0; i < 70; i++) await work(i);
    const before = memory.buffer.byteLength;
    for (let i = 0; i < times; i++) await work(i);
    console.log(`${name}, ${times} times: ${before} bytes before, ${memory.buffer.byteLength} after`);
    expect(memory.buffer.byteLength).toBe(before);
  }

  it('while 100,000 networks are created and disposed of', async () => {
    await expectFlat('createNetwork and dispose', 100_000, async (i) => (await small(i)).dispose());
  });

  it('while networks of changing sizes come and go', async () => {
    await expectFlat('createNetwork of 1 to 64 units, train and dispose', 7000, async (i) => {
      const net = await createNetwork({ inputs: 1 + (i % 7), layers: [dense(1 + (i % 64), 'relu'), dense(1)] });
      net.trainBatch(new Float32Array(net.inputs * (1 + (i % 5))), new Float32Array(1 + (i % 5)));
      net.dispose();
    });
  });

  it('while one network works', async () => {
    const net = await small(1);
    const batch = (i: number): [Float32Array, Int32Array] => {
      const rows = 1 + (i % N);
      return [x.subarray(0, rows * 4), labels.subarray(0, rows)];
    };
    await expectFlat('predict', 5000, (i) => net.predict(batch(i)[0]));
    await expectFlat('evaluate', 5000, (i) => net.evaluate(...batch(i)));
    await expectFlat('trainBatch', 5000, (i) => net.trainBatch(...batch(i)));
    await expectFlat('gradients', 2000, (i) => net.gradients(...batch(i), i % 2 ? {} : ({ each: true } as never)));
    await expectFlat('explain', 2000, () => net.explain(x.subarray(0, 4), 0));
    await expectFlat('save', 2000, () => net.save());
    await expectFlat('fit', 3000, (i) => net.fit(...batch(i), { batchSize: 8, validation: [x, labels] }));
    net.dispose();
  });

  it('but for the largest batch so far', async () => {
    const net = await small(1);
    const before = memory.buffer.byteLength;
    const rows = 2000;
    for (let n = 1; n <= rows; n++) net.trainBatch(new Float32Array(n * 4), new Int32Array(n));
    // not for all batches together, which are a thousand times as large: memory grows by doubling, and has gaps
    expect(memory.buffer.byteLength - before).toBeLessThan(16 * rows * (4 + 3) * 4);
    net.dispose();
  });

  it('while fits are stopped, one way or another', async () => {
    const net = await small(1);
    const big = Float32Array.from({ length: 4000 }, () => 0.5);
    const y = new Int32Array(1000);
    await expectFlat('fit, aborted', 1000, async () => {
      const abort = new AbortController();
      const options = { signal: abort.signal, validation: [big, y] as const, onBatch: () => abort.abort('enough') };
      await expect(net.fit(big, y, options)).rejects.toBe('enough');
    });
    await expectFlat('epochs, broken off', 1000, async () => {
      for await (const { number } of net.epochs(big, y, { epochs: 3 })) if (number === 1) break;
    });
    const bad = big.slice().fill(NaN, 3999);
    await expectFlat('fit, refused', 1000, async () => {
      await expect(net.fit(bad, y)).rejects.toThrow(RangeError);
    });
    net.dispose();
  });
});

describe('dispose', () => {
  it('can be called again, and then frees nothing of what has taken the place', async () => {
    const first = await small(1);
    first.dispose();
    const second = await small(2);
    first.dispose();
    const third = await small(3);
    const alone = third.getParameters();
    second.trainBatch(x, labels);
    expect(third.getParameters()).toEqual(alone);
    expect(() => first.predict(x)).toThrow('disposed');
    second.dispose();
    third.dispose();
  });

  it('is what `using` calls at the end of its block', async () => {
    let kept: LibraryNetwork;
    {
      using net = await small(1);
      kept = net;
      expect(net.predict(x)).toHaveLength(N * 3);
    }
    expect(() => kept.predict(x)).toThrow('disposed');
  });
});

describe.concurrent('networks that are dropped without dispose', () => {
  /**
   * Creates and drops networks in a process of its own, letting the event loop turn now and then as any program
   * does, and prints the bytes of linear memory in the end. With `collect`, it collects garbage then, too.
   */
  const script = (count: number, collect: boolean): string => `
    import { getEngine } from ${JSON.stringify(new URL('../../src/engine/engine.ts', import.meta.url).href)};
    import { createNetwork, dense } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)};
    for (let i = 1; i <= ${count}; i++) {
      await createNetwork({ inputs: 4, layers: [dense(16, 'tanh'), dense(3, 'softmax')], seed: i });
      if (i % 500) continue;
      if (${collect} && i % 2000 === 0) gc();
      await new Promise(setImmediate);
    }
    console.log((await getEngine('reproducible')).kernels.memory.buffer.byteLength);
  `;

  async function bytesAfter(count: number, collect: boolean): Promise<number> {
    const options = ['--expose-gc', '--import', 'tsx', '--input-type=module', '--eval', script(count, collect)];
    const { stdout } = await promisify(execFile)(process.execPath, options);
    console.log(`${count} networks dropped, ${collect ? 'with' : 'without'} gc(): ${Number(stdout) / 2 ** 20} MB`);
    return Number(stdout);
  }

  it('are freed once they are collected', async () => {
    expect(await bytesAfter(100_000, true)).toBeLessThanOrEqual(32 * 2 ** 20);
  });

  it('are collected and freed in time where nobody asks for it', async () => {
    // all of them together take 800 MB, and memory grows by doubling: it would have come to a gigabyte
    expect(await bytesAfter(150_000, false)).toBeLessThanOrEqual(512 * 2 ** 20);
  });
});

describe('a thousand networks', () => {
  it('share one memory, and each learns and answers what it should', async () => {
    const before = memory.buffer.byteLength;
    const nets = await Promise.all(Array.from({ length: 1000 }, (_, seed) => small(seed)));
    const taken = memory.buffer.byteLength - before;
    console.log(`1000 networks of 4-16-3: ${(taken / 2 ** 20).toFixed(1)} MB`);
    expect(memory.buffer.byteLength).toBeGreaterThan(1000 * SMALL);
    expect(taken).toBeLessThan(16 * 2 ** 20);

    const [rows, targets] = [
      rowsOf(x.subarray(0, 16), 4),
      Array.from(labels.subarray(0, 4), (label) => oneHot(label, 3)),
    ];
    const references = nets.map(referenceOf);
    for (let step = 0; step < 3; step++)
      for (const net of nets) net.trainBatch(x.subarray(0, 16), labels.subarray(0, 4));
    nets.forEach((net, i) => {
      const optimizer = createOptimizer({ name: 'sgd', rate: 0.1, momentum: 0.9 });
      for (let step = 0; step < 3; step++) trainStep(references[i], optimizer, rows, targets);
      const expected = rows.flatMap((row) => predict(references[i], row));
      expect(deviation(net.predict(x.subarray(0, 16)), expected)).toBeLessThan(1e-5);
      net.dispose();
    });
  });
});
