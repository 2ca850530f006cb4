/** Linear memory: one for all networks of a realm, taken by what is alive and given back by what is not. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.js';
import { getEngine } from '../../src/engine/engines.js';
import type { Kernels } from '../../src/engine/kernels.js';
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

  it('while a population of networks is replaced, one after another', async () => {
    for (const units of [3, 40, 300]) {
      const one = (): Promise<LibraryNetwork> => createNetwork({ inputs: 7, layers: [dense(units), dense(1)] });
      const population = await Promise.all(Array.from({ length: 30 }, one));
      await expectFlat(`networks of ${units} units`, 3000, async (i) => {
        const at = (7 * i) % population.length;
        population[at].dispose();
        population[at] = await one();
      });
      for (const net of population) net.dispose();
    }
  });

  it('while batches grow, and the blocks between which they do are taken', async () => {
    const nets: LibraryNetwork[] = [];
    const net = await createNetwork({ inputs: 100, layers: [dense(1)] });
    const grow = (rows: number): void => void net.predict(new Float32Array(rows * 100));
    const most = 4000;
    const before = memory.buffer.byteLength;
    for (let rows = 1; rows <= most; rows += 13) {
      grow(rows);
      nets.push(await small(rows)); // right behind, so that the next has to go elsewhere
    }
    const taken = memory.buffer.byteLength - before;
    console.log(`batches of up to ${most} rows: ${(taken / 2 ** 20).toFixed(1)} MB`);
    // of the passes, which have 256 rows at most, a few sizes; and memory grows by doubling
    expect(taken).toBeLessThan(16 * 256 * 100 * 4 + 4 * nets.length * SMALL);
    for (const each of [net, ...nets]) each.dispose();
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

// processes of their own that make a hundred thousand networks: on a busy machine they take minutes
describe.concurrent('networks that are dropped without dispose', { timeout: 600_000 }, () => {
  /**
   * Creates and drops networks in a process of its own, letting the event loop turn now and then as any program
   * does, and prints the bytes of linear memory in the end. With `collect`, it collects garbage then, too.
   */
  const script = (count: number, collect: boolean): string => `
    import { getEngine } from ${JSON.stringify(new URL('../../src/engine/engines.ts', import.meta.url).href)};
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

describe('a large network that is dropped without dispose', { timeout: 600_000 }, () => {
  const script = `
    import { getEngine } from ${JSON.stringify(new URL('../../src/engine/engines.ts', import.meta.url).href)};
    import { createNetwork, dense, loadNetwork } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)};
    const layers = [dense(1000, 'relu', { init: 'zeros' }), dense(2000, 'linear', { init: 'zeros' })];
    const file = (await createNetwork({ inputs: 1000, layers, seed: 1 })).save();
    // 48 MB each: together more than a linear memory can be
    for (let i = 0; i < 90; i++) await createNetwork({ inputs: 1000, layers, seed: i });
    for (let i = 0; i < 10; i++) await loadNetwork(file);
    console.log((await getEngine('reproducible')).kernels.memory.buffer.byteLength);
  `;

  it('is found by the garbage collector, which does not see linear memory', async () => {
    const options = ['--import', 'tsx', '--input-type=module', '--eval', script];
    const { stdout } = await promisify(execFile)(process.execPath, options);
    console.log(`100 networks of 48 MB dropped: ${Number(stdout) / 2 ** 20} MB`);
    expect(Number(stdout)).toBeLessThanOrEqual(1024 * 2 ** 20);
  });
});

describe('an engine whose memory is full', () => {
  /** An engine with room for so many bytes. */
  function engineOf(room: number): Engine {
    const sizes = new Map<number, number>();
    const kernels = {
      allocate(bytes: number): number {
        const taken = [...sizes.values()].reduce((sum, size) => sum + size, 0);
        if (taken + bytes > room) throw new WebAssembly.RuntimeError('unreachable');
        const at = 16 * (1 + Math.max(0, ...sizes.keys()));
        sizes.set(at, bytes);
        return at;
      },
      release: (at: number) => void sizes.delete(at),
    };
    return new Engine(kernels as unknown as Kernels, 'plain', {});
  }

  it('says what is alive', () => {
    const engine = engineOf(10_000);
    const refused = 'a batch needs 11.7 kB (12000 bytes) of memory: this machine gave no more';
    const advice = 'dispose of those that you no longer need';
    expect(() => engine.allocate(12_000, 'a batch')).toThrow(new RangeError(refused));
    const first = engine.allocateNetwork(4000);
    expect(() => engine.allocate(12_000, 'a batch')).toThrow(
      new RangeError(`${refused}. 1 network is alive, taking 3.9 kB (4000 bytes): ${advice}`),
    );
    engine.allocateNetwork(3000);
    expect(() => engine.allocateNetwork(4000)).toThrow(
      new RangeError(
        'the network needs 3.9 kB (4000 bytes) of memory: this machine gave no more. ' +
          `2 networks are alive, taking 6.8 kB (7000 bytes): ${advice}`,
      ),
    );
    engine.release(first);
    expect(engine.allocateNetwork(4000)).toBeGreaterThan(0);
  });

  it('tries again once finalizers have run, and not where nothing could help', async () => {
    const engine = engineOf(10_000);
    const registry = new FinalizationRegistry<number>((at) => engine.release(at));
    const drop = (): void => registry.register({}, engine.allocateNetwork(6000));
    drop();
    expect(await engine.make(() => engine.allocateNetwork(7000))).toBeGreaterThan(0);
    let tries = 0;
    const make = (): number => {
      tries++;
      return engine.allocateNetwork(2 ** 30);
    };
    await expect(engine.make(make)).rejects.toThrow(/at most 992.0 MB .* can be had$/);
    expect(tries).toBe(1);
  });

  it('loses what scratch it had, and nothing else', () => {
    const engine = engineOf(10_000);
    engine.reserve(engine.transfer, 8000, 'a batch');
    const { version } = engine.transfer;
    expect(() => engine.reserve(engine.transfer, 12_000, 'a batch')).toThrow(RangeError);
    expect(engine.transfer).toEqual({ at: 0, bytes: 0, version: version + 1 });
    expect(engine.reserve(engine.transfer, 9000, 'a batch')).toBeGreaterThan(0);
  });
});

describe('two networks that are used in turn', () => {
  it('clear no more than what they read of what the other left, however large its passes were', async () => {
    const engine = await getEngine('reproducible');
    for (const units of [56, 57, 64, 128]) {
      const layers = [dense(units, 'softplus'), dense(units, 'linear'), dense(units, 'tanh')];
      const net = await createNetwork({ inputs: 2, layers, seed: 1 });
      const rows = (count: number): Float32Array => Float32Array.from({ length: 2 * count }, (_, i) => Math.sin(i));
      const targets = new Float32Array(256 * units);
      const expected = [1, 256].map((count) => {
        const y = targets.subarray(0, count * units);
        return [net.predict(rows(count)), net.evaluate(rows(count), y), net.gradients(rows(count), y)];
      });
      const { at, bytes } = engine.workspace;
      for (const [which, count] of [1, 256].entries()) {
        const y = targets.subarray(0, count * units);
        const calls = [
          () => net.predict(rows(count)),
          () => net.evaluate(rows(count), y),
          () => net.gradients(rows(count), y),
        ];
        calls.forEach((call, index) => {
          engine.claim({});
          engine.f32(at, bytes / 4).fill(NaN); // as another network may leave it
          expect(call()).toEqual(expected[which][index]);
          if (count > 1 || index > 0) return;
          const written = engine.f32(at, bytes / 4).reduce((sum, value) => sum + Number(!Number.isNaN(value)), 0);
          console.log(`a prediction of ${units} units: ${written} of ${bytes / 4} floats of the workspace written`);
          expect(written).toBeLessThan(20 * (units + 16));
        });
      }
      net.dispose();
    }
  });
});

describe('iterators of epochs that were asked once, and dropped', () => {
  /** In a process of its own: 100 of them with 4 MB each, all but the last of networks that are dropped as well. */
  const script = `
    import { getEngine } from ${JSON.stringify(new URL('../../src/engine/engines.ts', import.meta.url).href)};
    import { createNetwork, dense } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)};
    const [x, y] = [new Float32Array(1e6), new Float32Array(1e4)];
    const collect = async () => {
      gc();
      await new Promise(setImmediate);
    };
    const collected = new Set();
    const registry = new FinalizationRegistry((i) => collected.add(i));
    const begin = async (i) => {
      const net = await createNetwork({ inputs: 100, layers: [dense(1)], seed: 1 });
      // what the user gave may know the iterator
      const known = {};
      known.epochs = net.epochs(x, y, { epochs: 2, batchSize: 1000, onBatch: () => known.epochs });
      await known.epochs.next();
      registry.register(net, i);
      return net;
    };
    let last;
    for (let i = 0; i < 100; i++) {
      last = await begin(i);
      if (i % 10 === 9) await collect();
    }
    const isFree = () => {
      try {
        last.trainBatch(x.subarray(0, 100), [1]);
        return true;
      } catch {
        return false;
      }
    };
    for (const limit = Date.now() + 50_000; (collected.size < 99 || !isFree()) && Date.now() < limit;) await collect();
    const bytes = (await getEngine('reproducible')).kernels.memory.buffer.byteLength;
    console.log(JSON.stringify({ collected: collected.size, free: isFree(), bytes }));
  `;

  it('give back their examples and let go of their network, and both are collected', async () => {
    const options = ['--expose-gc', '--import', 'tsx', '--input-type=module', '--eval', script];
    const { stdout } = await promisify(execFile)(process.execPath, options);
    const { bytes, ...found } = JSON.parse(stdout) as { bytes: number };
    expect(found).toEqual({ collected: 99, free: true });
    console.log(`100 iterators with 4 MB each: ${(bytes / 2 ** 20).toFixed(0)} MB`);
    // all of them together would take 400 MB, and memory grows by doubling
    expect(bytes).toBeLessThan(200 * 2 ** 20);
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
