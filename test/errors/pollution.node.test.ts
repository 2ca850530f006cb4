/** Whatever has been put on Object.prototype, the library reads what an object has of its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import type * as chainrule from '../../src/index.js';
import type * as tabular from '../../src/tabular/index.js';
import { houses } from '../tabular/support.js';
import { fingerprint, refusal, X, Y } from './support.js';

// the built library: Vitest's own loader, which would serve `import()`, does not stand what is done here
const require = createRequire(import.meta.url);
const library = require('../../dist/index.cjs') as typeof chainrule;
const { fitTable, loadModel } = require('../../dist/tabular.cjs') as typeof tabular;
const {
  adagrad,
  adam,
  adamW,
  cosine,
  createNetwork,
  crossEntropy,
  dense,
  elu,
  huber,
  leakyRelu,
  loadNetwork,
  rmsProp,
  scaled,
  sgd,
  smoothL1,
  stepDecay,
  warmUp,
} = library;

/** Every name that is optional in the library's sources, and every one that it asks an object of the user's for. */
function names(): string[] {
  const folder = new URL('../../src/', import.meta.url);
  const files = readdirSync(folder, { encoding: 'utf8', recursive: true }).filter((file) => file.endsWith('.ts'));
  const text = files.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
  const optional = [...text.matchAll(/\b([a-zA-Z]\w*)\?: /g)];
  const asked = [...text.matchAll(/\['(\w+)'\]/g)];
  const lists = [...text.matchAll(/check(?:Options|Fields)\([^[\]]*\[([^\]]*)\]/g)].flatMap(([, list = '']) => [
    ...list.matchAll(/'(\w+)'/g),
  ]);
  return [...new Set([...optional, ...asked, ...lists].map(([, name = '']) => name))];
}

/** What is on Object.prototype while `run` runs, and no longer. */
async function polluted<T>(properties: Record<string, unknown>, run: () => Promise<T>): Promise<T> {
  const descriptors = Object.entries(properties).map(
    ([name, value]) => [name, { value, configurable: true, enumerable: true, writable: true }] as const,
  );
  for (const [name, descriptor] of descriptors) Object.defineProperty(Object.prototype, name, descriptor);
  try {
    return await run();
  } finally {
    for (const [name] of descriptors) Reflect.deleteProperty(Object.prototype, name);
  }
}

const target = Float32Array.of(0.5, 1, 0);
const ROW = [1, 2];
const TABLE = houses(24);

/** What an epoch has of its own, but for the time that it took. */
const measured = (epoch: object): unknown =>
  Object.entries(epoch).filter(([name]) => !/seconds|samplesPerSecond/.test(name));

/** Every function with as few options as it will take, and then a few: what they give, as text. */
async function everything(): Promise<string[]> {
  const said: string[] = [];
  const say = (...values: unknown[]): void => {
    said.push(JSON.stringify(values));
  };
  const use = async (net: chainrule.Network, y: Uint8Array | Float32Array): Promise<void> => {
    const few = await net.fit(X, y);
    const more = await net.fit(X, y, { epochs: 2, validation: [X, y], earlyStopping: {} });
    say([...few, ...more].map(measured));
    const one = y.length === 3 && net.outputs === 1 ? y.subarray(0, 1) : y.subarray(0, y.length / 3);
    say(net.trainBatch(X, y), [...net.predict(X)], net.evaluate(X, y), net.gradients(X, y), net.summary());
    const explained = net.explain(ROW, one);
    say(explained, Object.keys(explained));
    net.setParameters({ 'layers.0.bias': { data: net.getParameters()['layers.0.bias']?.data ?? [] } });
    const stream = await net.fitBatches([[X, y]]);
    say(measured(stream), fingerprint(net));
    const loaded = await loadNetwork(net.save());
    await loaded.fit(X, y);
    say(fingerprint(loaded));
  };
  for (const optimizer of [sgd(), adam(), adamW(), rmsProp(), adagrad(), sgd({ rate: 0.1 }), rmsProp({ alpha: 0.9 })]) {
    say(optimizer);
    const net = await createNetwork({ inputs: 2, layers: [dense(3), dense(3, 'softmax')], seed: 1, optimizer });
    await use(net, Y);
  }
  for (const rate of [
    stepDecay({ rate: 0.1, every: 2 }),
    cosine({ from: 0.1, steps: 9 }),
    warmUp({ steps: 2, then: 1 }),
  ]) {
    await use(await createNetwork({ inputs: 2, layers: [dense(1)], seed: 1, optimizer: sgd({ rate }) }), target);
  }
  for (const loss of [huber(), smoothL1(), 'mae', 'quadratic', { name: 'huber', parameter: 2 }] as const) {
    const layers = [dense(3, leakyRelu()), dense(2, elu()), dense(1, 'sigmoid', {})];
    await use(await createNetwork({ inputs: 2, layers, seed: 1, loss }), target);
  }
  const net = await createNetwork({ inputs: 2, layers: [dense(3, 'softmax')], seed: 1, loss: crossEntropy() });
  say([...net.predict(scaled(Uint8Array.of(1, 2), 1))]);
  say(await refusal(() => net.setParameters({ 'layers.0.bias': {} } as never)));
  for (const options of [{ target: 'dear' }, { target: ['price', 'area'], folds: 2 }]) {
    const { model, report } = await fitTable(TABLE, options);
    const own = Object.entries(report).filter(([name]) => !/seconds|text/.test(name));
    const table = await loadModel(model.save());
    say(
      own,
      [...model.save().subarray(-9)],
      table.predict(TABLE),
      await table.evaluate(TABLE),
      table.explain(TABLE[0]),
    );
  }
  return said;
}

it('the names that are tried are found', () => {
  const found = names();
  for (const name of ['bias', 'init', 'epochs', 'rate', 'beta1', 'validation', 'delta', 'parameter', 'min', 'option']) {
    expect(found).toContain(name);
  }
});

for (const [kind, value] of Object.entries({
  number: 0.5,
  integer: 2,
  true: true,
  name: 'zeros',
  pair: [X, Y],
  object: { data: Float32Array.of(1, 2, 3), name: 'tanh', layer: 0, j: 0, k: 0 },
})) {
  it(`Object.prototype may have every option, each with a value of the kind: ${kind}`, async () => {
    const expected = await everything();
    const properties = Object.fromEntries(names().map((name) => [name, value]));
    expect(await polluted(properties, everything)).toEqual(expected);
  });
}

it('Object.prototype may have a toJSON: save gives the bytes that it gives without', async () => {
  const net = await createNetwork({ inputs: 2, layers: [dense(3), dense(1)], seed: 1 });
  const expected = net.save();
  const saved = await polluted({ toJSON: () => 'somebody else' }, () => Promise.resolve(net.save()));
  expect(saved).toEqual(expected);
  net.dispose();
});
