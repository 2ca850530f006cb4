import type { Bytes } from '../support/arrays.js';
import { describe, quantity } from '../support/check.js';
import { toJson } from './json.js';
import { DTYPES, type Dtype, inBrackets, product, type TensorData } from './safetensors.js';
import { encodeUtf8 } from './utf8.js';

/** A tensor to be written: row-major, as many values as the shape's product. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/**
 * The bytes of a file. The tensors keep their order, but those with wider elements come first: then each one's data
 * are aligned, and a reader may map them without a copy. (The reference also sorts by name; no reader needs that,
 * and `layers.10` would come before `layers.2`.)
 *
 * @throws RangeError for a shape that does not fit its data, or a name that is taken
 */
export function encodeSafetensors(
  tensors: Iterable<readonly [name: string, tensor: Tensor]>,
  metadata: Readonly<Record<string, string>>,
): Bytes {
  const sorted = [...tensors].sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  const header = new Map<string, unknown>([['__metadata__', metadata]]);
  let end = 0;
  for (const [name, { shape, data }] of sorted) {
    if (header.has(name)) throw new RangeError(`a second tensor cannot be named ${describe(name)}`);
    const count = product(shape);
    if (count !== data.length) {
      throw new RangeError(
        `tensor ${describe(name)} has ${quantity(data.length, 'value')}: its shape ${inBrackets(shape)} takes ${count}`,
      );
    }
    header.set(name, { dtype: dtypeOf(data), shape, data_offsets: [end, (end += data.byteLength)] });
  }
  if (Object.keys(metadata).length === 0) header.delete('__metadata__');
  const text = encodeUtf8(toJson(Object.fromEntries(header)));
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(start + end).fill(0x20, 0, start); // spaces, to the 8 bytes that data are aligned to
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.set(text, 8);
  let at = start;
  for (const [, { data }] of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

function dtypeOf(data: TensorData): Dtype {
  return (Object.keys(DTYPES) as Dtype[]).find((dtype) => data instanceof DTYPES[dtype])!;
}
