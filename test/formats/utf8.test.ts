import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../src/files/utf8.js';

const TEXTS = ['', 'plain', '100 % {"a": "b\\n"}', 'élan, Ω, 日本, 🙂, \u0000\u007f\u0080\uffff'];

describe.each([true, false])('UTF-8, with the codecs of a host: %s', (hosted) => {
  beforeEach(() => {
    if (!hosted) for (const name of ['TextEncoder', 'TextDecoder']) vi.stubGlobal(name, undefined);
  });
  afterEach(() => vi.unstubAllGlobals());

  it.each(TEXTS)('%j', (text) => {
    const bytes = Uint8Array.from(Buffer.from(text));
    expect(Array.from(encodeUtf8(text))).toEqual(Array.from(bytes));
    expect(decodeUtf8(bytes)).toBe(text);
  });

  it('keeps a byte order mark', () => {
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
  });

  it.each([[0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]])(
    'refuses %j',
    (...bytes) => {
      expect(() => decodeUtf8(Uint8Array.from(bytes))).toThrow(TypeError);
    },
  );
});
