import { lengthOf, tagOf } from '../support/arrays.js';
import { bytes, quantity, wrongType } from '../support/check.js';

/** Room for what is given back. Throws a RangeError that says how much it would be. */
function floats(count: number, what: string): Float32Array<ArrayBuffer> {
  try {
    return new Float32Array(count);
  } catch {
    throw new RangeError(`${what} needs ${bytes(count * 4)} of memory: this machine gave no more`);
  }
}

/** Where a prediction goes: the caller's own array, checked, or a new one. */
export function room(count: number, outputs: number, into: unknown): Float32Array {
  const values = count * outputs;
  if (into === undefined) return floats(values, `a prediction for ${quantity(count, 'example')}`);
  if (tagOf(into) !== 'Float32Array') throw wrongType('into', 'a Float32Array', into);
  const length = lengthOf(into);
  if (length !== values) {
    const expected = `${values} (${quantity(count, 'example')} of ${quantity(outputs, 'output')})`;
    throw new RangeError(`"into" has ${quantity(length, 'value')}: expected ${expected}`);
  }
  return into as Float32Array;
}
