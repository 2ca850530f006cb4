/** PyTorch's runs of networks that are no chain of dense layers: see `fixtures/training/graph.py`. */
import { describe, expect, it } from 'vitest';
import { adam, createNetwork, sgd, type Layer, type Parameters } from '../../src/index.js';
import { readBytes } from '../files.js';
import { deviation } from '../reference/compare.js';
import { NUMERICS } from './support.js';

type Arrays = Record<string, number[]>;

interface Golden {
  readonly epochs: number;
  readonly batchSize: number;
  readonly runs: readonly {
    readonly name: string;
    readonly inputs: number;
    readonly layers: readonly Layer[];
    readonly optimizer: 'sgd' | 'adam';
    readonly settings: { readonly rate: number; readonly momentum?: number };
    readonly x: number[];
    readonly y: number[];
    readonly first: Arrays;
    readonly gradients: Arrays;
    readonly last: Arrays;
    readonly outputs: number[];
  }[];
}

const text = new TextDecoder().decode(await readBytes('test/fixtures/training/graph.json'));
const { epochs, batchSize, runs } = JSON.parse(text) as Golden;

function compare(found: Parameters, expected: Arrays, tolerance: number): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected)) {
    expect(deviation(found[name].data, values), name).toBeLessThan(tolerance);
  }
}

describe.each(NUMERICS)('%s', (numerics) => {
  it.each(runs)('$name, by $optimizer', async ({ inputs, layers, optimizer, settings, x, y, ...run }) => {
    const make = { sgd, adam }[optimizer];
    const net = await createNetwork({ inputs, layers, optimizer: make(settings), seed: 1, numerics });
    net.setParameters(Object.fromEntries(Object.entries(run.first).map(([name, data]) => [name, { data }])));
    compare(net.gradients(Float32Array.from(x), Float32Array.from(y)).parameters, run.gradients, 5e-6);
    await net.fit(Float32Array.from(x), Float32Array.from(y), { epochs, batchSize, shuffle: false });
    compare(net.getParameters(), run.last, 2e-5);
    expect(deviation(net.predict(Float32Array.from(x)), run.outputs)).toBeLessThan(2e-5);
    net.dispose();
  });
});
