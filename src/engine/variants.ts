import { bytes as plain } from './kernels.plain.generated.js';

/** How sums are rounded: see `numerics` of `createNetwork`. */
export type Numerics = 'reproducible' | 'fused';

/** Whether one thread has the linear memory to itself, or several share it. */
export type Sharing = 'local' | 'shared';

/** A build of the kernels: its bytes, and what it needs of the engine. */
export interface Variant {
  readonly name: 'plain' | 'relaxed' | 'plain.shared' | 'relaxed.shared';
  readonly bytes: () => Promise<Uint8Array<ArrayBuffer>>;
  /** Modules of a few bytes that validate where the variant runs. */
  readonly probes: readonly Uint8Array<ArrayBuffer>[];
}

/** `(func (result v128) i32.const 0; i8x16.splat)`: fixed-width SIMD. */
const SIMD = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  5,
  1,
  96,
  0,
  1,
  123,
  3,
  2,
  1,
  0,
  10,
  8,
  1,
  6,
  0,
  65,
  0,
  253,
  15,
  11,
);

/** `(func (result v128) ...; f32x4.relaxed_madd)`: relaxed SIMD. */
const RELAXED_SIMD = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  5,
  1,
  96,
  0,
  1,
  123,
  3,
  2,
  1,
  0,
  10,
  19,
  1,
  17,
  0,
  65,
  0,
  253,
  15,
  65,
  0,
  253,
  15,
  65,
  0,
  253,
  15,
  253,
  133,
  2,
  11,
);

/** `(memory 1 1 shared)`: threads. */
const THREADS = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 5, 4, 1, 3, 1, 1);

/** What few networks need is a module of its own, loaded on demand. */
const relaxed: Variant['bytes'] = async () => (await import('./kernels.relaxed.generated.js')).bytes();
const plainShared: Variant['bytes'] = async () => (await import('./kernels.plain.shared.generated.js')).bytes();
const relaxedShared: Variant['bytes'] = async () => (await import('./kernels.relaxed.shared.generated.js')).bytes();

const PLAIN: Variant = { name: 'plain', bytes: () => Promise.resolve(plain()), probes: [SIMD] };
const RELAXED: Variant = { name: 'relaxed', bytes: relaxed, probes: [RELAXED_SIMD] };
const PLAIN_SHARED: Variant = { name: 'plain.shared', bytes: plainShared, probes: [SIMD, THREADS] };
const RELAXED_SHARED: Variant = { name: 'relaxed.shared', bytes: relaxedShared, probes: [RELAXED_SIMD, THREADS] };

/** The builds, the best first. */
const VARIANTS: Record<Numerics, Record<Sharing, readonly Variant[]>> = {
  reproducible: { local: [PLAIN], shared: [PLAIN_SHARED, PLAIN] },
  fused: { local: [RELAXED, PLAIN], shared: [RELAXED_SHARED, PLAIN_SHARED, RELAXED, PLAIN] },
};

/** What a variant is called among the files of the package. */
export function fileOf(name: Variant['name']): string {
  return `"chainrule/${['kernels', ...name.split('.').filter((part) => part !== 'plain'), 'wasm'].join('.')}"`;
}

/** The best variant that this engine validates. Throws where it has no SIMD at all. */
export function chooseVariant(numerics: Numerics, sharing: Sharing): Variant {
  const variant = VARIANTS[numerics][sharing].find(({ probes }) => probes.every(validates));
  if (!variant) throw new Error('chainrule needs WebAssembly SIMD, and this engine does not have it');
  return variant;
}

const validates = (probe: Uint8Array<ArrayBuffer>): boolean =>
  typeof WebAssembly === 'object' && WebAssembly.validate(probe);
