import { expect, test } from 'vitest';
import { adam, createNetwork, dense, scaled, type Inputs, type Network } from '../../src/index.js';
import { randomNumbers } from '../reference/samples.js';

const INPUTS = 13;
const ROWS = 70;
const SCALE = 1 / 255;

const next = randomNumbers(5);
const pixels = Uint8Array.from({ length: ROWS * INPUTS }, () => Math.floor((next() + 1) * 128));
const labels = Int32Array.from({ length: ROWS }, (_, i) => i % 3);
/** What the bytes stand for. */
const floats = Float32Array.from(pixels, (pixel) => pixel * Math.fround(SCALE));

const create = (): Promise<Network> =>
  createNetwork({
    inputs: INPUTS,
    layers: [dense(9, 'tanh'), dense(3, 'softmax')],
    optimizer: adam({ rate: 0.01 }),
    seed: 3,
  });

/** Everything that a network says when it is given `x`. */
async function trained(x: Inputs): Promise<unknown[]> {
  const net = await create();
  const history = await net.fit(x, labels, { epochs: 3, batchSize: 8, validation: [x, labels] });
  const loss = net.trainBatch(x, labels);
  const losses = history.map((epoch) => [epoch.loss, epoch.validation]);
  return [losses, loss, net.predict(x), net.evaluate(x, labels), net.gradients(x, labels), net.getParameters()];
}

test('bytes give the bits of the floats that they stand for', async () => {
  expect(await trained(scaled(pixels, SCALE))).toEqual(await trained(floats));
});

test('bytes without a scale are themselves', async () => {
  expect(await trained(pixels)).toEqual(await trained(Float32Array.from(pixels)));
  expect(await trained(new Uint8ClampedArray(pixels))).toEqual(await trained(Float32Array.from(pixels)));
});

test('explain takes them too', async () => {
  const net = await create();
  const example = scaled(pixels.subarray(0, INPUTS), SCALE);
  expect(net.explain(example, 1)).toEqual(net.explain(floats.subarray(0, INPUTS), 1));
});

test('what is no byte, and a scale that is none, are refused', async () => {
  const data = floats as unknown as Uint8Array;
  expect(() => scaled(data, 1)).toThrow(new TypeError('"data" must be a Uint8Array: got a Float32Array of 910'));
  for (const scale of [0, -1, NaN, Infinity, 1e37]) {
    expect(() => scaled(pixels, scale)).toThrow(
      new RangeError(`"scale" must be a finite number above 0 and up to ${3.4e38 / 255}: got ${scale}`),
    );
  }
  expect(() => scaled(pixels, 1e-60)).toThrow(new RangeError('"scale" is 1e-60: float32 holds nothing that small'));
  expect(() => scaled(pixels, '1' as unknown as number)).toThrow(TypeError);

  const net = await create();
  const short = scaled(pixels.subarray(1), SCALE);
  expect(() => net.predict(short)).toThrow(new RangeError('"x" has 909 values: expected a multiple of 13 (inputs)'));
  const targets = scaled(pixels, SCALE) as unknown as Uint8Array;
  expect(() => net.trainBatch(floats, targets)).toThrow(/^"y" must be a typed array of numbers or an array of rows/);
});
