/** Tables of categories: against PyTorch's runs (`fixtures/training/embedding.py`), what a step touches, and refusals. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  adagrad,
  adam,
  concat,
  createNetwork,
  dense,
  embedding,
  loadNetwork,
  scaled,
  sgd,
  type Network,
  type NetworkOptions,
  type Optimizer,
} from '../../src/index.js';
import { getEngine } from '../../src/engine/engines.js';
import { readExamples } from '../../src/data/numbers.js';
import { checkDefinition } from '../../src/model/definition.js';
import { Model } from '../../src/model/model.js';
import { makeStep } from '../../src/training/step.js';
import { readBytes } from '../files.js';
import { deviation } from '../reference/compare.js';
import { NUMERICS, type Numerics } from './support.js';

const made: Network[] = [];
afterEach(() => made.splice(0).forEach((net) => net.dispose()));

async function make(options: NetworkOptions): Promise<Network> {
  const net = await createNetwork({ seed: 3, ...options });
  made.push(net);
  return net;
}

interface Golden {
  readonly numbers: number[];
  readonly indices: number[];
  readonly y: number[];
  readonly first: Record<string, number[]>;
  readonly runs: Record<'sgd' | 'adam' | 'adagrad', { losses: number[]; parameters: Record<string, number[]> }>;
}

const OPTIMIZERS = { sgd, adam, adagrad };

const tabular = (optimizer: Optimizer, numerics: Numerics = 'reproducible'): Promise<Network> =>
  make({
    optimizer,
    numerics,
    inputs: { numbers: 2, words: 3 },
    layers: [concat({ numbers: [], words: [embedding(9, 5)] }), dense(6, 'tanh'), dense(2)],
  });

describe.each(['sgd', 'adam', 'adagrad'] as const)('trained by %s', (name) => {
  it.each(NUMERICS)('comes to where PyTorch does, %s', async (numerics) => {
    const golden = JSON.parse(
      new TextDecoder().decode(await readBytes('test/fixtures/training/embedding.json')),
    ) as Golden;
    const net = await tabular(OPTIMIZERS[name]({ rate: 0.02 }), numerics);
    net.setParameters(Object.fromEntries(Object.entries(golden.first).map(([key, data]) => [key, { data }])));
    const { losses, parameters } = golden.runs[name];
    const found: number[] = [];
    for (let epoch = 0; epoch < 4; epoch++) {
      for (let from = 0; from < 12; from += 5) {
        const to = Math.min(12, from + 5);
        const x = { numbers: golden.numbers.slice(2 * from, 2 * to), words: golden.indices.slice(3 * from, 3 * to) };
        found.push(net.trainBatch(x, golden.y.slice(2 * from, 2 * to)));
      }
    }
    expect(deviation(found, losses)).toBeLessThan(1e-5);
    for (const [key, { data }] of Object.entries(net.getParameters())) {
      expect(deviation(data, parameters[key]), key).toBeLessThan(2e-5);
    }
  });
});

describe('a step', () => {
  it.each(['sgd', 'adam', 'adagrad'] as const)(
    'reads and writes nothing of the rows it does not touch (%s)',
    async (name) => {
      const options = name === 'sgd' ? sgd({ rate: 0.1, momentum: 0.9, weightDecay: 0.1 }) : OPTIMIZERS[name]({});
      const definition = checkDefinition({
        inputs: 2,
        layers: [embedding(100, 3), dense(2)],
        optimizer: options,
        clipNorm: 0.5,
        seed: 1,
      });
      const engine = await getEngine('reproducible');
      const model = await engine.make(() => new Model(engine, definition));
      try {
        model.initialise();
        const { at } = model.plan.nodes[0].tensors[0];
        const touched = new Set([7, 8, 99]);
        const arrays = [model.parametersAt, model.gradientsAt, ...model.state.map((row) => row.at)];
        const step = (last: number): number =>
          makeStep(model, readExamples([7, 99, last, 7], [1, 2, 3, 4], model.shape), 0.01);
        // the first step reads everything once, for the bounds that later ones carry on
        step(8);
        // whatever is worked out with a NaN is one
        for (const array of arrays) {
          const rows = engine.f32(array + at * 4, 400);
          for (let row = 0; row < 100; row++) if (!touched.has(row)) rows.fill(NaN, row * 4, row * 4 + 4);
        }
        for (let count = 0; count < 70; count++) expect(step(count % 2 ? 8 : 7)).toBeGreaterThan(0);
        for (const array of arrays) {
          const rows = engine.f32(array + at * 4, 400);
          for (let row = 0; row < 100; row++) {
            const isClean = [...rows.subarray(row * 4, row * 4 + 4)].every((value) => Number.isNaN(value));
            expect(isClean, `row ${row}`).toBe(!touched.has(row));
          }
        }
      } finally {
        engine.release(model.at);
      }
    },
  );

  it('leaves the gradients of rows that only an earlier batch touched at 0', async () => {
    const net = await make({ inputs: 1, layers: [embedding(6, 3), dense(1)] });
    net.trainBatch([1, 4], [1, 2]);
    const { data } = net.gradients([2, 2], [5, 7]).parameters['layers.0.weight'];
    const touched = Array.from({ length: 6 }, (_, row) => data.subarray(3 * row, 3 * row + 3).some((d) => d !== 0));
    expect(touched).toEqual([false, false, true, false, false, false]);
  });

  it('has the bits of one with the gradient that gradients gave', async () => {
    const nets = [await tabular(adam()), await tabular(adam())];
    const x = { numbers: [0.1, 0.2, 0.3, 0.4], words: [1, 2, 2, 8, 0, 1] };
    const y = [1, 2, 3, 4];
    for (let step = 0; step < 3; step++) {
      nets[0].trainBatch(x, y);
      nets[1].applyGradients(nets[1].gradients(x, y).parameters);
    }
    expect(nets[1].getParameters()).toEqual(nets[0].getParameters());
  });
});

describe('named inputs', () => {
  const x = { numbers: [0.1, 0.2, 0.3, 0.4], words: [1, 2, 2, 8, 0, 1] };

  it('are bytes or numbers, in any order', async () => {
    const net = await tabular(adam());
    const same = {
      words: Uint8Array.from(x.words),
      numbers: [
        [0.1, 0.2],
        [0.3, 0.4],
      ],
    };
    expect(net.predict(same)).toEqual(net.predict(x));
    const bytes = {
      words: scaled(
        Uint8Array.from(x.words, (word) => 2 * word),
        0.5,
      ),
      numbers: x.numbers,
    };
    expect(net.predict(bytes)).toEqual(net.predict(x));
    expect(net.inputs).toBe(5);
  });

  it('are saved with their names', async () => {
    const net = await tabular(adam());
    await net.fit(x, [1, 2, 3, 4], { epochs: 2 });
    const loaded = await loadNetwork(net.save());
    made.push(loaded);
    expect(loaded.predict(x)).toEqual(net.predict(x));
    expect(net.summary()).toMatch(/^0\.1\.0 +embedding 3 of 9 -> 15 +45$/m);
  });

  it.each([
    ['no object', [1, 2], 'TypeError: "x" has no part "numbers": it must be an object with the parts numbers, words'],
    [
      'too few',
      { numbers: [1, 2] },
      'TypeError: "x" has no part "words": it must be an object with the parts numbers, words',
    ],
    ['too many', { ...x, more: [1] }, 'TypeError: "x" has a part "more", which "inputs" has not'],
    [
      'rows that differ',
      { ...x, words: [1, 2, 3] },
      'RangeError: "x.words" has 1 row: expected 2 rows, one for each of "x.numbers"',
    ],
    [
      'a fraction',
      { ...x, words: [1, 2, 2, 3, 0.5, 1] },
      'RangeError: "x.words" holds 0.5 at row 1, column 1: expected a whole number from 0 to 8',
    ],
    [
      'an index too large',
      { ...x, words: [1, 2, 9, 3, 0, 1] },
      'RangeError: "x.words" holds 9 at row 0, column 2: expected a whole number from 0 to 8',
    ],
    [
      'an index below 0',
      { ...x, words: [-1, 2, 9, 3, 0, 1] },
      'RangeError: "x.words" holds -1 at row 0, column 0: expected a whole number from 0 to 8',
    ],
  ])('refuse %s', async (_, given, message) => {
    const net = await tabular(adam());
    expect(() => net.predict(given as never)).toThrow(message.replace(/^\w+: /, ''));
    let said = '';
    try {
      net.trainBatch(given, [1, 2, 3, 4]);
    } catch (error) {
      said = String(error);
    }
    expect(said).toBe(message);
  });
});

describe('networks that cannot be made', () => {
  it.each([
    [
      'an embedding of what a layer gives',
      { inputs: 2, layers: [dense(3), embedding(4, 2), dense(1)] },
      'RangeError: "layers[1]" is an embedding of what another layer gives: it takes indices, and so has to be the first ' +
        'layer, or the first in a branch of a concat with names',
    ],
    [
      'names that the first layer does not have',
      { inputs: { a: 2, b: 1 }, layers: [concat({ a: [] }), dense(1)] },
      'RangeError: "inputs" has a part "b", of which the first layer knows nothing: it must be a concat with a branch for ' +
        'each part, such as concat({ a: [], b: [] })',
    ],
    [
      'names that the inputs do not have',
      { inputs: 2, layers: [concat({ a: [] }), dense(1)] },
      'RangeError: the concat layer 0 has a branch "a": names are for the first layer of a network whose "inputs" has them',
    ],
    [
      'a part without columns',
      { inputs: { a: 0 }, layers: [concat({ a: [] }), dense(1)] },
      'RangeError: "inputs.a" must be a whole number from 1 to 2147483647: got 0',
    ],
  ])('%s', async (_, options, message) => {
    const said = await createNetwork(options as unknown as NetworkOptions).then(() => 'made', String);
    expect(said).toBe(message);
  });
});
