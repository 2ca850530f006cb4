import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adam, createNetwork, dense, loadNetwork, rmsProp, sgd, warmUp, type Network } from '../../src/index.js';
import { getEngine } from '../../src/engine/engines.js';
import { decodeSafetensors } from '../../src/files/read-safetensors.js';
import type { TensorData } from '../../src/files/safetensors.js';
import { encodeSafetensors } from '../../src/files/write-safetensors.js';
import { classifier, expectUntroubled, fingerprint, refusal, X, Y, type Loose } from './support.js';

type Tensors = Map<string, { shape: number[]; data: TensorData }>;
type Metadata = Record<string, string>;
type Json = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- the tests write anything

let net: Network;
let file: Uint8Array;
let size: number;
const memory = async (): Promise<number> => (await getEngine('reproducible')).kernels.memory.buffer.byteLength;

beforeAll(async () => {
  net = await classifier();
  file = net.save();
  (await loadNetwork(file)).dispose();
  size = await memory();
});

afterAll(async () => {
  // a page for the tests' own networks: what hundreds of refused files had taken would be more
  expect(await memory()).toBeLessThanOrEqual(size + 0x10000);
  await expectUntroubled(net, Buffer.from(file).toString('latin1'));
  for (const name of ['polluted', 'units', 'rate', 'data']) expect(name in {}).toBe(false);
});

/** The saved file with its tensors and its metadata changed. */
function edited(change: (tensors: Tensors, metadata: Metadata) => void): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(file);
  const entries = Object.fromEntries(metadata);
  change(tensors, entries);
  return encodeSafetensors(tensors, entries);
}

/** The saved file with its description changed, as JSON. */
function described(change: (network: Json) => unknown): Uint8Array {
  return edited((_, metadata) => {
    const network = JSON.parse(metadata['network']) as Json;
    const replacement = change(network);
    metadata['network'] = typeof replacement === 'string' ? replacement : JSON.stringify(network);
  });
}

const INVALID = 'FileFormatError: the file describes no valid network: ';
const units = 'a whole number from 1 to 2147483647';

describe('what is no file', () => {
  const cases: (readonly [value: unknown, expected: string])[] = [
    [undefined, 'TypeError: the file must be a Uint8Array or an ArrayBuffer: got undefined'],
    ['net.safetensors', 'TypeError: the file must be a Uint8Array or an ArrayBuffer: got "net.safetensors"'],
    [new Float32Array(4), 'TypeError: the file must be a Uint8Array or an ArrayBuffer: got a Float32Array of 4'],
    [Promise.resolve(), 'TypeError: the file must be a Uint8Array or an ArrayBuffer: got a Promise'],
    [
      new Uint8Array(0),
      'FileFormatError: the file is truncated: it has 0 bytes, and the length of its header alone takes 8',
    ],
    [
      new Uint8Array(100).fill(255),
      'FileFormatError: this is no safetensors file: its header would have 18446744073709551615 bytes, and 100000000 are the most',
    ],
    [
      encodeSafetensors([['weight', { shape: [1], data: Float32Array.of(1) }]], {}),
      'FileFormatError: the file holds no network of this package: its metadata has no format "chainrule"',
    ],
    [
      encodeSafetensors([], { format: 'pt' }),
      'FileFormatError: the file holds no network of this package: its metadata has no format "chainrule"',
    ],
  ];

  it('is refused', async () => {
    for (const [value, expected] of cases) expect(await refusal(() => (loadNetwork as Loose)(value))).toBe(expected);
  });
});

describe('a file that is damaged', () => {
  it('is refused wherever it is cut off', async () => {
    for (let length = 0; length < file.length; length++) {
      expect(await refusal(() => loadNetwork(file.slice(0, length)))).toMatch(
        /^FileFormatError: the file is truncated: /,
      );
    }
    const longer = new Uint8Array(file.length + 1);
    longer.set(file);
    expect(await refusal(() => loadNetwork(longer))).toBe(
      'FileFormatError: the file has 1 byte after its tensors: there should be none',
    );
  });

  it('loads or is refused, whichever bit of its header is flipped, and nothing else happens', async () => {
    const header = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
    const kinds = new Set<string>();
    for (let at = 0; at < header; at++) {
      const copy = file.slice();
      copy[at] ^= 1 << (at % 7);
      try {
        const loaded = await loadNetwork(copy);
        kinds.add('loaded');
        loaded.predict(X);
        loaded.dispose();
      } catch (error) {
        kinds.add((error as Error).name);
      }
    }
    expect([...kinds].sort()).toEqual(['FileFormatError', 'loaded']);
  });
});

describe('tensors', () => {
  const names = ['layers.0.weight', 'layers.0.bias', 'layers.1.weight', 'layers.1.bias'];
  const all = ['', 'average', 'squareAverage'].flatMap((state) =>
    names.map((name) => (state ? `optimizer.${name}.${state}` : name)),
  );

  it('have the names that the tests know', () => {
    expect([...decodeSafetensors(file).tensors.keys()].sort()).toEqual([...all].sort());
  });

  it('may not be missing, misshapen or not finite, one by one', async () => {
    for (const name of all) {
      const load = (change: (tensors: Tensors) => void): Promise<string> => refusal(() => loadNetwork(edited(change)));
      const { shape, data } = decodeSafetensors(file).tensors.get(name)!;
      expect(await load((tensors) => tensors.delete(name))).toBe(`FileFormatError: the file has no tensor "${name}"`);
      expect(await load((tensors) => tensors.set(name, { shape: [...shape, 1], data }))).toBe(
        `${INVALID}"${name}" has the shape [${[...shape, 1].join(', ')}]: expected [${shape.join(', ')}]`,
      );
      expect(await load((tensors) => tensors.set(name, { shape: [0], data: new Float32Array(0) }))).toBe(
        `${INVALID}"${name}" has the shape [0]: expected [${shape.join(', ')}]`,
      );
      for (const value of [NaN, Infinity, -Infinity]) {
        const values = Float32Array.from(data).fill(value, data.length - 1);
        expect(await load((tensors) => tensors.set(name, { shape, data: values }))).toBe(
          `${INVALID}"${name}.data[${data.length - 1}]" is ${value}: expected a number that float32 can hold`,
        );
      }
      const large = Float64Array.from(data).fill(1e39, 0, 1);
      expect(await load((tensors) => tensors.set(name, { shape, data: large }))).toBe(
        `${INVALID}"${name}.data[0]" is 1e+39: expected a number that float32 can hold`,
      );
      const negative = Float32Array.from(data).fill(-1, 0, 1);
      expect(await load((tensors) => tensors.set(name, { shape, data: negative }))).toBe(
        name.endsWith('squareAverage') ? `FileFormatError: the file has a number below 0 in "${name}"` : 'no refusal',
      );
    }
  });

  it('may not be too many', async () => {
    const extra = ['layers.2.weight', 'optimizer.layers.0.weight.momentum', '__proto__', 'layers.0.Bias', ''];
    for (const name of extra) {
      const more = edited((tensors) => tensors.set(name, { shape: [1], data: Float32Array.of(1) }));
      expect(await refusal(() => loadNetwork(more))).toBe(`FileFormatError: the file has a tensor "${name}" too many`);
    }
  });

  it('may be of another type that holds the same values', async () => {
    const wide = edited((tensors) => {
      for (const [name, { shape, data }] of tensors) tensors.set(name, { shape, data: Float64Array.from(data) });
    });
    const loaded = await loadNetwork(wide);
    expect(fingerprint(loaded)).toBe(fingerprint(net));
    loaded.dispose();
  });
});

describe('the description', () => {
  const cases: (readonly [change: (network: Json) => unknown, expected: string])[] = [
    [() => '', '"network" in its metadata is not JSON'],
    [() => '{', '"network" in its metadata is not JSON'],
    [() => 'null', 'the network expects an object of options: got null'],
    [() => '[]', 'the network expects an object of options: got an array of 0'],
    [() => '{}', 'the network has no "inputs"'],
    [(network) => delete network['seed'], 'the network has no "seed"'],
    [(network) => delete network['progress'], 'the network has no "progress"'],
    [(network) => void (network['layerz'] = 1), 'the network has no option "layerz": did you mean "layers"?'],
    [(network) => void (network['inputs'] = '2'), `"inputs" must be ${units}: got "2"`],
    [(network) => void (network['inputs'] = Infinity), `"inputs" must be ${units}: got null`],
    [(network) => void (network['inputs'] = -2), `"inputs" must be ${units}: got -2`],
    [
      (network) => void (network['layers'] = {}),
      '"layers" must be an array of layers, such as [dense(10, "relu")]: got an object',
    ],
    [(network) => void (network['layers'] = []), '"layers" must hold at least one layer, such as dense(1)'],
    [
      (network) => void (network['layers'][1] = null),
      '"layers[1]" must be a layer, such as dense(10, "relu"): got null',
    ],
    [(network) => void (network['layers'][0].units = 0), `"layers[0].units" must be ${units}: got 0`],
    [(network) => void (network['layers'][0].bias = 'no'), '"layers[0].bias" must be true or false: got "no"'],
    [
      (network) => void (network['layers'][0].width = 1),
      '"layers[0]" has no option "width": it takes kind, units, activation, bias, init, trainable, rateScale',
    ],
    [
      (network) => void (network['layers'][0].init = 'toString'),
      '"layers[0].init" must be one of balanced, he, glorot, pytorch, zeros: got "toString"',
    ],
    [
      (network) => void (network['layers'][0].activation.name = 'swish'),
      '"layers[0].activation.name" must be one of linear, sigmoid, tanh, relu, leakyRelu, elu, silu, softplus, gelu, geluTanh, softmax: got "swish"',
    ],
    [
      (network) => void (network['layers'][0].activation = { name: 'elu', parameter: 1e39 }),
      '"layers[0].activation.parameter" must be a finite number from -3.4e+38 and up to 3.4e+38: got 1e+39',
    ],
    [
      (network) => void (network['layers'][0].activation.name = 'softmax'),
      '"layers[0]" has the activation softmax: only the last layer can',
    ],
    [
      (network) => void (network['loss'].name = 'constructor'),
      '"loss.name" must be one of quadratic, mse, mae, huber, smoothL1, crossEntropy, binaryCrossEntropy: got "constructor"',
    ],
    [
      (network) => void (network['loss'].parameter = 2),
      '"labelSmoothing" must be a finite number from 0 and below 1: got 2',
    ],
    [(network) => void (network['clipNorm'] = -1), '"clipNorm" must be a finite number above 0: got -1'],
    [(network) => void (network['seed'] = 0.5), '"seed" must be a whole number from 0 to 9007199254740991: got 0.5'],
    [(network) => void (network['numerics'] = 'exact'), '"numerics" must be one of reproducible, fused: got "exact"'],
    [(network) => void (network['optimizer'] = null), 'optimizer expects an object of options: got null'],
    [(network) => delete network['optimizer'].rate, 'optimizer has no "rate"'],
    [
      (network) => void (network['optimizer'].name = '__proto__'),
      '"optimizer.name" must be one of sgd, adam, adamW, rmsProp, adagrad: got "__proto__"',
    ],
    [
      (network) => void (network['optimizer'].settings.rate = 9),
      '"optimizer.settings" has no option "rate": it takes beta1, beta2, epsilon, weightDecay, amsgrad, decay',
    ],
    [
      (network) => void (network['optimizer'].settings.epsilon = 0),
      '"epsilon" must be a finite number from 1e-37 and up to 3.4e+38: got 0',
    ],
    [(network) => void (network['optimizer'].settings.amsgrad = 1), '"amsgrad" must be true or false: got 1'],
    [
      (network) => void (network['optimizer'].rate = '0.1'),
      '"rate" must be a finite number from 0 and up to 3.4e+38: got "0.1"',
    ],
    [(network) => void (network['optimizer'].rate = {}), 'unknown schedule'],
    [(network) => void (network['optimizer'].rate = { schedule: 'toString', options: {} }), 'unknown schedule'],
    [
      (network) => void (network['optimizer'].rate = { schedule: 'cosine', options: { from: 1, steps: 0 } }),
      '"steps" must be a whole number from 1 to 9007199254740991: got 0',
    ],
    [
      (network) => void (network['optimizer'].rate = { schedule: 'constant', options: { rate: -1 } }),
      '"rate" must be a finite number from 0 and up to 3.4e+38: got -1',
    ],
    [
      (network) => void (network['progress'].steps = -1),
      '"steps" must be a whole number from 0 to 9007199254740992: got -1',
    ],
    [(network) => void (network['progress'].power1 = 2), '"power1" must be a finite number from 0 and up to 1: got 2'],
    [
      (network) => void (network['progress'].power2 = null),
      '"power2" must be a finite number from 0 and up to 1: got null',
    ],
    [
      (network) => void (network['progress'].shuffles = 2 ** 31),
      '"shuffles" must be a whole number from 0 to 2147483647: got 2147483648',
    ],
  ];

  it('is checked like the options of createNetwork', async () => {
    for (const [change, expected] of cases) {
      expect(await refusal(() => loadNetwork(described(change)))).toBe(INVALID + expected);
    }
  });

  it('has to be there, in a version that this release reads', async () => {
    const load = (change: (metadata: Metadata) => unknown): Promise<string> =>
      refusal(() => loadNetwork(edited((_, metadata) => void change(metadata))));
    expect(await load((metadata) => delete metadata['network'])).toBe(`${INVALID}its metadata has no "network"`);
    expect(await load((metadata) => (metadata['version'] = '2'))).toBe(
      'FileFormatError: the file has version "2": this release reads version 1',
    );
    expect(await load((metadata) => delete metadata['version'])).toBe(
      'FileFormatError: the file has version undefined: this release reads version 1',
    );
  });

  it('of sizes that no file holds takes no memory', async () => {
    const shape = `${INVALID}"layers.0.weight" has the shape [4, 2]: expected`;
    const absurd: (readonly [change: (network: Json) => unknown, expected: string])[] = [
      [(network) => (network['inputs'] = 2147483647), `${shape} [4, 2147483647]`],
      [(network) => (network['layers'][0].units = 2147483647), `${shape} [2147483647, 2]`],
      [
        (network) => ([network['inputs'], network['layers'][0].units] = [2147483647, 2147483647]),
        `${shape} [2147483647, 2147483647]`,
      ],
      [
        (network) => void (network['layers'] = new Array(30).fill(network['layers'][0])),
        'FileFormatError: the file has 12 tensors: its 30 layers need more',
      ],
      [
        (network) => void (network['layers'] = new Array(10_000).fill({})),
        `${INVALID}"network" in its metadata has 30344 characters for 12 tensors: 19456 are the most`,
      ],
    ];
    for (const [change, expected] of absurd) expect(await refusal(() => loadNetwork(described(change)))).toBe(expected);
  });

  it('never reaches a prototype', async () => {
    const hostile = ['{"units":1}', '{"polluted":true}', '{"rate":1,"data":[]}'];
    for (const prototype of hostile) {
      for (const place of [
        '{',
        '"layers":[{',
        '"activation":{',
        '"optimizer":{',
        '"settings":{',
        '"progress":{',
        '"loss":{',
      ]) {
        const bytes = edited((_, metadata) => {
          metadata['network'] = metadata['network'].replace(place, `${place}"__proto__":${prototype},`);
        });
        expect(await refusal(() => loadNetwork(bytes)), place).toMatch(
          /^FileFormatError: .* has no option "__proto__": /,
        );
      }
      const bytes = edited((_, metadata) => void (metadata['__proto__'] = prototype));
      expect(await refusal(() => loadNetwork(bytes))).toBe('no refusal');
    }
  });

  it('may be nested as deep as it likes', async () => {
    const depth = 100_000;
    const nested = '{"schedule":"warmUp","options":{"steps":1,"then":';
    const texts = ['['.repeat(depth) + ']'.repeat(depth), nested.repeat(depth) + '1' + '}}'.repeat(depth)];
    for (const text of texts) {
      const bytes = described((network) =>
        JSON.stringify({ ...network, optimizer: 0 }).replace(
          '"optimizer":0',
          `"optimizer":{"name":"sgd","settings":{},"rate":${text}}`,
        ),
      );
      expect(await refusal(() => loadNetwork(bytes))).toMatch(
        /^FileFormatError: the (file describes no valid network|header has \d+ bytes: at most 2097152 are read)/,
      );
    }
  });
});

describe('a learning rate function', () => {
  const expected =
    'TypeError: the network was saved with a learning rate function: pass it as loadNetwork(bytes, { rate })';

  it('has to be given again, on its own or within a schedule', async () => {
    const own = (step: number): number => 0.1 / (step + 1);
    for (const rate of [
      own,
      warmUp({ steps: 3, then: own }),
      warmUp({ steps: 3, then: warmUp({ steps: 2, then: own }) }),
    ]) {
      const trained = await classifier({ optimizer: adam({ rate }) });
      const bytes = trained.save();
      expect(await refusal(() => loadNetwork(bytes))).toBe(expected);
      expect(await refusal(() => loadNetwork(bytes, { rate: NaN }))).toBe(
        'RangeError: "rate" must be a finite number from 0 and up to 3.4e+38: got NaN',
      );
      const loaded = await loadNetwork(bytes, { rate });
      for (const network of [trained, loaded]) {
        await network.fit(X, Y, { epochs: 3 });
        network.trainBatch(X, Y);
      }
      expect(fingerprint(loaded)).toBe(fingerprint(trained));
      for (const network of [trained, loaded]) network.dispose();
    }
  });

  it('that was replaced leaves no trace of the old one', async () => {
    const trained = await classifier({ optimizer: sgd({ rate: () => 0.1 }) });
    const loaded = await loadNetwork(trained.save(), { rate: 0.2 });
    const again = await loadNetwork(loaded.save());
    expect(fingerprint(again)).toBe(fingerprint(loaded));
    for (const network of [trained, loaded, again]) network.dispose();
  });
});

describe('a network that was loaded', () => {
  it('from a hostile state of its optimizer keeps finite weights or says that it cannot', async () => {
    const optimizer = rmsProp({ centered: true, momentum: 0.5 });
    const source = await createNetwork({ inputs: 2, layers: [dense(1)], optimizer, seed: 1 });
    const { tensors, metadata } = decodeSafetensors(source.save());
    tensors.get('optimizer.layers.0.weight.average')?.data.fill(1e3);
    const loaded = await loadNetwork(encodeSafetensors(tensors, Object.fromEntries(metadata)));
    loaded.trainBatch([1, 2], [1]);
    for (const { data } of Object.values(loaded.getParameters())) expect(data.every(Number.isFinite)).toBe(true);
    for (const network of [source, loaded]) network.dispose();
  });

  it('does not share memory with its file', async () => {
    const bytes = file.slice();
    const loaded = await loadNetwork(bytes);
    bytes.fill(255);
    expect(fingerprint(loaded)).toBe(fingerprint(net));
    loaded.dispose();
  });
});
