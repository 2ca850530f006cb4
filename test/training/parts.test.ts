/** Named inputs with indices among them, in every way in which a network is trained and read. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  adam,
  concat,
  createNetwork,
  dense,
  embedding,
  loadNetwork,
  normalize,
  scaled,
  sgd,
  type FitOptions,
  type Network,
  type NetworkOptions,
} from '../../src/index.js';
import { averageOf } from '../reference/averages.js';
import { deviation } from '../reference/compare.js';
import { randomNumbers } from '../reference/samples.js';

const made: Network[] = [];
afterEach(() => made.splice(0).forEach((net) => net.dispose()));

/** Two numbers and three words of 9 a row; the last word is named by no row. */
async function make(options: Partial<NetworkOptions> = {}): Promise<Network> {
  const net = await createNetwork({
    inputs: { numbers: 2, words: 3 },
    layers: [concat({ numbers: [], words: [embedding(9, 5)] }), dense(7, 'tanh'), dense(2)],
    optimizer: adam({ rate: 0.02 }),
    seed: 3,
    ...options,
  });
  made.push(net);
  return net;
}

type Named = Record<'numbers', Float32Array> & Record<'words', Uint8Array>;

const ROWS = 24;
const random = randomNumbers(6);
const x: Named = {
  numbers: Float32Array.from({ length: 2 * ROWS }, random),
  words: Uint8Array.from({ length: 3 * ROWS }, (_, i) => (i * i + 5 * i) % 8),
};
const y = Float32Array.from({ length: 2 * ROWS }, random);
const TABLE = 'layers.0.1.0.weight';

const rows = (from: number, to: number): [x: Named, y: Float32Array] => [
  { numbers: x.numbers.slice(2 * from, 2 * to), words: x.words.slice(3 * from, 3 * to) },
  y.slice(2 * from, 2 * to),
];
const BATCHES = [0, 8, 16].map((from) => rows(from, from + 8));
const values = (net: Network): number[] => Object.values(net.getParameters()).flatMap(({ data }) => [...data]);

describe('training', () => {
  const plan: FitOptions = { batchSize: 8, shuffle: false };

  it('makes the same steps by fit, fitBatches, trainBatch and a loss of one’s own', async () => {
    const nets = [await make(), await make(), await make(), await make({ threads: 3 })];
    const [fitted, streamed, stepped, own] = nets;
    await fitted.fit(x, y, plan);
    await streamed.fitBatches(BATCHES);
    for (const batch of BATCHES) stepped.trainBatch(...batch);
    for (const [few, targets] of BATCHES) {
      // the bits of mse, whose slope is 2 (a - y) over two outputs
      own.trainBatch(few, (outputs, dOutputs) => dOutputs.set(outputs.map((a, i) => a - targets[i])));
    }
    for (const net of [streamed, stepped, own]) expect(net.getParameters()).toEqual(fitted.getParameters());
    expect(fitted.steps).toBe(3);
  });

  it('measures validation data of the same names, and holds back the last rows of each part', async () => {
    const [split, given] = [await make(), await make()];
    const options = { ...plan, epochs: 3, metrics: ['r2'] } as const;
    const held = await split.fit(x, y, { ...options, validationSplit: 1 / 3 });
    const history = await given.fit(...rows(0, 16), { ...options, validation: rows(16, 24) });
    const measured = (epochs: typeof held): unknown => epochs.map(({ loss, validation }) => ({ loss, validation }));
    expect(measured(held)).toEqual(measured(history));
    expect(split.getParameters()).toEqual(given.getParameters());
    expect(history[2].validation).toEqual(given.evaluate(...rows(16, 24), { metrics: ['r2'] }));
    const epoch = await given.fitBatches(BATCHES, { validation: rows(0, 8) });
    expect(epoch.validation).toEqual(given.evaluate(...rows(0, 8)));
  });

  it.each([{}, { decay: 0.75 }])('averages the table with the other weights: %o', async (average) => {
    const [net, raw] = [await make(), await make()];
    const steps: number[][] = [];
    await net.fit(x, y, { ...plan, epochs: 4, average });
    await raw.fit(x, y, { ...plan, epochs: 4, onBatch: () => void steps.push(values(raw)) });
    const { decay } = average;
    const expected = averageOf(
      steps.filter((_, step) => decay !== undefined || step % 3 === 2),
      decay ?? null,
    );
    expect(deviation(values(net), expected)).toBeLessThan(1e-6);
    expect(deviation(values(net), values(raw))).toBeGreaterThan(1e-3);
    const loaded = await loadNetwork(net.save());
    made.push(loaded);
    expect(loaded.predict(x)).toEqual(net.predict(x));
    for (const each of [net, loaded]) await each.fit(x, y, { ...plan, average });
    expect(loaded.save()).toEqual(net.save());
  });

  it('of a row no batch names leaves it as it began, also in an average', async () => {
    const net = await make({ optimizer: sgd({ rate: 0.1, momentum: 0.9, weightDecay: 0.1 }) });
    const last = (): number[] => [...net.getParameters()[TABLE].data.slice(40)];
    const before = last();
    await net.fit(x, y, { epochs: 3, average: { decay: 0.5 } });
    expect(deviation(last(), before)).toBeLessThan(1e-6);
  });

  it.each<[what: string, call: (net: Network, wrong: Named) => unknown, message: string]>([
    [
      'fit',
      (net, wrong) => net.fit(wrong, y),
      '"x.words" holds 9 at row 23, column 2: expected a whole number from 0 to 8',
    ],
    [
      'validation',
      (net, wrong) => net.fit(x, y, { validation: [wrong, y] }),
      '"validation[0].words" holds 9 at row 23',
    ],
    ['a batch', (net, wrong) => net.fitBatches([BATCHES[0], [wrong, y]]), '"batches[1][0].words" holds 9 at row 23'],
    ['backward', (net, wrong) => Promise.resolve().then(() => net.backward(wrong, y)), '"x.words" holds 9 at row 23'],
  ])('refuses what is no index: in %s', async (what, call, message) => {
    const net = await make();
    const before = net.save();
    const words = x.words.slice();
    words[words.length - 1] = 9;
    await expect(call(net, { ...x, words })).rejects.toThrow(message);
    if (what !== 'a batch') expect(net.save()).toEqual(before);
    else expect(net.steps).toBe(1);
  });
});

describe('gradients by the inputs', () => {
  it('are 0 for indices, and for numbers those of the cost, by gradients and by backward', async () => {
    const net = await make();
    const { inputs, parameters } = net.gradients(x, y);
    const outputs = net.predict(x);
    const slopes = outputs.map((a, i) => a - y[i]);
    const back = net.backward(x, slopes);
    expect(inputs).toHaveLength(5 * ROWS);
    for (const own of [inputs, back.inputs]) {
      expect(own.filter((_, at) => at % 5 >= 2)).toEqual(new Float32Array(3 * ROWS));
    }
    expect(
      deviation(
        back.inputs,
        inputs.map((d) => d * ROWS),
      ),
    ).toBeLessThan(1e-6);
    for (const [name, { data }] of Object.entries(parameters)) {
      expect(deviation(back.parameters[name].data, data), name).toBeLessThan(1e-6);
    }
    // by differences: of a number in row 4, and of the table
    const cost = (): number => net.evaluate(x, y).loss;
    const slope = (array: Float32Array, at: number, write: () => void): number => {
      const kept = array[at];
      const costs = [0.01, -0.01].map((by) => {
        array[at] = kept + by;
        write();
        return cost();
      });
      array[at] = kept;
      write();
      return (costs[0] - costs[1]) / 0.02;
    };
    expect(slope(x.numbers, 9, () => undefined)).toBeCloseTo(inputs[4 * 5 + 1], 4);
    const tensor = net.getParameters()[TABLE];
    const place = 5 * x.words[7] + 2;
    expect(slope(tensor.data, place, () => net.setParameters({ [TABLE]: tensor }))).toBeCloseTo(
      parameters[TABLE].data[place],
      4,
    );
    expect(Math.abs(parameters[TABLE].data[place])).toBeGreaterThan(1e-3);
  });

  it('chain from one network to another through its numbers alone', async () => {
    const below = await createNetwork({ inputs: 4, layers: [dense(2, 'tanh')], seed: 5 });
    made.push(below);
    const net = await make();
    const source = Float32Array.from({ length: 4 * ROWS }, randomNumbers(8));
    const upper = (): Named => ({ ...x, numbers: below.predict(source) });
    const { inputs } = net.backward(
      upper(),
      net.predict(upper()).map((a, i) => a - y[i]),
    );
    const numbers = inputs.filter((_, at) => at % 5 < 2);
    const { parameters } = below.backward(source, numbers);
    const { data } = parameters['layers.0.bias'];
    const before = below.getParameters()['layers.0.bias'].data;
    const costs = [0.01, -0.01].map((by) => {
      below.setParameters({ 'layers.0.bias': { data: [before[0] + by, before[1]] } });
      return net.evaluate(upper(), y).loss;
    });
    expect((costs[0] - costs[1]) / 0.02).toBeCloseTo(data[0], 4);
  });
});

describe('reading', () => {
  it('takes the same names in turns as at once, and one by one', async () => {
    const net = await make();
    expect(await net.predictAsync(x)).toEqual(net.predict(x));
    expect(await net.evaluateAsync(x, y)).toEqual(net.evaluate(x, y));
    expect(await net.gradientsAsync(x, y)).toEqual(net.gradients(x, y));
    const each = net.gradients(x, y, { each: true });
    expect(each).toHaveLength(ROWS);
    expect(deviation(each[4].inputs, net.gradients(...rows(4, 5)).inputs)).toBeLessThan(1e-6);
    expect(net.explain(...rows(4, 5)).loss).toBeCloseTo(each[4].loss, 5);
  });
});

describe('normalize in one branch', () => {
  const layers = [concat({ numbers: [normalize()], words: [embedding(9, 5)] }), dense(7, 'tanh'), dense(2)];

  it('learns from the numbers of that part', async () => {
    const net = await make({ layers });
    const far = { ...x, numbers: x.numbers.map((value, i) => (i % 2 ? 500 : 1) * value + 30) };
    net.adapt(far);
    const means = [0, 1].map((j) => far.numbers.filter((_, i) => i % 2 === j).reduce((a, b) => a + b) / ROWS);
    expect(deviation(net.getParameters()['layers.0.0.0.mean'].data, means)).toBeLessThan(1e-6);
    const fitted = await make({ layers });
    await fitted.fit(far, y);
    await net.fit(far, y);
    expect(fitted.getParameters()).toEqual(net.getParameters());
  });

  it('takes bytes of a scale as the numbers that they are', async () => {
    const [bytes, floats] = [await make({ layers }), await make({ layers })];
    const data = Uint8Array.from({ length: 2 * ROWS }, (_, i) => (i * 37) % 256);
    await bytes.fit({ ...x, numbers: scaled(data, 1 / 256) }, y);
    await floats.fit({ ...x, numbers: Float32Array.from(data, (byte) => byte / 256) }, y);
    expect(bytes.getParameters()).toEqual(floats.getParameters());
  });
});
