/**
 * The safetensors format, https://github.com/huggingface/safetensors: the header's length in 8 bytes, a header in
 * JSON, then the tensors' data, end to end.
 *
 *     { "__metadata__": { key: text, ... }, name: { "dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24] }, ... }
 *
 * Everything is little-endian. Data are copied as they lie in memory: typed arrays over WebAssembly memory, which
 * the whole library works with, need a little-endian host anyway.
 */

/** The element types that are read and written, by the format's names for them. */
export const DTYPES = { F64: Float64Array, F32: Float32Array, I32: Int32Array, I8: Int8Array, U8: Uint8Array } as const;

/** The name of an element type. */
export type Dtype = keyof typeof DTYPES;

/** The values of a tensor. */
export type TensorData = Float64Array | Float32Array | Int32Array | Int8Array | Uint8Array;

/** How many values a tensor of such a shape has. */
export function product(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((count, size) => count * size, 1); // not Infinity * 0
}

/** Sizes for a message: [2, 3]. */
export function inBrackets(sizes: readonly number[]): string {
  return `[${sizes.slice(0, 8).join(', ')}${sizes.length > 8 ? ', ...' : ''}]`;
}
