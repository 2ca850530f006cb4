/** An optimizer: its settings, and where it stands. Settings are float64, and rounded once where they are used. */
@unmanaged
export class Optimizer {
  /** Which it is: see table.ts. */
  kind: i32;
  nesterov: i32;
  /**
   * State as long as the parameters, 0 where the kind has none. What a step goes along: a momentum, or Adam's mean of
   * gradients.
   */
  velocity: usize;
  /** The average of the squares of gradients, or their sum. */
  squares: usize;
  /** Of amsgrad: the largest that `squares` have been. */
  largestSquares: usize;
  /** Of a centered RMSProp: the average of gradients. */
  centre: usize;
  dampening: f64;
  weightDecay: f64;
  /** What the velocity keeps of itself in a step: a kind has one of them, and the other is 0. */
  momentum: f64;
  beta1: f64;
  /** What an average of squares keeps of itself in a step: Adam's beta2, RMSProp's alpha. */
  squareDecay: f64;
  epsilon: f64;
  rateDecay: f64;
  /** 0 for no clipping. */
  clipNorm: f64;
  /** 1 where rates or decay differ from layer to layer, or biases do not decay: the update then goes span by span. */
  bySpans: i32;
  sparesBiases: i32;
  /** The largest `rateScale` of a layer. */
  largestScale: f64;
  /** Steps done, and beta1 and squareDecay to that power, multiplied up so that no engine's pow takes part. */
  steps: f64;
  power1: f64;
  power2: f64;
  /**
   * Bounds that are carried from step to step: on every |weight|; on what a step goes along; on |m| / sqrt(v) of Adam.
   */
  largestWeight: f64;
  largestVelocity: f64;
  largestRatio: f64;
  /** The rate of the step in question, or what the kernel makes of it. */
  largestStep: f64;
  /** The factor that clips the gradients of the step under way. */
  scale: f32;
}

/** To be called when weights or state were written from outside: the next step looks at them before it goes on. */
export function forgetBounds(at: usize): void {
  const optimizer = changetype<Optimizer>(at);
  optimizer.largestWeight = Infinity;
  optimizer.largestVelocity = Infinity;
  optimizer.largestRatio = Infinity;
}

/** An array of state, `offset` bytes on; 0 where there is none. */
// @ts-ignore: decorator
@inline
export function stateAt(state: usize, offset: usize): usize {
  return state ? state + offset : 0;
}
