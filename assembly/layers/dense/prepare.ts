import { Layer } from '../../abi/layer';
import { Network } from '../../abi/network';
import { ownRows } from '../../step/rows';
import { share } from '../../step/share';
import { packBlocks, wantsBlocks } from '../../gemm/blocks';
import { tilesOf } from '../../gemm/height';
import { PACKED, packRows } from '../../gemm/rows';
import { DELTA, FORWARD, GRADIENT } from '../kinds';

/*
 * What a stage of a layer copies before its product, so that the product finds it side by side: rows of x or of delta
 * in tiles, or x in blocks. All parts of that come before any part of the stage.
 */

/** What an element that is copied costs, as if it were flops. */
const COPY: f64 = 6;

/** Where a layer finds x. */
// @ts-ignore: decorator
@inline
export function inputRows(network: Network, layer: Layer, index: i32): usize {
  return index ? layer.x : ownRows(network);
}

/** Whether the gradient takes x in blocks. */
// @ts-ignore: decorator
@inline
export function inBlocks(layer: Layer, rows: i32): bool {
  return wantsBlocks(rows, layer.lda, layer.ld, layer.panels);
}

/** How many parts of the copies can have something to do; 0 where there is nothing to copy. */
export function preparedUnits(network: Network, layer: Layer, index: i32, stage: i32): i32 {
  const rows = network.rows;
  if (!layer.panels) return 0;
  if (stage == GRADIENT) return layer.trains && inBlocks(layer, rows) ? rows : 0;
  // the rows of the first layer were packed as they were gathered
  return PACKED && rows > 1 && (stage == DELTA || index > 0) ? tilesOf(rows) : 0;
}

/** About what they cost in flops. */
export function preparedCost(network: Network, layer: Layer, stage: i32): f64 {
  return COPY * <f64>network.rows * <f64>(stage == DELTA ? layer.outputs : layer.inputs);
}

/** Makes part `part` of `parts` of the copies. */
export function prepare(network: Network, layer: Layer, index: i32, stage: i32, part: i32, parts: i32): void {
  const units = preparedUnits(network, layer, index, stage),
    rows = network.rows,
    scratch = network.scratch;
  if (units == 0) return;
  // one thread makes them whole
  const from = ASC_FEATURE_THREADS ? share(units, part, parts) : 0,
    to = ASC_FEATURE_THREADS ? share(units, part + 1, parts) : units;
  if (stage == FORWARD) {
    packRows(layer.x, layer.lda, rows, layer.inputs, scratch, from, to);
  } else if (stage == DELTA) {
    packRows(layer.d, layer.ld, rows, layer.outputs, scratch, from, to);
  } else {
    const x = inputRows(network, layer, index);
    packBlocks(x, layer.lda, rows, layer.inputs, network.done ? 1 : 0, scratch, from, to);
  }
}
