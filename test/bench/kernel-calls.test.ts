import { expect, test } from 'vitest';
import { createKernelCalls } from '../../bench/kernel-calls.js';
import { createNetwork, dense, sgd, type NetworkOptions } from '../../src/index.js';

const optimizer = sgd({ rate: 0.1 });

/** A classifier, and a network whose last layer has one output: both kinds of layer, both kinds of target. */
const CASES: [name: string, options: NetworkOptions, outputs: number, labelled: boolean][] = [
  ['a softmax', { inputs: 5, layers: [dense(9, 'relu'), dense(3, 'softmax')], optimizer, seed: 3 }, 3, true],
  ['one output', { inputs: 4, layers: [dense(8, 'tanh'), dense(1)], optimizer, seed: 3 }, 1, false],
];

test.each(CASES)(
  'a call for each kernel trains %s to the bits of one call for all',
  async (_, options, outputs, labelled) => {
    const x = Float32Array.from({ length: 12 * Number(options.inputs) }, (_value, i) => Math.sin(i));
    const y = labelled
      ? Int32Array.from({ length: 12 }, (_value, i) => i % outputs)
      : Float32Array.from({ length: 12 * outputs }, (_value, i) => Math.cos(i));
    const net = await createNetwork(options);
    await net.fit(x, y, { epochs: 1, batchSize: 4, shuffle: false });
    const calls = await createKernelCalls(options, x, y, 4);
    for (const batch of [0, 1, 2]) calls.step(batch);
    expect(calls.parameters()).toEqual(net.getParameters());
    calls.end();
    net.dispose();
  },
);
