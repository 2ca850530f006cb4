import { describe as group, expect, it } from 'vitest';
import {
  bytes,
  checkBoolean,
  checkFunction,
  checkInteger,
  checkNumber,
  checkOneOf,
  checkOptions,
  describe,
  FileFormatError,
  nearest,
  type NumberBounds,
  quantity,
} from '../../src/support/check.js';

/** What `call` throws, as `TypeError: message`; a call that returns has no refusal. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return String(error);
  }
  return 'no refusal';
}

/** An object that throws whatever is asked of it. */
function bomb(target: object = {}): object {
  const trap = (): never => {
    throw new Error('touched');
  };
  return new Proxy(target, {
    get: trap,
    has: trap,
    ownKeys: trap,
    getPrototypeOf: trap,
    getOwnPropertyDescriptor: trap,
  });
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

group('describe', () => {
  class Pair {
    length = 2;
  }
  const ring: unknown[] = [];
  ring.push(ring);
  const cases: [value: unknown, expected: string][] = [
    ['abc', '"abc"'],
    ['', '""'],
    ['say "hi"\n', '"say \\"hi\\"\\n"'],
    ['\ud83d', '"\\ud83d"'],
    ['x'.repeat(40), `"${'x'.repeat(40)}"`],
    ['x'.repeat(41), `"${'x'.repeat(40)}"...`],
    [0.5, '0.5'],
    [-0, '0'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    [12n, 'a bigint'],
    [Symbol('s'), 'a symbol'],
    [() => 1, 'a function'],
    [Pair, 'a function'],
    [[1, 2, 3], 'an array of 3'],
    [ring, 'an array of 1'],
    [new Float32Array(12), 'a Float32Array of 12'],
    [new Uint8Array(3), 'a Uint8Array of 3'],
    [new Int32Array(0), 'an Int32Array of 0'],
    [Buffer.from('abc'), 'a Uint8Array of 3'],
    [new DataView(new ArrayBuffer(8)), 'a DataView'],
    [new ArrayBuffer(8), 'an ArrayBuffer'],
    [new SharedArrayBuffer(8), 'a SharedArrayBuffer'],
    [{}, 'an object'],
    [{ length: 3 }, 'an object'],
    [Object.create(null), 'an object'],
    [new Pair(), 'an object'],
    [Promise.resolve(), 'a Promise'],
    [new Map(), 'a Map'],
    [new Date(NaN), 'a Date'],
    [new Error('no'), 'an Error'],
    [/x/, 'a RegExp'],
  ];
  for (const [value, expected] of cases) {
    it(expected, () => expect(describe(value)).toBe(expected));
  }

  it('never throws', () => {
    const hostile: [value: unknown, expected: string][] = [
      [bomb(), 'an object'],
      [bomb([]), 'an object'],
      [bomb(() => 1), 'a function'],
      [revoked({}), 'an object'],
      [revoked([]), 'an object'],
      [{ [Symbol.toStringTag]: 'Z'.repeat(9999) }, `a ${'Z'.repeat(40)}`],
      [{ [Symbol.toStringTag]: Symbol('no string') }, 'an object'],
      [new Proxy([], { get: () => Symbol('no length') }), 'an object'],
      [Object.create(bomb()), 'an object'],
      [{ toString: bomb(), toJSON: bomb(), valueOf: bomb() }, 'an object'],
    ];
    for (const [value, expected] of hostile) expect(describe(value)).toBe(expected);
  });
});

group('nearest', () => {
  const names = ['rate', 'momentum', 'weightDecay', 'epsilon', 'beta1', 'beta2', 'batchSize', 'crossEntropy', 'mse'];
  const cases: [word: string, expected: string | undefined][] = [
    ['rate', 'rate'],
    ['RATE', 'rate'],
    ['rates', 'rate'],
    ['rtae', 'rate'],
    ['learningRate', 'rate'],
    ['learning_rate', 'rate'],
    ['weight_decay', 'weightDecay'],
    ['batch', 'batchSize'],
    ['batch_size', 'batchSize'],
    ['eps', 'epsilon'],
    ['beta', 'beta1'],
    ['mometnum', 'momentum'],
    ['mmentm', 'momentum'],
    ['mes', 'mse'],
    ['categorical_crossentropy', 'crossEntropy'],
    ['lr', undefined],
    ['foo', undefined],
    ['m', undefined],
    ['', undefined],
    ['constructor', undefined],
    ['x'.repeat(1e6), undefined],
    ['rate'.repeat(1e5), 'rate'],
  ];
  for (const [word, expected] of cases) {
    it(`"${word.slice(0, 30)}": ${expected ?? 'nothing'}`, () => expect(nearest(word, names)).toBe(expected));
  }

  it('takes the nearest of several', () => {
    expect(nearest('beta2x', names)).toBe('beta2');
    expect(nearest('adam', ['adamW', 'adam'])).toBe('adam');
    expect(nearest('sum', [])).toBeUndefined();
  });

  it('suggests nothing for a short word that is merely short too', () => {
    expect(nearest('to', ['by', 'at'])).toBeUndefined();
    expect(nearest('x', ['y'])).toBeUndefined();
  });
});

group('checkOptions', () => {
  const allowed = ['inputs', 'layers', 'loss'];
  const check = (options: unknown) => checkOptions('createNetwork', options, allowed);

  it('copies what it is given, without a prototype', () => {
    const given = check({ inputs: 3, loss: undefined });
    expect(Object.getPrototypeOf(given)).toBeNull();
    expect(Object.entries(given)).toEqual([
      ['inputs', 3],
      ['loss', undefined],
    ]);
  });

  it('takes nothing for no options', () => {
    expect(Object.keys(check(undefined))).toEqual([]);
    expect(Object.getPrototypeOf(check(undefined))).toBeNull();
  });

  it('takes an object without a prototype', () => {
    expect(check(Object.assign(Object.create(null), { inputs: 1 }))).toEqual(
      Object.assign(Object.create(null), { inputs: 1 }),
    );
  });

  it('ignores what is inherited, not enumerable, or a symbol', () => {
    const options = Object.defineProperty({ [Symbol('inputs')]: 1 }, 'layer', { value: 1, enumerable: false });
    expect(Object.keys(check(options))).toEqual([]);
  });

  it('reads each option once', () => {
    let reads = 0;
    const options = {
      get inputs() {
        return ++reads;
      },
    };
    expect(check(options)['inputs']).toBe(1);
    expect(reads).toBe(1);
  });

  it("lets a getter's own error pass", () => {
    const options = {
      get inputs(): never {
        throw new SyntaxError('mine');
      },
    };
    expect(refusal(() => check(options))).toBe('SyntaxError: mine');
  });

  it('refuses what is not a plain object', () => {
    class Options {
      inputs = 1;
    }
    const cases: [value: unknown, came: string][] = [
      [3, '3'],
      [null, 'null'],
      ['inputs', '"inputs"'],
      [false, 'false'],
      [[], 'an array of 0'],
      [() => 1, 'a function'],
      [new Map(), 'a Map'],
      [new Options(), 'an object'],
      [Promise.resolve({}), 'a Promise'],
      [new Float32Array(2), 'a Float32Array of 2'],
    ];
    for (const [value, came] of cases) {
      expect(refusal(() => check(value))).toBe(`TypeError: createNetwork expects an object of options: got ${came}`);
    }
  });

  it('refuses an unknown option, and names the near one or all', () => {
    const cases: [options: unknown, message: string][] = [
      [{ layer: [] }, 'has no option "layer": did you mean "layers"?'],
      [{ Inputs: 1 }, 'has no option "Inputs": did you mean "inputs"?'],
      [{ foo: 1 }, 'has no option "foo": it takes inputs, layers, loss'],
      [{ '': 1 }, 'has no option "": it takes inputs, layers, loss'],
      [{ constructor: 1 }, 'has no option "constructor": it takes inputs, layers, loss'],
      [JSON.parse('{"__proto__":{"inputs":1}}'), 'has no option "__proto__": it takes inputs, layers, loss'],
      [{ ['q'.repeat(99)]: 1 }, `has no option "${'q'.repeat(40)}"...: it takes inputs, layers, loss`],
    ];
    for (const [options, message] of cases) {
      expect(refusal(() => check(options))).toBe(`TypeError: createNetwork ${message}`);
    }
    expect(refusal(() => checkOptions('mse', { a: 1 }, []))).toBe('TypeError: mse has no option "a": it takes none');
  });
});

group('checkInteger', () => {
  const check = (value: unknown) => checkInteger('batchSize', value, 1, 2147483647);
  const expected = '"batchSize" must be a whole number from 1 to 2147483647: got';

  it('takes the whole range', () => {
    expect(check(1)).toBe(1);
    expect(check(2147483647)).toBe(2147483647);
  });

  it('makes -0 a 0', () => expect(checkInteger('seed', -0, 0, 9)).toBe(0));

  it('refuses what is no number', () => {
    for (const [value, came] of [
      ['32', '"32"'],
      [32n, 'a bigint'],
      [undefined, 'undefined'],
      [[32], 'an array of 1'],
    ]) {
      expect(refusal(() => check(value))).toBe(`TypeError: ${expected} ${String(came)}`);
    }
  });

  it('refuses a number out of range', () => {
    for (const value of [0, -1, 1.5, NaN, Infinity, -Infinity, 2147483648, 1e300, Number.MIN_VALUE]) {
      expect(refusal(() => check(value))).toBe(`RangeError: ${expected} ${value}`);
    }
  });

  it('says where a range comes from', () => {
    expect(refusal(() => checkInteger('label', 12, 0, 9, 'one for each output'))).toBe(
      'RangeError: "label" must be a whole number from 0 to 9 (one for each output): got 12',
    );
  });
});

group('checkNumber', () => {
  const cases: [bounds: NumberBounds, expected: string, inside: number[], outside: number[]][] = [
    [{}, 'a finite number', [0, -5, 1e300], []],
    [{ above: 0 }, 'a finite number above 0', [1e-300, 5], [0, -1]],
    [{ min: 0 }, 'a finite number of at least 0', [0, 5], [-1e-9]],
    [{ max: 1 }, 'a finite number up to 1', [1, -5], [1.001]],
    [{ below: 1 }, 'a finite number below 1', [0.999, -5], [1]],
    [{ min: 0, below: 1 }, 'a finite number from 0 and below 1', [0, 0.999], [1, -0.001]],
    [{ min: 0, max: 1 }, 'a finite number from 0 and up to 1', [0, 1], [1.001, -0.001]],
    [{ above: 0, max: 1 }, 'a finite number above 0 and up to 1', [0.001, 1], [0, 1.001]],
    [{ above: 0, below: 1 }, 'a finite number above 0 and below 1', [0.001, 0.999], [0, 1]],
  ];
  for (const [bounds, expected, inside, outside] of cases) {
    it(expected, () => {
      for (const value of inside) expect(checkNumber('rate', value, bounds)).toBe(value);
      for (const value of [...outside, NaN, Infinity, -Infinity]) {
        expect(refusal(() => checkNumber('rate', value, bounds))).toBe(
          `RangeError: "rate" must be ${expected}: got ${value}`,
        );
      }
      for (const [value, came] of [
        ['1', '"1"'],
        [null, 'null'],
        [undefined, 'undefined'],
        [new Date(0), 'a Date'],
      ]) {
        expect(refusal(() => checkNumber('rate', value, bounds))).toBe(
          `TypeError: "rate" must be ${expected}: got ${String(came)}`,
        );
      }
    });
  }

  it('makes -0 a 0', () => expect(checkNumber('rate', -0, {})).toBe(0));
});

group('the other kinds', () => {
  it('checkBoolean', () => {
    expect(checkBoolean('bias', true)).toBe(true);
    expect(checkBoolean('bias', false)).toBe(false);
    for (const [value, came] of [
      [1, '1'],
      ['true', '"true"'],
      [null, 'null'],
      [new Boolean(true), 'a Boolean'],
    ]) {
      expect(refusal(() => checkBoolean('bias', value))).toBe(
        `TypeError: "bias" must be true or false: got ${String(came)}`,
      );
    }
  });

  it('checkFunction', () => {
    const callback = () => 1;
    expect(checkFunction('onBatch', callback)).toBe(callback);
    const cases: [value: unknown, came: string][] = [
      [3, '3'],
      [{}, 'an object'],
      [Promise.resolve(), 'a Promise'],
      [undefined, 'undefined'],
    ];
    for (const [value, came] of cases) {
      expect(refusal(() => checkFunction('onBatch', value))).toBe(
        `TypeError: "onBatch" must be a function: got ${came}`,
      );
    }
  });

  it('checkOneOf', () => {
    const names = ['quadratic', 'mse'];
    const expected = '"loss" must be one of quadratic, mse: got';
    expect(checkOneOf('loss', 'mse', names)).toBe('mse');
    const cases: [value: unknown, message: string][] = [
      ['mes', `RangeError: ${expected} "mes" (did you mean "mse"?)`],
      ['MSE', `RangeError: ${expected} "MSE" (did you mean "mse"?)`],
      ['hinge', `RangeError: ${expected} "hinge"`],
      ['', `RangeError: ${expected} ""`],
      ['constructor', `RangeError: ${expected} "constructor"`],
      ['__proto__', `RangeError: ${expected} "__proto__"`],
      [['mse'], `TypeError: ${expected} an array of 1`],
      [undefined, `TypeError: ${expected} undefined`],
      [Symbol('mse'), `TypeError: ${expected} a symbol`],
      [{ toString: () => 'mse' }, `TypeError: ${expected} an object`],
      [bomb(), `TypeError: ${expected} an object`],
    ];
    for (const [value, message] of cases) expect(refusal(() => checkOneOf('loss', value, names))).toBe(message);
  });
});

group('amounts', () => {
  it('quantity', () => {
    expect([0, 1, 1500].map((n) => quantity(n, 'value'))).toEqual(['0 values', '1 value', '1500 values']);
    expect([quantity(2, 'class'), quantity(2, 'batch'), quantity(2, 'index')]).toEqual([
      '2 classes',
      '2 batches',
      '2 indexes',
    ]);
  });

  it('bytes', () => {
    const cases: [n: number, expected: string][] = [
      [0, '0 bytes'],
      [1, '1 byte'],
      [1023, '1023 bytes'],
      [1024, '1.0 kB (1024 bytes)'],
      [5 * 2 ** 20, '5.0 MB (5242880 bytes)'],
      [13316800000, '12.4 GB (13316800000 bytes)'],
      [2 ** 62, '4194304.0 TB (4611686018427388000 bytes)'],
    ];
    for (const [n, expected] of cases) expect(bytes(n)).toBe(expected);
  });
});

it('FileFormatError has a name, a stack with it, and a cause', () => {
  const error = new FileFormatError('cut short', { cause: 'disk' });
  expect(error).toBeInstanceOf(Error);
  expect(String(error)).toBe('FileFormatError: cut short');
  expect(error.stack).toMatch(/^FileFormatError: cut short/);
  expect(Object.keys(error)).toEqual([]);
  expect(error.cause).toBe('disk');
});
