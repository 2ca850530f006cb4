/**
 * The bytes that a hexadecimal text says. Kernels are inlined as such a text: no host lacks what it takes to read it,
 * and a server that compresses what it sends makes it as short as a gzipped file would be.
 */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
