/**
 * Writes one binary as a patch on another. The two builds of the kernels differ only in how they round, so that the
 * second costs a page a few kilobytes rather than its own size again. `src/engine/delta.ts` applies the patch.
 */

/** Bytes that must agree before a copy is worth its two numbers. */
const SHORTEST = 8;

/**
 * `target` in terms of `base`: records of three LEB128 numbers, where to copy from in `base`, how many bytes, and how
 * many bytes of the patch follow as they are.
 */
export function encodeDelta(base: Uint8Array, target: Uint8Array): Uint8Array {
  const places = indexOf(base);
  const patch: number[] = [];
  let copy = { from: 0, length: 0 };
  let literals: number[] = [];
  const flush = (): void => {
    patch.push(...leb(copy.from), ...leb(copy.length), ...leb(literals.length), ...literals);
    literals = [];
  };
  for (let at = 0; at < target.length;) {
    const match = longest(base, target, at, places.get(keyOf(target, at)) ?? []);
    if (match.length < SHORTEST) {
      literals.push(target[at++]);
      continue;
    }
    flush();
    copy = match;
    at += match.length;
  }
  flush();
  return Uint8Array.from(patch);
}

function keyOf(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(SHORTEST, bytes.length - at)).toString('latin1');
}

function indexOf(base: Uint8Array): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (let at = 0; at + SHORTEST <= base.length; at++) {
    const key = keyOf(base, at);
    const known = places.get(key);
    if (known) known.push(at);
    else places.set(key, [at]);
  }
  return places;
}

function longest(
  base: Uint8Array,
  target: Uint8Array,
  at: number,
  candidates: readonly number[],
): { from: number; length: number } {
  let best = { from: 0, length: 0 };
  for (const from of candidates) {
    let length = 0;
    while (at + length < target.length && from + length < base.length && target[at + length] === base[from + length]) {
      length++;
    }
    if (length > best.length) best = { from, length };
  }
  return best;
}

function leb(value: number): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return [...bytes, left];
    bytes.push((left & 0x7f) | 0x80);
  }
}
