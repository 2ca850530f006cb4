/** `net.quantize()`: what it predicts, to the last bit in every build, and what it costs a network that has learnt. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { QuantizedNetwork } from '../../src/api/quantized.js';
import { getEngine } from '../../src/engine/engines.js';
import type { Int8Kernels } from '../../src/engine/int8.js';
import {
  activation,
  batchNorm,
  concat,
  createNetwork,
  dense,
  dropout,
  embedding,
  layerNorm,
  loadQuantized,
  normalize,
  residual,
  scaled,
  type Network,
} from '../../src/index.js';
import { Model } from '../../src/model/model.js';
import { makeModel, quantise } from '../../src/model/quantised.js';
import { INT8_VARIANTS, type Int8Variant, int8Exports } from '../kernels/harness.js';
import { predict } from '../reference/quantised.js';
import { randomNumbers } from '../reference/samples.js';
import { sha256 } from '../sha256.js';

const alive: { dispose(): void }[] = [];

afterEach(() => {
  for (const net of alive.splice(0)) net.dispose();
});

const kept = <T extends { dispose(): void }>(net: T): T => {
  alive.push(net);
  return net;
};

async function make(...options: Parameters<typeof createNetwork>): Promise<Network> {
  return kept(await createNetwork(...options));
}

/** The model behind a network. */
function modelOf(net: Network): Model {
  const prepare = vi.spyOn(Model.prototype, 'prepare');
  net.predict(new Float32Array(net.inputs));
  const model = prepare.mock.contexts.at(-1) as Model;
  prepare.mockRestore();
  return model;
}

/** What `quantize` makes, by a build of the test's choice. */
async function quantizeBy(variant: Int8Variant, net: Network): Promise<QuantizedNetwork> {
  const engine = await getEngine('reproducible');
  const exports = await int8Exports(variant, engine.kernels as unknown as WebAssembly.Exports);
  const kernels = exports as unknown as Int8Kernels;
  return kept(new QuantizedNetwork({ model: makeModel(engine, kernels, quantise(modelOf(net))), kernels }));
}

const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, randomNumbers(seed));

const rowsOf = (flat: Float32Array, width: number): number[][] =>
  Array.from({ length: flat.length / width }, (_, i) => [...flat.subarray(i * width, (i + 1) * width)]);

/** The layers of a network of dense ones as the reference has them. */
function layersOf(net: Network): { weights: number[][]; biases: number[] }[] {
  const parameters = net.getParameters();
  const count = Object.keys(parameters).length / 2;
  return Array.from({ length: count }, (_, l) => {
    const { shape, data } = parameters[`layers.${l}.weight`];
    return { weights: rowsOf(data, shape[1]), biases: [...parameters[`layers.${l}.bias`].data] };
  });
}

describe.each(INT8_VARIANTS)('%s gives the bits of the reference', (variant) => {
  const inputs = [1, 2, 3, 4, 5, 15, 16, 17, 33];
  it.each([1, 2, 7, 8, 9, 10, 31, 32, 33, 40, 65])('with %i outputs, 1 to 9 rows', async (outputs) => {
    for (const [index, width] of inputs.entries()) {
      const net = await make({
        inputs: width,
        layers: [dense(11, 'relu', { init: 'pytorch' }), dense(outputs)],
        seed: index,
      });
      const small = await quantizeBy(variant, net);
      const layers = layersOf(net);
      for (let rows = 1; rows <= 9; rows++) {
        const x = numbers(rows * width, rows);
        expect([...small.predict(x)]).toEqual(rowsOf(x, width).flatMap((row) => predict(layers, row)));
      }
    }
  });

  it('at the extremes', async () => {
    const net = await make({ inputs: 300, layers: [dense(33)], seed: 1 });
    for (const weight of [1, -1, 1e-30, 3e38, 0]) {
      net.setParameters({ 'layers.0.weight': { data: new Float32Array(33 * 300).fill(weight) } });
      const small = await quantizeBy(variant, net);
      const rows = [0, 1, -1, 1e-3, 1e-36].map((value) => new Array<number>(300).fill(value));
      rows.push(Array.from({ length: 300 }, (_, k) => (k % 2 ? 1 : -1)));
      const expected = rows.flatMap((row) => predict(layersOf(net), row));
      expect([...small.predict(Float32Array.from(rows.flat()))]).toEqual(expected);
      small.dispose();
    }
  });

  it('in more rows than one pass, and each row as it is alone', async () => {
    const net = await make({ inputs: 6, layers: [dense(9, 'tanh'), dense(3, 'softmax')], seed: 3 });
    const small = await quantizeBy(variant, net);
    const x = numbers(600 * 6, 5);
    const alone = rowsOf(x, 6).flatMap((row) => [...small.predict(row)]);
    expect([...small.predict(x)]).toEqual(alone);
    const over = x.slice(); // outputs over the memory of the inputs
    expect([...small.predict(over, { into: over.subarray(0, 1800) })]).toEqual(alone);
  });
});

/** Recorded once: every engine and processor gives this. */
it('gives the recorded bits', async () => {
  const layers = [dense(40, 'gelu'), residual([dense(40, 'sigmoid'), layerNorm()]), dense(5, 'softmax')];
  const net = await make({ inputs: 30, layers, seed: 11 });
  const small = kept(await net.quantize());
  const outputs = small.predict(numbers(7 * 30, 2));
  expect(sha256(new Uint8Array(outputs.buffer))).toBe(
    '24e856d3d46018153b078a8f7569ddf83859e6b80dca3f2faea01e43afcb40e5',
  );
  expect(sha256(small.save())).toBe('7b1bae4fbe836a6a03738b16043b1c5228f6b33141ef4af9b10961ac4dada4bb');
});

describe('layers of other kinds', () => {
  it('are float32 as they were', async () => {
    const layers = [
      normalize(),
      dense(24),
      batchNorm(),
      activation('silu'),
      residual([dropout(0.5), dense(24, 'tanh'), layerNorm()]),
      concat([[dense(5, 'elu')], []]),
      dense(2, 'softmax'),
    ];
    const net = await make({ inputs: 12, layers, seed: 4 });
    const x = numbers(300 * 12, 6).map((value, i) => value * 10 ** ((i % 12) - 6)); // columns of very different scales
    const labels = Int32Array.from({ length: 300 }, (_, i) => Number(x[i * 12] > 0));
    await net.fit(x, labels, { epochs: 3, batchSize: 20 });
    const small = kept(await net.quantize());
    const [wide, narrow] = [net.predict(x), small.predict(x)];
    const differences = wide.map((value, i) => Math.abs(value - narrow[i]));
    expect(Math.max(...differences)).toBeLessThan(0.05);
    expect(Math.max(...differences)).toBeGreaterThan(0);
  });

  it('take named parts, indices and bytes', async () => {
    const parts = { city: 1, pixels: 9 };
    const layers = [concat({ city: [embedding(20, 4)], pixels: [] }), dense(8, 'relu'), dense(1)];
    const net = await make({ inputs: parts, layers, seed: 5 });
    const small = kept(await net.quantize());
    const bytes = Uint8Array.from({ length: 36 }, (_, i) => i * 7);
    const x = { city: [3, 0, 19, 7], pixels: scaled(bytes, 1 / 255) };
    const [wide, narrow] = [net.predict(x), small.predict(x)];
    wide.forEach((value, i) => expect(narrow[i]).toBeCloseTo(value, 1));
    expect(() => small.predict({ ...x, city: [3, 0, 20, 7] })).toThrow('expected a whole number from 0 to 19');
  });
});

describe('values that are not finite', () => {
  it('are refused as predict refuses them', async () => {
    const net = await make({ inputs: 3, layers: [dense(2)], seed: 1 });
    const small = kept(await net.quantize());
    for (const value of [NaN, Infinity, 1e39]) {
      const refusal = (of: { predict(x: number[]): unknown }): string => {
        try {
          return String(of.predict([1, value, 2]));
        } catch (error) {
          return String(error);
        }
      };
      expect(refusal(small)).toBe(refusal(net));
      expect(refusal(small)).toContain('RangeError');
    }
  });

  it('on the way make a row NaN, and no other', async () => {
    const net = await make({ inputs: 1, layers: [dense(2), dense(2)], seed: 1 });
    net.setParameters({ 'layers.0.weight': { data: [3e38, 1] } });
    const small = kept(await net.quantize());
    const outputs = small.predict([1, 3e38, 1]);
    expect([...outputs].map(Number.isFinite)).toEqual([true, true, false, false, true, true]);
    expect(outputs[2]).toBeNaN();
    expect([...outputs.subarray(4)]).toEqual([...outputs.subarray(0, 2)]);
  });
});

describe('what it is made of', () => {
  const x = numbers(40 * 4, 9);
  const y = numbers(40 * 2, 8);

  it('is what predict reads: the average of the weights', async () => {
    const net = await make({ inputs: 4, layers: [dense(6, 'tanh'), dense(2)], seed: 1 });
    await net.fit(x, y, { epochs: 3, average: { decay: 0.9 } });
    const other = await make({ inputs: 4, layers: [dense(6, 'tanh'), dense(2)], seed: 2 });
    other.setParameters(net.getParameters());
    const [a, b] = [kept(await net.quantize()), kept(await other.quantize())];
    expect(a.predict(x)).toEqual(b.predict(x));
  });

  it('does not change with the network, and outlives it', async () => {
    const net = await createNetwork({ inputs: 4, layers: [dense(6, 'tanh'), dense(2)], seed: 1 });
    const small = kept(await net.quantize());
    const before = small.predict(x);
    net.trainBatch(x, y);
    net.dispose();
    expect(small.predict(x)).toEqual(before);
  });

  it('is the same for a fused network and one with threads', async () => {
    const [a, b, c] = await Promise.all(
      [{}, { numerics: 'fused' as const }, { threads: 2 }].map(async (more) => {
        const net = await make({ inputs: 4, layers: [dense(6, 'tanh'), dense(2)], seed: 1, ...more });
        return kept(await net.quantize()).predict(x);
      }),
    );
    expect(b).toEqual(a);
    expect(c).toEqual(a);
  });

  it('is at most 131072 inputs wide', async () => {
    const net = await make({ inputs: 131_073, layers: [dense(1)], seed: 1 });
    await expect(net.quantize()).rejects.toThrow('layer 0 has 131073 inputs: at most 131072 can be quantized');
    const most = await make({ inputs: 131_072, layers: [dense(1, 'linear', { bias: false })], seed: 1 });
    most.setParameters({ 'layers.0.weight': { data: new Float32Array(131_072).fill(1) } });
    const small = kept(await most.quantize());
    expect(small.predict(new Float32Array(131_072).fill(1))[0]).toBeCloseTo(131_072, -1);
    expect(small.predict(new Float32Array(131_072).fill(-1))[0]).toBeCloseTo(-131_072, -1);
  });
});

describe('its life', () => {
  it('has sizes, a summary, and measures like the network', async () => {
    const net = await make({ inputs: 4, layers: [dense(6, 'relu'), dense(3, 'softmax')], seed: 1 });
    const small = kept(await net.quantize());
    expect([small.inputs, small.outputs]).toEqual([4, 3]);
    expect(small.summary()).toContain('dense 4 -> 6');
    expect(small.summary()).toContain('int8');
    const [x, y] = [numbers(400, 1), Int32Array.from({ length: 100 }, (_, i) => i % 3)];
    const [wide, narrow] = [net, small].map((each) => each.evaluate(x, y, { metrics: ['f1'] }));
    expect(narrow.loss).toBeCloseTo(wide.loss, 2);
    expect(Object.keys(narrow)).toEqual(Object.keys(wide));
  });

  it('ends with dispose', async () => {
    const net = await make({ inputs: 2, layers: [dense(1)], seed: 1 });
    const small = await net.quantize();
    expect(() => small.toJSON()).toThrow('loadQuantized');
    small.dispose();
    small.dispose();
    for (const call of [() => small.predict([1, 2]), () => small.evaluate([1, 2], [1]), () => small.save()]) {
      expect(call).toThrow('the network has been disposed');
    }
    expect(() => small.summary()).toThrow('the network has been disposed');
    net.dispose();
    await expect(net.quantize()).rejects.toThrow('the network has been disposed');
  });

  it('gives its memory back', async () => {
    const net = await make({ inputs: 300, layers: [dense(300), dense(3)], seed: 1 });
    const { kernels } = await getEngine('reproducible');
    (await net.quantize()).dispose();
    const before = kernels.memory.buffer.byteLength;
    for (let i = 0; i < 50; i++) (await net.quantize()).dispose();
    expect(kernels.memory.buffer.byteLength).toBe(before);
  });

  it('refuses what is no input, and changes nothing', async () => {
    const net = await make({ inputs: 2, layers: [dense(1)], seed: 1 });
    const small = kept(await net.quantize());
    const into = Float32Array.of(7);
    expect(() => small.predict([1, 2, 3])).toThrow('expected a multiple of 2');
    expect(() => small.predict([1, 2, 3, 4], { into })).toThrow('"into" has 1 value: expected 2');
    expect(into[0]).toBe(7);
  });

  it('is saved in a quarter of the bytes, and loaded to the same bits', async () => {
    const layers = [
      normalize(),
      dense(200, 'relu'),
      batchNorm(),
      dense(100, 'tanh', { bias: false }),
      dense(10, 'softmax'),
    ];
    const net = await make({ inputs: 150, layers, seed: 6 });
    const small = kept(await net.quantize());
    const file = small.save();
    const floats = Object.values(net.getParameters()).reduce((sum, { data }) => sum + 4 * data.length, 0);
    expect(file.length).toBeLessThan(0.3 * floats);
    const loaded = kept(await loadQuantized(file));
    expect(loaded.save()).toEqual(file);
    const x = numbers(20 * 150, 3);
    expect(loaded.predict(x)).toEqual(small.predict(x));
    expect(loaded.summary()).toBe(small.summary());
  });
});
