import { madd } from '../lanes/simd';
import { TALLEST, tileHeight, tilesOf, WIDE } from './height';
import { PACKED, packedStep } from './rows';
import { productTile6 } from './tiles.fused.generated';
import * as tiles from './tiles.generated';
import { productRowsWide } from './wide';

/**
 * gemm nt, the forward product of a layer: Z = A * W^T + b.
 *
 *     A [rows, inputs]        Z [rows, 8 * panels]        W, per panel of 8 outputs:
 *       lda floats a row        ldz floats a row             input 0: w w w w w w w w
 *       --------> k             ======== ======== p          input 1: w w w w w w w w
 *       --------> k             ======== ========            ...      (panelStride floats from panel to panel)
 *
 * A is where `rowsAt` says, after `packRows`. A, W, b are read; b has 8 floats per panel; Z is overwritten, in panels
 * `from` to `to` - 1, with the columns that pad the last panel (0 where W and b are). Z must not overlap the others.
 * Strides are in floats, and all sizes at least 1.
 * Each element is b plus its products in the order of k, one rounding (fused) or two at each step, so its bits do
 * not depend on the tile, the rows or the panels of a call; error at most (2 k + 1) half ulp of b + sum |a w|.
 * Cost: 2 * rows * inputs * 8 flops a panel.
 */
export function gemmProduct(
  a: usize,
  lda: i32,
  w: usize,
  panelStride: i32,
  b: usize,
  z: usize,
  ldz: i32,
  rows: i32,
  inputs: i32,
  from: i32,
  to: i32,
): void {
  if (rows == 1) return gemvProduct(a, w, panelStride, b, z, inputs, from, to);
  const aStep = (<usize>lda) << 2,
    zStep = (<usize>ldz) << 2,
    panelStep = (<usize>panelStride) << 2;
  let p = from;
  for (; WIDE && p + 2 <= to; p += 2) {
    const offset = (<usize>p) << 5;
    productRowsWide(a, aStep, w + <usize>p * panelStep, panelStep, inputs, b + offset, z + offset, zStep, rows);
  }
  for (; p < to; p++) {
    const offset = (<usize>p) << 5;
    productRows(a, aStep, w + <usize>p * panelStep, inputs, b + offset, z + offset, zStep, rows);
  }
}

/** All rows of one panel: Z[rows, 8] = b + A[rows, k] * W[k, 8], tile by tile; A as above. Steps in bytes. */
export function productRows(
  a: usize,
  aStep: usize,
  w: usize,
  k: i32,
  b: usize,
  z: usize,
  zStep: usize,
  rows: i32,
): void {
  const step = PACKED ? packedStep(k) : aStep;
  let left = rows;
  for (let tile = tilesOf(rows); tile > 0; tile--) {
    const height = tileHeight(left, tile);
    productTile(height, a, aStep, w, k, b, z, zStep);
    a += <usize>height * step;
    z += <usize>height * zStep;
    left -= height;
  }
}

// @ts-ignore: decorator
@inline
function productTile(height: i32, a: usize, lda: usize, w: usize, k: i32, b: usize, z: usize, ldz: usize): void {
  if (TALLEST > 5 && height == 6) productTile6(a, lda, w, k, b, z, ldz);
  else if (height == 5) tiles.productTile5(a, lda, w, k, b, z, ldz);
  else if (height == 4) tiles.productTile4(a, lda, w, k, b, z, ldz);
  else if (height == 3) tiles.productTile3(a, lda, w, k, b, z, ldz);
  else if (height == 2) tiles.productTile2(a, lda, w, k, b, z, ldz);
  else tiles.productTile1(a, lda, w, k, b, z, ldz);
}

/**
 * gemv, the forward product of one example: z = W * a + b, with the operands of `gemmProduct`.
 *
 * One row leaves registers free and chains short of work, so four panels go side by side. The order of the sums is
 * that of `gemmProduct`: the same bits.
 */
function gemvProduct(a: usize, w: usize, panelStride: i32, b: usize, z: usize, inputs: i32, from: i32, to: i32): void {
  const panelStep = (<usize>panelStride) << 2;
  let p = from;
  for (; p + 4 <= to; p += 4) {
    const offset = (<usize>p) << 5;
    gemvFourPanels(a, w + <usize>p * panelStep, panelStep, inputs, b + offset, z + offset);
  }
  for (; p < to; p++) {
    const offset = (<usize>p) << 5;
    tiles.productTile1(a, 0, w + <usize>p * panelStep, inputs, b + offset, z + offset, 0);
  }
}

function gemvFourPanels(a: usize, w: usize, panelStep: usize, inputs: i32, b: usize, z: usize): void {
  const end = a + ((<usize>inputs) << 2);
  let wB = w + panelStep,
    wC = wB + panelStep,
    wD = wC + panelStep;
  let z0 = v128.load(b),
    z1 = v128.load(b, 16),
    z2 = v128.load(b, 32),
    z3 = v128.load(b, 48);
  let z4 = v128.load(b, 64),
    z5 = v128.load(b, 80),
    z6 = v128.load(b, 96),
    z7 = v128.load(b, 112);
  while (a < end) {
    const s = v128.load32_splat(a);
    z0 = madd(s, v128.load(w), z0);
    z1 = madd(s, v128.load(w, 16), z1);
    z2 = madd(s, v128.load(wB), z2);
    z3 = madd(s, v128.load(wB, 16), z3);
    z4 = madd(s, v128.load(wC), z4);
    z5 = madd(s, v128.load(wC, 16), z5);
    z6 = madd(s, v128.load(wD), z6);
    z7 = madd(s, v128.load(wD, 16), z7);
    a += 4;
    w += 32;
    wB += 32;
    wC += 32;
    wD += 32;
  }
  v128.store(z, z0);
  v128.store(z, z1, 16);
  v128.store(z, z2, 32);
  v128.store(z, z3, 48);
  v128.store(z, z4, 64);
  v128.store(z, z5, 80);
  v128.store(z, z6, 96);
  v128.store(z, z7, 112);
}
