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

/** The vectors that a tile takes of each panel, and of one panel or two. */
const NARROW = [0, 1];
const WIDE = [0, 1, 2, 3];

/**
 * One turn of a tile: for each row a float of A times the vectors v of its panels, added to the row's sums. The first turn
 * declares the sums, and adds to what they start from.
 */
function turn(
  rows: number,
  vectors: readonly number[],
  float: (r: number) => string,
  start?: (r: number, i: number) => string,
): string {
  return each(rows, (r) => {
    const [indent, before, between] = start ? ['  ', 'let ', ', '] : ['    ', '', '; '];
    const sums = vectors.map((i) => `c${r}${i} = madd(s${r}, v${i}, ${start?.(r, i) ?? `c${r}${i}`})`);
    return `${indent}const s${r} = ${float(r)}; ${before}${sums.join(between)};`;
  });
}

/** `name0 = v128.load(...)` and so on, of vectors side by side: two behind each of the pointers. */
const loads = (name: string, ...pointers: readonly string[]): string =>
  pointers
    .flatMap((pointer, i) => [
      `${name}${2 * i} = v128.load(${pointer})`,
      `${name}${2 * i + 1} = v128.load(${pointer}, 16)`,
    ])
    .join(', ');

/**
 * `C[r][0..7] = b[0..7] + sum over k of A[r][k] * W[k][0..7]`, k upwards, for r below `rows`; a wide tile takes two panels,
 * and 16 columns. The floats of A that a turn takes come from a pointer for each row or, where rows are packed, from one:
 * see rows.ts.
 */
function productTile(rows: number, vectors = NARROW): string {
  const isWide = vectors === WIDE;
  const width = 4 * vectors.length;
  const float = (r: number): string => `PACKED ? v128.load32_splat(a, ${4 * r}) : v128.load32_splat(x${r})`;
  const v = isWide ? loads('v', 'w', 'u') : loads('v', 'w');
  const stores = (r: number): string => vectors.map((i) => `v128.store(z, c${r}${i}, ${16 * i});`).join(' ');
  return `
/** Z[${rows}, ${width}] = b + A[${rows}, k] * W[k, ${width}], k >= 1${isWide ? '; two panels of W, panelStep apart' : ''}. Z is overwritten; strides in bytes. */
export function productTile${rows}${isWide ? 'Wide' : ''}(a: usize, lda: usize, w: usize, ${isWide ? 'panelStep: usize, ' : ''}k: i32, b: usize, z: usize, ldz: usize): void {
  const end = w + ((<usize>k) << 5);
${isWide ? '  let u = w + panelStep;\n' : ''}${each(rows, (r) => `  let x${r} = a${r > 1 ? ` + ${r} * lda` : r ? ' + lda' : ''};`)}
  const ${v}, ${vectors.map((i) => `b${i} = v128.load(b, ${16 * i})`).join(', ')};
${turn(rows, vectors, float, (_, i) => `b${i}`)}
  for (;;) {
    if (PACKED) a += ${4 * rows};
    else {
${each(rows, (r) => `      x${r} += 4;`)}
    }
    w += 32;
${isWide ? '    u += 32;\n' : ''}    if (w >= end) break;
    const ${v};
${turn(rows, vectors, float)}
  }
${each(rows, (r) => `  ${stores(r)}${r < rows - 1 ? ' z += ldz;' : ''}`)}
}`;
}

/**
 * `G[r][0..7] = start + sum over i of A[i][r] * D[i][0..7]`, i upwards, for r below `rows`; the start is 0, or G. Each
 * start has a function of its own: one that reads either from memory takes a tenth longer at ten examples (measured:
 * bench:kernels). A wide tile takes two panels.
 */
function gradientTile(rows: number, accumulate: boolean, vectors = NARROW): string {
  const isWide = vectors === WIDE;
  const width = 4 * vectors.length;
  const place = (r: number, i: number): string => `${i < 2 ? 'g' : 'h'}, ${32 * r + 16 * (i % 2)}`;
  const start = (r: number, i: number): string => (accumulate ? `v128.load(${place(r, i)})` : 'f32x4.splat(0)');
  const float = (r: number): string => `v128.load32_splat(a, ${4 * r})`;
  const v = vectors.map((i) => `v${i} = v128.load(d, ${16 * i})`).join(', ');
  return `
/** G[${rows}, ${width}] ${accumulate ? '+=' : '='} A[n, ${rows}]^T * D[n, ${width}], n >= 1${isWide ? '; two panels of G, panelStep apart' : ''}. Strides in bytes. */
export function gradientTile${accumulate ? 'Add' : ''}${rows}${isWide ? 'Wide' : ''}(a: usize, lda: usize, d: usize, ldd: usize, n: i32, g: usize${isWide ? ', panelStep: usize' : ''}): void {
  const end = d + <usize>n * ldd;
${isWide ? '  const h = g + panelStep;\n' : ''}  const ${v};
${turn(rows, vectors, float, start)}
  for (;;) {
    a += lda;
    d += ldd;
    if (d >= end) break;
    const ${v};
${turn(rows, vectors, float)}
  }
${each(rows, (r) => `  ${vectors.map((i) => `v128.store(${place(r, i).replace(',', `, c${r}${i},`)});`).join(' ')}`)}
}`;
}

const HEADER = `// Written by generate.ts during the build. Edit the generator, never this file.
import { madd } from '../lanes/simd';
import { PACKED } from './rows';`;

const tiles = (heights: readonly number[]): string[] => [
  ...heights.map((rows) => productTile(rows)),
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

/** The text of `tiles.wide.generated.ts`: the tiles that only registers of 256 bits have room for. */
export function generateWideTiles(): string {
  return [
    HEADER,
    ...HEIGHTS.map((rows) => productTile(rows, WIDE)),
    ...HEIGHTS.map((rows) => gradientTile(rows, false, WIDE)),
    ...ADDED_HEIGHTS.map((rows) => gradientTile(rows, true, WIDE)),
    '',
  ].join('\n');
}
