/** Averaged weights: PyTorch's values, who sees them when, and that they are saved and resumed. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  adam,
  createNetwork,
  dense,
  FileFormatError,
  loadNetwork,
  residual,
  sgd,
  type Averaging,
  type FitOptions,
  type Network,
  type NetworkOptions,
} from '../../src/index.js';
import { decodeSafetensors } from '../../src/files/read-safetensors.js';
import { encodeSafetensors } from '../../src/files/write-safetensors.js';
import { averageOf } from '../reference/averages.js';
import { deviation } from '../reference/compare.js';
import { randomNumbers } from '../reference/samples.js';
import { sha256 } from '../sha256.js';
import { loadRuns, networkOfRuns, valuesOf } from './runs.js';
import { NUMERICS } from './support.js';

const RUNS = await loadRuns();

const alive: Network[] = [];

afterEach(() => {
  for (const net of alive.splice(0)) net.dispose();
});

function kept(net: Network): Network {
  alive.push(net);
  return net;
}

const make = async (options: Partial<NetworkOptions> = {}): Promise<Network> =>
  kept(
    await createNetwork({
      inputs: 4,
      layers: [dense(9, 'tanh'), dense(3, 'softmax')],
      optimizer: adam({ rate: 0.01 }),
      seed: 3,
      ...options,
    }),
  );

const N = 90;
const x = Float32Array.from({ length: N * 4 }, randomNumbers(1));
const y = Array.from({ length: N }, (_, i) => Number(x[4 * i] > 0) + Number(x[4 * i + 1] > 0));
const WAYS: [name: string, average: Averaging][] = [
  ['the mean of epochs', {}],
  ['the average of steps', { decay: 0.9 }],
];

const bits = (net: Network): string => sha256(net.save());
const weights = (net: Network): number[] => Object.values(net.getParameters()).flatMap(({ data }) => [...data]);
const fileOf = (net: Network): ReturnType<typeof decodeSafetensors> => decodeSafetensors(net.save(), 0x10000);

/** The weights that training goes on from, as the file has them. */
const rawOf = (net: Network): number[] =>
  [...fileOf(net).tensors].filter(([name]) => name.startsWith('raw.')).flatMap(([, { data }]) => [...data]);

describe.each(NUMERICS)("PyTorch's averages, %s", (numerics) => {
  it.each(RUNS.averaged.map((run) => [`from ${run.from}, decay ${run.decay}`, run] as const))('%s', async (_, run) => {
    const { from, decay } = run;
    const net = kept(await networkOfRuns(RUNS, sgd({ rate: 0.1, momentum: 0.9 }), [1, 1], numerics));
    const average: Averaging = { from, ...(decay !== null && { decay }) };
    const { epochs, batchSize } = RUNS;
    await net.fit(RUNS.x, RUNS.y, { epochs, batchSize, shuffle: false, average });
    const [ours, theirs] = valuesOf(net.getParameters(), run.average);
    expect(deviation(ours, theirs)).toBeLessThan(2e-6);
    expect(deviation(rawOf(net), Object.values(run.raw).flat())).toBeLessThan(2e-6);
    // the reference, of our own steps
    const twin = kept(await networkOfRuns(RUNS, sgd({ rate: 0.1, momentum: 0.9 }), [1, 1], numerics));
    const steps: number[][] = [];
    const onBatch = (): void => void steps.push(weights(twin));
    await twin.fit(RUNS.x, RUNS.y, { epochs, batchSize, shuffle: false, onBatch });
    expect(steps).toHaveLength(21);
    const averaged = steps.slice(3 * (from - 1)).filter((_, index) => decay !== null || index % 3 === 2);
    expect(deviation(ours, averageOf(averaged, decay))).toBeLessThan(1e-6);
  });
});

describe.each(WAYS)('%s', (_, average) => {
  const plan: FitOptions = { epochs: 4, batchSize: 16, average };

  it('is what predicts, and not what the last step made', async () => {
    const [net, plain] = [await make(), await make()];
    await net.fit(x, y, plan);
    await plain.fit(x, y, { ...plan, average: false });
    expect(rawOf(net)).toEqual(weights(plain));
    expect(weights(net)).not.toEqual(weights(plain));
    const loaded = kept(await loadNetwork(net.save()));
    expect(loaded.predict(x)).toEqual(net.predict(x));
    expect(loaded.getParameters()).toEqual(net.getParameters());
  });

  it('goes on from the raw weights in the next fit, also after it was saved', async () => {
    const [straight, pieces] = [await make(), await make()];
    await straight.fit(x, y, { ...plan, epochs: 5 });
    await pieces.fit(x, y, { ...plan, epochs: 2 });
    const loaded = kept(await loadNetwork(pieces.save()));
    for (const net of [pieces, loaded]) await net.fit(x, y, { ...plan, epochs: 3 });
    expect([pieces, loaded].map(bits)).toEqual([straight, straight].map(bits));
  });

  it('has the same bits step by step, on threads, and however a step is divided', async () => {
    const layers = [dense(300, 'relu'), dense(200, 'tanh', { bias: false }), dense(1), dense(3, 'softmax')];
    const [net, watched, threaded] = [
      await make({ layers }),
      await make({ layers }),
      await make({ layers, threads: 3 }),
    ];
    await net.fit(x, y, plan);
    await watched.fit(x, y, { ...plan, onBatch: () => undefined });
    await threaded.fit(x, y, plan);
    expect([watched, threaded].map(bits)).toEqual([net, net].map(bits));
  });

  it('is taken of the steps on single examples too, which a narrow network makes by itself', async () => {
    const options: Partial<NetworkOptions> = { layers: [dense(4, 'tanh'), dense(2)], optimizer: sgd({ rate: 0.01 }) };
    const targets = Float32Array.from({ length: 2 * N }, randomNumbers(5));
    const [net, twin] = [await make(options), await make(options)];
    await net.fit(x, targets, { batchSize: 1, shuffle: false, average });
    const steps: number[][] = [];
    const onBatch = (): void => void steps.push(weights(twin));
    await twin.fit(x, targets, { batchSize: 1, shuffle: false, onBatch });
    expect(rawOf(net)).toEqual(steps[N - 1]);
    const expected = averageOf(average.decay === undefined ? steps.slice(-1) : steps, average.decay ?? null);
    expect(deviation(weights(net), expected)).toBeLessThan(1e-6);
  });

  it('is what is measured after each epoch, and what its reader finds', async () => {
    const net = await make();
    const seen: unknown[] = [];
    for await (const { validation } of net.epochs(x, y, { ...plan, validation: [x, y] })) {
      expect(net.evaluate(x, y)).toEqual(validation);
      seen.push(validation?.loss);
    }
    expect(new Set(seen).size).toBe(4);
  });

  it('is the best of them that early stopping puts back, and training goes on from there', async () => {
    const net = await make({ optimizer: adam({ rate: 0.5 }) });
    const history = await net.fit(x, y, { ...plan, epochs: 30, validation: [x, y], earlyStopping: { patience: 2 } });
    const best = Math.min(...history.map(({ validation }) => validation?.loss ?? Infinity));
    expect(net.evaluate(x, y).loss).toBe(best);
    expect(rawOf(net)).toEqual([]);
  });

  it('stands after an abort as it was at the last step or epoch', async () => {
    const net = await make();
    await net.fit(x, y, { ...plan, epochs: 2 });
    const before = weights(net);
    const saved: Uint8Array[] = [];
    const controller = new AbortController();
    const onBatch = ({ batch }: { batch: number }): void => {
      if (batch < 3) return;
      saved.push(net.save());
      controller.abort('enough');
    };
    await expect(net.fit(x, y, { ...plan, signal: controller.signal, onBatch })).rejects.toBe('enough');
    if (average.decay === undefined) expect(weights(net)).toEqual(before);
    else expect(weights(net)).not.toEqual(before);
    // in the midst of an epoch a file has the same, although the raw weights are at work
    expect(bits(kept(await loadNetwork(saved[0])))).toBe(bits(net));
  });

  it('ends where training or weights of another kind come', async () => {
    const others: [string, (net: Network) => unknown][] = [
      ['trainBatch', (net) => net.trainBatch(x, y)],
      ['a fit without', (net) => net.fit(x, y)],
      ['fitBatches without', (net) => net.fitBatches([[x, y]])],
      ['applyGradients', (net) => net.applyGradients(net.gradients(x, y).parameters)],
      ['setParameters', (net) => net.setParameters({})],
    ];
    for (const [name, other] of others) {
      const [net, twin] = [await make(), await make()];
      await net.fit(x, y, plan);
      twin.setParameters(net.getParameters());
      await other(net);
      expect(rawOf(net), name).toEqual([]);
      if (name === 'setParameters') expect(weights(net)).toEqual(weights(twin));
    }
  });

  it('begins anew where it is to be made in another way', async () => {
    const [net, twin] = [await make(), await make()];
    await net.fit(x, y, plan);
    await net.fit(x, y, { epochs: 2, batchSize: 16, average: { decay: 0.5 } });
    await twin.fit(x, y, { epochs: 4, batchSize: 16 });
    await twin.fit(x, y, { epochs: 2, batchSize: 16, average: { decay: 0.5 } });
    expect(bits(net)).toBe(bits(twin));
  });

  it('is made by fitBatches, of its steps or at its end', async () => {
    const [net, plain] = [await make(), await make()];
    const batches = [0, 1, 2].map((i) => [x.slice(i * 80, i * 80 + 80), y.slice(i * 20, i * 20 + 20)] as const);
    const { decay } = average;
    const given = decay === undefined ? true : { decay };
    const { validation } = await net.fitBatches(batches, { average: given, validation: [x, y] });
    const steps: number[][] = [];
    await plain.fitBatches(batches, { onBatch: () => void steps.push(weights(plain)) });
    const expected = averageOf(decay === undefined ? steps.slice(-1) : steps, decay ?? null);
    expect(deviation(weights(net), expected)).toBeLessThan(1e-6);
    expect(validation).toEqual(net.evaluate(x, y));
    expect(rawOf(net)).toEqual(steps[2]);
  });

  it('leaves a network that is disposed of in its midst alone', async () => {
    const net = await make();
    const bystander = await make();
    const before = bits(bystander);
    await expect(net.fit(x, y, { ...plan, onBatch: () => net.dispose() })).rejects.toThrow('disposed');
    const later = await make({ seed: 4 });
    expect(bits(bystander)).toBe(before);
    expect(weights(later).every(Number.isFinite)).toBe(true);
  });
});

describe('layers that are not trained', () => {
  it('stand beside the average, and are saved once', async () => {
    const layers = [dense(9, 'tanh', { trainable: false }), residual([dense(9, 'relu')]), dense(3, 'softmax')];
    const [straight, pieces] = [await make({ layers }), await make({ layers })];
    const plan: FitOptions = { batchSize: 16, average: { decay: 0.9 } };
    await straight.fit(x, y, { ...plan, epochs: 3 });
    let midway: Uint8Array | undefined;
    const onBatch = ({ batch }: { batch: number }): void => {
      if (batch === 4) midway = pieces.save();
    };
    await pieces.fit(x, y, { ...plan, onBatch });
    const loaded = kept(await loadNetwork(pieces.save()));
    expect(loaded.predict(x)).toEqual(pieces.predict(x));
    await loaded.fit(x, y, { ...plan, epochs: 2 });
    expect(bits(loaded)).toBe(bits(straight));
    const names = [...fileOf(straight).tensors.keys()].filter((name) => name.startsWith('raw.'));
    expect(names.some((name) => name.startsWith('raw.layers.0'))).toBe(false);
    expect(names.length).toBeGreaterThan(3);
    const first = await make({ layers });
    const seen = kept(await loadNetwork(midway!)).getParameters();
    expect(seen['layers.0.weight']).toEqual(first.getParameters()['layers.0.weight']);
    expect(Object.values(seen).every(({ data }) => data.every(Number.isFinite))).toBe(true);
  });
});

describe('an epoch that does not take part', () => {
  it('leaves the weights as they are, and an average of before as it was', async () => {
    const [net, plain] = [await make(), await make()];
    await net.fit(x, y, { epochs: 2, average: { from: 3 } });
    await plain.fit(x, y, { epochs: 2 });
    expect(bits(net)).toBe(bits(plain));
    await net.fit(x, y, { average: true });
    const average = weights(net);
    await net.fit(x, y, { average: { from: 2 } });
    expect(weights(net)).toEqual(average);
  });
});

describe('a moving average of what vanishes', () => {
  it('is 0 in the end, and never subnormal', async () => {
    const net = await make({ layers: [dense(3)], optimizer: sgd({ rate: 0.5, weightDecay: 2 }) });
    const zeros = new Float32Array(3 * N);
    const seen: number[] = [];
    const plan: FitOptions = { batchSize: 9, average: { decay: 0.1 } };
    for (let epoch = 0; epoch < 40; epoch++) {
      await net.fit(new Float32Array(4 * N), zeros, plan);
      seen.push(...weights(net).map(Math.abs));
    }
    expect(seen.filter((value) => value > 0 && value < 2 ** -63)).toEqual([]);
    expect(weights(net).every((value) => value === 0)).toBe(true);
  });
});

describe('a file', () => {
  type Change = (file: { average: Record<string, unknown>; tensors: Map<string, never> }) => void;

  async function changed(change: Change): Promise<Uint8Array> {
    const net = await make();
    await net.fit(x, y, { average: { decay: 0.9 } });
    const { tensors, metadata } = fileOf(net);
    const network = JSON.parse(metadata.get('network') ?? '') as { average: Record<string, unknown> };
    change({ average: network.average, tensors: tensors as never });
    const values = { ...Object.fromEntries(metadata), network: JSON.stringify(network) };
    return encodeSafetensors([...tensors] as never, values);
  }

  it.each<[what: string, change: Change, message: string]>([
    ['without a raw tensor', ({ tensors }) => tensors.delete('raw.layers.0.bias'), 'no tensor "raw.layers.0.bias"'],
    ['with an average of nothing', ({ average }) => (average['count'] = 0), '"count" must be a whole number from 1'],
    [
      'with a decay of 1',
      ({ average }) => (average['decay'] = 1),
      '"decay" must be a finite number from 0 and below 1',
    ],
    ['with no decay', ({ average }) => delete average['decay'], 'average has no "decay"'],
    ['with a strange field', ({ average }) => (average['from'] = 1), 'average has no option "from"'],
  ])('%s is refused', async (_, change, message) => {
    const error: unknown = await loadNetwork(await changed(change)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FileFormatError);
    expect(String(error)).toContain(message);
  });

  it('that nobody changed is none of them', async () => {
    kept(await loadNetwork(await changed(() => undefined)));
  });
});

describe('refused are', () => {
  it.each<[average: unknown, message: string]>([
    [1, 'average expects an object of options: got 1'],
    [{ from: 0 }, '"average.from" must be a whole number from 1'],
    [{ decay: 1 }, '"average.decay" must be a finite number from 0 and below 1: got 1'],
    [{ deacy: 0.9 }, 'average has no option "deacy": did you mean "decay"?'],
  ])('%j', async (average, message) => {
    const net = await make();
    const before = bits(net);
    await expect(net.fit(x, y, { average: average as Averaging })).rejects.toThrow(message);
    expect(bits(net)).toBe(before);
  });

  it('a first epoch for fitBatches, which makes but one', async () => {
    const net = await make();
    await expect(net.fitBatches([[x, y]], { average: { from: 2 } as never })).rejects.toThrow('no option "from"');
  });
});
