/** Kernels as text: every byte comes back, and the text is what any tool leaves as it is. */
import { expect, it } from 'vitest';
import { fromText, toText } from '../../src/engine/text.js';
import { BINARIES } from '../kernels/harness.js';

it.each([
  ['no bytes', new Uint8Array(0)],
  ['one', Uint8Array.of(255)],
  ['all, each once', Uint8Array.from({ length: 256 }, (_, i) => i)],
  ['all, some of them often', Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251)],
  ['the kernels', BINARIES.plain],
])('%s', (_, bytes) => {
  const { frequent, text } = toText(bytes);
  expect(text).toMatch(/^[!-~]*$/);
  expect(text).not.toMatch(/['"`\\$<]/);
  expect(Buffer.from(fromText(frequent, text)).equals(bytes)).toBe(true);
});
