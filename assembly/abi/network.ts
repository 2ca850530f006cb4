import { Layer } from './layer';

/**
 * What a batch is run for, each more than the one before: its outputs, its cost, its gradients, a step of the
 * optimizer.
 */
export const PREDICT: i32 = 0;
export const EVALUATE: i32 = 1;
export const TRAIN: i32 = 2;
export const STEP: i32 = 3;

/** A network: its layers, its loss, and the mini-batch that it works on. */
@unmanaged
export class Network {
  layers: usize;
  depth: i32;
  /** The rows of a pass as they come in: [rowsPerPass, inputs], `lda` floats apart. */
  x: usize;
  inputs: i32;
  lda: i32;
  lossKind: i32;
  /** 1 where the loss gives dC/dz of the last layer, its activation's slope included. */
  fused: i32;
  lossParameter: f32;
  /**
   * Bytes from one thread's own copy of the rows of a pass to the next thread's, the first of them at `x`; 0 where all
   * threads read the same. `pass` is the number of a pass whose rows each thread copies for itself, 0 for any other:
   * see step/rows.ts.
   */
  ownBytes: usize;
  pass: i32;
  /** The seed, as two words: of the masks of dropout. */
  seedLow: i32;
  seedHigh: i32;
  /** How a hit is counted: 0 not at all, 1 largest output, 2 each output against 1/2. */
  hitRule: i32;
  /** Where the batch's rows of dC/dx go (stride: `lda`); 0 where it is not wanted. */
  inputGradient: usize;
  /** Staging for the rows of one pass: targets [rowsPerPass, outputs' ld], labels i32 and weights [rowsPerPass]. */
  target: usize;
  labels: usize;
  weights: usize;
  rowsPerPass: i32;
  /** 1 where a layer takes statistics of the batch: all of its rows are then one pass. */
  wholeBatches: i32;
  /** What the products of any layer copy operands into: see gemm/scratch.ts. */
  scratch: usize;
  /** Where a product puts what is to be added to a d: [rowsPerPass, the widest such d], or 0. */
  spare: usize;
  /** The optimizer's record, and what it updates: `count` floats of each, and then tables, up to `total`. */
  optimizer: usize;
  parameters: usize;
  gradients: usize;
  count: i32;
  total: i32;
  /** Where the examples come from; `order` permutes them, or is 0. y, labels and weights may be 0. */
  sourceX: usize;
  sourceY: usize;
  sourceLabels: usize;
  sourceWeights: usize;
  order: usize;
  /** What the source's x is multiplied by where it is bytes; 0 where it is floats. */
  inputScale: f32;
  /** The largest |x| of the source. */
  inputSize: f32;
  /** 1 where y holds dC/da of each example in place of targets: the loss is then GIVEN, and not the network's own. */
  given: i32;
  /** The mini-batch: its first example and size, those done in earlier passes, and the rows of this pass. */
  first: i32;
  batch: i32;
  done: i32;
  rows: i32;
  /** What its costs are divided by: its size, or the sum of its examples' weights. */
  batchWeight: f64;
  /** What is done with the batch: see PREDICT, EVALUATE, TRAIN, STEP. */
  purpose: i32;
  /** 1 where layers that have two modes are in that of training: in a step, and for gradients that ask for it. */
  training: i32;
  /** The rate of the step. */
  rate: f64;
  /** The moving average of the parameters, as long as they are, or 0: each step moves it by `averageShare`. */
  average: usize;
  /** What the average keeps of itself in a step, and how many steps it has in it. */
  averageDecay: f64;
  averaged: f64;
  /** Steps that took the path of narrow networks, modulo 2^32: tests see by it which do. */
  narrowSteps: i32;
  /*
   * From here on what the kernels alone know: see scripts/records.ts.
   */
  averageShare: f32;
  /** Where a pass in slices stands: part `part` of `parts` of a phase. */
  phase: i32;
  part: i32;
  parts: i32;
  /** What the batch has given so far: the sum of its examples' costs, each times its weight, and of its hits. */
  loss: f64;
  hits: f64;
  /** A bound on every |gradient| of the batch. */
  bound: f32;
  /** The first layer whose values overflowed, -1 for none; `depth` means the gradients or the update. */
  overflow: i32;
  /** The threads that share the work, and how many of them do: see team.ts. 0 and 1 where one does it all. */
  team: usize;
  crew: i32;
}

// @ts-ignore: decorator
@inline
export function layerOf(network: Network, index: i32): Layer {
  // the compiler gives where the last field ends: a record is as long as its widest fields ask for
  return changetype<Layer>(network.layers + <usize>index * ((offsetof<Layer>() + 7) & ~7));
}
