import type { Parameters } from 'chainrule';

/** Eight hexadecimal digits that name these weights, by their bits: FNV-1a over all of them. */
export function fingerprintOf(parameters: Parameters): string {
  let hash = 0x811c9dc5;
  for (const { data } of Object.values(parameters)) {
    const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
    for (const word of words) {
      hash = Math.imul(hash ^ (word & 0xffff), 0x01000193);
      hash = Math.imul(hash ^ (word >>> 16), 0x01000193);
    }
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
