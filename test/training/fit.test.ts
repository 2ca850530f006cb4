/** The training loop: what it reports, what changes no bit of its result, what steers it, and how it stops. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OPTIMIZER } from '../../src/engine/records.generated.js';
import { readField } from '../../src/engine/records.js';
import {
  constant,
  cosine,
  createNetwork,
  dense,
  DivergenceError,
  sgd,
  stepDecay,
  warmUp,
  type BatchReport,
  type FitOptions,
  type NetworkOptions,
  type Parameters,
  type Rate,
  type Schedule,
} from '../../src/index.js';
import { Model } from '../../src/model/model.js';
import { deviation, rowsOf } from '../reference/compare.js';
import { flatten, trainStep } from '../reference/network.js';
import { createOptimizer } from '../reference/optimizers.js';
import { randomNumbers, sampleData, sampleNetwork } from '../reference/samples.js';
import { sha256 } from '../sha256.js';
import { flat, parametersOf, type LibraryNetwork } from './support.js';

const alive: LibraryNetwork[] = [];

afterEach(() => {
  for (const net of alive.splice(0)) net.dispose();
});

async function make(options: NetworkOptions): Promise<LibraryNetwork> {
  const net = await createNetwork({ seed: 7, ...options });
  alive.push(net);
  return net;
}

/** Every bit of a network: weights, optimizer state, steps, shuffles. */
function bits(net: LibraryNetwork): string {
  return sha256(net.save());
}

function numbers(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, randomNumbers(seed));
}

/** Inputs, and the index of the largest of the first `classes` of them: something that can be learnt. */
function classification(n: number, inputs: number, classes: number, seed = 1): [x: Float32Array, labels: Int32Array] {
  const x = numbers(n * inputs, seed);
  const labels = rowsOf(x, inputs).map((row) => row.indexOf(Math.max(...row.slice(0, classes))));
  return [x, Int32Array.from(labels)];
}

const CLASSIFIER: NetworkOptions = { inputs: 6, layers: [dense(9, 'tanh'), dense(3, 'softmax')] };

/** The same steps one by one, in the order of the data, with each batch's loss. `steps` may end within an epoch. */
function trainByHand(net: LibraryNetwork, x: Float32Array, y: Int32Array, batchSize: number, steps: number): number[] {
  const batches = Math.ceil(y.length / batchSize);
  return Array.from({ length: steps }, (_, step) => {
    const from = (step % batches) * batchSize;
    const part = x.subarray(from * net.inputs, (from + batchSize) * net.inputs);
    return net.trainBatch(part, y.subarray(from, from + batchSize));
  });
}

describe('an epoch', () => {
  const [x, labels] = classification(10, 6, 3);
  const [xv, yv] = classification(7, 6, 3, 2);

  it('reports the examples before their steps, the validation after, and the steps in all', async () => {
    const [net, twin] = [await make(CLASSIFIER), await make(CLASSIFIER)];
    const options: FitOptions = { batchSize: 4, shuffle: false, validation: [xv, yv] };
    const history = [...(await net.fit(x, labels, { ...options, epochs: 2 })), ...(await net.fit(x, labels, options))];

    expect(history.map(({ number, steps }) => [number, steps])).toEqual([
      [1, 3],
      [2, 6],
      [1, 9],
    ]);
    for (const epoch of history) {
      let [loss, hits] = [0, 0];
      for (const [from, to] of [
        [0, 4],
        [4, 8],
        [8, 10],
      ]) {
        const batch = [x.subarray(from * 6, to * 6), labels.subarray(from, to)] as const;
        hits += twin.evaluate(...batch).accuracy! * (to - from);
        loss += twin.trainBatch(...batch) * (to - from);
      }
      expect(epoch.loss).toBeCloseTo(loss / 10, 12);
      expect(epoch.accuracy).toBeCloseTo(hits / 10, 12);
      expect(epoch.validation).toEqual(twin.evaluate(xv, yv));
      expect(epoch.seconds).toBeGreaterThan(0);
      expect(epoch.samplesPerSecond).toBeCloseTo(10 / epoch.seconds, 6);
    }
  });

  it.each([
    ['softmax', 'crossEntropy', 3, true],
    ['softmax', 'quadratic', 3, true],
    ['sigmoid', 'binaryCrossEntropy', 3, true],
    ['sigmoid', 'mse', 1, true],
    ['linear', 'mse', 3, false],
    ['tanh', 'quadratic', 1, false],
  ] as const)('of %s under %s with %i outputs has an accuracy: %s', async (last, loss, outputs, classifies) => {
    const net = await make({ inputs: 6, layers: [dense(outputs, last)], loss });
    const y = new Float32Array(10 * outputs);
    const [epoch] = await net.fit(x, y, { validation: [x, y] });
    expect('accuracy' in epoch).toBe(classifies);
    expect('accuracy' in epoch.validation!).toBe(classifies);
    expect((await net.fit(x, y))[0]).not.toHaveProperty('validation');
  });

  it('tells onBatch about each batch, in order', async () => {
    const [net, twin] = [await make(CLASSIFIER), await make(CLASSIFIER)];
    const reports: BatchReport[] = [];
    const onBatch = (report: BatchReport) => reports.push(report);
    await net.fit(x, labels, { epochs: 2, batchSize: 4, shuffle: false, onBatch });
    const losses = trainByHand(twin, x, labels, 4, 6);
    expect(reports).toEqual(
      losses.map((loss, i) => ({
        epoch: Math.floor(i / 3) + 1,
        batch: (i % 3) + 1,
        batches: 3,
        step: i + 1,
        loss,
        samples: i % 3 === 2 ? 2 : 4,
      })),
    );
  });
});

describe('the rate', () => {
  const network = sampleNetwork({
    sizes: [4, 7, 3],
    activations: [{ name: 'tanh' }, { name: 'linear' }],
    loss: { name: 'mse' },
    seed: 5,
  });
  const { x, targets } = sampleData(network, 18, 6);
  const cosineFrom = (step: number): number => 0.02 + (0.3 - 0.02) * (0.5 + 0.5 * Math.cos((Math.PI * step) / 20));
  const SCHEDULES: [name: string, schedule: Schedule, formula: Schedule][] = [
    ['constant', constant(0.2), () => 0.2],
    ['stepDecay', stepDecay({ rate: 0.3, every: 7, factor: 0.6 }), (step) => 0.3 * 0.6 ** Math.floor(step / 7)],
    ['cosine', cosine({ from: 0.3, to: 0.02, steps: 20 }), (step) => (step < 20 ? cosineFrom(step) : 0.02)],
    [
      'warmUp',
      warmUp({ steps: 6, then: cosine({ from: 0.3, to: 0.02, steps: 20 }) }),
      (step) => (step < 6 ? (0.3 * (step + 1)) / 6 : cosineFrom(Math.min(step - 6, 20))),
    ],
    ['a function of the step', (step) => 0.3 / (1 + step / 4), (step) => 0.3 / (1 + step / 4)],
  ];

  /** Six epochs of five batches, the last one short, by the library and by the reference. */
  async function fitBoth(rate: Schedule, formula: Schedule, clipNorm?: number): Promise<[number[], number[]]> {
    const clip = clipNorm === undefined ? {} : { clipNorm };
    const options = { inputs: 4, layers: [dense(7, 'tanh'), dense(3)], optimizer: sgd({ rate, momentum: 0.5 }) };
    const net = await make({ ...options, ...clip });
    net.setParameters(parametersOf(network));
    await net.fit(flat(x), flat(targets), { epochs: 6, batchSize: 4, shuffle: false });
    const expected = { ...structuredClone(network), ...clip };
    const optimizer = createOptimizer({ name: 'sgd', rate: 0, momentum: 0.5 });
    for (let step = 0; step < 30; step++) {
      const from = (step % 5) * 4;
      trainStep(expected, optimizer, x.slice(from, from + 4), targets.slice(from, from + 4), formula(step));
    }
    const actual = Object.values(net.getParameters()).flatMap(({ data }) => Array.from(data));
    return [actual, flatten(expected.layers)];
  }

  it.each(SCHEDULES)('of %s is what the formula says, and trains as the reference does', async (_, rate, formula) => {
    for (let step = 0; step < 40; step++) expect(rate(step)).toBeCloseTo(formula(step), 14);
    const [actual, expected] = await fitBoth(rate, formula);
    expect(deviation(actual, expected)).toBeLessThan(1e-5);
  });

  it('is clipped away from a gradient that is too long', async () => {
    const [actual, expected] = await fitBoth(constant(0.3), () => 0.3, 0.05);
    expect(deviation(actual, expected)).toBeLessThan(1e-5);
    const [unclipped] = await fitBoth(constant(0.3), () => 0.3);
    expect(deviation(actual, unclipped)).toBeGreaterThan(0.1);
  });

  it('is asked once for each step, in order', async () => {
    const steps: number[] = [];
    const rate = (step: number): number => 0.01 * (1 + steps.push(step));
    const net = await make({ inputs: 4, layers: [dense(3)], optimizer: sgd({ rate }) });
    await net.fit(flat(x), flat(targets), { epochs: 2, batchSize: 4 });
    net.trainBatch(flat(x), flat(targets));
    net.gradients(flat(x), flat(targets));
    await net.fit(flat(x), flat(targets), { epochs: 2, batchSize: 4, onBatch: () => undefined });
    expect(steps).toEqual(Array.from({ length: 21 }, (_, step) => step));
  });
});

describe('early stopping', () => {
  // The output climbs from 0 to 1, past the 0.35 that the validation asks for.
  const [x, y, yv] = [[[1]], [[1]], [[0.35]]];
  const validation = [x, yv] as const;
  const climber = async (rate: Rate = 0.05): Promise<LibraryNetwork> => {
    const net = await make({ inputs: 1, layers: [dense(1)], optimizer: sgd({ rate }) });
    net.setParameters({ 'layers.0.weight': { data: [0] }, 'layers.0.bias': { data: [0] } });
    return net;
  };
  const EPOCHS = 30;

  /** The validation loss and the weights after each epoch of a fit that nothing stops. */
  async function unstopped(): Promise<{ losses: number[]; weights: Parameters[]; best: number }> {
    const net = await climber();
    const losses: number[] = [];
    const weights: Parameters[] = [];
    for await (const epoch of net.epochs(x, y, { epochs: EPOCHS, validation })) {
      losses.push(epoch.validation!.loss);
      weights.push(net.getParameters());
    }
    return { losses, weights, best: losses.indexOf(Math.min(...losses)) };
  }

  it('waits for as many epochs as it is told, and puts back the weights of the best', async () => {
    const { losses, weights, best } = await unstopped();
    expect(best).toBeGreaterThan(0);
    for (const patience of [1, 3]) {
      const net = await climber();
      const history = await net.fit(x, y, { epochs: EPOCHS, validation, earlyStopping: { patience } });
      expect(history.map((epoch) => epoch.validation!.loss)).toEqual(losses.slice(0, best + 1 + patience));
      expect(net.getParameters()).toEqual(weights[best]);
      expect(net.steps).toBe(history.length);
    }
    const net = await climber();
    expect(await net.fit(x, y, { epochs: EPOCHS, validation, earlyStopping: true })).toHaveLength(best + 21);
    expect(net.getParameters()).toEqual(weights[best]);
  });

  it('puts them back before the last epoch is told, also where the epochs run out first', async () => {
    const { weights, best } = await unstopped();
    const net = await climber();
    const after: Parameters[] = [];
    for await (const { number } of net.epochs(x, y, { epochs: best + 3, validation, earlyStopping: true })) {
      after[number - 1] = net.getParameters();
    }
    expect(after).toEqual([...weights.slice(0, best + 2), weights[best]]);
  });

  describe('puts them back however the training ends', () => {
    const broken = new Error('mine');
    /** The epoch in which each comes to its end, counted on from the best. */
    const ends: Record<string, (net: LibraryNetwork, best: number) => Promise<unknown>> = {
      'by break': async (net, best) => {
        for await (const { number } of net.epochs(x, y, { epochs: EPOCHS, validation, earlyStopping: true })) {
          if (number === best + 3) break;
        }
      },
      'by return': async (net, best) => {
        const epochs = net.epochs(x, y, { epochs: EPOCHS, validation, earlyStopping: true });
        for (let number = 1; number <= best + 2; number++) await epochs.next();
        await epochs.return();
      },
      'by an abort': async (net, best) => {
        const controller = new AbortController();
        const onBatch = ({ epoch }: BatchReport): void => {
          if (epoch === best + 3) controller.abort(broken);
        };
        const options = { epochs: EPOCHS, validation, earlyStopping: true, onBatch, signal: controller.signal };
        await expect(net.fit(x, y, options)).rejects.toBe(broken);
      },
      'by an error of a callback': async (net, best) => {
        const onBatch = ({ epoch }: BatchReport): void => {
          if (epoch === best + 2) throw broken;
        };
        await expect(net.fit(x, y, { epochs: EPOCHS, validation, earlyStopping: true, onBatch })).rejects.toBe(broken);
      },
    };
    for (const [how, end] of Object.entries(ends)) {
      it(how, async () => {
        const { weights, best } = await unstopped();
        const net = await climber();
        await end(net, best);
        expect(net.getParameters()).toEqual(weights[best]);
        expect(net.steps).toBeGreaterThan(best + 1);
      });
    }

    it('by a divergence', async () => {
      const { weights, best } = await unstopped();
      const net = await climber((step) => (step < best + 2 ? 0.05 : 1e35));
      await expect(net.fit(x, y, { epochs: EPOCHS, validation, earlyStopping: true })).rejects.toThrow(DivergenceError);
      expect(net.getParameters()).toEqual(weights[best]);
    });

    it('but not with restoreBest: false', async () => {
      const { weights, best } = await unstopped();
      const net = await climber();
      const options = { epochs: EPOCHS, validation, earlyStopping: { restoreBest: false, patience: 9 } };
      for await (const { number } of net.epochs(x, y, options)) if (number === best + 3) break;
      expect(net.getParameters()).toEqual(weights[best + 2]);
    });

    it('and a network that is disposed of meanwhile is left alone', async () => {
      const net = await climber();
      const epochs = net.epochs(x, y, { epochs: EPOCHS, validation, earlyStopping: true });
      await epochs.next();
      net.dispose();
      const next = await climber(); // in the same memory
      const before = next.getParameters();
      await epochs.return();
      expect(next.getParameters()).toEqual(before);
    });
  });

  it.each([true, false])(
    'forgets the bounds on the weights that it takes away: restoreBest %s',
    async (restoreBest) => {
      const prepare = vi.spyOn(Model.prototype, 'prepare');
      const net = await climber();
      await net.fit(x, y, { epochs: EPOCHS, validation, earlyStopping: { restoreBest } });
      const { engine, optimizerAt } = prepare.mock.contexts.at(-1) as Model;
      prepare.mockRestore();
      for (const field of ['largestWeight', 'largestVelocity', 'largestRatio'] as const) {
        const bound = readField(engine, OPTIMIZER, optimizerAt, field);
        if (restoreBest) expect(bound, field).toBe(Infinity);
        else if (field === 'largestWeight') expect(bound).toBeLessThan(Infinity);
      }
    },
  );

  it('keeps the last weights with restoreBest: false', async () => {
    const { weights, best } = await unstopped();
    const net = await climber();
    const earlyStopping = { patience: 2, restoreBest: false };
    const history = await net.fit(x, y, { epochs: EPOCHS, validation, earlyStopping });
    expect(history).toHaveLength(best + 3);
    expect(net.getParameters()).toEqual(weights[best + 2]);
  });

  it('counts only what is better by minDelta', async () => {
    const { weights } = await unstopped();
    const net = await climber();
    const earlyStopping = { patience: 2, minDelta: 1 };
    expect(await net.fit(x, y, { epochs: EPOCHS, validation, earlyStopping })).toHaveLength(3);
    expect(net.getParameters()).toEqual(weights[0]);
  });
});

describe('stopping', () => {
  const [x, labels] = classification(50, 6, 3);
  const plan: FitOptions = { epochs: 1000, batchSize: 8, shuffle: false };

  /** Its step takes longer than the event loop may wait. */
  const SLICED: NetworkOptions = {
    inputs: 300,
    layers: [dense(2000, 'relu'), dense(300, 'relu'), dense(10, 'softmax')],
    optimizer: sgd({ rate: 0.01, momentum: 0.9 }),
  };

  /** The network stands where so many whole steps lead, and goes on from there. */
  async function expectSteps(
    net: LibraryNetwork,
    steps: number,
    options = CLASSIFIER,
    data = [x, labels] as const,
    batchSize = 8,
  ): Promise<void> {
    const twin = await make(options);
    trainByHand(twin, ...data, batchSize, steps);
    expect(net.steps).toBe(steps);
    expect(bits(net)).toBe(bits(twin));
    const [after, expected] = [net, twin].map((either) => either.trainBatch(data[0], data[1]));
    expect(after).toBe(expected);
  }

  it('begins nothing when the signal is aborted already', async () => {
    const net = await make(CLASSIFIER);
    const reason = new Error('not today');
    await expect(net.fit(x, labels, { ...plan, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expectSteps(net, 0);
  });

  it('ends after the batch in which the signal is aborted, with its reason', async () => {
    const net = await make(CLASSIFIER);
    const abort = new AbortController();
    const onBatch = ({ step }: BatchReport): void => {
      if (step === 17) abort.abort('enough');
    };
    await expect(net.fit(x, labels, { ...plan, onBatch, signal: abort.signal })).rejects.toBe('enough');
    await expectSteps(net, 17);
  });

  it('ends when a timer aborts the signal, at a whole step', async () => {
    const net = await make(CLASSIFIER);
    const signal = AbortSignal.timeout(30);
    await expect(net.fit(x, labels, { ...plan, epochs: 1e9, signal })).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(net.steps).toBeGreaterThan(0);
    await expectSteps(net, net.steps);
  });

  it('ends at a whole step, also where steps are taken in slices', async () => {
    const net = await make(SLICED);
    const data = classification(64, 300, 10);
    const abort = new AbortController();
    // the event loop turns for the first time within a step
    setTimeout(() => abort.abort('enough'));
    await expect(net.fit(...data, { ...plan, batchSize: 64, signal: abort.signal })).rejects.toBe('enough');
    expect(net.steps).toBeLessThan(1000);
    await expectSteps(net, net.steps, SLICED, data, 64);
  });

  it('ends with what onBatch throws', async () => {
    const net = await make(CLASSIFIER);
    const failure = new Error('mine');
    const onBatch = ({ step }: BatchReport): void => {
      if (step === 5) throw failure;
    };
    await expect(net.fit(x, labels, { ...plan, onBatch })).rejects.toBe(failure);
    await expectSteps(net, 5);
  });

  it('ends with what the rate throws, and makes no step with it', async () => {
    const failure = new Error('mine');
    let failed = false;
    const rate = (step: number): number => {
      if (step !== 5 || failed) return 0.1;
      failed = true;
      throw failure;
    };
    const options: NetworkOptions = { ...CLASSIFIER, optimizer: sgd({ rate }) };
    const net = await make(options);
    await expect(net.fit(x, labels, { ...plan, onBatch: () => undefined })).rejects.toBe(failure);
    await expectSteps(net, 5, options);
  });

  it('ends where the reader of epochs breaks off, and leaves the network free', async () => {
    const net = await make(CLASSIFIER);
    for await (const { number } of net.epochs(x, labels, plan)) {
      await expect(net.fit(x, labels)).rejects.toThrow('being trained');
      if (number === 3) break;
    }
    await expectSteps(net, 21);
    expect(await net.fit(x, labels, { epochs: 2 })).toHaveLength(2);
  });

  it('ends with an error when the network is disposed', async () => {
    const net = await make(CLASSIFIER);
    setTimeout(() => net.dispose());
    await expect(net.fit(x, labels, { ...plan, epochs: 1e9 })).rejects.toThrow('disposed');
  });
});
