/**
 * Applies a patch that `scripts/delta.ts` made: records of where to copy from, how much, and how many bytes follow. The
 * first is told as a distance from where the record before would go on, had its bytes replaced as many.
 */
export function applyDelta(base: Uint8Array, patch: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let at = 0;
  let expected = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = patch[at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < patch.length) {
    const [distance, length, literals] = [number(), number(), number()];
    const from = expected + (distance & 1 ? -(distance + 1) / 2 : distance / 2);
    expected = from + length + literals;
    parts.push(base.subarray(from, from + length), patch.subarray(at, at + literals));
    at += literals;
  }
  const target = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    target.set(part, end);
    end += part.length;
  }
  return target;
}
