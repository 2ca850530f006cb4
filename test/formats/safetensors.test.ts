import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../src/files/read-safetensors.js';
import { encodeSafetensors, type Tensor } from '../../src/files/write-safetensors.js';
import { FileFormatError } from '../../src/support/check.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** A file with this header and data; `length` lies about the header's. */
function fileOf(header: string | Bytes, data: number | number[] = 0, length?: bigint): Bytes {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const payload = typeof data === 'number' ? new Uint8Array(data) : data;
  const file = new Uint8Array(8 + text.length + payload.length);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  file.set(text, 8);
  file.set(payload, 8 + text.length);
  return file;
}

function headerOf(file: Uint8Array): { length: number; header: Record<string, Record<string, unknown>> } {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  return { length, header: JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) };
}

/** What `decodeSafetensors` throws, as `FileFormatError: message`. */
function refusal(bytes: unknown): string {
  try {
    decodeSafetensors(bytes as Uint8Array);
  } catch (error) {
    return String(error);
  }
  return 'no refusal';
}

const example: [string, Tensor][] = [
  ['layers.0.weight', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, NaN, -0, Infinity) }],
  ['layers.10.bias', { shape: [3], data: Int32Array.of(1, -2, 2147483647) }],
  ['layers.2.loss', { shape: [], data: Float64Array.of(Math.PI) }],
  ['none', { shape: [0, 7], data: new Float32Array(0) }],
  ['bytes', { shape: [3], data: Uint8Array.of(1, 2, 255) }],
  ['__proto__', { shape: [1], data: Float32Array.of(9) }],
];
const exampleMetadata = {
  format: 'chainrule',
  text: 'é "quoted"\n\u0000\u{1f600}',
  '': 'empty',
  constructor: 'a word',
};

describe('round trip', () => {
  it('gives back names, shapes, types, bits and metadata', () => {
    const { tensors, metadata } = decodeSafetensors(encodeSafetensors(example, exampleMetadata));
    expect([...metadata]).toEqual(Object.entries(exampleMetadata));
    expect([...tensors.keys()].sort()).toEqual(example.map(([name]) => name).sort());
    for (const [name, { shape, data }] of example) {
      expect(tensors.get(name)!.shape).toEqual(shape);
      expect(tensors.get(name)!.data).toStrictEqual(data);
    }
    expect(Object.fromEntries([...tensors].map(([name, { dtype }]) => [name, dtype]))).toEqual(
      Object.fromEntries([
        ['layers.0.weight', 'F32'],
        ['layers.10.bias', 'I32'],
        ['layers.2.loss', 'F64'],
        ['none', 'F32'],
        ['bytes', 'U8'],
        ['__proto__', 'F32'],
      ]),
    );
  });

  it('copies: neither the file nor its tensors change with the other', () => {
    const source = Float32Array.of(1, 2);
    const file = encodeSafetensors([['w', { shape: [2], data: source }]], {});
    source[0] = 7;
    const decoded = decodeSafetensors(file).tensors.get('w')!;
    file.fill(0);
    expect(decoded.data).toEqual(Float32Array.of(1, 2));
  });

  it('reads a file that lies anywhere in its buffer, or is a Buffer or an ArrayBuffer', () => {
    const file = encodeSafetensors(example, {});
    const shifted = new Uint8Array(file.length + 5).subarray(3, 3 + file.length);
    shifted.set(file);
    const expected = decodeSafetensors(file);
    expect(decodeSafetensors(shifted)).toEqual(expected);
    expect(decodeSafetensors(Buffer.from(file))).toEqual(expected);
    expect(decodeSafetensors(file.slice().buffer)).toEqual(expected);
  });

  it('writes a part of a larger array', () => {
    const data = Float32Array.of(0, 1, 2, 3).subarray(1, 3);
    const file = encodeSafetensors([['w', { shape: [2], data }]], {});
    expect(decodeSafetensors(file).tensors.get('w')!.data).toEqual(Float32Array.of(1, 2));
  });

  it('holds for any names, shapes and metadata', () => {
    const values = fc.oneof(
      fc.float32Array({ maxLength: 9 }),
      fc.float64Array({ maxLength: 9 }),
      fc.int32Array({ maxLength: 9 }),
      fc.uint8Array({ maxLength: 9 }),
    );
    const text = fc.string({ unit: 'binary' });
    const tensors = fc.uniqueArray(fc.tuple(text, values), {
      selector: ([name]) => name,
      maxLength: 6,
    });
    const metadata = fc.dictionary(text, text, { maxKeys: 5 });
    fc.assert(
      fc.property(tensors, metadata, (named, pairs) => {
        const given = named.map(([name, data]): [string, Tensor] => [name, { shape: [data.length, 1], data }]);
        const decoded = decodeSafetensors(encodeSafetensors(given, pairs));
        expect(decoded.metadata).toEqual(new Map(Object.entries(pairs)));
        expect(new Map([...decoded.tensors].map(([name, { data }]) => [name, data]))).toEqual(new Map(named));
      }),
    );
  });
});

describe('the bytes', () => {
  it("are the reference implementation's", () => {
    // from its tests: test_serialization and test_serialization_forced_alignement of safetensors/src/tensor.rs
    const data = Float32Array.of(0, 1, 2, 3, 4, 5);
    const values = [0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64, 0, 0, 160, 64];
    const unpadded = '{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}';
    expect(encodeSafetensors([['attn.0', { shape: [1, 2, 3], data }]], {})).toEqual(
      fileOf(unpadded, [0, 0, 0, 0, ...values]),
    );
    const padded = '{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       ';
    expect(encodeSafetensors([['attn0', { shape: [1, 1, 2, 3], data }]], {})).toEqual(
      fileOf(padded, [0, 0, 0, 0, ...values]),
    );
    expect(encodeSafetensors([], {})).toEqual(fileOf('{}      '));
    expect(encodeSafetensors([], { framework: 'pt' })).toEqual(fileOf('{"__metadata__":{"framework":"pt"}}     '));
  });

  it('can be read by hand, byte for byte', () => {
    const file = Uint8Array.of(
      ...[0x48, 0, 0, 0, 0, 0, 0, 0], // 72 bytes of header
      ...Buffer.from('{ "b" : {"shape":[ ] ,"dtype":"I32","data_offsets":[4 , 8]},\n'),
      ...Buffer.from('"a":{} }   '),
    );
    expect(refusal(file)).toBe('FileFormatError: tensor "a" has no field "dtype"');
    const mixed =
      '{"b":{"shape":[],"dtype":"I32","data_offsets":[4,8]},\r\n\t"a":{"dtype":"F32","data_offsets":[0,4],"shape":[1,1]}}';
    const { tensors, metadata } = decodeSafetensors(fileOf(mixed, [0, 0, 0x80, 0x3f, 0xfe, 0xff, 0xff, 0xff]));
    expect(metadata.size).toBe(0);
    expect([...tensors]).toEqual([
      ['a', { dtype: 'F32', shape: [1, 1], data: Float32Array.of(1) }],
      ['b', { dtype: 'I32', shape: [], data: Int32Array.of(-2) }],
    ]);
  });

  it('are laid out as Python expects: 8-byte aligned, wide elements first, without gaps', () => {
    const file = encodeSafetensors(example, exampleMetadata);
    const { length, header } = headerOf(file);
    expect(length % 8).toBe(0);
    const { __metadata__: stored, ...entries } = header;
    expect(stored).toEqual(exampleMetadata);
    let end = 0;
    for (const [name, entry] of Object.entries(entries)) {
      const { shape, data } = new Map(example).get(name)!;
      expect(Object.keys(entry)).toEqual(['dtype', 'shape', 'data_offsets']);
      expect(entry).toMatchObject({ shape, data_offsets: [end, end + data.byteLength] });
      expect(end % data.BYTES_PER_ELEMENT).toBe(0);
      end += data.byteLength;
    }
    expect(file.length).toBe(8 + length + end);
    expect(Object.keys(entries)).toEqual([
      'layers.2.loss',
      'layers.0.weight',
      'layers.10.bias',
      'none',
      '__proto__',
      'bytes',
    ]);
  });

  it('are refused a wrong shape or a taken name', () => {
    const two = { shape: [2], data: new Float32Array(2) };
    const encode = (named: [string, Tensor][]) => () => encodeSafetensors(named, {});
    expect(encode([['w', { shape: [2, 2], data: new Float32Array(6) }]])).toThrow(
      new RangeError('tensor "w" has 6 values: its shape [2, 2] takes 4'),
    );
    expect(
      encode([
        ['w', two],
        ['w', two],
      ]),
    ).toThrow(new RangeError('a second tensor cannot be named "w"'));
    expect(encode([['__metadata__', two]])).toThrow(new RangeError('a second tensor cannot be named "__metadata__"'));
  });
});

describe('a wrong argument', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(16));
  const detached = new Uint8Array(16);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const resizable = new (ArrayBuffer as new (bytes: number, options: object) => ArrayBuffer)(16, { maxByteLength: 32 });
  const kind = 'TypeError: the file must be a Uint8Array or an ArrayBuffer: got';
  const loose = 'TypeError: the file lies in a shared or resizable buffer: pass a copy, such as bytes.slice()';
  const gone = 'TypeError: the file lies in a detached buffer: it has been transferred elsewhere';
  const cases: [what: string, value: unknown, message: string][] = [
    ['nothing', undefined, `${kind} undefined`],
    ['text', 'model.safetensors', `${kind} "model.safetensors"`],
    ['an array', [1, 2], `${kind} an array of 2`],
    ['floats', new Float32Array(4), `${kind} a Float32Array of 4`],
    ['a promise', Promise.resolve(), `${kind} a Promise`],
    ['a DataView', new DataView(new ArrayBuffer(8)), `${kind} a DataView`],
    ['a proxy', new Proxy(new Uint8Array(8), {}), `${kind} an object`],
    ['a SharedArrayBuffer', shared.buffer, `${kind} a SharedArrayBuffer`],
    ['a shared view', shared, loose],
    ['a resizable buffer', resizable, loose],
    ['a view of a resizable buffer', new Uint8Array(resizable), loose],
    ['a detached view', detached, gone],
    ['a detached buffer', detached.buffer, gone],
  ];
  for (const [what, value, message] of cases) it(what, () => expect(refusal(value)).toBe(message));
});

describe('a hostile file', () => {
  const entry = (fields: object): string =>
    JSON.stringify({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...fields } });
  const pair = (a: [number, number], b: [number, number]): string =>
    JSON.stringify({
      a: { dtype: 'U8', shape: [4], data_offsets: a },
      b: { dtype: 'U8', shape: [4], data_offsets: b },
    });
  const raw = (fields: string): string => `{"w":{${fields}}}`;
  const at = (character: number): string => `at character ${character} of the header, found`;
  const pngStart = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d);

  const known = 'those that can be read are F64, F32, I32, I8, U8';
  const whole = (character: number): string => `tensor "w": expected a whole number ${at(character)}`;
  const placed = 'tensor "w" has the data offsets [0, 8]: its shape';
  const alone = 'and the length of its header alone takes 8';
  const foreign = (length: string): string =>
    `this is no safetensors file: its header would have ${length} bytes, and 100000000 are the most`;
  const shaped = (...shape: unknown[]): Bytes => fileOf(entry({ shape }), 8);
  const typed = (dtype: unknown): Bytes => fileOf(entry({ dtype }), 8);
  const offset = (...offsets: number[]): Bytes => fileOf(entry({ data_offsets: offsets }), 8);
  const sized = (size: string): Bytes => fileOf(raw(`"shape":[${size}]`));
  const most = 2 ** 53 - 1;

  const none = '{"dtype":"U8","shape":[0],"data_offsets":[0,0]}';
  const meta = (members: string): string => `{"__metadata__":{${members}}}`;
  const before = (end: number): string => `of the data: those before it end at ${end}`;

  // prettier-ignore
  const cases: [what: string, file: Bytes, message: string][] = [
    ['empty', new Uint8Array(0), `the file is truncated: it has 0 bytes, ${alone}`],
    ['7 bytes', new Uint8Array(7), `the file is truncated: it has 7 bytes, ${alone}`],
    ['only zeros', new Uint8Array(8), `the header: expected "{" ${at(0)} the end of the header`],
    ['header cut', fileOf('{}', 0, 1200n), 'the file is truncated: its header should have 1200 bytes, and 2 follow'],
    ['header of 2^63 bytes', fileOf('{}', 0, 2n ** 63n), foreign('9223372036854775808')],
    ['header above the limit', fileOf('{}', 0, 100_000_001n), foreign('100000001')],
    ['header at the limit', fileOf('{}', 0, 10n ** 8n), 'the file is truncated: its header should have 100000000 bytes, and 2 follow'],
    ['a picture', pngStart, foreign('727905341920923785')],
    ['data cut', fileOf(entry({}), 7), 'the file is truncated: its header says 8 bytes follow, 7 do'],
    ['data missing', fileOf(entry({})), 'the file is truncated: its header says 8 bytes follow, 0 do'],
    ['data too long', fileOf(entry({}), 9), 'the file has 1 byte after its tensors: there should be none'],
    ['data of nothing', fileOf('{}', 3), 'the file has 3 bytes after its tensors: there should be none'],
    ['invalid UTF-8', fileOf(Uint8Array.of(0x7b, 0xff, 0x7d)), 'the header is not valid UTF-8'],
    ['a cut UTF-8 sequence', fileOf(Uint8Array.of(0x7b, 0x22, 0xc3)), 'the header is not valid UTF-8'],

    ['a byte order mark', fileOf('\ufeff{}'), `the header: expected "{" ${at(0)} "\ufeff{"`],
    ['a space before it', fileOf(' {}'), `the header: expected "{" ${at(0)} " {"`],
    ['an array', fileOf('[1]'), `the header: expected "{" ${at(0)} "[1"`],
    ['null', fileOf('null'), `the header: expected "{" ${at(0)} "null"`],
    ['a number', fileOf('1'), `the header: expected "{" ${at(0)} "1"`],
    ['text', fileOf('"a"'), `the header: expected "{" ${at(0)} "\\"a\\""`],
    ['an end too many', fileOf('{}}'), `the header: expected its end ${at(2)} "}"`],
    ['two values', fileOf('{} {}'), `the header: expected its end ${at(3)} "{"`],
    ['zeros as padding', fileOf('{}\0'), `the header: expected its end ${at(2)} "\\u0000"`],
    ['no end', fileOf('{'), `the header: expected a string ${at(1)} the end of the header`],
    ['no colon', fileOf('{"w"}'), `the header: expected ":" ${at(4)} "}"`],
    ['a name without quotes', fileOf('{w:1}'), `the header: expected a string ${at(1)} "w"`],
    ['a name without end', fileOf('{"w'), `the header: expected a string ${at(1)} "\\"w"`],
    ['a name that ends in an escape', fileOf('{"w\\'), `the header: expected a string ${at(1)} "\\"w\\\\"`],
    ['an unknown escape', fileOf('{"\\x":1}'), `the header: expected a string ${at(1)} "\\"\\\\x\\""`],
    ['half of a surrogate pair', fileOf(`{"\\ud83d":${none}}`), `the header: expected a string ${at(1)} "\\"\\\\ud83d\\""`],
    ['the other half, in metadata', fileOf(meta('"a":"b\\ude00"')), `"__metadata__": expected a string ${at(21)} "\\"b\\\\ude00\\""`],
    ['a raw control character', fileOf('{"\n":1}'), `the header: expected a string ${at(1)} "\\"\\n\\""`],
    ['two equal tensors', fileOf(`{"w":${none},"w":{}}`), 'the header has two fields "w"'],
    ['two metadata', fileOf('{"__metadata__":{},"__metadata__":{}}'), 'the header has two fields "__metadata__"'],

    ['metadata of text', fileOf('{"__metadata__":"a"}'), `"__metadata__": expected "{" ${at(16)} "\\"a\\""`],
    ['null metadata', fileOf('{"__metadata__":null}'), `"__metadata__": expected "{" ${at(16)} "null"`],
    ['a number in them', fileOf(meta('"a":1')), `"__metadata__": expected a string ${at(21)} "1"`],
    ['an object in them', fileOf(meta('"a":{}')), `"__metadata__": expected a string ${at(21)} "{"`],
    ['no comma', fileOf(meta('"a":"b" "c":"d"')), `"__metadata__": expected "," or "}" ${at(25)} "\\"c\\""`],
    ['a comma too many', fileOf(meta('"a":"b",')), `"__metadata__": expected a string ${at(25)} "}"`],
    ['two equal names, one escaped', fileOf(meta('"a":"","\\u0061":""')), '"__metadata__" has two fields "a"'],

    ['a tensor that is null', fileOf('{"w":null}'), `tensor "w": expected "{" ${at(5)} "null"`],
    ['a tensor that is an array', fileOf('{"w":[]}'), `tensor "w": expected "{" ${at(5)} "["`],
    ['two shapes', fileOf(raw('"shape":[1],"shape":[2]')), 'tensor "w" has two fields "shape"'],
    ['an unknown field', fileOf(raw('"strides":[1]')), 'tensor "w" has an unknown field "strides"'],
    ['a field named __proto__', fileOf(raw('"__proto__":{}')), 'tensor "w" has an unknown field "__proto__"'],
    ['no dtype', fileOf(raw('"shape":[],"data_offsets":[0,4]')), 'tensor "w" has no field "dtype"'],
    ['no shape', fileOf(raw('"dtype":"F32","data_offsets":[0,4]')), 'tensor "w" has no field "shape"'],
    ['no offsets', fileOf(raw('"dtype":"F32","shape":[1]')), 'tensor "w" has no field "data_offsets"'],
    ['an empty dtype', typed(''), `tensor "w" has the dtype "": ${known}`],
    ['a dtype that is not read', typed('BF16'), `tensor "w" has the dtype "BF16": ${known}`],
    ['a dtype of Object', typed('constructor'), `tensor "w" has the dtype "constructor": ${known}`],
    ['a dtype that is a number', typed(32), `tensor "w": expected a string ${at(14)} "32"`],

    ['a shape that is a number', fileOf(entry({ shape: 2 }), 8), `tensor "w": expected "[" ${at(28)} "2"`],
    ['a size of text', shaped('2'), `${whole(29)} "\\"2\\""`],
    ['a size that is null', shaped(null), `${whole(29)} "null"`],
    ['a size that is an array', shaped([2]), `${whole(29)} "[2"`],
    ['a negative size', sized('-2'), `${whole(15)} "-2"`],
    ['a fractional size', sized('2.5'), `${whole(15)} "2.5"`],
    ['a size that is NaN', sized('NaN'), `${whole(15)} "NaN"`],
    ['a size with an exponent', sized('1e3'), `${whole(15)} "1e3"`],
    ['a size with a point', sized('1.0'), `${whole(15)} "1.0"`],
    ['a size with a zero before', sized('02'), `${whole(15)} "02"`],
    ['a size of 2^53', sized('9007199254740992'), `${whole(15)} "9007199254740992"`],
    ['a size of 2^64', sized('18446744073709551616'), `${whole(15)} "18446744073709551616"`],
    ['a shape too small', shaped(1), `${placed} [1] takes 4 bytes of F32`],
    ['a shape of nothing', shaped(9, 0), `${placed} [9, 0] takes 0 bytes of F32`],
    ['a scalar of 8 bytes', shaped(), `${placed} [] takes 4 bytes of F32`],
    ['2^65 values', shaped(2 ** 32, 2 ** 32, 2), `${placed} [4294967296, 4294967296, 2] takes ${2 ** 67} bytes of F32`],
    ['2^106 values', shaped(most, most), `${placed} [${most}, ${most}] takes ${most * most * 4} bytes of F32`],
    ['2^64 values before a 0', shaped(2 ** 32, 2 ** 32, 0), 'tensor "w" has the shape [4294967296, 4294967296, 0]: its product overflows'],
    ['2^64 values behind a 0', fileOf(entry({ shape: [0, 2 ** 32, 2 ** 32] }), 8), `${placed} [0, 4294967296, 4294967296] takes 0 bytes of F32`],
    ['many sizes', shaped(...Array<number>(999).fill(3)), `${placed} [3, 3, 3, 3, 3, 3, 3, 3, ...] takes Infinity bytes of F32`],

    ['one offset', offset(0), 'tensor "w" has 1 data offset: there should be 2'],
    ['three offsets', offset(0, 4, 8), 'tensor "w" has 3 data offsets: there should be 2'],
    ['no offset', offset(), 'tensor "w" has 0 data offsets: there should be 2'],
    ['a negative offset', offset(-8, 0), `${whole(48)} "-8"`],
    ['offsets the wrong way round', offset(8, 0), `tensor "w" begins at byte 8 ${before(0)}`],
    ['an end before the beginning', fileOf(pair([0, 4], [4, 0]), 4), 'tensor "b" has the data offsets [4, 0]: its shape [4] takes 4 bytes of U8'],
    ['an end out of the file', fileOf(entry({ shape: [2 ** 50], data_offsets: [0, 2 ** 52] }), 8), 'the file is truncated: its header says 4503599627370496 bytes follow, 8 do'],
    ['a gap at the start', offset(4, 12), `tensor "w" begins at byte 4 ${before(0)}`],
    ['a gap between', fileOf(pair([0, 4], [5, 9]), 9), `tensor "b" begins at byte 5 ${before(4)}`],
    ['an overlap', fileOf(pair([0, 4], [3, 7]), 7), `tensor "b" begins at byte 3 ${before(4)}`],
    ['the same data twice', fileOf(pair([0, 4], [0, 4]), 4), `tensor "b" begins at byte 0 ${before(4)}`],
    ['a gap at the end', fileOf(pair([4, 8], [0, 4]), 9), 'the file has 1 byte after its tensors: there should be none'],
    ['a long name', fileOf(`{"${'n'.repeat(1e5)}":1}`), `tensor "${'n'.repeat(40)}"...: expected "{" ${at(100004)} "1"`],
  ];
  for (const [what, file, message] of cases) {
    it(what, () => expect(refusal(file)).toBe(`FileFormatError: ${message}`));
  }

  it('may have so many tensors and no more', () => {
    const header = (count: number): string => `{${Array.from({ length: count }, (_, i) => `"${i}":${none}`).join()}}`;
    expect(decodeSafetensors(fileOf(header(20_000))).tensors.size).toBe(20_000);
    expect(refusal(fileOf(header(20_001)))).toBe('FileFormatError: the header has over 20000 fields');
  });

  it('may be no longer than its reader has a use for', () => {
    const file = fileOf(`{"w":${none}}`);
    const length = file.length - 8;
    expect(decodeSafetensors(file, length).tensors.size).toBe(1);
    expect(() => decodeSafetensors(file, length - 1)).toThrow(`the header has ${length} bytes: at most ${length - 1}`);
  });

  it('may nest as deep as it likes', () => {
    for (const open of ['[', '{"a":', '{"w":{"shape":[', '{"__metadata__":{"a":[']) {
      expect(refusal(fileOf(open + open.repeat(1e6)))).toMatch(
        /^FileFormatError: .*(: expected | has an unknown field )/,
      );
    }
  });

  it('reaches no prototype', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const metadata = names.map((name) => `"${name}":"${name}"`).join();
    const entries = names.map((name) => `"${name}":${none}`).join();
    const decoded = decodeSafetensors(fileOf(`{"__metadata__":{${metadata}},${entries}}`));
    expect([...decoded.metadata.keys()]).toEqual(names);
    expect([...decoded.tensors.keys()]).toEqual(names);
    expect(({} as Record<string, unknown>)['dtype']).toBeUndefined();
  });

  it('of ten megabytes of odd header is refused in no time', () => {
    const size = 1e7;
    const headers = [
      `{"${'a'.repeat(size)}":1}`,
      `{"${'\\n'.repeat(size / 2)}":1}`,
      `{"${'\\'.repeat(size)}`,
      `{"a":{"shape":[${'1'.repeat(size)}]}}`,
      `{"a":{"shape":[${'0,'.repeat(size / 20)}]}}`,
      `{"a":{"shape":${'['.repeat(size)}`,
      `{${' '.repeat(size)}`,
    ];
    for (const header of headers) {
      const file = fileOf(header);
      const started = performance.now();
      expect(refusal(file)).toMatch(/^FileFormatError: /);
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });
});

describe('a damaged file', () => {
  const whole = encodeSafetensors(example, exampleMetadata);

  /** Decodes, or refuses with a FileFormatError; anything else escapes. What was decoded takes no more than the file. */
  function survive(file: Uint8Array): void {
    try {
      const { tensors } = decodeSafetensors(file);
      let total = 0;
      for (const { data } of tensors.values()) total += data.byteLength;
      expect(total).toBeLessThan(file.length);
    } catch (error) {
      if (!(error instanceof FileFormatError)) throw error;
      expect(error.message.length).toBeLessThan(400);
    }
  }

  it('is refused wherever it is cut', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(refusal(whole.subarray(0, length))).toMatch(/^FileFormatError: the file is truncated: /);
    }
  });

  it('decodes or is refused whichever byte has changed', () => {
    for (let at = 0; at < whole.length; at++) {
      for (const value of [0, 0x20, 0x22, 0x2d, 0x30, 0x39, 0x5c, 0x7b, 0x7d, 0xff, whole[at] ^ 1, whole[at] ^ 0x80]) {
        const file = whole.slice();
        file[at] = value;
        survive(file);
      }
    }
  });

  it('decodes or is refused after any edits', () => {
    const edit = fc.record({
      at: fc.nat(whole.length),
      remove: fc.nat(12),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 12 }),
        fc.constantFrom('0', '[', '{', '"', '\\', ',', '-1', '1e999', '"__proto__":').map((text) => Buffer.from(text)),
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let file: Uint8Array = whole;
        for (const { at, remove, insert } of edits) {
          file = Uint8Array.of(...file.subarray(0, at), ...insert, ...file.subarray(at + remove));
        }
        survive(file);
      }),
      { numRuns: 500 },
    );
  });

  it('decodes or is refused with any JSON for a header', () => {
    const sizes = fc.oneof(fc.array(fc.nat(4), { maxLength: 3 }), fc.jsonValue());
    const entry = fc.record(
      { dtype: fc.oneof(fc.constantFrom('F32', 'U8', 'I64'), fc.jsonValue()), shape: sizes, data_offsets: sizes },
      { requiredKeys: [] },
    );
    const header = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.oneof(fc.string(), fc.constant('__metadata__')), fc.oneof(entry, fc.jsonValue())),
    );
    fc.assert(
      fc.property(header, fc.nat(64), (value, bytes) => {
        survive(fileOf(JSON.stringify(value), bytes));
      }),
      { numRuns: 500 },
    );
  });
});
