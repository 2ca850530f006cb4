/**
 * Writes one binary as a patch on another. The two builds of the kernels differ only in how they round, so that the
 * second costs a page a few kilobytes rather than its own size again. `src/engine/delta.ts` applies the patch.
 */

/** Bytes that must agree before a copy is worth its two numbers. */
const SHORTEST = 6;

interface Copy {
  from: number;
  length: number;
}

/**
 * `target` in terms of `base`: records of three LEB128 numbers, where to copy from in `base`, how many bytes, and how
 * many bytes of the patch follow as they are. The first is the distance from where the copy before would go on had those
 * bytes replaced as many: mostly 0, so that the patch compresses well (a third off, measured).
 */
export function encodeDelta(base: Uint8Array, target: Uint8Array): Uint8Array {
  const places = indexOf(base);
  const patch: number[] = [];
  let copy: Copy = { from: 0, length: 0 };
  let literals: number[] = [];
  let expected = 0;
  const flush = (): void => {
    const distance = copy.from - expected;
    patch.push(...leb(distance < 0 ? -2 * distance - 1 : 2 * distance));
    patch.push(...leb(copy.length), ...leb(literals.length), ...literals);
    expected = copy.from + copy.length + literals.length;
    literals = [];
  };
  for (let at = 0; at < target.length;) {
    const near = copy.from + copy.length + literals.length;
    const match = longest(base, target, at, places.get(keyOf(target, at)) ?? [], near);
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

/** The longest match, and among several the one next to `near`. */
function longest(base: Uint8Array, target: Uint8Array, at: number, candidates: readonly number[], near: number): Copy {
  let best: Copy = { from: 0, length: 0 };
  for (const from of candidates) {
    let length = 0;
    while (at + length < target.length && from + length < base.length && target[at + length] === base[from + length]) {
      length++;
    }
    const nearer = Math.abs(from - near) < Math.abs(best.from - near);
    if (length > best.length || (length === best.length && nearer)) best = { from, length };
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
