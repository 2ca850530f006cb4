import { expect, test } from 'vitest';
import { createNetwork, dense, type Network } from '../../src/index.js';
import { randomNumbers } from '../reference/samples.js';

const create = (): Promise<Network> => createNetwork({ inputs: 3, layers: [dense(5, 'tanh'), dense(2)], seed: 4 });
const next = randomNumbers(6);
// more rows than a pass takes
const x = Float32Array.from({ length: 3 * 700 }, next);

test('a prediction goes into the array that is given, and that array comes back', async () => {
  const net = await create();
  const into = new Float32Array(1400);
  const fresh = net.predict(x);
  expect(fresh).not.toBe(into);
  expect(net.predict(x, { into })).toBe(into);
  expect(into).toEqual(fresh);
  // a part of a larger array, of which the rest stays
  const larger = new Float32Array(1404).fill(7);
  net.predict(x, { into: larger.subarray(2, 1402) });
  expect(larger.subarray(2, 1402)).toEqual(fresh);
  expect([...larger.subarray(0, 2), ...larger.subarray(1402)]).toEqual([7, 7, 7, 7]);
});

test('an array that does not fit is refused', async () => {
  const net = await create();
  const into = (value: unknown) => (): unknown => net.predict(x, { into: value as Float32Array });
  expect(into(new Float32Array(1399))).toThrow(
    new RangeError('"into" has 1399 values: expected 1400 (700 examples of 2 outputs)'),
  );
  expect(into(new Float64Array(1400))).toThrow(
    new TypeError('"into" must be a Float32Array: got a Float64Array of 1400'),
  );
  expect(into([])).toThrow(TypeError);
  expect(() => net.predict(x, { out: new Float32Array(1400) } as object)).toThrow(/predict has no option "out"/);
});
