import { describe, expect, it } from 'vitest';
import { constant, sgd, type FitOptions, type Network, type Schedule } from '../../src/index.js';
import {
  BUSY,
  classifier,
  DISPOSED,
  everything,
  fingerprint,
  refusal,
  synchronousRefusal,
  X,
  Y,
  type Loose,
} from './support.js';

describe('a learning rate that is a function', () => {
  /** A trained network whose next rates come from `rate`; and one that is its twin, with a constant rate. */
  async function pairWith(rate: Schedule): Promise<{ net: Network; twin: Network }> {
    const start = (own: Schedule): Promise<Network> =>
      classifier({ optimizer: sgd({ momentum: 0.9, rate: (step) => (step < 4 ? 0.05 : own(step)) }) });
    return { net: await start(rate), twin: await start(constant(0.05)) };
  }

  const cases: (readonly [name: string, rate: Loose, expected: string])[] = [
    ['throws', () => JSON.parse('{'), ''],
    ['gives NaN', () => NaN, 'RangeError: "rate" gave NaN for step 4: expected a finite number from 0 to 3.4e+38'],
    ['gives -1', () => -1, 'RangeError: "rate" gave -1 for step 4: expected a finite number from 0 to 3.4e+38'],
    [
      'gives infinity',
      () => Infinity,
      'RangeError: "rate" gave Infinity for step 4: expected a finite number from 0 to 3.4e+38',
    ],
    ['gives 1e39', () => 1e39, 'RangeError: "rate" gave 1e+39 for step 4: expected a finite number from 0 to 3.4e+38'],
    [
      'gives nothing',
      () => undefined,
      'RangeError: "rate" gave undefined for step 4: expected a finite number from 0 to 3.4e+38',
    ],
  ];

  for (const [name, rate, expected] of cases) {
    it(`stops the step before it is made, if it ${name}`, async () => {
      let good = false;
      const { net, twin } = await pairWith((step) => (good ? 0.05 : (rate(step) as number)));
      const before = fingerprint(net);
      for (const call of [() => net.trainBatch(X, Y), () => net.fit(X, Y), () => net.fit(X, Y, { onBatch: () => 1 })]) {
        const message = await refusal(call);
        if (expected) expect(message).toBe(expected);
        else expect(message).toMatch(/^SyntaxError: /);
        expect(fingerprint(net)).toBe(before);
      }
      good = true;
      for (const network of [net, twin]) await network.fit(X, Y);
      expect(net.getParameters()).toEqual(twin.getParameters());
    });
  }

  it('cannot train the network, but may ask it anything', async () => {
    const box: { net?: Network } = {};
    const heard: string[] = [];
    const { net, twin } = await pairWith(() => {
      const inner = box.net;
      if (inner) {
        heard.push(
          ...['trainBatch', 'setParameters', 'predict'].map((name) => synchronousRefusal(everything(inner)[name])),
        );
      }
      return 0.05;
    });
    box.net = net;
    for (const network of [net, twin]) {
      network.trainBatch(X, Y);
      await network.fit(X, Y, { batchSize: 3 });
    }
    expect(heard).toEqual([BUSY, BUSY, 'no refusal', BUSY, BUSY, 'no refusal']);
    expect(net.getParameters()).toEqual(twin.getParameters());
  });

  it('may dispose of the network, which then makes no step', async () => {
    for (const train of [(net: Network) => net.trainBatch(X, Y), (net: Network) => net.fit(X, Y)]) {
      const box: { net?: Network } = {};
      const { net, twin } = await pairWith(() => {
        box.net?.dispose();
        return 0.05;
      });
      box.net = net;
      const before = fingerprint(twin);
      expect(await refusal(() => train(net))).toBe(DISPOSED);
      expect(fingerprint(twin)).toBe(before);
    }
  });

  it('is asked in each fit for the steps that follow the last', async () => {
    const asked: number[] = [];
    const { net } = await pairWith((step) => {
      asked.push(step);
      return 0.05;
    });
    const options: FitOptions = { batchSize: 1 };
    await net.fit(X, Y, options);
    net.trainBatch(X, Y);
    expect(asked).toEqual([4, 5, 6, 7]);
  });
});
