/*
 * Text as UTF-8 bytes. jsdom, which tests of pages run in, has no TextEncoder and no TextDecoder; there the language's
 * own percent-encoding, which is of UTF-8, stands in.
 */

/** The bytes of a text. */
export function encodeUtf8(text: string): Uint8Array {
  if (typeof TextEncoder === 'function') return new TextEncoder().encode(text);
  const bytes: number[] = [];
  const escaped = encodeURIComponent(text);
  for (let at = 0; at < escaped.length; at++) {
    const isByte = escaped[at] === '%';
    bytes.push(isByte ? parseInt(escaped.slice(at + 1, at + 3), 16) : escaped.charCodeAt(at));
    if (isByte) at += 2;
  }
  return Uint8Array.from(bytes);
}

/** The text of some bytes. Throws a TypeError where they are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array<ArrayBuffer>): string {
  if (typeof TextDecoder === 'function')
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const escaped = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  try {
    return decodeURIComponent(escaped);
  } catch (cause) {
    throw new TypeError('not valid UTF-8', { cause });
  }
}
