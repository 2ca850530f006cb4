import { layerOf, Network } from '../abi/network';
import { Team } from '../abi/team';
import { share } from './share';
import { tilesOf, tileStart } from '../gemm/height';
import { packRows } from '../gemm/rows';
import { DENSE } from '../layers/kinds';
import { gatherBytes, gatherRows } from './gather';

/** How many parts of the rows can have something to do: they are whole tiles, so that each packs its own. */
export function gatherUnits(network: Network): i32 {
  return tilesOf(network.rows);
}

/** This thread's place in its team, and the last pass whose rows it has copied for itself: each instance has its own. */
let place: i32 = 0;
let held: i32 = 0;

/** Says which place this thread takes. */
export function takePlace(index: i32): void {
  place = index;
}

/**
 * Begins a pass. Where the first layer alone reads the rows, each thread of a crew gathers and packs all of them for
 * itself, once it needs them. Shared, they would be read by one core and written anew by another in every step: divided
 * so, W1's took 6.2 µs, and all of them by one thread alone 1.6 (AMD Zen 4, a trace of both threads).
 */
export function beginRows(network: Network): void {
  network.pass = 0;
  if (!ASC_FEATURE_THREADS || network.crew <= 1 || !network.ownBytes) return;
  network.pass = ++changetype<Team>(network.team).passes;
}

/** Where the first layer finds the rows of this pass. */
export function ownRows(network: Network): usize {
  if (!ASC_FEATURE_THREADS || !network.pass) return network.x;
  const x = network.x + <usize>place * network.ownBytes;
  if (held == network.pass) return x;
  gatherInputs(network, 0, tilesOf(network.rows), 0, network.rows, x, ownPacked(network));
  held = network.pass;
  return x;
}

/** Where it finds them packed, behind `ownRows`. */
export function ownPacked(network: Network): usize {
  if (!ASC_FEATURE_THREADS || !network.pass) return network.scratch;
  return rowAt(network.x + <usize>place * network.ownBytes, network.rowsPerPass, network.lda);
}

/** What `gather` costs, in elements. */
export function gatherSize(network: Network): f64 {
  return network.pass ? 0 : <f64>network.rows * <f64>network.inputs;
}

/** Copies the rows of this pass to where the first layer reads them, unless each thread does, and what they aim at. */
export function gather(network: Network, part: i32, parts: i32): void {
  const output = layerOf(network, network.depth - 1);
  const tiles = tilesOf(network.rows),
    from = share(tiles, part, parts),
    to = share(tiles, part + 1, parts);
  const first = from ? tileStart(network.rows, from) : 0,
    rows = (to < tiles ? tileStart(network.rows, to) : network.rows) - first;
  if (!ASC_FEATURE_THREADS || !network.pass) {
    gatherInputs(network, from, to, first, rows, network.x, network.scratch);
  }
  const example = network.first + network.done + first,
    order = network.order;
  if (network.sourceY) {
    const target = rowAt(network.target, first, output.ld);
    gatherRows(network.sourceY, output.outputs, order, example, rows, target, output.ld);
  }
  if (network.sourceLabels) {
    gatherRows(network.sourceLabels, 1, order, example, rows, rowAt(network.labels, first, 1), 1);
  }
  if (network.sourceWeights) {
    gatherRows(network.sourceWeights, 1, order, example, rows, rowAt(network.weights, first, 1), 1);
  }
}

/**
 * The inputs of tiles `from` to `to` - 1, `rows` rows from `first` on, to `x`; and for the product of a dense layer,
 * packed, to `packed`.
 */
function gatherInputs(network: Network, from: i32, to: i32, first: i32, rows: i32, x: usize, packed: usize): void {
  const input = layerOf(network, 0),
    inputs = network.inputs,
    lda = network.lda;
  const example = network.first + network.done + first,
    order = network.order,
    scale = network.inputScale,
    row = rowAt(x, first, lda);
  if (scale == 0) gatherRows(network.sourceX, inputs, order, example, rows, row, lda);
  else gatherBytes(network.sourceX, inputs, order, example, rows, row, lda, scale);
  if (input.kind == DENSE && input.panels) packRows(x, lda, network.rows, inputs, packed, from, to);
}

// @ts-ignore: decorator
@inline
function rowAt(base: usize, row: i32, stride: i32): usize {
  return base + ((<usize>row * stride) << 2);
}
