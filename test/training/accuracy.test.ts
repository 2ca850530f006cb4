/** How accuracy is counted: by the largest output, or output by output. */
import { describe, expect, it } from 'vitest';
import { createNetwork, dense, type ActivationName, type LossName, type Network } from '../../src/index.js';

const CLASSES = 10;
/** More than one pass, and than one piece. */
const ROWS = 700;

/** A network without weights: its outputs are those of its biases, for every example. */
async function constant(biases: readonly number[], last: ActivationName, loss: LossName): Promise<Network> {
  const layers = [dense(biases.length, last, { init: 'zeros' })];
  const net = await createNetwork({ inputs: 1, layers, loss, seed: 1 });
  net.setParameters({ 'layers.0.bias': { data: biases } });
  return net;
}

const x = new Float32Array(ROWS);
const labels = Int32Array.from(x, (_, i) => i % CLASSES);
const oneHot = Float32Array.from({ length: ROWS * CLASSES }, (_, i) =>
  Number(labels[Math.floor(i / CLASSES)] === i % CLASSES),
);

/** The accuracies that evaluate, an epoch, its validation and a stream give. */
async function accuracies(net: Network, y: Float32Array): Promise<(number | undefined)[]> {
  const still = net.evaluate(x, y).accuracy;
  const [stream] = [await net.fitBatches([[x, y]])];
  return [still, stream.accuracy];
}

describe('accuracy', () => {
  for (const [last, loss] of [
    ['sigmoid', 'binaryCrossEntropy'],
    ['sigmoid', 'quadratic'],
    ['relu', 'binaryCrossEntropy'],
  ] as const) {
    it(`of one-hot rows is that of the largest output: ${last}, ${loss}`, async () => {
      // every output below 1/2, and the third the largest
      const biases = Array.from({ length: CLASSES }, (_, j) => (j === 2 ? 0.1 : 0.01) - (last === 'sigmoid' ? 3 : 0));
      const net = await constant(biases, last, loss);
      expect(await accuracies(net, oneHot)).toEqual([0.1, 0.1]);
      // from the same weights, for the whole of the examples, however they are divided
      const again = await constant(biases, last, loss);
      const [epoch] = await again.fit(x, oneHot, { batchSize: ROWS, validation: [x, oneHot] });
      expect(epoch?.accuracy).toBe(0.1);
      const one = oneHot.subarray(2 * CLASSES, 3 * CLASSES);
      expect((await constant(biases, last, loss)).evaluate([0], one).accuracy).toBe(1);
    });

    it(`of any other rows is counted output by output, if one row in hundreds is not: ${last}, ${loss}`, async () => {
      const biases = new Array<number>(CLASSES).fill(last === 'sigmoid' ? -3 : 0.01);
      for (const [index, value] of [
        [oneHot.length - 1, 0],
        [oneHot.length - 2, 1],
        [5, 0.25],
      ] as const) {
        const y = oneHot.slice();
        y[index] = value;
        const net = await constant(biases, last, loss);
        const wrong = y.filter((target) => target > 0.5).length;
        const expected = 1 - wrong / y.length;
        for (const accuracy of await accuracies(net, y)) expect(accuracy).toBeCloseTo(expected, 10);
        const [epoch] = await (await constant(biases, last, loss)).fit(x, y, { batchSize: ROWS });
        expect(epoch?.accuracy).toBeCloseTo(expected, 10);
      }
    });
  }

  it('of a single output is by its side of 1/2', async () => {
    for (const loss of ['binaryCrossEntropy', 'mse'] as const) {
      const net = await constant([1], 'sigmoid', loss);
      expect(net.evaluate([0, 0, 0, 0], [1, 1, 1, 0]).accuracy).toBe(0.75);
      expect(net.evaluate([0], [1]).accuracy).toBe(1);
    }
  });

  it('after a softmax is that of the largest output, whatever the targets', async () => {
    const net = await constant([0, 1, 0], 'softmax', 'crossEntropy');
    expect(net.evaluate([0, 0], [0.1, 0.6, 0.3, 0.6, 0.3, 0.1]).accuracy).toBe(0.5);
    expect(net.evaluate([0, 0], [1, 0]).accuracy).toBe(0.5);
  });

  it('of a training is counted as its examples are, and of its validation as those are', async () => {
    const mixed = oneHot.slice();
    mixed[0] = 0;
    const biases = new Array<number>(CLASSES).fill(-3);
    const net = await constant(biases, 'sigmoid', 'binaryCrossEntropy');
    const [epoch] = await net.fit(x, mixed, { batchSize: ROWS, validation: [x, oneHot] });
    expect(epoch?.accuracy).toBeGreaterThan(0.8);
    expect(epoch?.validation?.accuracy).toBeLessThan(0.2);
  });

  it('of examples one by one, in networks of at most 8 outputs, is no different', async () => {
    const rows = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0);
    const net = await constant([-2, -3, -4], 'sigmoid', 'quadratic');
    const [epoch] = await net.fit([0, 0, 0, 0], rows, { batchSize: 1, shuffle: false });
    expect(epoch?.accuracy).toBe(0.5);
  });
});
