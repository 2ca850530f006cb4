/**
 * Entry `index` of a static table (`memory.data<f32>`), in all four lanes. V8 builds an `f32x4.splat` of a literal
 * anew at each use; a load from a fixed address, which is what this folds to, is one instruction.
 */
// @ts-ignore: decorator
@inline
export function constant(table: usize, index: usize = 0): v128 {
  return v128.load_splat<f32>(table + (index << 2));
}

const ONE: usize = memory.data<f32>([1], 4);

/** 1 in all lanes. */
// @ts-ignore: decorator
@inline
export function one(): v128 {
  return constant(ONE);
}
