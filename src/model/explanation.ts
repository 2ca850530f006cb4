/**
 * The factors of one layer for one example; arrays have one value for each of its neurons. Layers within others, and
 * the ends of branches, are layers of their own here. One without an activation has its activations for z, and slopes
 * of 1.
 */
export interface LayerExplanation {
  /** Its place: `0`, or of a layer within another `1.0`. */
  readonly name: string;
  /** Its kind: `dense`, `residual`, ... */
  readonly kind: string;
  /** z = W a + b, of the activations below. */
  readonly z: Float32Array;
  /** a = activation(z). */
  readonly a: Float32Array;
  /** dC0/da: what each activation means for the cost. */
  readonly dA: Float32Array;
  /** da_j/dz_j. Of a softmax, the diagonal of its `jacobian`. */
  readonly slope: Float32Array;
  /** delta = dC0/dz: dA times slope, or, for a softmax, dA through its jacobian. */
  readonly delta: Float32Array;
  /** Of a softmax only: da_i/dz_j at [i * units + j], for there each activation depends on every z. */
  readonly jacobian?: Float32Array;
}

/** The three factors of dC0/dw_jk and their product. */
export interface WeightExplanation {
  readonly layer: number;
  readonly j: number;
  readonly k: number;
  /** w_jk itself. */
  readonly value: number;
  /** dz_j/dw_jk = a_k of the layer below. */
  readonly input: number;
  /** da_j/dz_j. */
  readonly slope: number;
  /** dC0/da_j. */
  readonly dA: number;
  /** dC0/dz_j = dA times slope (for a softmax, the sum over all a_i that z_j moves). */
  readonly delta: number;
  /** dC0/dw_jk = input times delta. */
  readonly derivative: number;
}

/** One way from an activation to the cost: through neuron j of a layer that reads it. */
export interface Path {
  /** The layer that reads it: several may, where there is a way around one. */
  readonly layer: number;
  /** -1 for all neurons of a layer that mixes what it reads, such as a norm. */
  readonly j: number;
  /** dz_j/da_k: w_jk of a dense layer, and 1 where values are passed on or added up. */
  readonly weight: number;
  /** dC0/dz_j. */
  readonly delta: number;
  /** What this path carries: weight times delta. */
  readonly product: number;
}

/** All paths of one activation, and their sum, dC0/da_k. */
export interface ActivationExplanation {
  readonly layer: number;
  readonly k: number;
  readonly paths: readonly Path[];
  readonly sum: number;
}

/** Every factor of the chain rule for one example. Plain data: it can be stored or posted to another thread. */
export interface Explanation {
  /** C0, the cost of the example. */
  readonly loss: number;
  readonly layers: readonly LayerExplanation[];
  readonly weight?: WeightExplanation;
  readonly activation?: ActivationExplanation;
}

/** What to explain beside the layers. Layers, neurons and inputs count from 0. */
export interface ExplainOptions {
  /** w_jk of a layer: from its input k to its neuron j. */
  weight?: { layer: number; j: number; k: number };
  /** a_k, the k-th input of a layer (of layer 0, x_k): every path by which it reaches the cost. */
  activation?: { layer: number; k: number };
}
