/**
 * Writes the register tiles of the matrix products as AssemblyScript text, in two files: see the last two functions.
 *
 * Tiles differ only in how many rows they hold, and a row more is a dozen more local variables, so they are
 * generated. Each is one function with one loop that is not nested, unrolled nowhere, and at most 15 live v128
 * values: engines keep such a loop in registers, where a k-loop inside a tile loop is unrolled and spilled.
 *
 * The first turn stands before the loop. V8 then has the address of every load at hand in the turns that follow, where
 * it would otherwise add each offset anew: products gain 7 to 12 % on Node 20 (measured: bench:kernels,
 * gemmProduct of both builds by turns).
 */

/** Rows of a tile: separate multiply and add leave registers for 5 x 8, a fused one for 6 x 8 as well. */
const HEIGHTS = [1, 2, 3, 4, 5];
const FUSED_HEIGHTS = [6];

const each = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

/**
 * One turn of a tile: for each row a float of A times both vectors v of the panel, added to the row's two sums. The
 * first turn declares the sums, and adds to what they start from.
 */
function turn(rows: number, float: (r: number) => string, starts?: (r: number) => [string, string]): string {
  return each(rows, (r) => {
    const [low, high] = starts?.(r) ?? [`c${r}0`, `c${r}1`];
    const [indent, before, between] = starts ? ['  ', 'let ', ','] : ['    ', '', ';'];
    return `${indent}const s${r} = ${float(r)}; ${before}c${r}0 = madd(s${r}, v0, ${low})${between} c${r}1 = madd(s${r}, v1, ${high});`;
  });
}

/**
 * `C[r][0..7] = b[0..7] + sum over k of A[r][k] * W[k][0..7]`, k upwards, for r below `rows`. The floats of A that a turn
 * takes come from a pointer for each row or, where rows are packed, from one: see rows.ts.
 */
function productTile(rows: number): string {
  const float = (r: number): string => `PACKED ? v128.load32_splat(a, ${4 * r}) : v128.load32_splat(x${r})`;
  return `
/** Z[${rows}, 8] = b + A[${rows}, k] * W[k, 8], k >= 1. Z is overwritten; strides in bytes. */
export function productTile${rows}(a: usize, lda: usize, w: usize, k: i32, b: usize, z: usize, ldz: usize): void {
  const end = w + ((<usize>k) << 5);
${each(rows, (r) => `  let x${r} = a${r > 1 ? ` + ${r} * lda` : r ? ' + lda' : ''};`)}
  const v0 = v128.load(w), v1 = v128.load(w, 16), b0 = v128.load(b), b1 = v128.load(b, 16);
${turn(rows, float, () => ['b0', 'b1'])}
  for (;;) {
    if (PACKED) a += ${4 * rows};
    else {
${each(rows, (r) => `      x${r} += 4;`)}
    }
    w += 32;
    if (w >= end) break;
    const v0 = v128.load(w), v1 = v128.load(w, 16);
${turn(rows, float)}
  }
${each(rows, (r) => `  v128.store(z, c${r}0); v128.store(z, c${r}1, 16);${r < rows - 1 ? ' z += ldz;' : ''}`)}
}`;
}

/**
 * `G[r][0..7] = start + sum over i of A[i][r] * D[i][0..7]`, i upwards, for r below `rows`; the start is 0, or G. Each
 * start has a function of its own: one that reads either from memory takes a tenth longer at ten examples (measured:
 * bench:kernels).
 */
function gradientTile(rows: number, accumulate: boolean): string {
  const start = (r: number, at: number): string => (accumulate ? `v128.load(g, ${32 * r + at})` : 'f32x4.splat(0)');
  const float = (r: number): string => `v128.load32_splat(a, ${4 * r})`;
  return `
/** G[${rows}, 8] ${accumulate ? '+=' : '='} A[n, ${rows}]^T * D[n, 8], n >= 1. Strides in bytes. */
export function gradientTile${accumulate ? 'Add' : ''}${rows}(a: usize, lda: usize, d: usize, ldd: usize, n: i32, g: usize): void {
  const end = d + <usize>n * ldd;
  const v0 = v128.load(d), v1 = v128.load(d, 16);
${turn(rows, float, (r) => [start(r, 0), start(r, 16)])}
  for (;;) {
    a += lda;
    d += ldd;
    if (d >= end) break;
    const v0 = v128.load(d), v1 = v128.load(d, 16);
${turn(rows, float)}
  }
${each(rows, (r) => `  v128.store(g, c${r}0, ${32 * r}); v128.store(g, c${r}1, ${32 * r + 16});`)}
}`;
}

const HEADER = `// Written by generate.ts during the build. Edit the generator, never this file.
import { madd } from '../lanes/simd';
import { PACKED } from './rows';`;

const tiles = (heights: readonly number[]): string[] => [
  ...heights.map(productTile),
  ...heights.map((rows) => gradientTile(rows, false)),
];

/** Rows of the tiles that add to G: ADDED of height.ts, and what is left one by one. */
const ADDED_HEIGHTS = [1, 4];

/** The text of `tiles.generated.ts`. */
export function generateTiles(): string {
  return [HEADER, ...tiles(HEIGHTS), ...ADDED_HEIGHTS.map((rows) => gradientTile(rows, true)), ''].join('\n');
}

/** The text of `tiles.fused.generated.ts`: the tiles that only the relaxed builds have room for, and export. */
export function generateFusedTiles(): string {
  return [HEADER, ...tiles(FUSED_HEIGHTS), ''].join('\n');
}
