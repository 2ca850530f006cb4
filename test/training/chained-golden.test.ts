/** Two networks that chain, under a loss of one's own, against PyTorch's autograd: `fixtures/training/chained.py`. */
import { describe, expect, it } from 'vitest';
import { adam, createNetwork, dense, sgd, type Network, type Parameters } from '../../src/index.js';
import { readBytes } from '../files.js';
import { deviation } from '../reference/compare.js';
import { valuesOf } from './runs.js';
import { NUMERICS, type Numerics } from './support.js';

type Arrays = Record<string, number[]>;

interface Golden {
  epochs: number;
  batchSize: number;
  x: number[];
  first: Record<'encoder' | 'decoder', Arrays>;
  losses: number[];
  /** dC_i/da of each step. */
  slopes: number[][];
  /** dC_i/dx of both networks in the first step. */
  passed: { code: number[]; x: number[] };
  gradients: Record<'encoder' | 'decoder', Arrays>;
  last: Record<'encoder' | 'decoder', Arrays>;
  outputs: number[];
}

const text = new TextDecoder().decode(await readBytes('test/fixtures/training/chained.json'));
const golden = JSON.parse(text) as Golden;
const TOLERANCE = 4e-6;

interface Pair {
  encoder: Network;
  decoder: Network;
}

async function createPair(numerics: Numerics): Promise<Pair> {
  const first = (name: 'encoder' | 'decoder') =>
    Object.fromEntries(Object.entries(golden.first[name]).map(([key, data]) => [key, { data }]));
  const encoder = await createNetwork({
    inputs: 5,
    layers: [dense(6, 'tanh'), dense(3, 'silu')],
    optimizer: sgd({ rate: 0.05, momentum: 0.9 }),
    seed: 1,
    numerics,
  });
  const decoder = await createNetwork({
    inputs: 3,
    layers: [dense(4, 'sigmoid'), dense(5)],
    optimizer: adam({ rate: 0.02 }),
    seed: 1,
    numerics,
  });
  encoder.setParameters(first('encoder'));
  decoder.setParameters(first('decoder'));
  return { encoder, decoder };
}

/** The rows of each step, and the slopes that autograd gave. */
function batches(): { x: number[]; dA: number[] }[] {
  const { x, batchSize, slopes } = golden;
  const perEpoch = slopes.length / golden.epochs;
  return slopes.map((dA, step) => {
    const from = (step % perEpoch) * batchSize;
    return { x: x.slice(5 * from, 5 * (from + batchSize)), dA };
  });
}

/** The mean over the examples of the sum of log(1 + d^2), and its slopes by the outputs of an example's own. */
function cost(outputs: Float32Array, x: number[], dOutputs: Float32Array): number {
  let sum = 0;
  outputs.forEach((a, i) => {
    const d = a - x[i];
    sum += Math.log(1 + d * d);
    dOutputs[i] = (2 * d) / (1 + d * d);
  });
  return sum / (outputs.length / 5);
}

function expectNear(found: Parameters, expected: Arrays): void {
  expect(deviation(...valuesOf(found, expected))).toBeLessThan(TOLERANCE);
}

function expectEnd({ encoder, decoder }: Pair): void {
  expectNear(encoder.getParameters(), golden.last.encoder);
  expectNear(decoder.getParameters(), golden.last.decoder);
  expect(deviation(decoder.predict(encoder.predict(golden.x)), golden.outputs)).toBeLessThan(TOLERANCE);
  for (const net of [encoder, decoder]) net.dispose();
}

describe.each(NUMERICS)('%s', (numerics) => {
  it('backward gives the gradients and slopes of autograd', async () => {
    const { encoder, decoder } = await createPair(numerics);
    const [{ x, dA }] = batches();
    const upper = decoder.backward(encoder.predict(x), dA);
    const lower = encoder.backward(x, upper.inputs);
    expect(deviation(upper.inputs, golden.passed.code)).toBeLessThan(TOLERANCE);
    expect(deviation(lower.inputs, golden.passed.x)).toBeLessThan(TOLERANCE);
    expectNear(upper.parameters, golden.gradients.decoder);
    expectNear(lower.parameters, golden.gradients.encoder);
    for (const net of [encoder, decoder]) net.dispose();
  });

  it('backward and applyGradients come with its slopes to where its steps do', async () => {
    const pair = await createPair(numerics);
    const { encoder, decoder } = pair;
    for (const { x, dA } of batches()) {
      const upper = decoder.backward(encoder.predict(x), dA);
      const lower = encoder.backward(x, upper.inputs);
      decoder.applyGradients(upper.parameters);
      encoder.applyGradients(lower.parameters);
    }
    expectEnd(pair);
  });

  it('trainBatch comes there by the loss itself', async () => {
    const pair = await createPair(numerics);
    const { encoder, decoder } = pair;
    const losses = batches().map(({ x }) => {
      const code = encoder.predict(x);
      const dA = new Float32Array(x.length);
      cost(decoder.predict(code), x, dA);
      const { inputs } = decoder.backward(code, dA);
      encoder.trainBatch(x, (_, dOutputs) => dOutputs.set(inputs));
      return decoder.trainBatch(code, (outputs, dOutputs) => cost(outputs, x, dOutputs));
    });
    expect(deviation(losses, golden.losses)).toBeLessThan(TOLERANCE);
    expectEnd(pair);
  });
});
