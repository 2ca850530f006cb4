/*
 * The host works out the sizes of a network, makes one allocation and writes this record for each layer, by offsets
 * that scripts/records.ts reads from the class; the kernels only follow the pointers. All strides are in floats. What a
 * kind of layers has no use for is 0.
 */

/** One layer: x goes in, a comes out. Of a dense layer z = W * x + b, a = activation(z). */
@unmanaged
export class Layer {
  /** What it does: see layers/kinds.ts. */
  kind: i32;
  /** The index of the layer whose a is x; -1 where x is the network's inputs. */
  below: i32;
  inputs: i32;
  outputs: i32;
  /** Rows of x are `lda` floats apart; those of z, a and d are `ld`. */
  lda: i32;
  ld: i32;
  /** Panels of 8 outputs, `panelStride` floats apart; 0 panels where the layer has one output (see gemm/single.ts). */
  panels: i32;
  panelStride: i32;
  activation: i32;
  hasBias: i32;
  parameter: f32;
  /** What is added to a variance before its root. */
  epsilon: f32;
  /** A bound on |a| of the rows last computed, for the layers below the last. */
  size: f32;
  /** What the rate of a step is multiplied by for the layer's parameters. */
  rateScale: f64;
  weight: usize;
  bias: usize;
  weightGradient: usize;
  biasGradient: usize;
  /** 1 where the weight is one factor for each unit, which decays only where biases do. */
  isScale: i32;
  /**
   * Of a layer that standardises: the means and variances of its columns, and how fast they follow those of the
   * batches.
   */
  mean: usize;
  variance: usize;
  momentum: f64;
  /** What it keeps of a pass for the way back, beside z and a: its kind says what. */
  kept: usize;
  /** x: the input rows. z, a: this layer's. d: dC/da, then in place delta = dC/dz. */
  x: usize;
  z: usize;
  a: usize;
  d: usize;
  /** Where dC/dx goes: d of the layer below; 0 where x is the network's inputs. */
  dx: usize;
  /** 1 where dC/dx is added to what other readers of x have put there. */
  adds: i32;
  /**
   * Of a layer that reads two rows: the other's index, as `below`, its a and d, and whether dC/da is added to that d.
   */
  other: i32;
  skip: usize;
  skipD: usize;
  skipAdds: i32;
  /** Of a layer that copies columns: the first in x, the first in a, and how many. */
  from: i32;
  to: i32;
  columns: i32;
  /**
   * Of a table, of which a batch touches some rows: `categories` rows lie `panelStride` floats apart. `touched` lists
   * the `touches` rows of the last batch, in the order in which it touched them. Behind the list a flag for each row
   * says whether it is listed.
   */
  categories: i32;
  touched: usize;
  touches: i32;
  /** 1 where its parameters are trained. */
  trains: i32;
  /** 1 where a layer below it trains: only then is dC/dx wanted, unless that of the inputs is. */
  passes: i32;
  /** 1 where it, or a layer below it, trains: only then is d wanted, unless the gradient of the inputs is. */
  carries: i32;
}
