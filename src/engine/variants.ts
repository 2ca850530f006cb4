import { plain, relaxed } from './kernels.generated.js';

/** How sums are rounded: see `numerics` of `createNetwork`. */
export type Numerics = 'reproducible' | 'fused';

/** A build of the kernels: what it needs of the engine, and its bytes in base64. */
interface Variant {
  readonly name: 'plain' | 'relaxed';
  readonly base64: string;
  /** A module of a few bytes that validates where the variant runs. */
  readonly probe: Uint8Array<ArrayBuffer>;
}

/** `(func (result v128) i32.const 0; i8x16.splat)`: fixed-width SIMD. */
const SIMD = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
);

/** `(func (result v128) ...; f32x4.relaxed_madd)`: relaxed SIMD. */
const RELAXED_SIMD = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0, 253, 15, 65,
  0, 253, 15, 253, 133, 2, 11,
);

const VARIANTS: Record<Numerics, readonly Variant[]> = {
  reproducible: [{ name: 'plain', base64: plain, probe: SIMD }],
  fused: [
    { name: 'relaxed', base64: relaxed, probe: RELAXED_SIMD },
    { name: 'plain', base64: plain, probe: SIMD },
  ],
};

/** The best variant for `numerics` that this engine validates. Throws where it has no SIMD at all. */
export function chooseVariant(numerics: Numerics): Variant {
  const variant = VARIANTS[numerics].find(({ probe }) => WebAssembly.validate(probe));
  if (!variant) throw new Error('chainrule needs WebAssembly SIMD, and this engine does not have it');
  return variant;
}

/** The bytes of a variant. */
export function variantBytes({ base64 }: Variant): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
