import { boundOf, isRowwise } from '../activations/codes';
import { Layer } from '../abi/layer';
import { Network } from '../abi/network';
import { activate, softmax } from './core';
import { UNIT_BYTES } from './dot';
import { productRow, productRowFour, productTile4 } from './product';
import { quantiseRow, unitsOf } from './quantise';

/*
 * A quantised dense layer, in the record of a layer: `weight` has the scale of each output, `bias` its bias, `touched` the
 * sum of its weights, all f32 or i32 [8 * panels]; behind the sums the weights, in strips (product.ts).
 * Scratch: what each row has, scale and zero, 8 bytes; behind those of all rows, by whole tiles, their units.
 */

/** Bytes of scratch that `rows` rows of `k` inputs take. */
export function quantisedBytes(rows: i32, k: i32): i32 {
  return ((rows + 3) & ~3) * (8 + (unitsOf(k) << 2));
}

/** Quantises x, then z = W x + b, and a = activation(z). */
export function forward(network: Network, layer: Layer, index: i32): void {
  quantise(layer, network.rows, network.scratch);
  product(layer, network.rows, network.scratch);
  const kind = layer.activation,
    rows = network.rows,
    ld = layer.ld;
  if (isRowwise(kind)) softmax(layer.z, layer.a, rows, layer.outputs, ld);
  else activate(kind, layer.z, layer.a, rows * ld, layer.parameter, boundOf(kind, index + 1 == network.depth));
}

// @ts-ignore: decorator
@inline
function unitsAt(rows: i32, scratch: usize): usize {
  return scratch + ((<usize>((rows + 3) & ~3)) << 3);
}

/** Rows by fours, unit beside unit; the last of one row by itself. */
function quantise(layer: Layer, rows: i32, scratch: usize): void {
  const k = layer.inputs,
    step = (<usize>layer.lda) << 2,
    rowBytes = (<usize>unitsOf(k)) << 2;
  let x = layer.x,
    q = unitsAt(rows, scratch),
    kept = scratch;
  for (let left = rows; left > 0; left -= 4) {
    const height = min(left, 4);
    for (let row = 0; row < height; row++) {
      quantiseRow(x, k, q + ((<usize>row) << 2), height == 1 ? 4 : 16, kept);
      x += step;
      kept += 8;
    }
    q += 4 * rowBytes;
  }
}

/** Panel by panel, which stays in the first cache meanwhile, for all rows; for one row strip by strip. */
function product(layer: Layer, rows: i32, scratch: usize): void {
  const units = unitsOf(layer.inputs),
    panelBytes = <usize>units * UNIT_BYTES,
    w = layer.touched + ((<usize>layer.panels) << 5);
  for (let first = 0; first < layer.panels; first += 4) {
    const width = min(4, layer.panels - first),
      strip = w + <usize>first * panelBytes;
    if (rows == 1 && width == 4) {
      const at = (<usize>first) << 5,
        scales = layer.weight + at;
      productRowFour(
        unitsAt(1, scratch),
        units,
        strip,
        scratch,
        scales,
        layer.bias + at,
        layer.touched + at,
        layer.z + at,
      );
      continue;
    }
    for (let p = 0; p < width; p++) {
      const panel = strip + <usize>p * UNIT_BYTES;
      productPanel(layer, rows, scratch, units, panel, <usize>width * UNIT_BYTES, (<usize>(first + p)) << 5);
    }
  }
}

/** All rows of one panel, whose columns lie `at` bytes from the first. */
function productPanel(layer: Layer, rows: i32, scratch: usize, units: i32, w: usize, step: usize, at: usize): void {
  const scales = layer.weight + at,
    biases = layer.bias + at,
    sums = layer.touched + at,
    ld = layer.ld;
  let q = unitsAt(rows, scratch),
    z = layer.z + at,
    kept = scratch;
  for (let left = rows; left > 0; left -= 4) {
    if (left > 1) productTile4(q, units, w, step, kept, scales, biases, sums, z, ld, min(left, 4));
    else productRow(q, units, w, step, kept, scales, biases, sums, z, ld);
    q += (<usize>units) << 4;
    kept += 32;
    z += (<usize>ld) << 4;
  }
}
