/**
 * Writes the register tiles of the matrix products as AssemblyScript text, `tiles.generated.ts`.
 *
 * Tiles differ only in how many rows they hold, and a row more is a dozen more local variables, so they are
 * generated. Each is one function with one loop that is not nested, unrolled nowhere, and at most 15 live v128
 * values: engines keep such a loop in registers, where a k-loop inside a tile loop is unrolled and spilled.
 */

/** Rows of a tile: `madd` fused leaves registers for 6 x 8, separate multiply and add for 5 x 8. */
const HEIGHTS = [1, 2, 3, 4, 5, 6];

const each = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

/**
 * `C[r][0..7] = b[0..7] + sum over k of A[r][k] * W[k][0..7]`, k upwards, for r below `rows`. The floats of A that a turn
 * takes come from a pointer for each row or, where rows are packed, from one: see rows.ts.
 */
function productTile(rows: number): string {
  return `
/** Z[${rows}, 8] = b + A[${rows}, k] * W[k, 8]. Z is overwritten; strides in bytes. */
export function productTile${rows}(a: usize, lda: usize, w: usize, k: i32, b: usize, z: usize, ldz: usize): void {
  const end = w + ((<usize>k) << 5);
${each(rows, (r) => `  let x${r} = a${r > 1 ? ` + ${r} * lda` : r ? ' + lda' : ''};`)}
  const b0 = v128.load(b), b1 = v128.load(b, 16);
${each(rows, (r) => `  let z${r}0 = b0, z${r}1 = b1;`)}
  while (w < end) {
    const w0 = v128.load(w), w1 = v128.load(w, 16);
${each(rows, (r) => `    const s${r} = PACKED ? v128.load32_splat(a, ${4 * r}) : v128.load32_splat(x${r}); z${r}0 = madd(s${r}, w0, z${r}0); z${r}1 = madd(s${r}, w1, z${r}1);`)}
    if (PACKED) a += ${4 * rows};
    else {
${each(rows, (r) => `      x${r} += 4;`)}
    }
    w += 32;
  }
${each(rows, (r) => `  v128.store(z, z${r}0); v128.store(z, z${r}1, 16);${r < rows - 1 ? ' z += ldz;' : ''}`)}
}`;
}

/**
 * `G[r][0..7] = start + sum over i of A[i][r] * D[i][0..7]`, i upwards, for r below `rows`; the start is 0, or G. Each
 * start has a function of its own: one that reads either from memory takes a tenth longer at ten examples (measured:
 * bench:kernels).
 */
function gradientTile(rows: number, accumulate: boolean): string {
  const start = (r: number, at: number): string => (accumulate ? `v128.load(g, ${32 * r + at})` : 'f32x4.splat(0)');
  return `
/** G[${rows}, 8] ${accumulate ? '+=' : '='} A[n, ${rows}]^T * D[n, 8]. Strides in bytes. */
export function gradientTile${accumulate ? 'Add' : ''}${rows}(a: usize, lda: usize, d: usize, ldd: usize, n: i32, g: usize): void {
  const end = d + <usize>n * ldd;
${each(rows, (r) => `  let g${r}0 = ${start(r, 0)}, g${r}1 = ${start(r, 16)};`)}
  while (d < end) {
    const d0 = v128.load(d), d1 = v128.load(d, 16);
${each(rows, (r) => `    const s${r} = v128.load32_splat(a, ${4 * r}); g${r}0 = madd(s${r}, d0, g${r}0); g${r}1 = madd(s${r}, d1, g${r}1);`)}
    a += lda;
    d += ldd;
  }
${each(rows, (r) => `  v128.store(g, g${r}0, ${32 * r}); v128.store(g, g${r}1, ${32 * r + 16});`)}
}`;
}

/** The text of \`tiles.generated.ts\`. */
export function generateTiles(): string {
  return [
    `// Written by generate.ts during the build. Edit the generator, never this file.\nimport { madd } from '../simd';\nimport { PACKED } from './rows';`,
    ...HEIGHTS.map(productTile),
    ...HEIGHTS.map((rows) => gradientTile(rows, false)),
    ...[1, 4].map((rows) => gradientTile(rows, true)),
    '',
  ].join('\n');
}
