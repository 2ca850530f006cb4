/** Kinds of layers: against the float64 reference, by finite differences, with threads, saved and gone on with. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  adam,
  concat,
  createNetwork,
  dense,
  loadNetwork,
  sgd,
  type LayerExplanation,
  type Network,
  type NetworkOptions,
  type ParametersInput,
} from '../../src/index.js';
import { getEngine } from '../../src/engine/engines.js';
import { nodesOf } from '../../src/model/definition.js';
import { KINDS } from '../../src/layers/kinds.js';
import { deviation, relativeError, rowsOf } from '../reference/compare.js';
import { LAYERS, runLayers, type Rows } from '../reference/layers.js';
import { masksOf } from '../reference/masks.js';
import { randomNumbers } from '../reference/samples.js';
import { LAYER_CASES, type LayerCase } from './layer-cases.js';

const OUTPUTS = 2;
const SEED = 5;
/** More than one tile of rows, and no multiple of one. */
const ROWS = 23;

const made: Network[] = [];
afterEach(() => made.splice(0).forEach((net) => net.dispose()));

async function networkOf(
  { inputs, parts, layers }: LayerCase,
  options: Partial<NetworkOptions> = {},
): Promise<Network> {
  const all = [...layers, dense(OUTPUTS)];
  const net = await createNetwork({
    inputs: parts ?? inputs,
    layers: all,
    optimizer: sgd({ rate: 0.05 }),
    seed: SEED,
    ...options,
  });
  made.push(net);
  net.setParameters(keptTensors(net));
  return net;
}

/** For the tensors that no gradient changes, and those that scale columns, values that are not those at first. */
function keptTensors(net: Network): ParametersInput {
  const next = randomNumbers(7);
  const all = net.getParameters();
  const begins = (name: string): number | undefined => {
    if (/mean/i.test(name)) return 0;
    if (/variance|count/i.test(name)) return 1.3;
    const { shape } = all[name.replace(/bias$/, 'weight')];
    return shape.length === 1 ? Number(name.endsWith('weight')) : undefined;
  };
  const given: Record<string, { data: Float32Array }> = {};
  for (const [name, { data }] of Object.entries(all)) {
    const middle = begins(name);
    if (middle !== undefined) given[name] = { data: data.map(() => middle + 0.5 * next()) };
  }
  return given;
}

interface Data {
  /** What methods take. */
  readonly x: Float32Array | Record<string, Float32Array>;
  /** The same, all columns side by side. */
  readonly rows: Float32Array;
  readonly y: Float32Array;
}

function dataOf({ inputs, parts, categories }: LayerCase, count = ROWS): Data {
  const next = randomNumbers(99);
  const rows = Float32Array.from({ length: count * inputs }, (_, at) => {
    const indices = categories?.[at % inputs] ?? 0;
    return indices ? Math.floor((indices * (next() + 1)) / 2) : 2 * next() - 1;
  });
  const y = Float32Array.from({ length: count * OUTPUTS }, () => 2 * next() - 1);
  if (!parts) return { x: rows, rows, y };
  let from = 0;
  const x: Record<string, Float32Array> = {};
  for (const [name, columns] of Object.entries(parts)) {
    const first = from;
    x[name] = Float32Array.from(
      { length: count * columns },
      (_, at) => rows[Math.floor(at / columns) * inputs + first + (at % columns)],
    );
    from += columns;
  }
  return { x, rows, y };
}

const tensorsOf = (net: Network): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.entries(net.getParameters()).map(([name, { data }]) => [name.replace('layers.', ''), data]),
  );

/** mse of the reference, and the way back. */
function reference(each: LayerCase, tensors: Record<string, ArrayLike<number>>, x: Rows, y: Rows, training = false) {
  const layers = [...each.layers, dense(OUTPUTS)];
  const masks = training ? masksOf(nodesOf({ ...each, layers }), x.length, SEED, 0) : {};
  const columns = each.parts && { '0.columns': Object.values(each.parts) };
  const run = runLayers(layers, '', { ...tensors, ...masks, ...columns }, x, training);
  const errors = run.a.map((row, i) => row.map((a, j) => a - y[i][j]));
  const count = x.length * OUTPUTS;
  return {
    outputs: run.a.flat(),
    loss: errors.flat().reduce((sum, e) => sum + e * e, 0) / count,
    back: () => run.backward(errors.map((row) => row.map((e) => (2 * e) / count))),
  };
}

const bitsOf = (net: Network): number[] =>
  Object.values(net.getParameters()).flatMap(({ data }) => [...new Uint32Array(data.buffer)]);

/** dC/da of the first value that a layer reads, as the layer that gave it tells. */
function derivativeOf(
  layers: readonly LayerExplanation[],
  each: LayerCase,
  index: number,
  inputs: Float32Array,
): number {
  const { below } = nodesOf({ ...each, layers: [...each.layers, dense(OUTPUTS)] })[index];
  return below < 0 ? inputs[0] : layers[below].dA[0];
}

it('every kind of the library has a reference and a case', () => {
  expect(Object.keys(LAYERS).sort()).toEqual(Object.keys(KINDS).sort());
  const tried = JSON.stringify(LAYER_CASES);
  for (const kind of Object.keys(KINDS)) expect(tried).toContain(`"kind":"${kind}"`);
});

describe.each(LAYER_CASES)('$name', (each) => {
  it.each(['reproducible', 'fused'] as const)('gives what the reference gives (%s)', async (numerics) => {
    const net = await networkOf(each, { numerics });
    const { x, rows, y } = dataOf(each);
    const { outputs, loss } = reference(each, tensorsOf(net), rowsOf(rows, each.inputs), rowsOf(y, OUTPUTS));
    expect(deviation(net.predict(x), outputs)).toBeLessThan(2e-6);
    expect(relativeError([net.evaluate(x, y).loss], [loss])).toBeLessThan(2e-6);
  });

  it.each([
    ['reproducible', false],
    ['reproducible', true],
    ['fused', false],
    ['fused', true],
  ] as const)('has the gradients of the reference (%s, training: %s)', async (numerics, training) => {
    const net = await networkOf(each, { numerics });
    const { x, rows, y } = dataOf(each);
    const found = net.gradients(x, y, { training });
    const { loss, back } = reference(each, tensorsOf(net), rowsOf(rows, each.inputs), rowsOf(y, OUTPUTS), training);
    expect(relativeError([found.loss], [loss])).toBeLessThan(2e-6);
    const { dX, gradients } = back();
    const names = Object.keys(found.parameters);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      expect(deviation(found.parameters[name].data, gradients[name.replace('layers.', '')]), name).toBeLessThan(1e-5);
    }
    expect(deviation(found.inputs, dX.flat())).toBeLessThan(5e-6);
  });

  it.each([false, true])('has the slopes of its cost, by central differences (training: %s)', async (training) => {
    const net = await networkOf(each);
    const { x, rows, y } = dataOf(each, 7);
    const tensors = tensorsOf(net);
    const [rowsX, rowsY] = [rowsOf(rows, each.inputs), rowsOf(y, OUTPUTS)];
    const found = net.gradients(x, y, { training });
    const step = 1e-5;
    for (const [name, { data }] of Object.entries(found.parameters)) {
      const own = name.replace('layers.', '');
      for (let at = 0; at < data.length; at += Math.max(1, Math.floor(data.length / 5))) {
        const costAt = (change: number): number => {
          const moved = Float64Array.from(tensors[own]);
          moved[at] += change;
          return reference(each, { ...tensors, [own]: moved }, rowsX, rowsY, training).loss;
        };
        const slope = (costAt(step) - costAt(-step)) / (2 * step);
        expect(Math.abs(data[at] - slope), `${name}[${at}]`).toBeLessThan(2e-5 * Math.max(1, Math.abs(slope)));
      }
    }
  });

  it('takes nothing from what another network left in the memory that they share', async () => {
    const engine = await getEngine('reproducible');
    const { x, y } = dataOf(each);
    const other = await networkOf(LAYER_CASES[0]);
    const outcomes = [];
    for (const left of [0, NaN, 3e38, -1]) {
      const net = await networkOf(each, { clipNorm: 0.5 });
      const afterOthers = <T>(work: () => T): T => {
        // has the workspace as large as it will be, and then the other's
        net.gradients(x, y, { training: true });
        other.predict(dataOf(LAYER_CASES[0]).x);
        engine.f32(engine.workspace.at, engine.workspace.bytes / 4).fill(left);
        return work();
      };
      const read = [net.predict(x), afterOthers(() => net.gradients(x, y)), afterOthers(() => net.evaluate(x, y))];
      const trained = afterOthers(() => [net.gradients(x, y, { training: true }), net.trainBatch(x, y)]);
      outcomes.push({ read, trained, after: net.getParameters() });
    }
    for (const outcome of outcomes.slice(1)) expect(outcome).toEqual(outcomes[0]);
  });

  it('is explained: the paths of every value add up to what it means for the cost', async () => {
    const net = await networkOf(each);
    const { x, y } = dataOf(each, 1);
    const found = net.gradients(x, y);
    const { layers } = net.explain(x, y);
    for (const [index, { name, kind }] of layers.entries()) {
      expect(name).toMatch(/^\d+(\.\d+)*$/);
      const { activation } = net.explain(x, y, { activation: { layer: index, k: 0 } });
      // an index has no slope
      if (kind === 'embedding') expect(activation!.paths).toEqual([]);
      else expect(activation!.paths.length, `${name} ${kind}`).toBeGreaterThan(0);
      expect(deviation([activation!.sum], [derivativeOf(layers, each, index, found.inputs)])).toBeLessThan(1e-5);
    }
    const layer = layers.findIndex(
      ({ name, kind }) => kind === 'dense' && Object.hasOwn(found.parameters, `layers.${name}.weight`),
    );
    const named = `layers.${layers[layer].name}.weight`;
    const { weight } = net.explain(x, y, { weight: { layer, j: 0, k: 0 } });
    expect(deviation([weight!.derivative], [found.parameters[named].data[0]])).toBeLessThan(1e-5);
    expect(weight!.value).toBe(net.getParameters()[named].data[0]);
  });

  it('has gradients of single examples, whose mean is that of all', async () => {
    const net = await networkOf(each);
    const { x, y } = dataOf(each, 6);
    const nodes = nodesOf({ ...each, layers: [...each.layers, dense(OUTPUTS)] });
    if (nodes.some(({ kind, layer }) => kind.wholeBatches?.(layer))) {
      expect(() => net.gradients(x, y, { each: true })).toThrow(/"each" cannot be had with layer .*, a batchNorm/);
      return;
    }
    const all = net.gradients(x, y, { each: true });
    for (const [name, { data }] of Object.entries(net.gradients(x, y).parameters)) {
      const mean = Array.from(data, (_, at) => all.reduce((sum, one) => sum + one.parameters[name].data[at] / 6, 0));
      expect(deviation(data, mean), name).toBeLessThan(1e-5);
    }
  });

  it('learns', async () => {
    const net = await networkOf(each, { optimizer: adam({ rate: 0.02 }) });
    const { x, y } = dataOf(each);
    const before = net.evaluate(x, y).loss;
    await net.fit(x, y, { epochs: 60, batchSize: 8 });
    expect(net.evaluate(x, y).loss).toBeLessThan(0.7 * before);
  });

  it('comes to the same bits with threads, and in passes of fewer rows', async () => {
    const { x, y } = dataOf(each, 300);
    const bits: number[][] = [];
    for (const threads of [1, 3]) {
      const net = await networkOf(each, { threads });
      await net.fit(x, y, { epochs: 2, batchSize: 150 });
      bits.push(bitsOf(net));
    }
    expect(bits[1]).toEqual(bits[0]);
  });

  it('goes on with the same bits when it was saved', async () => {
    const net = await networkOf(each, { optimizer: adam() });
    const { x, y } = dataOf(each);
    await net.fit(x, y, { epochs: 2, batchSize: 10 });
    const loaded = await loadNetwork(net.save());
    made.push(loaded);
    expect(bitsOf(loaded)).toEqual(bitsOf(net));
    for (const one of [net, loaded]) await one.fit(x, y, { epochs: 2, batchSize: 10 });
    expect(bitsOf(loaded)).toEqual(bitsOf(net));
    expect(loaded.predict(x)).toEqual(net.predict(x));
  });
});

describe('a layer that is not trained', () => {
  it('keeps its parameters to the bit, and has no gradient', async () => {
    const layers = [dense(6, 'tanh'), dense(4, 'tanh', { trainable: false }), dense(OUTPUTS)];
    const net = await createNetwork({ inputs: 5, layers, seed: 1 });
    made.push(net);
    const { x, y } = dataOf({ name: '', inputs: 5, layers: [] });
    const before = net.getParameters();
    expect(Object.keys(net.gradients(x, y).parameters)).toEqual(
      ['0.weight', '0.bias', '2.weight', '2.bias'].map((name) => `layers.${name}`),
    );
    await net.fit(x, y, { epochs: 3 });
    const after = net.getParameters();
    for (const name of Object.keys(before)) {
      const isFrozen = name.startsWith('layers.1.');
      if (isFrozen) expect(after[name], name).toEqual(before[name]);
      else expect(after[name], name).not.toEqual(before[name]);
    }
  });
});

it('a network with fewer tensors than layers is loaded', async () => {
  const layers = [concat([[], [], []]), dense(1, 'linear', { bias: false })];
  const net = await createNetwork({ inputs: 2, layers, optimizer: sgd() });
  const loaded = await loadNetwork(net.save());
  made.push(net, loaded);
  expect(loaded.predict([1, 2])).toEqual(net.predict([1, 2]));
});

describe('layers that do not fit are refused', () => {
  const refusal = (layers: unknown): Promise<unknown> =>
    createNetwork({ inputs: 3, layers: layers as NetworkOptions['layers'] }).then(
      () => 'made',
      (error: unknown) => String(error),
    );

  it.each([
    [
      'a residual whose sizes differ',
      [{ kind: 'residual', layers: [dense(4)] }, dense(1)],
      'RangeError: the residual layer 0 takes 3 values and its last layer gives 4: they are added up, so there must be as many',
    ],
    [
      'an empty residual',
      [{ kind: 'residual', layers: [] }, dense(1)],
      'RangeError: "layers[0].layers" must hold at least one layer, such as dense(10)',
    ],
    [
      'a last layer of another kind',
      [{ kind: 'residual', layers: [dense(3)] }],
      'RangeError: the last layer is of the kind residual: the loss is taken of a dense one, such as dense(1)',
    ],
    [
      'an unknown kind',
      [{ kind: 'densee', units: 1 }],
      `RangeError: "layers[0].kind" must be one of ${Object.keys(KINDS).join(', ')}: got "densee" (did you mean "dense"?)`,
    ],
    [
      'a softmax within',
      [{ kind: 'concat', branches: [[dense(2, 'softmax')]] }, dense(1)],
      'RangeError: "layers[0.0.0]" has the activation softmax: only the last layer can',
    ],
    [
      'a softmax by itself',
      [{ kind: 'activation', activation: 'softmax' }, dense(1)],
      'RangeError: "layers[0].activation" is softmax, which takes whole rows: only the last dense layer can have it',
    ],
    [
      'a rate of 1',
      [{ kind: 'dropout', rate: 1 }, dense(1)],
      'RangeError: "layers[0].rate" must be a finite number from 0 and below 1: got 1',
    ],
    [
      'branches that are none',
      [{ kind: 'concat', branches: 3 }, dense(1)],
      'TypeError: "layers[0].branches" must be an array of arrays of layers, such as [[dense(10, "relu")], []]: got 3',
    ],
  ])('%s', async (_, layers, message) => {
    expect(await refusal(layers)).toBe(message);
  });
});
