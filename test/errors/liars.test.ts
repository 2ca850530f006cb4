/** Typed arrays that answer untruly: what the library reads is theirs, whatever they say, and nothing that lies beyond. */
import { expect, it } from 'vitest';
import { createNetwork, dense, loadNetwork, scaled, type Network } from '../../src/index.js';
import { classifier, fingerprint, refusal, resizable } from './support.js';

/** More rows than one pass takes, so that they are copied in parts. */
const ROWS = 600;
const values = Float32Array.from({ length: 2 * ROWS }, (_, i) => Math.sin(i));
const labels = Uint8Array.from({ length: ROWS }, (_, i) => i % 3);

type Floats = new (source: number | ArrayBuffer | ArrayLike<number>) => Float32Array;

/** A class of arrays that lie in every way that JavaScript allows, `claimed` being what they call their length. */
function liars(Base: Floats, claimed: number): Floats {
  const strangers = new Float32Array(8).fill(99);
  return class extends Base {
    static get [Symbol.species](): unknown {
      return function (): Float32Array {
        return strangers;
      };
    }
    override get length(): number {
      return claimed;
    }
    override get byteLength(): number {
      return claimed * 4;
    }
    override get byteOffset(): number {
      return 4;
    }
    override get buffer(): ArrayBuffer {
      return strangers.buffer;
    }
    override subarray(): Float32Array<ArrayBuffer> {
      return strangers;
    }
    override slice(): Float32Array<ArrayBuffer> {
      return strangers;
    }
    override set(): void {
      throw new Error('set');
    }
    override keys(): never {
      throw new Error('keys');
    }
    override [Symbol.iterator](): never {
      throw new Error('iterator');
    }
  };
}

/** Arrays that hold `honest`, and say something else. */
function lying(Base: Floats, honest: ArrayLike<number>): Float32Array[] {
  return [0, honest.length - 2, honest.length + 2, 2, NaN, -1].flatMap((claimed) => {
    const own = new Base(honest);
    Object.defineProperty(own, 'length', { value: claimed });
    return [new (liars(Base, claimed))(honest), own];
  });
}

const sameEverywhere = async (x: unknown, y: unknown): Promise<unknown[]> => {
  const net = await classifier();
  const history = await net.fit(x as Float32Array, y as Uint8Array, { epochs: 1, validation: [x, y] as never });
  const [epoch] = history;
  const batch = net.trainBatch(x as Float32Array, y as Uint8Array);
  const answers = [net.predict(x as Float32Array), net.evaluate(x as Float32Array, y as Uint8Array)];
  return [epoch?.loss, epoch?.validation, batch, ...answers, net.gradients(x as never, y as never), fingerprint(net)];
};

it('x, y and the validation data are read by what they are', async () => {
  const expected = await sameEverywhere(values, labels);
  for (const x of lying(Float32Array, values)) expect(await sameEverywhere(x, labels)).toEqual(expected);
  for (const y of lying(Uint8Array as unknown as Floats, labels)) {
    expect(await sameEverywhere(values, y)).toEqual(expected);
  }
  const oneHot = Float32Array.from({ length: 3 * ROWS }, (_, i) => Number(labels[Math.floor(i / 3)] === i % 3));
  const dense = await sameEverywhere(values, oneHot);
  for (const y of lying(Float32Array, oneHot)) expect(await sameEverywhere(values, y)).toEqual(dense);
});

it('bytes are read by what they are, and a scale that was made elsewhere is none', async () => {
  const net = await classifier();
  const pixels = Uint8Array.from({ length: 2 * ROWS }, (_, i) => i % 256);
  const expected = net.predict(scaled(pixels, 1 / 255));
  for (const data of lying(Uint8Array as unknown as Floats, pixels)) {
    expect(net.predict(scaled(data as unknown as Uint8Array, 1 / 255))).toEqual(expected);
  }
  const honest = scaled(pixels, 1 / 255);
  expect(() => Object.assign(honest, { scale: NaN })).toThrow(TypeError);
  const forged = Object.create(Object.getPrototypeOf(honest) as object, {
    data: { value: pixels },
    scale: { get: () => NaN },
  }) as typeof honest;
  expect(await refusal(() => net.predict(forged))).toMatch(/^TypeError: "x" must be a typed array of numbers/);
});

it('a row of an array of rows has the length that it has', async () => {
  const net = await classifier();
  const expected = net.predict([1, 2]);
  for (const row of lying(Float32Array, [1, 2])) expect(net.predict([row])).toEqual(expected);
  const long = Object.defineProperty(Float32Array.of(1, 2, 3), 'length', { value: 2 });
  const short = Object.defineProperty(Float32Array.of(1), 'length', { value: 2 });
  for (const row of [long, short]) {
    expect(await refusal(() => net.predict([row]))).toMatch(/^RangeError: "x\[0\]" has [13] values?: expected 2/);
  }
});

it('an array that is too short stays so, whatever it says, and no memory behind it is read', async () => {
  const net = await classifier();
  net.predict(new Float32Array(2 * ROWS).fill(7)); // what would be found there
  const short = Object.defineProperty(Float32Array.of(1), 'length', { value: 2 * ROWS });
  expect(await refusal(() => net.predict(short))).toBe(
    'RangeError: "x" has 1 value: expected a multiple of 2 (inputs)',
  );
});

it('"into" is filled by what it is', async () => {
  const net = await classifier();
  const expected = net.predict(values);
  for (const into of lying(Float32Array, new Float32Array(3 * ROWS))) {
    expect(net.predict(values, { into })).toBe(into);
    expect(Float32Array.prototype.every.call(into, (value, i) => value === expected[i])).toBe(true);
  }
  const short = Object.defineProperty(new Float32Array(3), 'length', { value: 3 * ROWS });
  expect(await refusal(() => net.predict(values, { into: short }))).toBe(
    'RangeError: "into" has 3 values: expected 1800 (600 examples of 3 outputs)',
  );
});

it('the data of a tensor are read by what they are', async () => {
  const net = await classifier();
  const bias = Float32Array.of(1, 2, 3, 4);
  const set = (data: unknown) => () => net.setParameters({ 'layers.0.bias': { data: data as Float32Array } });
  for (const data of lying(Float32Array, bias)) {
    net.setParameters({ 'layers.0.bias': { data: new Float32Array(4) } });
    set(data)();
    expect(net.getParameters()['layers.0.bias']?.data).toEqual(bias);
  }
  for (const length of [3, 5]) {
    const data = Object.defineProperty(new Float32Array(length), 'length', { value: 4 });
    expect(await refusal(set(data))).toBe(
      `RangeError: "layers.0.bias.data" has ${length} values: expected 4, for the shape [4]`,
    );
  }
  const view = Object.assign(new DataView(new ArrayBuffer(8)), { length: 4, 0: 1, 1: 2, 2: 3, 3: 4 });
  expect(await refusal(set(view))).toBe('TypeError: "layers.0.bias.data" must be an array of numbers: got a DataView');
});

it('a file is read by what it is', async () => {
  const net = await classifier();
  const saved = net.save();
  for (const bytes of lying(Uint8Array as unknown as Floats, saved)) {
    const same = await loadNetwork(bytes as unknown as Uint8Array);
    expect(fingerprint(same) === fingerprint(net)).toBe(true);
    same.dispose();
  }
  const posing = Object.assign(Object.create(null) as object, { [Symbol.toStringTag]: 'ArrayBuffer', length: 2 ** 30 });
  expect(await refusal(() => loadNetwork(posing as Uint8Array))).toMatch(/^TypeError: the file must be a Uint8Array/);
});

it('an array over memory that grows or shrinks is read at the length that it had when it was given', async () => {
  const net = await classifier();
  const buffer = resizable(8 * ROWS, 16 * ROWS);
  const x = new Float32Array(buffer);
  x.set(values);
  const expected = await (await classifier()).fit(values, labels, { epochs: 1 });
  const growing = net.fit(x, labels, { epochs: 1 });
  buffer.resize(16 * ROWS);
  expect((await growing)[0]?.loss).toBe(expected[0]?.loss);
});

it('"into" may lie over x: the outputs are those of x as it was given', async () => {
  for (const outputs of [1, 2, 3]) {
    const net: Network = await createNetwork({ inputs: 2, layers: [dense(outputs, 'tanh')], seed: 3 });
    const expected = net.predict(values);
    for (const kind of [ArrayBuffer, SharedArrayBuffer]) {
      for (const [xAt, intoAt] of [
        [0, 0],
        [4 * ROWS, 0],
        [0, 4 * ROWS],
        [0, 8 * ROWS - 4],
      ] as const) {
        const buffer = new kind(40 * ROWS);
        const x = new Float32Array(buffer as ArrayBuffer, xAt, 2 * ROWS);
        const into = new Float32Array(buffer as ArrayBuffer, intoAt, outputs * ROWS);
        x.set(values);
        net.predict(x, { into });
        expect(into).toEqual(expected);
      }
    }
    const buffer = new SharedArrayBuffer(16 * ROWS);
    const x = new Float32Array(buffer).subarray(0, 2 * ROWS);
    x.set(values);
    // the same memory by another name, as one that was posted to a worker and back
    const into = new Float32Array(structuredClone(buffer), 0, outputs * ROWS);
    net.predict(x, { into });
    expect(new Float32Array(into)).toEqual(expected);
  }
});
