export const SGD: i32 = 0;
export const ADAM: i32 = 1;
export const ADAM_W: i32 = 2;
export const RMS_PROP: i32 = 3;
export const ADAGRAD: i32 = 4;

/** An optimizer: its settings, and where it stands. Settings are float64, and rounded once where they are used. */
@unmanaged
export class Optimizer {
  kind: i32;
  nesterov: i32;
  /** State as long as the parameters, 0 where the kind has none: momentum or m; v or s; vMax or the average. */
  first: usize;
  second: usize;
  third: usize;
  momentum: f64;
  dampening: f64;
  weightDecay: f64;
  beta1: f64;
  beta2: f64;
  epsilon: f64;
  rateDecay: f64;
  /** 0 for no clipping. */
  clipNorm: f64;
  /** 1 where rates or decay differ from layer to layer, or biases do not decay: the update then goes span by span. */
  bySpans: i32;
  sparesBiases: i32;
  /** The largest `rateScale` of a layer. */
  largestScale: f64;
  /** Steps done, and beta1, beta2 to that power, multiplied up so that no engine's pow takes part. */
  steps: f64;
  power1: f64;
  power2: f64;
  /** Bounds on every |weight| and every |first|: see `safety.ts`. */
  largestWeight: f64;
  largestFirst: f64;
  /** A bound on every |m| / sqrt(v) of Adam, so to speak: see there too. */
  largestRatio: f64;
  /** The factor that clips the gradients of the step under way. */
  scale: f32;
}

/** To be called when weights or state were written from outside: the next step looks at them before it goes on. */
export function forgetBounds(at: usize): void {
  const optimizer = changetype<Optimizer>(at);
  optimizer.largestWeight = Infinity;
  optimizer.largestFirst = Infinity;
  optimizer.largestRatio = Infinity;
}

// @ts-ignore: decorator
@inline
export function isAdam(optimizer: Optimizer): bool {
  return optimizer.kind == ADAM || optimizer.kind == ADAM_W;
}
