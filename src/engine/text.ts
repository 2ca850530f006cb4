/*
 * Bytes as text of printable ASCII, as kernels are inlined: every host can read it, and no tool mistakes its encoding.
 * Each of the most frequent bytes is one character, and any other is two. Compressed by a server, such a text is as
 * short as the bytes would be; hexadecimal digits, which split them, are an eighth longer.
 */

/**
 * Without the characters that mean something within a string of JavaScript or HTML: quotes, a backslash, a dollar sign,
 * `<`.
 */
const ALPHABET = '!#%&()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~';

/** Characters that stand for a byte; those behind them begin a pair. */
const SINGLE = 84;

/** The bytes by their characters: first the most frequent, then all others, each from the least. */
function tableOf(frequent: string): number[] {
  const bytes = [...new Array<number>(256).keys()];
  const isFrequent = (byte: number): number => (Number(`0x${frequent[byte >> 2]}`) >> (byte & 3)) & 1;
  return bytes.sort((a, b) => isFrequent(b) - isFrequent(a) || a - b);
}

/**
 * The text of some bytes, and which bytes are the most frequent, which a reader has to know: 64 hexadecimal digits,
 * each for four bytes.
 */
export function toText(bytes: Uint8Array): { frequent: string; text: string } {
  const counts = new Array<number>(256).fill(0);
  for (const byte of bytes) counts[byte]++;
  const digits = new Array<number>(64).fill(0);
  for (const byte of [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b).slice(0, SINGLE)) {
    digits[byte >> 2] |= 1 << (byte & 3);
  }
  const frequent = digits.map((digit) => digit.toString(16)).join('');
  const codes = new Map(tableOf(frequent).map((byte, index) => [byte, codeOf(index)]));
  return { frequent, text: Array.from(bytes, (byte) => codes.get(byte)).join('') };
}

function codeOf(index: number): string {
  const single = ALPHABET.charAt(index % SINGLE);
  return index < SINGLE ? single : ALPHABET.charAt(SINGLE - 1 + Math.floor(index / SINGLE)) + single;
}

/** The bytes that a text of `toText` says. */
export function fromText(frequent: string, text: string): Uint8Array<ArrayBuffer> {
  const table = tableOf(frequent);
  const places = new Uint8Array(128);
  for (let place = 0; place < ALPHABET.length; place++) places[ALPHABET.charCodeAt(place)] = place;
  const bytes = new Uint8Array(text.length);
  let length = 0;
  let ahead = 0;
  for (let at = 0; at < text.length; at++) {
    const place = places[text.charCodeAt(at)];
    if (place < SINGLE) {
      bytes[length++] = table[ahead + place];
      ahead = 0;
    } else ahead = (place - SINGLE + 1) * SINGLE;
  }
  return bytes.slice(0, length);
}
