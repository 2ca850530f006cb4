/** Loads a built kernel variant and lends guarded memory to the kernel tests. */
import { instantiate } from '@assemblyscript/loader';
import { expect } from 'vitest';
import { readBytes } from '../files.js';

export type Variant = 'plain' | 'relaxed' | 'plain.wide' | 'relaxed.wide';

export type Int8Variant = 'plain.int8' | 'relaxed.int8' | 'relaxed.dot.int8';

type Kernel = (...args: number[]) => number;

const CANARY = 0x7fc0dead; // a NaN: a kernel that reads it is seen, and so is one that writes over it
const CANARY_WORDS = 16;

/** The built kernels, by variant. */
export const BINARIES: Record<Variant, Uint8Array<ArrayBuffer>> = {
  plain: await readBytes('build/plain.wasm'),
  relaxed: await readBytes('build/relaxed.wasm'),
  'plain.wide': await readBytes('build/plain.wide.wasm'),
  'relaxed.wide': await readBytes('build/relaxed.wide.wasm'),
};

/** The variants that this engine can compile: Node 20 has no relaxed SIMD, and 22 and later do. */
export const VARIANTS = (['plain', 'relaxed'] as const).filter((variant) => WebAssembly.validate(BINARIES[variant]));

/** Those of them whose products take two panels at once: see `src/wide.ts`. */
export const WIDE_VARIANTS = VARIANTS.map((variant) => `${variant}.wide` as const);

/** Compiles `build/<variant>.wasm`. */
export async function loadKernels(variant: Variant): Promise<Kernels> {
  const module = await WebAssembly.compile(BINARIES[variant]);
  const { instance } = await instantiate(module);
  return new Kernels(instance.exports);
}

/** The builds for int8. */
export const INT8_BINARIES: Record<Int8Variant, Uint8Array<ArrayBuffer>> = {
  'plain.int8': await readBytes('build/plain.int8.wasm'),
  'relaxed.int8': await readBytes('build/relaxed.int8.wasm'),
  'relaxed.dot.int8': await readBytes('build/relaxed.dot.int8.wasm'),
};

/** Those of them that this engine can compile. */
export const INT8_VARIANTS = (Object.keys(INT8_BINARIES) as Int8Variant[]).filter((variant) =>
  WebAssembly.validate(INT8_BINARIES[variant]),
);

/** An instance of a build for int8, in the memory of kernels that it borrows from. */
export async function int8Exports(variant: Int8Variant, core: WebAssembly.Exports): Promise<WebAssembly.Exports> {
  const { memory, runBatchPhase, activate, softmax } = core;
  const imports = { env: { memory, runBatchPhase, activate, softmax } };
  return (await WebAssembly.instantiate(INT8_BINARIES[variant], imports)).instance.exports;
}

/** Compiles `build/plain.wasm`, and beside it a build for int8. */
export async function loadInt8Kernels(variant: Int8Variant): Promise<Kernels> {
  const { exports } = (await WebAssembly.instantiate(BINARIES.plain, {})).instance;
  return new Kernels({ ...exports, ...(await int8Exports(variant, exports)) });
}

/** One instance of the kernels, with a bump allocator of guarded arrays in pages that are its own. */
export class Kernels {
  readonly memory: WebAssembly.Memory;
  readonly #exports: WebAssembly.Exports;
  readonly #guards: number[] = [];
  #start: number;
  #next: number;

  constructor(exports: WebAssembly.Exports) {
    this.#exports = exports;
    this.memory = exports['memory'] as WebAssembly.Memory;
    this.#start = this.#next = this.memory.grow(16) * 65536;
  }

  /** Calls the exported kernel `name`. */
  call(name: string, ...args: number[]): number {
    const kernel = this.#exports[name];
    if (typeof kernel !== 'function') throw new Error(`no kernel is exported as "${name}"`);
    return (kernel as Kernel)(...args);
  }

  /** Frees every array. Call it before each case. */
  reset(): void {
    this.#next = this.#start;
    this.#guards.length = 0;
  }

  /**
   * Reserves `count` 4-byte elements with canaries before and after, `shift` elements off a 64-byte boundary.
   * `slack` elements behind the array may be written (what the kernel's comment allows), and are not guarded.
   */
  f32(count: number, { values, shift = 0, slack = 0 }: ArrayOptions = {}): number {
    const pointer = this.#reserve(count + slack, shift);
    const view = new Float32Array(this.memory.buffer, pointer, count);
    if (values) view.set(Float32Array.from(values));
    return pointer;
  }

  i32(count: number, { values, shift = 0, slack = 0 }: ArrayOptions = {}): number {
    const pointer = this.#reserve(count + slack, shift);
    if (values) new Int32Array(this.memory.buffer, pointer, count).set(Int32Array.from(values));
    return pointer;
  }

  /**
   * Makes rows ready for a product, and says where it finds them: from the last tile to the first, so that one that
   * wrote into the next one's room would show.
   */
  packRows(at: number, stride: number, rows: number, width: number, shift = 0): number {
    const scratch = this.f32(this.call('rowFloats', rows, width), { shift });
    for (let tile = this.call('tilesOf', rows); tile > 0; tile--) {
      this.call('packRows', at, stride, rows, width, scratch, tile - 1, tile);
    }
    return this.call('rowsAt', at, rows, scratch);
  }

  /** A copy of `count` float32 values at `pointer`. */
  readF32(pointer: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, pointer, count).slice();
  }

  readI32(pointer: number, count: number): Int32Array {
    return new Int32Array(this.memory.buffer, pointer, count).slice();
  }

  /** Fails when a kernel wrote outside the arrays it was given. */
  expectIntact(): void {
    for (const guard of this.#guards) {
      const words = new Uint32Array(this.memory.buffer, guard, CANARY_WORDS);
      expect(words.every((word) => word === CANARY)).toBe(true);
    }
  }

  #reserve(count: number, shift: number): number {
    const before = Math.ceil(this.#next / 64) * 64 + shift * 4;
    const pointer = before + CANARY_WORDS * 4;
    const after = pointer + count * 4;
    const end = after + CANARY_WORDS * 4;
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / 65536) + 16);
    new Uint32Array(this.memory.buffer, before, CANARY_WORDS).fill(CANARY);
    new Uint32Array(this.memory.buffer, pointer, count).fill(0);
    new Uint32Array(this.memory.buffer, after, CANARY_WORDS).fill(CANARY);
    this.#guards.push(before, after);
    this.#next = end;
    return pointer;
  }
}

interface ArrayOptions {
  values?: ArrayLike<number> & Iterable<number>;
  shift?: number;
  slack?: number;
}
