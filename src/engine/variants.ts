import { applyDelta } from './delta.js';
import { plain, relaxedPatch } from './kernels.generated.js';

/** How sums are rounded: see `numerics` of `createNetwork`. */
export type Numerics = 'reproducible' | 'fused';

/** A build of the kernels: its bytes, and what it needs of the engine. */
export interface Variant {
  readonly name: 'plain' | 'relaxed';
  readonly bytes: () => Promise<Uint8Array<ArrayBuffer>>;
  /** A module of a few bytes that validates where the variant runs. */
  readonly probe: Uint8Array<ArrayBuffer>;
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

const PLAIN: Variant = { name: 'plain', bytes: () => inflate(plain), probe: SIMD };

const RELAXED: Variant = {
  name: 'relaxed',
  bytes: async () => applyDelta(await inflate(plain), await inflate(relaxedPatch)),
  probe: RELAXED_SIMD,
};

const VARIANTS: Record<Numerics, readonly Variant[]> = { reproducible: [PLAIN], fused: [RELAXED, PLAIN] };

/** The best variant for `numerics` that this engine validates. Throws where it has no SIMD at all. */
export function chooseVariant(numerics: Numerics): Variant {
  const variant = VARIANTS[numerics].find(({ probe }) => WebAssembly.validate(probe));
  if (!variant) throw new Error('chainrule needs WebAssembly SIMD, and this engine does not have it');
  return variant;
}

/** The bytes behind a gzipped base64 text. */
async function inflate(base64: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
