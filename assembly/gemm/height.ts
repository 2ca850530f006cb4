/** Rows of the tallest tile: what 16 vector registers hold beside the operands, with a fused multiply-add or without. */
export const TALLEST: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;
