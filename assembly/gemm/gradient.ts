import { madd } from '../lanes/simd';
import { ADDED, TALLEST, tileHeight, tilesOf, WIDE } from './height';
import { gradientTile6 } from './tiles.fused.generated';
import * as tiles from './tiles.generated';
import { gradientPanelsWide } from './wide';

/**
 * gemm tn, the gradient of a layer's weights: G = D^T * A, or G += D^T * A; its sum runs over the examples.
 *
 *     A [rows, inputs]      D [rows, 8 * panels]     G, per panel of 8 outputs, as W lies:
 *       | | | | | k           | | | | | | | |          input 0: g g g g g g g g
 *       v v v v v             v v v v v v v v          input 1: g g g g g g g g
 *
 * A and D (delta) are read, D with zeros in the columns that pad its last panel; G is overwritten, or added to when
 * `accumulate` is 1, in panels `from` to `to` - 1 and exactly `inputs` rows of each: what pads a panel stays as it
 * was. G must not overlap the others. Strides are in floats, and all sizes at least 1.
 * Each element sums its products in the order of the examples, after what it held, so a batch taken in pieces
 * gives the bits of the whole. Cost: 2 * rows * inputs * 8 flops a panel.
 */
export function gemmGradient(
  a: usize,
  lda: i32,
  d: usize,
  ldd: i32,
  g: usize,
  panelStride: i32,
  rows: i32,
  inputs: i32,
  from: i32,
  to: i32,
  accumulate: i32,
): void {
  const aStep = (<usize>lda) << 2,
    dStep = (<usize>ldd) << 2,
    panelStep = (<usize>panelStride) << 2;
  let p = from;
  for (; WIDE && rows > 1 && p + 2 <= to; p += 2) {
    const y = g + <usize>p * panelStep;
    gradientPanelsWide(a, aStep, d + ((<usize>p) << 5), dStep, rows, y, panelStep, inputs, accumulate);
  }
  for (; p < to; p++) {
    const delta = d + ((<usize>p) << 5),
      y = g + <usize>p * panelStep;
    if (rows == 1) ger(a, delta, y, inputs, accumulate);
    else gradientPanel(a, aStep, delta, dStep, rows, y, inputs, accumulate);
  }
}

/**
 * All inputs of one panel, tile by tile: G[inputs, 8] = A[rows, inputs]^T * D[rows, 8], or G += that. Steps in bytes.
 */
function gradientPanel(
  a: usize,
  aStep: usize,
  d: usize,
  dStep: usize,
  rows: i32,
  g: usize,
  inputs: i32,
  accumulate: i32,
): void {
  if (accumulate) return addPanel(a, aStep, d, dStep, rows, g, inputs);
  let left = inputs;
  for (let tile = tilesOf(inputs); tile > 0; tile--) {
    const height = tileHeight(left, tile);
    gradientTile(height, a, aStep, d, dStep, rows, g);
    a += (<usize>height) << 2;
    g += (<usize>height) << 5;
    left -= height;
  }
}

/** G[height, 8] = A[n, height]^T * D[n, 8]. Steps in bytes. */
// @ts-ignore: decorator
@inline
export function gradientTile(height: i32, a: usize, lda: usize, d: usize, ldd: usize, n: i32, g: usize): void {
  if (TALLEST > 5 && height == 6) gradientTile6(a, lda, d, ldd, n, g);
  else if (height == 5) tiles.gradientTile5(a, lda, d, ldd, n, g);
  else if (height == 4) tiles.gradientTile4(a, lda, d, ldd, n, g);
  else if (height == 3) tiles.gradientTile3(a, lda, d, ldd, n, g);
  else if (height == 2) tiles.gradientTile2(a, lda, d, ldd, n, g);
  else tiles.gradientTile1(a, lda, d, ldd, n, g);
}

/** What later passes of a batch of many rows add: they are long, so two heights of tiles do. */
function addPanel(a: usize, aStep: usize, d: usize, dStep: usize, rows: i32, g: usize, inputs: i32): void {
  for (; inputs > 0; inputs -= ADDED) {
    addTile(min(ADDED, inputs), a, aStep, d, dStep, rows, g);
    a += (<usize>ADDED) << 2;
    g += (<usize>ADDED) << 5;
  }
}

/** G[height, 8] += A[n, height]^T * D[n, 8]. Steps in bytes. */
export function addTile(height: i32, a: usize, lda: usize, d: usize, ldd: usize, n: i32, g: usize): void {
  if (height == ADDED) return tiles.gradientTileAdd4(a, lda, d, ldd, n, g);
  for (const end = a + ((<usize>height) << 2); a < end; a += 4) {
    tiles.gradientTileAdd1(a, lda, d, ldd, n, g);
    g += 32;
  }
}

/** ger, one panel of the gradient of one example: G = delta (outer product) a, rounded as `gemmGradient` rounds. */
function ger(a: usize, d: usize, g: usize, inputs: i32, accumulate: i32): void {
  const end = a + ((<usize>inputs) << 2);
  const keep = i32x4.splat(accumulate ? -1 : 0);
  const d0 = v128.load(d),
    d1 = v128.load(d, 16);
  while (a < end) {
    const s = v128.load32_splat(a);
    v128.store(g, madd(s, d0, v128.and(v128.load(g), keep)));
    v128.store(g, madd(s, d1, v128.and(v128.load(g, 16), keep)), 16);
    a += 4;
    g += 32;
  }
}
