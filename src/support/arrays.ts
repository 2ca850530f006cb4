/*
 * Typed arrays as they are, not as they say. Their kind, length and place come from the engine's own getters, taken
 * when the library is loaded. A subclass, a property of the array's own, or `Symbol.species` may answer anything, and
 * to read by a length that is not true would be to read what lies behind the array.
 */

/** A typed array of numbers. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/**
 * Arrays over memory of their own, which a `Blob` or a request body has to be made of. TypeScript has words for that from
 * 5.7 on, and would not read them before.
 */
export type Floats = ReturnType<Float32Array['slice']>;
export type Bytes = ReturnType<Uint8Array['slice']>;

type Kind = { readonly BYTES_PER_ELEMENT: number } & (new (
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
) => TypedArray);

const NAMES = ['Float32', 'Float64', 'Float16', 'Int8', 'Int16', 'Int32', 'Uint8', 'Uint8Clamped', 'Uint16', 'Uint32'];
const host = globalThis as unknown as Record<string, Kind | undefined>;

/** The kinds of arrays that hold numbers, by name. Not every engine has all of them. */
const KINDS = new Map(NAMES.map((name) => [`${name}Array`, host[`${name}Array`]]));

const prototype = Object.getPrototypeOf(Int8Array.prototype) as TypedArray;
// eslint-disable-next-line @typescript-eslint/unbound-method -- always called with the array that is meant
const { set, keys } = prototype;

type Getter<Value> = (array: unknown) => Value;

function getter(owner: object, name: PropertyKey): Getter<unknown> {
  const { get } = Object.getOwnPropertyDescriptor(owner, name) as { get: () => unknown };
  return (array) => get.call(array);
}

/** The engine's own name for the kind of a typed array, whatever realm or subclass it is of; else `undefined`. */
export const tagOf = getter(prototype, Symbol.toStringTag) as Getter<string | undefined>;
/** The length of a typed array; 0 where it is detached or its buffer has shrunk from under it. */
export const lengthOf = getter(prototype, 'length') as Getter<number>;
export const byteLengthOf = getter(prototype, 'byteLength') as Getter<number>;
export const byteOffsetOf = getter(prototype, 'byteOffset') as Getter<number>;
export const bufferOf = getter(prototype, 'buffer') as Getter<ArrayBufferLike>;
const unsharedLengthOf = getter(ArrayBuffer.prototype, 'byteLength') as Getter<number>;

/** True for a typed array of numbers. */
export function isTyped(value: unknown): value is TypedArray {
  return kindOf(value) !== undefined;
}

function kindOf(value: unknown): Kind | undefined {
  const tag = tagOf(value);
  return tag === undefined ? undefined : KINDS.get(tag);
}

/** An array whose buffer is gone, or shrank from under it, has a length of 0 like any empty one. */
export function isDetached(array: TypedArray): boolean {
  try {
    keys.call(array);
    return false;
  } catch {
    return true;
  }
}

/** A view of `count` elements from `from` on, plain and of this realm. Throws where the array has no such elements. */
export function part(array: TypedArray, from: number, count: number): TypedArray {
  const Own = kindOf(array)!;
  if (from + count > lengthOf(array)) throw new RangeError('the array has fewer elements');
  return new Own(bufferOf(array), byteOffsetOf(array) + from * Own.BYTES_PER_ELEMENT, count);
}

/** Copies all of `source` into `target`, from its element `at` on. */
export function copyInto(target: TypedArray, source: TypedArray, at: number): void {
  set.call(target, source, at);
}

/** Whether two arrays may share memory. Of two shared buffers that is not known: one memory can have several. */
export function mayOverlap(a: TypedArray, b: TypedArray): boolean {
  if (bufferOf(a) !== bufferOf(b)) return !isArrayBuffer(bufferOf(a)) && !isArrayBuffer(bufferOf(b));
  return byteOffsetOf(a) < endOf(b) && byteOffsetOf(b) < endOf(a);
}

function endOf(array: TypedArray): number {
  return byteOffsetOf(array) + byteLengthOf(array);
}

/** True for an ArrayBuffer of any realm, and not for a shared one. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  try {
    unsharedLengthOf(value);
    return true;
  } catch {
    return false;
  }
}
